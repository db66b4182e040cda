namespace AutoDiff.Tests.Operations;

/// <summary>Derivatives of second and third order of special functions where recurrences cancel, overflow or underflow. The numbers were computed with mpmath to a hundred digits.</summary>
public class SpecialDerivatives
{
    private static readonly Dictionary<string, Func<Tensor<double>[], Tensor<double>>> Functions = new()
    {
        ["Gamma"] = x => x[0].Gamma(),
        ["LogGamma"] = x => x[0].LogGamma(),
        ["Beta"] = x => x[0].Beta(x[1]),
        ["LogBeta"] = x => x[0].LogBeta(x[1]),
        ["LogBinomial"] = x => x[0].LogBinomial(x[1]),
        ["Pochhammer"] = x => x[0].Pochhammer(x[1]),
        ["Zeta"] = x => x[0].Zeta(x[1]),
        ["Erfcx"] = x => x[0].Erfcx(),
        ["Erfinv"] = x => x[0].Erfinv(),
        ["Ndtr"] = x => x[0].Ndtr(),
        ["LogNdtr"] = x => x[0].LogNdtr(),
        ["Dawson"] = x => x[0].Dawson(),
        ["OwenT"] = x => x[0].OwenT(x[1]),
        ["RegularizedGammaP"] = x => x[0].RegularizedGammaP(x[1]),
        ["RegularizedGammaQ"] = x => x[0].RegularizedGammaQ(x[1]),
        ["RegularizedBeta"] = x => x[0].RegularizedBeta(x[1], x[2]),
        ["Ndtri"] = x => x[0].Ndtri(),
        ["Erfcinv"] = x => x[0].Erfcinv(),
        ["InverseRegularizedGammaP"] = x => x[0].InverseRegularizedGammaP(x[1]),
        ["InverseRegularizedGammaQ"] = x => x[0].InverseRegularizedGammaQ(x[1]),
        ["InverseRegularizedBeta"] = x => x[0].InverseRegularizedBeta(x[1], x[2]),
        ["BesselJ: 0"] = x => x[0].BesselJ(0),
        ["BesselY: 0"] = x => x[0].BesselY(0),
        ["BesselIe: 0"] = x => x[0].BesselIe(0),
        ["BesselIe: 1"] = x => x[0].BesselIe(1),
        ["BesselIe: 2.5"] = x => x[0].BesselIe(2.5),
        ["BesselKe: 0"] = x => x[0].BesselKe(0),
        ["BesselKe"] = x => x[0].BesselKe(x[1]),
        ["BesselK"] = x => x[0].BesselK(x[1]),
        ["AiryAi"] = x => x[0].AiryAi(),
        ["SinIntegral"] = x => x[0].SinIntegral(),
        ["SinhIntegral"] = x => x[0].SinhIntegral(),
        ["ExpIntegralE: 3"] = x => x[0].ExpIntegralE(3),
        ["Spence"] = x => x[0].Spence(),
        ["Dilogarithm"] = x => x[0].Dilogarithm(),
        ["EllipticK"] = x => x[0].EllipticK(),
        ["EllipticE"] = x => x[0].EllipticE(),
        ["EllipticF"] = x => x[0].EllipticF(0.75),
        ["Legendre"] = x => x[0].Legendre(7),
        ["ChebyshevV"] = x => x[0].ChebyshevV(7),
    };

