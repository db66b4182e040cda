using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>Interim.</summary>
internal static class Reductions
{
    public static T Sum<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Sum(x);
    public static void SumRows<T>(ReadOnlySpan<T> x, int rows, int cols, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++) y[i] = Sum(x.Slice(i * cols, cols));
    }

    public static void SumColumns<T>(ReadOnlySpan<T> x, int rows, int cols, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int i = 0; i < rows; i++) TensorPrimitives.Add(y, x.Slice(i * cols, cols), y);
    }

    public static void SoftmaxRows<T>(ReadOnlySpan<T> x, int rows, int cols, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            var r = y.Slice(i * cols, cols);
            TensorPrimitives.Subtract(x.Slice(i * cols, cols), TensorPrimitives.Max(x.Slice(i * cols, cols)), r);
            TensorPrimitives.Exp(r, r);
            TensorPrimitives.Divide(r, Sum<T>(r), r);
        }
    }

    public static void LogSoftmaxRows<T>(ReadOnlySpan<T> x, int rows, int cols, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.Subtract(x.Slice(i * cols, cols), LogSumExp(x.Slice(i * cols, cols)), y.Slice(i * cols, cols));
        }
    }

    public static T LogSumExp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.IsEmpty) return T.NegativeInfinity;
        T m = TensorPrimitives.Max(x);
        if (!T.IsFinite(m)) return m;
        T s = T.Zero;
        foreach (T v in x) s += T.Exp(v - m);
        return m + T.Log(s);
    }

    public static T Max<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Max(x);
    public static T Min<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => TensorPrimitives.Min(x);
}
