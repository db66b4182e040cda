namespace AutoDiff.Tests.Diagnostics;

/// <summary>Double-double functions against values to 120 digits (mpmath 1.3), written as two doubles.</summary>
public class DoubleDoubleTests
{
    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble>> Functions = new()
    {
        ["Exp"] = DoubleDouble.Exp, ["Expm1"] = DoubleDouble.Expm1, ["Log"] = DoubleDouble.Log, ["Log1p"] = DoubleDouble.Log1p, ["Sin"] = DoubleDouble.Sin, ["Cos"] = DoubleDouble.Cos,
        ["Tan"] = DoubleDouble.Tan, ["Tanh"] = DoubleDouble.Tanh, ["Atan"] = DoubleDouble.Atan, ["Sinh"] = DoubleDouble.Sinh, ["Cosh"] = DoubleDouble.Cosh, ["Sqrt"] = DoubleDouble.Sqrt,
        ["Cbrt"] = DoubleDouble.Cbrt, ["Softplus"] = DoubleDouble.Softplus, ["Sigmoid"] = DoubleDouble.Sigmoid, ["SechSquared"] = DoubleDouble.SechSquared,
    };

    [Theory]
    [InlineData("Exp", 1.0, 2.718281828459045, 1.4456468917292502e-16)]
    [InlineData("Exp", -20.3, 1.5269401591266087e-09, -9.350718630790655e-26)]
    [InlineData("Exp", 0.001, 1.0010005001667084, -4.290842058948394e-17)]
    [InlineData("Exp", 300.7, 3.911566412479153e+130, -2.2210200263893878e+114)]
    [InlineData("Expm1", 1e-09, 1.0000000005000001e-09, -7.443897403844588e-26)]
    [InlineData("Expm1", -0.3, -0.2591817793182821, -1.805530505953e-18)]
    [InlineData("Expm1", 2.5, 11.182493960703473, 2.0334002173348147e-16)]
    [InlineData("Log", 3.0, 1.0986122886681098, -9.07129723500153e-17)]
    [InlineData("Log", 1e-07, -16.11809565095832, 5.860990484933356e-16)]
    [InlineData("Log", 1.0000001, 9.999999505838704e-08, 1.5249709528441489e-24)]
    [InlineData("Log", 1e+200, 460.51701859880916, -2.2129109272629473e-14)]
    [InlineData("Log1p", 1e-12, 9.999999999995e-13, 2.4217940103012377e-29)]
    [InlineData("Log1p", -0.5, -0.6931471805599453, -2.3190468138462996e-17)]
    [InlineData("Log1p", 0.08, 0.07696104113612832, 1.768423209203625e-18)]
    [InlineData("Sin", 1.0, 0.8414709848078965, 1.776845092935536e-18)]
    [InlineData("Sin", 3.141592653589793, 1.2246467991473532e-16, -2.99476980971834e-33)]
    [InlineData("Sin", 1000000.0, -0.34999350217129294, -1.5952848809323968e-17)]
    [InlineData("Sin", -0.25, -0.24740395925452294, 7.53102495590706e-18)]
    [InlineData("Cos", 1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)]
    [InlineData("Cos", 2.0, -0.4161468365471424, 1.990596398957495e-17)]
    [InlineData("Cos", 10000000000.0, 0.873119622676856, -5.41448904944852e-17)]
    [InlineData("Tan", 0.7, 0.8422883804630794, -3.9128846706146343e-17)]
    [InlineData("Tan", -2.0, 2.185039863261519, 1.0289483692188619e-16)]
    [InlineData("Tanh", 1e-05, 9.999999999666668e-06, -4.5758701526937e-22)]
    [InlineData("Tanh", -0.9, -0.7162978701990245, 3.514093391268979e-17)]
    [InlineData("Tanh", 12.0, 0.9999999999244973, 2.4308346468945755e-17)]
    [InlineData("Atan", 1e-06, 9.999999999996666e-07, -2.586858856610466e-23)]
    [InlineData("Atan", 0.9, 0.7328151017865066, 5.30568089079825e-17)]
    [InlineData("Atan", -40.0, -1.5458015331759765, 1.2801774969469343e-18)]
    [InlineData("Sinh", 0.0001, 0.00010000000016666667, 5.266809542628641e-21)]
    [InlineData("Sinh", 3.0, 10.017874927409903, -6.97789774734877e-16)]
    [InlineData("Cosh", 0.3, 1.0453385141288605, 7.371812611119388e-18)]
    [InlineData("Cosh", 5.0, 74.20994852478785, -3.2016056277777725e-15)]
    [InlineData("Sqrt", 2.0, 1.4142135623730951, -9.667293313452913e-17)]
    [InlineData("Sqrt", 1e-30, 1e-15, -3.6037189572868085e-32)]
    [InlineData("Cbrt", 3.0, 1.4422495703074083, 8.054912676113687e-17)]
    [InlineData("Cbrt", -10000000000.0, -2154.4346900318837, 2.523746121389237e-14)]
    [InlineData("Softplus", -30.0, 9.357622968839737e-14, -6.166501881941325e-31)]
    [InlineData("Softplus", 1.5, 1.7014132779827524, -2.715722760620657e-17)]
    [InlineData("Sigmoid", -2.0, 0.11920292202211756, -4.667319433268004e-18)]
    [InlineData("Sigmoid", 0.5, 0.6224593312018546, -2.855738705812305e-17)]
    [InlineData("SechSquared", 0.2, 0.9610429829661166, 3.179472482188348e-17)]
    [InlineData("SechSquared", -20.0, 1.6993417021166355e-17, 3.5311072107819773e-34)]
    public void Functions_have_thirty_digits(string name, double x, double high, double low) => Error(Functions[name](x), new DoubleDouble(high, low)).Should().BeLessThan(1e-30);

    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble>> Special = new()
    {
        ["Asin"] = DoubleDouble.Asin, ["Acos"] = DoubleDouble.Acos, ["Asinh"] = DoubleDouble.Asinh, ["Acosh"] = DoubleDouble.Acosh, ["Atanh"] = DoubleDouble.Atanh, ["SinPi"] = DoubleDouble.SinPi,
        ["CosPi"] = DoubleDouble.CosPi, ["Exp10"] = DoubleDouble.Exp10, ["LogGamma"] = DoubleDouble.LogGamma, ["Gamma"] = DoubleDouble.Gamma, ["Digamma"] = DoubleDouble.Digamma,
        ["Trigamma"] = x => DoubleDouble.Polygamma(1, x), ["Tetragamma"] = x => DoubleDouble.Polygamma(2, x), ["Erf"] = DoubleDouble.Erf, ["Erfc"] = DoubleDouble.Erfc, ["Erfcx"] = DoubleDouble.Erfcx,
        ["Ndtr"] = DoubleDouble.Ndtr, ["LogNdtr"] = DoubleDouble.LogNdtr,
    };

