using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>Activation functions whose tails take care. A family of derivatives has the order as its parameter.</summary>
internal static class Activations
{
    private const double RootOfHalf = 0.70710678118654752440;

    /// <summary>What the nearest double leaves of √(1/2): computed in 50-digit arithmetic.</summary>
    private const double RootOfHalfRest = -4.8336466567264567e-17;

    /// <summary>y = slope · x above 0, amplitude · (e^(x / scale) - 1) up to it.</summary>
    public static void ExponentialLinear<T>(ReadOnlySpan<T> x, (T Slope, T Amplitude, T Scale) p, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var negative = new Scratch<T>(x.Length);
        OfNegativePart(VectorMath.Expm1, x, p.Scale, p.Amplitude, negative.Span);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var part = new Vector<T>(x[i..]);
            Vector.ConditionalSelect(Vector.GreaterThan(part, Vector<T>.Zero), part * p.Slope, new Vector<T>(negative.Span[i..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = x[i] > T.Zero ? p.Slope * x[i] : negative.Span[i];
        }
    }

    /// <summary>y = slope above 0, amplitude · e^(x / scale) up to it.</summary>
    public static void ExponentialStep<T>(ReadOnlySpan<T> x, (T Slope, T Amplitude, T Scale) p, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var negative = new Scratch<T>(x.Length);
        OfNegativePart(VectorMath.Exp, x, p.Scale, p.Amplitude, negative.Span);
        var slope = new Vector<T>(p.Slope);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector.ConditionalSelect(Vector.GreaterThan(new Vector<T>(x[i..]), Vector<T>.Zero), slope, new Vector<T>(negative.Span[i..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = x[i] > T.Zero ? p.Slope : negative.Span[i];
        }
    }

    /// <summary>y = amplitude · f(min(x, 0) / scale).</summary>
    private static void OfNegativePart<T>(UnaryKernel<T> f, ReadOnlySpan<T> x, T scale, T amplitude, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Min(x, T.Zero, y);
        TensorPrimitives.Divide(y, scale, y);
        f(y, y);
        TensorPrimitives.Multiply(y, amplitude, y);
    }

    /// <summary>y = the derivative of order n of x Φ(x), with Φ the normal distribution function and φ = Φ' its density.</summary>
    /// <remarks>
    /// Order 0 is x Φ, order 1 is Φ + x φ. With φ⁽ᵏ⁾ = (-1)^k He_k φ, those above are (-1)^n φ (n He_n-2 - x He_n-1); He_k+1 = x He_k - k He_k-1 (DLMF 18.9.1). Φ(x) = erfc(-x / √2) / 2 keeps
    /// its digits in the left tail, where the rounding of the argument is made good by one Newton step, and that of x² in φ by the first term of its series.
    /// </remarks>
    public static void NormalGate<T>(ReadOnlySpan<T> x, int n, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && n < 2)
        {
            UnaryKernel<float> kernel = n == 0 ? VectorMath.NormalGate : VectorMath.NormalGateSlope;
            kernel(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y));
            return;
        }

        using var distribution = new Scratch<T>(n < 2 ? x.Length : 0);
        using var density = new Scratch<T>(x.Length);
        T half = T.CreateChecked(0.5);
        T root = T.CreateChecked(RootOfHalf);
        T rest = typeof(T) == typeof(double) ? T.CreateChecked(RootOfHalfRest) : T.CreateChecked(RootOfHalf - double.CreateChecked(root));
        for (int i = 0; i < x.Length; i++)
        {
            density.Span[i] = -half * x[i] * x[i];
            if (n < 2)
            {
                distribution.Span[i] = -x[i] * root;
            }
        }

        VectorMath.Exp<T>(density.Span, density.Span);
        if (n < 2)
        {
            VectorMath.Erfc<T>(distribution.Span, distribution.Span);
        }

        T scale = T.CreateChecked(0.39894228040143267794);
        T rootOfTwo = T.CreateChecked(1.41421356237309504880);
        for (int i = 0; i < y.Length; i++)
        {
            T u = x[i];
            T phi = density.Span[i] * scale;
            if (phi == T.Zero)
            {
                y[i] = n == 0 ? T.Max(u, T.Zero) : n == 1 && u > T.Zero ? T.One : T.Zero;
                continue;
            }

            phi *= T.One - (half * T.FusedMultiplyAdd(u, u, -(u * u)));
            if (n < 2)
            {
                T rounding = T.FusedMultiplyAdd(-u, root, u * root) - (u * rest);
                T gate = (half * distribution.Span[i]) - (rootOfTwo * rounding * phi);
                y[i] = n == 0 ? u * gate : gate + (u * phi);
                continue;
            }

            (T previous, T current) = (T.One, u);
            for (int k = 1; k < n - 1; k++)
            {
                (previous, current) = (current, (u * current) - (T.CreateChecked(k) * previous));
            }

            T value = phi * ((T.CreateChecked(n) * previous) - (u * current));
            y[i] = n % 2 == 0 ? value : -value;
        }
    }

    /// <summary>y = the derivative of order n of x σ(x), with σ the logistic function: x σ⁽ⁿ⁾ + n σ⁽ⁿ⁻¹⁾.</summary>
    /// <remarks>
    /// With τ = tanh(x / 2) the derivatives of σ are σ' P(τ), where P starts at 1 and P ↦ -τ P + (1 - τ²) / 2 P' leads to the next one, for (σ')' = -τ σ' and τ' = (1 - τ²) / 2. In both tails σ'
    /// = e / (1 + e)², with e = e^-|x|, keeps its digits, and so do the products.
    /// </remarks>
    public static void LogisticGate<T>(ReadOnlySpan<T> x, int n, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
        {
            VectorMath.LogisticGate(x, y);
            return;
        }

        if (n == 1)
        {
            VectorMath.LogisticGateSlope(x, y);
            return;
        }

        using var exponential = new Scratch<T>(x.Length);
        using var tau = new Scratch<T>(x.Length);
        T half = T.CreateChecked(0.5);
        T order = T.CreateChecked(n);
        T[] above = SlopePolynomial<T>(n);
        T[] below = SlopePolynomial<T>(n - 1);
        for (int i = 0; i < x.Length; i++)
        {
            exponential.Span[i] = -T.Abs(x[i]);
            tau.Span[i] = half * x[i];
        }

        VectorMath.Exp<T>(exponential.Span, exponential.Span);
        VectorMath.Tanh<T>(tau.Span, tau.Span);
        for (int i = 0; i < y.Length; i++)
        {
            T e = exponential.Span[i];
            T slope = e / ((T.One + e) * (T.One + e));
            y[i] = e == T.Zero ? T.Zero : slope * ((x[i] * At(above, tau.Span[i])) + (order * At(below, tau.Span[i])));
        }
    }

    /// <summary>The gate of mish: y = tanh(log(1 + e^x)) = m / (m + 2) with m = e^x (e^x + 2).</summary>
    public static void MishGate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MishParts(x, slope: false, y);

    /// <summary>y = 1 - tanh²(log(1 + e^x)) = 4 (m + 1) / (m + 2)².</summary>
    public static void MishGateComplement<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => MishParts(x, slope: true, y);

    /// <summary>y = x - tanh(x). Below 1, x K / (1 + K) with tanh(x) = x / (1 + K) and Lambert's continued fraction K = x² / (3 + x² / (5 + ...)) (DLMF 4.39.1).</summary>
    public static void TanhShrink<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var tanh = new Scratch<T>(x.Length);
        VectorMath.Tanh(x, tanh.Span);
        for (int i = 0; i < y.Length; i++)
        {
            T u = x[i];
            if (T.Abs(u) < T.One)
            {
                // The tail beyond 19 is below 1e-17 for |x| up to 1.
                T square = u * u;
                T fraction = T.Zero;
                for (int k = 19; k >= 3; k -= 2)
                {
                    fraction = square / (T.CreateChecked(k) + fraction);
                }

                y[i] = u * fraction / (T.One + fraction);
            }
            else
            {
                y[i] = u - tanh.Span[i];
            }
        }
    }

    /// <summary>y = (x + √(x² + b)) / 2; for negative x the same as b / 2 / (√(x² + b) - x), without cancellation.</summary>
    public static void SquarePlus<T>(ReadOnlySpan<T> x, T b, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.CreateChecked(0.5);
        T root = T.Sqrt(b);
        for (int i = 0; i < y.Length; i++)
        {
            T length = T.Hypot(x[i], root);
            y[i] = x[i] < T.Zero ? half * root * (root / (length - x[i])) : half * (x[i] + length);
        }
    }

    private static void MishParts<T>(ReadOnlySpan<T> x, bool slope, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var exponential = new Scratch<T>(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            exponential.Span[i] = -T.Abs(x[i]);
        }

        VectorMath.Exp<T>(exponential.Span, exponential.Span);
        T two = T.CreateChecked(2);
        for (int i = 0; i < y.Length; i++)
        {
            // Above 0, numerator and denominator are divided by e^2x, so that nothing overflows.
            T e = exponential.Span[i];
            bool right = x[i] > T.Zero;
            T m = right ? T.One + (two * e) : e * (e + two);
            T unit = right ? e * e : T.One;
            T whole = m + (two * unit);
            y[i] = slope ? two * two * unit * (m + unit) / (whole * whole) : m / whole;
        }
    }

    /// <summary>The coefficients, from the constant on, of P with σ⁽ⁿ⁾ = σ' P(τ), for n ≥ 1.</summary>
    private static T[] SlopePolynomial<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] p = [T.One];
        T half = T.CreateChecked(0.5);
        for (int order = 1; order < n; order++)
        {
            var next = new T[p.Length + 1];
            for (int k = 0; k < p.Length; k++)
            {
                T derivative = T.CreateChecked(k) * half * p[k];
                next[k + 1] -= p[k] + derivative;
                if (k > 0)
                {
                    next[k - 1] += derivative;
                }
            }

            p = next;
        }

        return p;
    }

    private static T At<T>(T[] polynomial, T x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T value = T.Zero;
        for (int k = polynomial.Length - 1; k >= 0; k--)
        {
            value = (value * x) + polynomial[k];
        }

        return value;
    }
}