    /// <summary>Function, the inputs by which it is differentiated one after another, the point, the derivative.</summary>
    public static TheoryData<string, string, double[], double> Points => new()
    {
        { "Gamma", "00", [5.5], 146.29615446405725 },
        { "Gamma", "000", [5.5], 267.24421423473495 },
        { "Gamma", "00", [-2.75], -23.376442496096526 },
        { "Gamma", "000", [-2.75], 246.95821614352684 },
        { "LogGamma", "00", [0.125], 65.38813344498803 },
        { "LogGamma", "000", [0.125], -1025.7533381181356 },
        { "LogGamma", "00", [1073741824], 9.313225750491594e-10 },
        { "LogGamma", "000", [1073741824], -8.673617387961971e-19 },
        { "Beta", "00", [1048576, 1], 1.734723475976807e-18 },
        { "Beta", "01", [1048576, 1], 1.2223754519959156e-11 },
        { "Beta", "11", [1048576, 1], 0.00020042719536164378 },
        { "Beta", "001", [1048576, 1], -2.2447600560671528e-17 },
        { "LogBeta", "00", [1073741824, 1], 8.673617379884035e-19 },
        { "LogBeta", "01", [1073741824, 1], -9.313225741817976e-10 },
        { "LogBeta", "001", [1073741824, 1], 8.6736173718061e-19 },
        { "LogBeta", "000", [1073741824, 1], -1.6155871338926322e-27 },
        { "LogBeta", "00", [4, 0.0009765625], 7.814241338432129e-05 },
        { "LogBeta", "01", [4, 0.0009765625], -0.283744813323731 },
        { "LogBeta", "011", [4, 0.0009765625], 0.07999593632332581 },
        { "LogBeta", "000", [4, 0.0009765625], -4.379592178868818e-05 },
        { "LogBinomial", "00", [4096, 2048], -0.00024405123501007044 },
        { "LogBinomial", "01", [4096, 2048], 0.0004881620601130019 },
        { "LogBinomial", "11", [4096, 2048], -0.0009763241202260038 },
        { "Pochhammer", "00", [1048576, 0.5], -2.3283072692057166e-10 },
        { "Pochhammer", "01", [1048576, 0.5], 0.007745578625669722 },
        { "Pochhammer", "000", [1048576, 0.5], 3.3306710591081114e-16 },
        { "Zeta", "00", [2.5, 0.75], 0.7660587718270733 },
        { "Zeta", "01", [2.5, 0.75], -4.543945184504895 },
        { "Zeta", "11", [2.5, 0.75], 32.768061260067775 },
        { "Zeta", "001", [2.5, 0.75], -2.182117556823866 },
        { "Zeta", "011", [2.5, 0.75], 31.111034468664215 },
        { "Zeta", "111", [2.5, 0.75], -193.59893790496636 },
        { "Erfcx", "00", [64], 4.3012751513922076e-06 },
        { "Erfcx", "000", [64], -2.0152393234223296e-07 },
        { "Erfcx", "00", [-2], 1965.4497956879854 },
        { "Erfcx", "000", [-2], -9609.367169659972 },
        { "Ndtr", "00", [-12], 2.5756604827956722e-31 },
        { "Ndtr", "000", [-12], 3.0693287419981763e-30 },
        { "Dawson", "00", [20], 0.0001259463930677713 },
        { "Dawson", "000", [20], -1.89874981233404e-05 },
        { "Dawson", "00", [0.0009765625], -0.003906245032949111 },
        { "Dawson", "000", [0.0009765625], -3.9999847412254894 },
        { "LogNdtr", "00", [-32], -0.9990291134453212 },
        { "LogNdtr", "000", [-32], 6.0328515617176704e-05 },
        { "LogNdtr", "00", [0.5], -0.5138245643036329 },
        { "LogNdtr", "000", [0.5], 0.27099012446870785 },
        { "LogNdtr", "00", [-1024], -0.9999990463311406 },
        { "LogNdtr", "000", [-1024], 1.8626238332029908e-09 },
        { "Erfinv", "00", [0.9375], 66.47482343511982 },
        { "Erfinv", "000", [0.9375], 2012.8578840856565 },
        { "OwenT", "00", [1, 0.5], 0.003733559375078129 },
        { "OwenT", "01", [1, 0.5], -0.0851895021952265 },
        { "OwenT", "11", [1, 0.5], -0.08859708228303556 },
        { "RegularizedGammaP", "00", [20, 15], 0.014025100129319519 },
        { "RegularizedGammaP", "01", [20, 15], -0.014632145683128765 },
        { "RegularizedGammaP", "11", [20, 15], 0.014865886222600743 },
        { "RegularizedGammaP", "000", [20, 15], -0.0016227486805661774 },
        { "RegularizedGammaP", "001", [20, 15], 0.0009823564238608058 },
        { "RegularizedGammaP", "011", [20, 15], -0.00018543395985081817 },
        { "RegularizedGammaP", "111", [20, 15], -0.0007432943111300371 },
        { "RegularizedGammaQ", "00", [3, 25], 2.3838445719630696e-08 },
        { "RegularizedGammaQ", "01", [3, 25], -9.964996787107397e-09 },
        { "RegularizedGammaQ", "000", [3, 25], 4.7803836169853045e-08 },
        { "RegularizedGammaQ", "001", [3, 25], -2.116653739635062e-08 },
        { "RegularizedBeta", "00", [0.25, 2.5, 6], -1.739809513092041 },
        { "RegularizedBeta", "01", [0.25, 2.5, 6], -0.024427406235897522 },
        { "RegularizedBeta", "02", [0.25, 2.5, 6], 0.2251950541955627 },
        { "RegularizedBeta", "11", [0.25, 2.5, 6], 0.0719154147141013 },
        { "RegularizedBeta", "12", [0.25, 2.5, 6], -0.006126020150272813 },
        { "RegularizedBeta", "22", [0.25, 2.5, 6], -0.005550175973001832 },
        { "RegularizedBeta", "011", [0.25, 2.5, 6], -0.9536731679634414 },
        { "RegularizedBeta", "112", [0.25, 2.5, 6], -0.02995576155288476 },
        { "RegularizedBeta", "111", [0.25, 2.5, 6], 0.038966629042478745 },
        { "RegularizedBeta", "222", [0.25, 2.5, 6], -0.002430728220692999 },
        { "Ndtri", "00", [8.470329472543003e-22], -1.4326152793550227e+41 },
        { "Ndtri", "000", [8.470329472543003e-22], 3.3649860326728903e+62 },
        { "Erfcinv", "00", [8.470329472543003e-22], 1.0057498389901862e+41 },
        { "Erfcinv", "000", [8.470329472543003e-22], -2.3625223163990166e+62 },
        { "InverseRegularizedGammaP", "00", [20, 0.75], -0.0019332697000387158 },
        { "InverseRegularizedGammaP", "01", [20, 0.75], 0.354721409419797 },
        { "InverseRegularizedGammaP", "11", [20, 0.75], 39.46970998729314 },
        { "InverseRegularizedGammaP", "001", [20, 0.75], -0.009016391338325623 },
        { "InverseRegularizedGammaP", "011", [20, 0.75], 0.7474115821077426 },
        { "InverseRegularizedGammaP", "111", [20, 0.75], 335.40031925001847 },
        { "InverseRegularizedGammaQ", "00", [20, 0.0009765625], -0.008644251449184322 },
        { "InverseRegularizedGammaQ", "01", [20, 0.0009765625], -33.21784080382281 },
        { "InverseRegularizedGammaQ", "11", [20, 0.0009765625], 1968007.8650704538 },
        { "InverseRegularizedGammaQ", "001", [20, 0.0009765625], 0.8008194701330266 },
        { "InverseRegularizedGammaQ", "011", [20, 0.0009765625], 31045.539022538414 },
        { "InverseRegularizedGammaQ", "111", [20, 0.0009765625], -3953041773.7673454 },
        { "InverseRegularizedBeta", "00", [0.25, 2.5, 6], -0.35202164765285976 },
        { "InverseRegularizedBeta", "01", [0.25, 2.5, 6], 0.0609677692293081 },
        { "InverseRegularizedBeta", "12", [0.25, 2.5, 6], -0.008412451467092965 },
        { "InverseRegularizedBeta", "22", [0.25, 2.5, 6], 0.00668088260498382 },
        { "BesselJ: 0", "00", [20], -0.16368300813179065 },
        { "BesselJ: 0", "000", [20], 0.07485019177199995 },
        { "BesselY: 0", "00", [20], -0.0709161775275099 },
        { "BesselY: 0", "000", [20], -0.1615520264502395 },
        { "BesselIe: 0", "00", [2], 0.07884342198499793 },
        { "BesselIe: 0", "000", [2], -0.09667171599789372 },
        { "BesselIe: 0", "00", [24], 0.0001089589784694696 },
        { "BesselIe: 0", "000", [24], -1.1479239624410612e-05 },
        { "BesselIe: 0", "00", [4096], 2.787004972417877e-10 },
        { "BesselIe: 0", "000", [4096], -1.7011567143646027e-13 },
        { "BesselIe: 1", "00", [2], -0.01782829401289579 },
        { "BesselIe: 1", "000", [2], 0.04457073503223948 },
        { "BesselIe: 1", "00", [24], 9.747973884505899e-05 },
        { "BesselIe: 1", "000", [24], -9.785642603677562e-06 },
        { "BesselIe: 1", "00", [4096], 2.7853038157035127e-10 },
        { "BesselIe: 1", "000", [4096], -1.6997030004660348e-13 },
        { "BesselIe: 2.5", "00", [24], 4.6205583920940973e-05 },
        { "BesselIe: 2.5", "000", [24], -2.5887092585188532e-06 },
        { "BesselIe: 2.5", "00", [4096], 2.776380691640609e-10 },
        { "BesselIe: 2.5", "000", [4096], -1.6920797354008835e-13 },
        { "BesselKe: 0", "00", [2], 0.13292115953850997 },
        { "BesselKe: 0", "000", [2], -0.15494178845836576 },
        { "BesselKe: 0", "00", [4096], 8.752962746706663e-10 },
        { "BesselKe: 0", "000", [4096], -5.342058574796968e-13 },
        { "BesselKe", "00", [64, 2.5], 3.565450537804446e-05 },
        { "BesselKe", "01", [64, 2.5], -0.00015284884583215277 },
        { "BesselKe", "11", [64, 2.5], 0.002789323102454806 },
        { "BesselKe", "000", [64, 2.5], -1.5054657046087663e-06 },
        { "BesselKe", "001", [64, 2.5], 6.119060606490609e-06 },
        { "BesselKe", "011", [64, 2.5], -7.081488073997038e-05 },
        { "BesselKe", "111", [64, 2.5], 0.00030368779114795777 },
        { "BesselK", "00", [2, 0.5], 0.20239499019610369 },
        { "BesselK", "01", [2, 0.5], -0.041407407855705014 },
        { "BesselK", "11", [2, 0.5], 0.0541482247224354 },
        { "BesselK", "001", [2, 0.5], 0.07698357426832929 },
        { "BesselK", "011", [2, 0.5], -0.09243391840747853 },
        { "BesselK", "111", [2, 0.5], 0.02871331601767073 },
        { "AiryAi", "00", [2], 0.06984826084654876 },
        { "AiryAi", "000", [2], -0.07125663844403289 },
        { "SinIntegral", "00", [0.0625], -0.020825196447744443 },
        { "SinIntegral", "000", [0.0625], -0.332942799150261 },
        { "SinIntegral", "00", [100], 0.008673825286987815 },
        { "SinIntegral", "000", [100], 0.004890179905357832 },
        { "SinhIntegral", "00", [0.0625], 0.020841472489575366 },
        { "SinhIntegral", "000", [0.0625], 0.3337240491686575 },
        { "SinhIntegral", "00", [50], 5.081011418015331e+19 },
        { "SinhIntegral", "000", [50], 4.981465071866459e+19 },
        { "ExpIntegralE: 3", "00", [0.25], 1.0442826344437381 },
        { "ExpIntegralE: 3", "000", [0.25], -3.1152031322856195 },
        { "ExpIntegralE: 3", "0000", [0.25], 15.576015661428098 },
        { "Spence", "00", [1.0009765625], 0.4993496728447697 },
        { "Spence", "000", [1.0009765625], -0.6652041086345106 },
        { "Dilogarithm", "00", [-3], 0.07069937345776563 },
        { "Dilogarithm", "000", [-3], 0.026299582305177083 },
        { "EllipticK", "00", [0.0009765625], 0.44268662960908417 },
        { "EllipticK", "000", [0.0009765625], 0.9231465517628319 },
        { "EllipticE", "00", [0.0009765625], -0.1474421112156815 },
        { "EllipticE", "000", [0.0009765625], -0.1844715325643344 },
        { "EllipticK", "00", [0.5625], 2.439173308951893 },
        { "EllipticK", "000", [0.5625], 11.439196772988272 },
        { "EllipticE", "00", [0.5625], -0.40307601307661933 },
        { "EllipticE", "000", [0.5625], -1.093284684197365 },
        { "EllipticK", "00", [0.9990234375], 524160.82740604813 },
        { "EllipticK", "000", [0.9990234375], 1073610894.4114386 },
        { "EllipticE", "00", [0.9990234375], -254.86576386294686 },
        { "EllipticE", "000", [0.9990234375], -261953.9294414498 },
        { "EllipticK", "00", [-64], 4.796055655967962e-05 },
        { "EllipticK", "000", [-64], 1.685114081723664e-06 },
        { "EllipticE", "00", [-64], -0.00045839649857209124 },
        { "EllipticE", "000", [-64], -1.0368976087160893e-05 },
        { "EllipticF", "00", [1.25], 1.213697197073711 },
        { "EllipticF", "000", [1.25], -0.7317679714881345 },
        { "Legendre", "00", [0.25], 17.0958251953125 },
        { "Legendre", "000", [0.25], -22.30224609375 },
        { "ChebyshevV", "00", [0.25], 69.75 },
        { "ChebyshevV", "000", [0.25], 225 },
    };

