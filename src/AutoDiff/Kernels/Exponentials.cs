using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Elementwise functions made of exponentials and logarithms that take some care against cancellation and overflow.</summary>
internal static class Exponentials
{
    /// <summary>y = log(1 - e^x): by the logarithm near 0, where 1 - e^x is small, and by log1p elsewhere.</summary>
    public static void Log1mExp<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var near = new Scratch<T>(x.Length);
        using var far = new Scratch<T>(x.Length);
        using var kept = new Scratch<T>(x.Length);
        x.CopyTo(kept.Span);
        VectorMath.Expm1(x, near.Span);
        VectorMath.Negate<T>(near.Span, near.Span);
        VectorMath.Log<T>(near.Span, near.Span);
        VectorMath.Exp(x, far.Span);
        VectorMath.Negate<T>(far.Span, far.Span);
        VectorMath.Log1p<T>(far.Span, far.Span);
        T seam = T.CreateChecked(-0.69314718055994530942);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = kept.Span[i] > seam ? near.Span[i] : far.Span[i];
        }
    }

    /// <summary>y = c 2^x for c in [0, 1]: where 2^x overflows, by 2^(x-1).</summary>
    public static void ScaledExp2<T>(ReadOnlySpan<T> x, T c, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VectorMath.Exp2(x, y);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.IsPositiveInfinity(y[i]) ? T.Exp2(x[i] - T.One) * (c + c) : y[i] * c;
        }
    }

    /// <summary>y = 1 / (e^-x - 1).</summary>
    public static void ReciprocalExpm1<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VectorMath.Negate(x, y);
        VectorMath.Expm1<T>(y, y);
        for (int i = 0; i < y.Length; i++)
        {
            // Either zero is the end of the negative numbers, whose side counts.
            y[i] = T.One / (y[i] == T.Zero ? T.Zero : y[i]);
        }
    }

    /// <summary>y = log(x / (1 - x)): around 1/2 by log1p((2x - 1) / (1 - x)), whose numerator is exact there.</summary>
    public static void Logit<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var middle = new Scratch<T>(x.Length);
        using var outer = new Scratch<T>(x.Length);
        (T low, T high) = (T.CreateChecked(0.25), T.CreateChecked(0.75));
        for (int i = 0; i < x.Length; i++)
        {
            T rest = T.One - x[i];
            T half = x[i] - T.CreateChecked(0.5);
            middle.Span[i] = (half + half) / rest;
            outer.Span[i] = x[i] / rest;
        }

        VectorMath.Log<T>(outer.Span, outer.Span);
        VectorMath.Log1p<T>(middle.Span, middle.Span);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] >= low && x[i] <= high ? middle.Span[i] : outer.Span[i];
        }
    }

    /// <summary>z = log(b^x + b^y) to the base b = e: max + log(1 + e^-|x - y|). Where both are the same infinity, their difference counts as 0.</summary>
    public static void LogAddExp<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => LogAdd(x, y, T.One, z);

    /// <summary>z = log2(2^x + 2^y).</summary>
    public static void LogAddExp2<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        LogAdd(x, y, T.CreateChecked(0.69314718055994530942), z);

    /// <summary>z = log(e^x - e^y) = x + log(1 - e^(y - x)).</summary>
    public static void LogSubExp<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var difference = new Scratch<T>(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            difference.Span[i] = Difference(y[i], x[i]);
        }

        Log1mExp<T>(difference.Span, difference.Span);
        VectorMath.Add(x, difference.Span, z);
    }

    /// <summary>x - y, and 0 for equal infinities.</summary>
    public static T Difference<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x == y ? T.Zero : x - y;

    /// <summary>x - y, the logit of the share of e^x in e^x + e^y: 0 where both are ∞, which share evenly, and -∞ where both are -∞, as nothing has no shares.</summary>
    public static T LogitOfShare<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x == y ? (T.IsNegativeInfinity(x) ? x : T.Zero) : x - y;

    /// <summary>
    /// y = the derivative of order n of e^(-x²): (-1)^n H_n(x) e^(-x²), by the recurrence H_n+1 = 2x H_n - 2n H_n-1 (DLMF 18.9.13). The rounding of x² is made good: its effect on the
    /// exponential would grow with x².
    /// </summary>
    public static void GaussianDerivative<T>(ReadOnlySpan<T> x, int n, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var exponential = new Scratch<T>(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            exponential.Span[i] = -(x[i] * x[i]);
        }

        VectorMath.Exp<T>(exponential.Span, exponential.Span);
        for (int i = 0; i < y.Length; i++)
        {
            T e = exponential.Span[i];
            T u = x[i];
            if (e == T.Zero)
            {
                y[i] = e;
                continue;
            }

            T rounding = T.FusedMultiplyAdd(u, u, -(u * u));
            T factor = u + u;
            (T previous, T current) = (T.Zero, T.One);
            for (int k = 0; k < n; k++)
            {
                (previous, current) = (current, (T.CreateChecked(-2 * k) * previous) - (factor * current));
            }

            y[i] = e * (T.One - rounding) * current;
        }
    }

    /// <summary>z = x log(y), and 0 where x = 0 and y is a number.</summary>
    public static void XLogY<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TimesUnlessZero(x, y, z, VectorMath.Log);

    /// <summary>z = x log(1 + y), and 0 where x = 0 and y is a number.</summary>
    public static void XLog1pY<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TimesUnlessZero(x, y, z, VectorMath.Log1p);

    /// <summary>y = -x log(x), 0 at 0, -∞ below.</summary>
    public static void Entropy<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var logarithm = new Scratch<T>(x.Length);
        VectorMath.Log(x, logarithm.Span);
        for (int i = 0; i < y.Length; i++)
        {
            T p = x[i];
            y[i] = p > T.Zero ? -(p * logarithm.Span[i]) : p == T.Zero ? T.Zero : T.IsNaN(p) ? p : T.NegativeInfinity;
        }
    }

    /// <summary>z = x log(x / y) for x, y above 0; 0 for x = 0 up to y; ∞ elsewhere.</summary>
    public static void RelativeEntropy<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var ratio = new Scratch<T>(z.Length);
        LogRatio(x, y, ratio.Span);
        for (int i = 0; i < z.Length; i++)
        {
            (T p, T q) = (x[i], y[i]);
            z[i] = T.IsNaN(p) || T.IsNaN(q) ? T.NaN : p > T.Zero && q > T.Zero ? p * ratio.Span[i] : p == T.Zero && q >= T.Zero ? T.Zero : T.PositiveInfinity;
        }
    }

    /// <summary>z = log(x / y): by log1p((x - y) / y), whose numerator is exact, where x is close to y; as a difference of logarithms where the quotient leaves the range.</summary>
    public static void LogRatio<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var near = new Scratch<T>(z.Length);
        using var dividend = new Scratch<T>(z.Length);
        using var divisor = new Scratch<T>(z.Length);
        T half = T.CreateChecked(0.5);
        for (int i = 0; i < z.Length; i++)
        {
            near.Span[i] = (x[i] - y[i]) / y[i];
            T quotient = x[i] / y[i];
            (dividend.Span[i], divisor.Span[i]) = T.IsNormal(quotient) ? (quotient, T.One) : (x[i], y[i]);
        }

        VectorMath.Log1p<T>(near.Span, near.Span);
        VectorMath.Log<T>(dividend.Span, dividend.Span);
        VectorMath.Log<T>(divisor.Span, divisor.Span);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = x[i] >= y[i] * half && x[i] * half <= y[i] ? near.Span[i] : dividend.Span[i] - divisor.Span[i];
        }
    }

    private static void TimesUnlessZero<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z, UnaryKernel<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var values = new Scratch<T>(z.Length);
        f(y, values.Span);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = x[i] == T.Zero && !T.IsNaN(y[i]) ? T.Zero : x[i] * values.Span[i];
        }
    }

    /// <summary>z = max + log(1 + b^-|x - y|) / log(b), for log(b) = scale.</summary>
    private static void LogAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, T scale, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var rest = new Scratch<T>(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            rest.Span[i] = -T.Abs(Difference(x[i], y[i])) * scale;
        }

        VectorMath.Softplus<T>(rest.Span, rest.Span);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = T.Max(x[i], y[i]) + (rest.Span[i] / scale);
        }
    }
}
