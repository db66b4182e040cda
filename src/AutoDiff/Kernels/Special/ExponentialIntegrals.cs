namespace AutoDiff.Kernels;

/// <summary>The exponential, sine and cosine integrals (DLMF chapters 6 and 8.19).</summary>
internal static class ExponentialIntegrals
{
    private const double Euler = 0.57721566490153286;

    // The zero of Ei, in two parts.
    private const double EiRoot = 0.3725074107813666;
    private const double EiRootTail = 1.3140183414386028e-17;

    // Chebyshev coefficients fitted with mpmath at 50 digits: x exp(x) E1 in 2x - 3, x from 1 to 2, where the power series would cancel.
    private static ReadOnlySpan<double> MiddleE1 =>
    [
        0.6660290478589338, 0.06242528843863769, -0.006439971522584476, 0.0007188104965299417,
        -8.537148991010124e-05, 1.0648380975570468e-05, -1.380913541754629e-06, 1.8477934175040391e-07,
        -2.5364639654694244e-08, 3.5560115645720356e-09, -5.0741153091793e-10, 7.349275201415891e-11,
        -1.0781522028549246e-11, 1.5992380278382651e-12, -2.3951290312260763e-13, 3.617601958368821e-14,
        -5.505119418389822e-15, 8.433583113064263e-16, -1.2997392722785468e-16, 2.013919640074173e-17,
        -3.135802193119661e-18,
    ];

    // x exp(x) E1 in 4/x - 1, x from 2 on.
    private static ReadOnlySpan<double> LargeE1 =>
    [
        0.842738458576109, -0.1354615211983727, 0.01793861843980276, -0.0030614037261686017,
        0.0006145885999013264, -0.00013858851201935767, 3.415707577253984e-05, -9.038732165817782e-06,
        2.5364017496262363e-06, -7.479489597048693e-07, 2.3018676261823392e-07, -7.353752122437453e-08,
        2.4282396756596238e-08, -8.258600817078452e-09, 2.8846480890782478e-09, -1.0322646825405416e-09,
        3.7765916450447835e-10, -1.4100849341619542e-10, 5.364819219844752e-11, -2.0770268918585847e-11,
        8.173141109549714e-12, -3.2654049865436224e-12, 1.3233576707686751e-12, -5.43554159237168e-13,
        2.2610147611039736e-13, -9.51831250889774e-14, 4.0526660504894116e-14, -1.744207577398179e-14,
        7.584120152381974e-15, -3.3300723358009988e-15, 1.4758824031877404e-15, -6.599671613462776e-16,
        2.9764689392035454e-16, -1.353432441428275e-16, 6.202779619085251e-17, -2.8643005226341564e-17,
        1.3323240725722744e-17, -6.240863964540319e-18,
    ];

    // Si/x and (Ci - γ - log x)/x² in x²/32 - 1, x in [0, 8].
    private static ReadOnlySpan<double> SmallSi =>
    [
        0.41548949217743547, -0.3429237403666032, 0.17082268233517436, -0.057026304028778146,
        0.011912023107808686, -0.0016514697638438762, 0.00016181552494666304, -1.1779839593055477e-05,
        6.621313653681643e-07, -2.9611807680332997e-08, 1.079117854598963e-09, -3.267186907415527e-11,
        8.351052830486921e-13, -1.8264968008568608e-14, 3.457707549045272e-16, -5.721930242875199e-18,
    ];

    private static ReadOnlySpan<double> SmallCin =>
    [
        -0.10907085485859122, 0.09685738806196026, -0.03440687348714566, 0.008196673555643111,
        -0.0013087986938860048, 0.00014656003342710755, -1.2055169939851e-05, 7.571311536200863e-07,
        -3.7460185107874995e-08, 1.4973149148057116e-09, -4.935564909785159e-11, 1.364715521328671e-12,
        -3.211028518704612e-14, 6.507722958171444e-16, -1.1480058469826864e-17,
    ];

    // x f and x² g of the auxiliary functions (DLMF 6.2(iii)) in 128/x² - 1, x from 8 on.
    private static ReadOnlySpan<double> SineF =>
    [
        0.9860406569623826, -0.013471738208295213, 0.00045329284116522655, -3.067288651655165e-05,
        3.1319919760108725e-06, -4.2110196496309775e-07, 6.907244830281719e-08, -1.3183212904229397e-08,
        2.8369743299741647e-09, -6.732923425486324e-10, 1.7339686939790845e-10, -4.7869389042489193e-11,
        1.40323465212929e-11, -4.334957125531991e-12, 1.4027265342681547e-12, -4.730617346429996e-13,
        1.6557877505805563e-13, -5.993808246042817e-14, 2.2372132982506768e-14, -8.588065231433418e-15,
        3.3829238741050624e-15, -1.364728176890462e-15, 5.628689985613522e-16, -2.3698003543410957e-16,
        1.0171106526868841e-16, -4.444751642153109e-17, 1.975485521320791e-17, -8.921083556115392e-18,
        4.089679268856569e-18,
    ];

    private static ReadOnlySpan<double> SineG =>
    [
        0.9607478397520359, -0.03711389621239806, 0.0019414398889919036, -0.0001716598842514708,
        2.1126377532314656e-05, -3.2716325671153157e-06, 6.006921161477705e-07, -1.2586794403387074e-07,
        2.932563457995776e-08, -7.456959206276285e-09, 2.0410547835874715e-09, -5.950223038763333e-10,
        1.8322967411118143e-10, -5.92050607828413e-11, 1.9965165181282273e-11, -6.995114007847224e-12,
        2.536857739286041e-12, -9.492851164356655e-13, 3.6552311529158363e-13, -1.4448739149813032e-13,
        5.851312143767554e-14, -2.423290214812307e-14, 1.0247042520028651e-14, -4.417960820697268e-15,
        1.9396807770775254e-15, -8.662331164331824e-16, 3.930926051912986e-16, -1.8109729263460289e-16,
        8.46299431646294e-17, -4.008678518555159e-17, 1.923276874134205e-17, -9.340477377365782e-18,
        4.589110055368856e-18,
    ];

