using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>Interim.</summary>
internal static class VectorMath
{
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Add(x, y, z);
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(x, y, z);
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, y, z);
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(x, y, z);
    public static void Add<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Add(x, y, z);
    public static void Subtract<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(x, y, z);
    public static void Subtract<T>(T x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Subtract(x, y, z);
    public static void Multiply<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, y, z);
    public static void Divide<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(x, y, z);
    public static void Divide<T>(T x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(x, y, z);
    public static void Maximum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x, y, z);
    public static void Minimum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Min(x, y, z);
    public static void Negate<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Negate(x, y);
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Exp(x, y);
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Log(x, y);
    public static void Sqrt<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sqrt(x, y);
    public static void Abs<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Abs(x, y);
    public static void Sin<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sin(x, y);
    public static void Cos<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Cos(x, y);
    public static void Tan<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Tan(x, y);
    public static void Square<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, x, y);
    public static void Reciprocal<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Divide(T.One, x, y);
    public static void Relu<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x, T.Zero, y);
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = T.Tanh(x[i]);
    }

    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = x[i] >= T.Zero ? T.One / (T.One + T.Exp(-x[i])) : T.Exp(x[i]) / (T.One + T.Exp(x[i]));
    }

    public static void Expm1<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            T u = T.Exp(x[i]);
            T v = u - T.One;
            y[i] = u == T.One ? x[i] : v == -T.One ? v : T.IsInfinity(u) ? u : v * x[i] / T.Log(u);
        }
    }

    public static T Log1p<T>(T x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T u = T.One + x;
        return u == T.One || T.IsPositiveInfinity(u) ? x : T.Log(u) * (x / (u - T.One));
    }

    public static void Log1p<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = Log1p(x[i]);
    }

    public static void Softplus<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++) y[i] = T.IsNaN(x[i]) ? x[i] : T.Max(x[i], T.Zero) + Log1p(T.Exp(-T.Abs(x[i])));
    }

    public static void Pow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Pow(x, y, z);
    public static void Pow<T>(ReadOnlySpan<T> x, T y, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Pow(x, y, z);
}
