using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Elementwise parts of the likelihoods of yes and no.</summary>
internal static class Likelihoods
{
    /// <summary>The least logarithm of a probability.</summary>
    private const double LeastLogarithm = -100;

    /// <summary>The least variance p (1 - p): the number of single precision nearest to 1e-12, the same in every precision.</summary>
    private const double LeastVariance = 1e-12f;

    /// <summary>z = -(t log(p) + (1 - t) log(1 - p)), where no logarithm is below -100.</summary>
    public static void BinaryCrossEntropy<T>(ReadOnlySpan<T> p, ReadOnlySpan<T> t, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var yes = new Scratch<T>(z.Length);
        using var no = new Scratch<T>(z.Length);
        Logarithms(p, yes.Span, no.Span);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = -((t[i] * yes.Span[i]) + ((T.One - t[i]) * no.Span[i]));
        }
    }

    /// <summary>y = log(1 - p) - log(p), where no logarithm is below -100.</summary>
    public static void NegativeLogOdds<T>(ReadOnlySpan<T> p, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var yes = new Scratch<T>(y.Length);
        using var no = new Scratch<T>(y.Length);
        Logarithms(p, yes.Span, no.Span);
        VectorMath.Subtract<T>(no.Span, yes.Span, y);
    }

    /// <summary>1 / max(p (1 - p), 1e-12).</summary>
    public static T ReciprocalVariance<T>(T p) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.One / T.Max(p * (T.One - p), T.CreateChecked(LeastVariance));

    /// <summary>Whether p (1 - p) is above its least value.</summary>
    public static bool IsInside<T>(T p) where T : unmanaged, IBinaryFloatingPointIeee754<T> => p * (T.One - p) > T.CreateChecked(LeastVariance);

    /// <summary>z = t log(1 + e^-x) + (1 - t) log(1 + e^x).</summary>
    public static void BinaryCrossEntropyWithLogits<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> t, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var yes = new Scratch<T>(z.Length);
        using var no = new Scratch<T>(z.Length);
        VectorMath.Negate(x, yes.Span);
        VectorMath.Softplus<T>(yes.Span, yes.Span);
        VectorMath.Softplus(x, no.Span);
        for (int i = 0; i < z.Length; i++)
        {
            // A target that is certain leaves out the other term, be it infinite.
            T positive = t[i] == T.Zero ? T.Zero : t[i] * yes.Span[i];
            z[i] = t[i] == T.One ? positive : positive + ((T.One - t[i]) * no.Span[i]);
        }
    }

    private static void Logarithms<T>(ReadOnlySpan<T> p, Span<T> yes, Span<T> no) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VectorMath.Log(p, yes);
        VectorMath.Negate(p, no);
        VectorMath.Log1p<T>(no, no);
        VectorMath.Maximum<T>(yes, T.CreateChecked(LeastLogarithm), yes);
        VectorMath.Maximum<T>(no, T.CreateChecked(LeastLogarithm), no);
    }
}