    /// <summary>Where a function subtracts what is nearly the same, or multiplies a large argument, it loses a digit or two.</summary>
    [Theory]
    [InlineData("Asin", 0.3, 0.3046926540153975, -2.7469740051157017e-17)]
    [InlineData("Asin", -0.999, -1.526071239626163, -7.84631528833658e-17)]
    [InlineData("Acos", 0.7, 0.7953988301841436, 2.7282065511033407e-17)]
    [InlineData("Acos", -0.2, 1.7721542475852274, -1.584909262850069e-17)]
    [InlineData("Asinh", 1e-05, 9.999999999833334e-06, 6.1824027295294845e-22)]
    [InlineData("Asinh", -3.5, -1.9657204716496515, -5.275672231515644e-17)]
    [InlineData("Acosh", 1.0001, 0.014142017775251545, 4.639956141471696e-19)]
    [InlineData("Acosh", 40.0, 4.381870348040067, -1.5542908495141823e-16)]
    [InlineData("Atanh", 1e-07, 1.0000000000000033e-07, 2.4610883121242183e-24)]
    [InlineData("Atanh", -0.9, -1.4722194895832204, 6.2981627878629994e-18)]
    [InlineData("SinPi", 0.3, 0.8090169943749475, -4.766175266906226e-17)]
    [InlineData("SinPi", -7.9, 0.30901699437494634, 2.1571228443000064e-17)]
    [InlineData("CosPi", 1000000.25, 0.7071067811865476, -4.833646656726457e-17)]
    [InlineData("Exp10", -2.3, 0.005011872336272725, 2.751497016056802e-19)]
    [InlineData("LogGamma", 0.3, 1.0957979948180756, -4.412082839547077e-17)]
    [InlineData("LogGamma", 0.75, 0.20328095143129538, -4.327183682604757e-18)]
    [InlineData("LogGamma", 3.7, 1.428072326665388, 4.823204321026723e-17)]
    [InlineData("LogGamma", 100.5, 361.4355404677776, -6.226945756445924e-15)]
    [InlineData("LogGamma", -2.3, 0.36956666345500805, -1.1251747704374314e-17)]
    [InlineData("Gamma", 0.3, 2.991568987687591, -8.576219985605117e-17)]
    [InlineData("Gamma", -2.3, -1.447107394255918, -6.07551838303283e-17)]
    [InlineData("Gamma", 5.5, 52.34277778455352, 1.2539803835511586e-15)]
    [InlineData("Gamma", 30.1, 1.240499575297669e+31, 987610601060481.1)]
    [InlineData("Gamma", -3.4, 0.3258911608921607, -1.7311239871378633e-17)]
    [InlineData("Digamma", 0.3, -3.502524222200133, 2.776725952349014e-17)]
    [InlineData("Digamma", 1.5, 0.03648997397857652, 1.9534229894802305e-19)]
    [InlineData("Digamma", 50.25, 3.90702729700628, -1.5475023182567404e-16)]
    [InlineData("Digamma", -1.7, -1.4857174995110567, -1.4950543747340755e-17)]
    [InlineData("Trigamma", 0.3, 12.245364546107732, -5.389855192399646e-16)]
    [InlineData("Trigamma", 2.0, 0.6449340668482264, 3.040672350398476e-17)]
    [InlineData("Trigamma", 77.7, 0.012953186766097862, -4.688962973648106e-19)]
    [InlineData("Tetragamma", 0.3, -75.27253658872604, 2.0008177802537928e-15)]
    [InlineData("Tetragamma", 2.0, -0.4041138063191886, 1.3504482254925024e-17)]
    [InlineData("Tetragamma", 77.7, -0.00016778270166147258, 9.682528071402494e-21)]
    [InlineData("Erf", 1e-08, 1.1283791670955126e-08, -5.879607832080608e-25)]
    [InlineData("Erf", 0.5, 0.5204998778130465, 1.900077467916287e-17)]
    [InlineData("Erf", -2.9, -0.9999589021219005, -1.310480248450443e-17)]
    [InlineData("Erf", 3.5, 0.9999992569016276, 4.9647279187212204e-17)]
    [InlineData("Erfc", 0.5, 0.4795001221869535, -1.900077467916287e-17)]
    [InlineData("Erfc", -1.0, 1.8427007929497148, 8.622129067339705e-17)]
    [InlineData("Erfc", 2.9, 4.109787809945886e-05, 4.912754141041331e-22)]
    [InlineData("Erfc", 3.1, 1.1648657367199589e-05, 4.0306267103274617e-22)]
    [InlineData("Erfc", 10.0, 2.088487583762545e-45, -1.2006565763501381e-61)]
    [InlineData("Erfc", 25.0, 8.300172571196523e-274, -4.0508928147804266e-291)]
    [InlineData("Erfcx", 0.5, 0.6156903441929259, -2.312175868623341e-17)]
    [InlineData("Erfcx", 3.5, 0.1552936556088943, -1.355844542216092e-18)]
    [InlineData("Erfcx", 100000.0, 5.6418958351954685e-06, -4.0701773892268826e-22)]
    [InlineData("Ndtr", 0.3, 0.6179114221889527, -4.172211963776293e-17)]
    [InlineData("Ndtr", -1.7, 0.04456546275854304, 2.6532230165189648e-18)]
    [InlineData("Ndtr", -8.0, 6.220960574271784e-16, 2.491586890683703e-32)]
    [InlineData("Ndtr", -20.0, 2.7536241186062337e-89, -4.205855543202273e-106)]
    [InlineData("LogNdtr", 0.3, -0.4814101615884812, 6.140816728445377e-18)]
    [InlineData("LogNdtr", 5.0, -2.866516129637636e-07, -1.6344235429477615e-23)]
    [InlineData("LogNdtr", -1.0, -1.8410216450092636, 6.849557297174025e-17)]
    [InlineData("LogNdtr", -10.0, -53.23128515051247, -7.946124680398057e-16)]
    [InlineData("LogNdtr", -40.0, -804.6084420137538, 1.3635915669920955e-14)]
    public void Inverse_gamma_and_error_functions_have_twenty_eight_digits(string name, double x, double high, double low) => Error(Special[name](x), new DoubleDouble(high, low)).Should().BeLessThan(1e-28);