    /// <summary>E₁(x) for positive x, ∞ at 0, NaN below. E₁' = -exp(-x)/x (DLMF 6.2.1).</summary>
    public static double E1(double x) => x switch
    {
        < 0 => double.NaN,
        0 => double.PositiveInfinity,
        <= 1 => -Euler - Math.Log(x) - PowerSum(-x),
        <= 2 => Math.Exp(-x) * Series.Chebyshev(MiddleE1, (2 * x) - 3) / x,
        < 800 => ExpInHalves(-x, Series.Chebyshev(LargeE1, (4 / x) - 1) / x),
        _ => double.IsNaN(x) ? x : 0,
    };

    /// <summary>Ei(x), -∞ at 0; -E₁(-x) for negative x. Ei' = exp(x)/x (DLMF 6.2.5).</summary>
    public static double Ei(double x)
    {
        if (x <= 0)
        {
            return -E1(-x);
        }

        if (Math.Abs(x - EiRoot) < 0.1)
        {
            // The integral from the zero, for the sake of relative accuracy.
            return GaussLegendre.Integrate(static (t, root) => Math.Exp(root + t) / (root + t), EiRoot, x - EiRoot - EiRootTail);
        }

        if (x < 40)
        {
            return Euler + Math.Log(x) + PowerSum(x);
        }

        if (double.IsPositiveInfinity(x))
        {
            return x;
        }

        // DLMF 6.12.2.
        double sum = 1, term = 1;
        for (int k = 1; k < 40 && term > 1e-18; k++)
        {
            term *= k / x;
            sum += term;
        }

        return ExpInHalves(x, sum / x);
    }

    /// <summary>Eₙ(x), n and x not negative. Eₙ' = -Eₙ₋₁ (DLMF 8.19.13); 1/(n - 1) at 0, ∞ for n below 2.</summary>
    public static double En(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        if (!(x > 0))
        {
            return x == 0 ? n < 2 ? double.PositiveInfinity : 1.0 / (n - 1) : double.NaN;
        }

        if (n == 0)
        {
            return Math.Exp(-x) / x;
        }

        if (n > 1 && x >= 1)
        {
            // DLMF 8.19.17, as 8.9.2 with a = 1 - n.
            return double.IsInfinity(x) ? 0 : ExpInHalves(-x, IncompleteGamma.UpperFraction(new TaylorValue(1 - n), x).Value);
        }

        double exponential = Math.Exp(-x), value = E1(x);
        for (int k = 1; k < n; k++)
        {
            // DLMF 8.19.12.
            value = (exponential - (x * value)) / k;
        }

        return value;
    }

    /// <summary>Si(x). Si' = sin x / x (DLMF 6.2.9).</summary>
    public static double Si(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude <= 8)
        {
            return x * Series.Chebyshev(SmallSi, (x * x / 32) - 1);
        }

        (double f, double g) = Auxiliary(magnitude);
        return double.IsInfinity(x) ? Math.CopySign(Math.PI / 2, x)
            : Math.CopySign(1, x) * ((Math.PI / 2) - (f * Math.Cos(magnitude)) - (g * Math.Sin(magnitude)));
    }

    /// <summary>Ci(x) for positive x, -∞ at 0, NaN below. Ci' = cos x / x (DLMF 6.2.11).</summary>
    public static double Ci(double x)
    {
        if (x <= 8)
        {
            return x < 0 ? double.NaN : Euler + Math.Log(x) + (x * x * Series.Chebyshev(SmallCin, (x * x / 32) - 1));
        }

        (double f, double g) = Auxiliary(x);
        return double.IsInfinity(x) ? 0 : (f * Math.Sin(x)) - (g * Math.Cos(x));
    }

    /// <summary>Shi(x) = (Ei(x) + E₁(x))/2. Shi' = sinh x / x (DLMF 6.2.15).</summary>
    public static double Shi(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude >= 2)
        {
            return Math.CopySign(0.5 * (Ei(magnitude) + E1(magnitude)), x);
        }

        double sum = 0, power = x;
        for (int k = 1; k < 30; k += 2)
        {
            sum += power / k;
            power *= x * x / ((k + 1) * (k + 2));
        }

        return sum;
    }

    /// <summary>Chi(x) = (Ei(x) - E₁(x))/2 for positive x. Chi' = cosh x / x (DLMF 6.2.16).</summary>
    public static double Chi(double x) => x == 0 ? double.NegativeInfinity : 0.5 * (Ei(x) - E1(x));

    private static (double F, double G) Auxiliary(double x)
    {
        double t = (128 / x / x) - 1;
        return (Series.Chebyshev(SineF, t) / x, Series.Chebyshev(SineG, t) / x / x);
    }

    /// <summary>Σ xᵏ / (k k!), k from 1 (DLMF 6.6.1).</summary>
    private static double PowerSum(double x)
    {
        double sum = 0, term = 1;
        for (int k = 1; k < 200; k++)
        {
            term *= x / k;
            double part = term / k;
            sum += part;
            if (Math.Abs(part) < Math.Abs(sum) * 1e-18)
            {
                break;
            }
        }

        return sum;
    }

    private static double ExpInHalves(double exponent, double factor)
    {
        double half = Math.Exp(exponent / 2);
        return factor * half * half;
    }
}