    [Theory, MemberData(nameof(Points))]
    public void Derivatives_keep_their_digits(string function, string inputs, double[] point, double expected)
    {
        Tensor<double>[] x = Array.ConvertAll(point, Tensor.Scalar);
        double forward = Derivative(Functions[function], inputs, byJvp: true)(x).ToScalar();
        double backward = Derivative(Functions[function], inputs, byJvp: false)(x).ToScalar();
        forward.Should().BeApproximately(expected, 2e-12 * Math.Abs(expected));
        backward.Should().BeApproximately(expected, 2e-12 * Math.Abs(expected));
    }

    /// <summary>Where the kernels end, a sweep says so. Other inputs are free of it.</summary>
    [Theory, InlineData("Zeta", 0, 3), InlineData("Zeta", 1, 5), InlineData("LogNdtr", 0, 4), InlineData("RegularizedGammaP", 0, 3), InlineData("RegularizedGammaP", 1, 5),
     InlineData("RegularizedBeta", 0, 5), InlineData("RegularizedBeta", 2, 3), InlineData("BesselKe", 1, 3), InlineData("BesselKe", 0, 5), InlineData("Spence", 0, 4)]
    public void Derivatives_beyond_the_kernels_are_refused(string function, int input, int orders)
    {
        Tensor<double>[] point = [Tensor.Scalar(function == "RegularizedBeta" ? 0.25 : 1.25), Tensor.Scalar(0.75), Tensor.Scalar(1.5)];
        Func<Tensor<double>[], Tensor<double>> ofOne = x => Functions[function]([.. point[..input], x[0], .. point[(input + 1)..]]);
        foreach (bool byJvp in (bool[])[true, false])
        {
            double.IsFinite(Derivative(ofOne, new string('0', orders), byJvp)([point[input]]).ToScalar()).Should().BeTrue();
            if (orders < 5)
            {
                FluentActions.Invoking(() => Derivative(ofOne, new string('0', orders + 1), byJvp)([point[input]])).Should().Throw<NotSupportedException>().WithMessage("*lower the order*");
            }
        }
    }

    private static Func<Tensor<double>[], Tensor<double>> Derivative(Func<Tensor<double>[], Tensor<double>> f, string inputs, bool byJvp)
    {
        foreach (int input in inputs.Select(digit => digit - '0'))
        {
            Func<Tensor<double>[], Tensor<double>> inner = f;
            f = byJvp
                ? x => Differentiate.Jvp(inner, x, x.Select((_, i) => Tensor.Scalar(i == input ? 1.0 : 0)).ToArray())
                : x => Differentiate.Gradient(inner, x)[input];
        }

        return f;
    }
}