    [Theory]
    [InlineData(2.5, 0.3, 1.3163822043342375, -7.113171158760339e-17)]
    [InlineData(-1.7, 5.0, -14.198569999999998, 2.134692422828265e-16)]
    public void Powers_have_thirty_digits(double x, double p, double high, double low) => Error(DoubleDouble.Pow(x, p), new DoubleDouble(high, low)).Should().BeLessThan(1e-30);

    /// <summary>Identities that hold between functions computed in different ways (NIST Digital Library of Mathematical Functions, 10.5.2, 10.28.2, 9.2.7, 10.49.3).</summary>
    [Theory]
    [InlineData(0.0, 0.3)]
    [InlineData(0.0, 12.5)]
    [InlineData(1.0, 4.0)]
    [InlineData(3.0, 29.0)]
    [InlineData(2.0, 31.0)]
    [InlineData(0.25, 7.0)]
    [InlineData(-0.7, 2.5)]
    [InlineData(1.5, 80.0)]
    [InlineData(2.5, 400.0)]
    public void Bessel_functions_have_their_Wronskians(double v, double x)
    {
        DoubleDouble between = (DoubleDouble.BesselJ(v + 1, x) * DoubleDouble.BesselY(v, x)) - (DoubleDouble.BesselJ(v, x) * DoubleDouble.BesselY(v + 1, x));
        Error(between * x * 0.5 * DoubleDouble.Acos(-1), 1).Should().BeLessThan(1e-17);
        DoubleDouble modified = (DoubleDouble.BesselI(v, x) * DoubleDouble.BesselK(v + 1, x)) + (DoubleDouble.BesselI(v + 1, x) * DoubleDouble.BesselK(v, x));
        Error(modified * x, 1).Should().BeLessThan(1e-26);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    [InlineData(-1.0)]
    [InlineData(-6.5)]
    [InlineData(-20.0)]
    [InlineData(1.2)]
    [InlineData(15.0)]
    public void Airy_functions_have_their_Wronskian(double x)
    {
        DoubleDouble between = (DoubleDouble.AiryAi(x) * DoubleDouble.AiryBiPrime(x)) - (DoubleDouble.AiryAiPrime(x) * DoubleDouble.AiryBi(x));
        Error(between * DoubleDouble.Acos(-1), 1).Should().BeLessThan(1e-17);
    }

    [Fact]
    public void Zeta_functions_have_the_values_that_are_known()
    {
        DoubleDouble pi = DoubleDouble.Acos(-1), one = DoubleDouble.One;
        Error(DoubleDouble.Zeta(0, 2, one), pi * pi / 6).Should().BeLessThan(1e-29);
        Error(DoubleDouble.Zeta(0, 4, one), pi * pi * pi * pi / 90).Should().BeLessThan(1e-29);
        Error(DoubleDouble.Zeta(0, 0, one), -0.5).Should().BeLessThan(1e-27);
        Error(DoubleDouble.Zeta(0, -1, one), -one / 12).Should().BeLessThan(1e-25);
        Error(DoubleDouble.Zeta(0, -7, one), one / 240).Should().BeLessThan(1e-27);
        Error(DoubleDouble.Zeta(1, 0, one), -DoubleDouble.Log(pi * 2) * 0.5).Should().BeLessThan(1e-27);
        Error(DoubleDouble.Zeta(0, 3, 0.25) - DoubleDouble.Zeta(0, 3, 1.25), 64).Should().BeLessThan(1e-29);
        double.IsNaN(DoubleDouble.Zeta(0, 2, -0.5).High).Should().BeTrue();
    }

    [Fact]
    public void Arithmetic_undoes_itself()
    {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            DoubleDouble x = Draw(), y = Draw();
            Error(x + y - y, x).Should().BeLessThan(1e-31 * (1 + Math.Abs(y.High / x.High)));
            Error(x * y / y, x).Should().BeLessThan(1e-30);
            Error(DoubleDouble.Sqrt(x * x), DoubleDouble.Abs(x)).Should().BeLessThan(1e-30);
        }

        DoubleDouble Draw() => DoubleDouble.TwoSum((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-5, 5)), 0) * (DoubleDouble.One + ((random.NextDouble() - 0.5) * 1e-16));
    }

    [Fact]
    public void A_sum_keeps_its_digits_when_it_cancels()
    {
        DoubleDouble x = new(1, 1e-17), y = new(1, 3e-30);
        DoubleDouble difference = x - y;
        Error(difference, DoubleDouble.TwoSum(1e-17, -3e-30)).Should().BeLessThan(1e-30);
    }

    private static double Error(DoubleDouble x, DoubleDouble reference) => Math.Abs(((x - reference) / reference).High);
}
