using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The sampling function sinc(x) = sin(πx) / (πx) and its derivatives of every order.</summary>
internal static class SamplingFunction
{
    /// <summary>y = the derivative of order n of sinc.</summary>
    /// <remarks>
    /// With u = πx and s(u) = sin(u) / u, differentiating u s = sin u gives u s⁽ⁿ⁾ + n s⁽ⁿ⁻¹⁾ = sin(u + nπ/2). This recurrence divides by u, and is used only where |u| is large enough not to
    /// magnify errors; else the power series Σ (-1)^k u^(2k-n) / ((2k+1) (2k-n)!), over 2k ≥ n.
    /// </remarks>
    public static void Derivative<T>(ReadOnlySpan<T> x, int n, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.Pow(T.Pi, T.CreateChecked(n));
        double end = 1 + (0.5 * n);
        T near = T.CreateChecked(end / double.Pi);
        Span<T> coefficients = stackalloc T[MostTerms];
        coefficients = n <= LowOrder ? coefficients[..Coefficients(n, end, coefficients)] : [];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = scale * (T.Abs(x[i]) >= near || T.IsNaN(x[i]) ? Recurrence(x[i], n) : coefficients.IsEmpty ? Series(T.Pi * x[i], n) : Polynomial(coefficients, T.Pi * x[i], n));
        }
    }

    /// <summary>Up to this order the series has few terms, whose coefficients are computed once.</summary>
    private const int LowOrder = 6;
    private const int MostTerms = 32;

    /// <summary>Fills the coefficients of the power series, from the lowest power on, until terms vanish beside the first at the end of its range; returns how many.</summary>
    private static int Coefficients<T>(int n, double end, Span<T> coefficients) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = (n + 1) / 2;
        double factor = k % 2 == 0 ? 1 : -1;
        double size = 1;
        int count = 0;
        while (count < coefficients.Length && size > 1e-20)
        {
            coefficients[count++] = T.CreateChecked(factor / ((2 * k) + 1));
            double divisor = ((2 * k) + 1 - n) * ((2 * k) + 2 - n);
            (factor, size) = (-factor / divisor, size * end * end / divisor);
            k++;
        }

        return count;
    }

    private static T Polynomial<T>(ReadOnlySpan<T> coefficients, T u, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T square = u * u;
        T sum = coefficients[^1];
        for (int j = coefficients.Length - 2; j >= 0; j--)
        {
            sum = T.FusedMultiplyAdd(sum, square, coefficients[j]);
        }

        return n % 2 == 0 ? sum : u * sum;
    }

    private static T Series<T>(T u, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = (n + 1) / 2;
        T power = n % 2 == 0 ? T.One : u;
        power = k % 2 == 0 ? power : -power;
        T sum = T.Zero;
        for (; ; k++)
        {
            T next = sum + (power / T.CreateChecked((2 * k) + 1));
            if (next == sum)
            {
                return sum;
            }

            sum = next;
            power = -power * u * u / T.CreateChecked(((2 * k) + 1 - n) * ((2 * k) + 2 - n));
        }
    }

    private static T Recurrence<T>(T x, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsInfinity(x))
        {
            return T.Zero;
        }

        (T sine, T cosine) = (T.SinPi(x), T.CosPi(x));
        T u = T.Pi * x;
        T s = sine / u;
        for (int k = 1; k <= n; k++)
        {
            T turned = (k % 4) switch { 0 => sine, 1 => cosine, 2 => -sine, _ => -cosine };
            s = (turned - (T.CreateChecked(k) * s)) / u;
        }

        return s;
    }
}
