using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <content>What is exact or correctly rounded everywhere: here the base library's vector code serves.</content>
internal static partial class VectorMath
{
    /// <summary>y = the square root of x.</summary>
    public static void Sqrt<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sqrt(x, y);

    /// <summary>y = |x|.</summary>
    public static void Abs<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Abs(x, y);

    /// <summary>y = -x.</summary>
    public static void Negate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Negate(x, y);

    /// <summary>y = 1 / x.</summary>
    public static void Reciprocal<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(T.One, x, y);

    /// <summary>y = x^2.</summary>
    public static void Square<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, x, y);

    /// <summary>y = max(x, 0); NaN stays NaN.</summary>
    public static void Relu<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x, T.Zero, y);

    /// <summary>z = x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= FewElements)
        {
            FewElementwise<Sum, T>(x, y, z);
        }
        else
        {
            TensorPrimitives.Add(x, y, z);
        }
    }

    /// <summary>z = x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Add(x, y, z);

    /// <summary>z = x - y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= FewElements)
        {
            FewElementwise<Difference, T>(x, y, z);
        }
        else
        {
            TensorPrimitives.Subtract(x, y, z);
        }
    }

    /// <summary>z = x - y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(x, y, z);

    /// <summary>z = x - y.</summary>
    public static void Subtract<T>(T x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(x, y, z);

    /// <summary>z = x y.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= FewElements)
        {
            FewElementwise<Product, T>(x, y, z);
        }
        else
        {
            TensorPrimitives.Multiply(x, y, z);
        }
    }

    /// <summary>z = x y.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, y, z);

    /// <summary>z = x / y.</summary>
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= FewElements)
        {
            FewElementwise<Quotient, T>(x, y, z);
        }
        else
        {
            TensorPrimitives.Divide(x, y, z);
        }
    }

    /// <summary>z = x / y.</summary>
    public static void Divide<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(x, y, z);

    /// <summary>z = x / y.</summary>
    public static void Divide<T>(T x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(x, y, z);

    /// <summary>sum += x s, with one rounding per element.</summary>
    public static void MultiplyAdd<T>(ReadOnlySpan<T> x, T s, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorPrimitives.FusedMultiplyAdd(x, s, sum, sum);

    /// <summary>sum += x y, with one rounding per element.</summary>
    public static void MultiplyAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorPrimitives.FusedMultiplyAdd(x, y, sum, sum);

    /// <summary>z = max(x, y); NaN where either is NaN.</summary>
    public static void Maximum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorPrimitives.Max(x, y, z);

    /// <summary>z = max(x, y); NaN where either is NaN.</summary>
    public static void Maximum<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x, y, z);

    /// <summary>z = min(x, y); NaN where either is NaN.</summary>
    public static void Minimum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorPrimitives.Min(x, y, z);

    /// <summary>z = min(x, y); NaN where either is NaN.</summary>
    public static void Minimum<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Min(x, y, z);
}
