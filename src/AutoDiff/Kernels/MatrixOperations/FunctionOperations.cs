using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>The operations on batches of matrices that are functions of matrices, or their derivatives in as many directions as there are: those of a matrix lie one behind the other.</summary>
internal static class FunctionOperations
{
    /// <summary>The exponential, NaN of what is not finite.</summary>
    public static void Exponential<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> directions, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Each(MatrixExponential.Evaluate, a, directions, n, y, mayFail: true);

    /// <summary>The principal square root.</summary>
    public static (int Matrix, int Pivot) SquareRoot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> directions, int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Each(MatrixSquareRoot.Evaluate, a, directions, n, y, mayFail: false);

    /// <summary>The identity.</summary>
    public static void Identities<T>(int n, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int start = 0; start < y.Length; start += n * n)
        {
            for (int i = 0; i < n; i++)
            {
                y[start + (i * (n + 1))] = T.One;
            }
        }
    }

    private static (int Matrix, int Pivot) Each<T>(HyperDual.Function<T> function, ReadOnlySpan<T> a, ReadOnlySpan<T> directions, int n, Span<T> y, bool mayFail)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n, count = Batches.Count<T>(y, size);
        for (int q = 0; q < count; q++)
        {
            int own = directions.Length / count;
            if (!HyperDual.Derivative(function, Batches.At(a, q, size), directions.Slice(q * own, own), n, y.Slice(q * size, size)) && !mayFail)
            {
                return (q, -1);
            }
        }
        return Batches.AllDone;
    }
}
