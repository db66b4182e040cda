using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Moves data between two places that are walked with strides of their own: y[y0 + i · ys] = (or +=) x[x0 + i · xs] for every i in a box.</summary>
internal static class Strided
{
    public static void Run<T>(ReadOnlySpan<int> dims, ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, ReadOnlySpan<T> x, int x0, Span<T> y, int y0, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (dims.Length)
        {
            case 0:
                y[y0] = accumulate ? y[y0] + x[x0] : x[x0];
                return;
            case 1:
                RunLine(dims[0], xs[0], ys[0], x, x0, y, y0, accumulate);
                return;
            case 2 when ys[1] == 1 && xs[0] == 1 && !accumulate:
                Transpose(dims[0], dims[1], xs[1], ys[0], x, x0, y, y0);
                return;
        }

        for (int i = 0; i < dims[0]; i++)
        {
            Run(dims[1..], xs[1..], ys[1..], x, x0 + (i * xs[0]), y, y0 + (i * ys[0]), accumulate);
        }
    }

    /// <summary>y[y0 + i · ys] += x[x0 + i · xs] for every i in a box, where the walk may meet an element of y more than once: the sums of floats run in double.</summary>
    public static void Accumulate<T>(ReadOnlySpan<int> dims, ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, ReadOnlySpan<T> x, int x0, Span<T> y, int y0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int first, int last) = (y0, y0);
        for (int axis = 0; axis < dims.Length; axis++)
        {
            first += Math.Min((dims[axis] - 1) * ys[axis], 0);
            last += Math.Max((dims[axis] - 1) * ys[axis], 0);
        }

        using var sums = new Accumulators<T>(y[first..(last + 1)]);
        Accumulate(dims, xs, ys, x, x0, sums, y0 - first);
    }

    private static void Accumulate<T>(ReadOnlySpan<int> dims, ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, ReadOnlySpan<T> x, int x0, Accumulators<T> sums, int y0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dims.IsEmpty)
        {
            sums.Add(y0, x[x0]);
            return;
        }

        for (int i = 0; i < dims[0]; i++, x0 += xs[0], y0 += ys[0])
        {
            if (dims.Length == 1)
            {
                sums.Add(y0, x[x0]);
            }
            else
            {
                Accumulate(dims[1..], xs[1..], ys[1..], x, x0, sums, y0);
            }
        }
    }

    /// <summary>Row-major strides of a box.</summary>
    public static void FillStrides(ReadOnlySpan<int> dims, Span<int> strides)
    {
        int stride = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= dims[axis];
        }
    }

    /// <summary>The strides with which an operand is read along the (more) axes that it is stretched to; 0 where it repeats.</summary>
    public static void FillBroadcastStrides(ReadOnlySpan<int> shape, Span<int> strides)
    {
        strides.Clear();
        int stride = 1;
        for (int i = 1; i <= shape.Length; i++)
        {
            strides[^i] = shape[^i] == 1 ? 0 : stride;
            stride *= shape[^i];
        }
    }

    /// <summary>Drops axes of length 1 and merges neighbors that are walked as one. Returns the rank that remains.</summary>
    public static int Collapse(Span<int> dims, Span<int> xs, Span<int> ys)
    {
        int rank = 0;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] == 1)
            {
                continue;
            }

            if (rank > 0 && xs[rank - 1] == xs[axis] * dims[axis] && ys[rank - 1] == ys[axis] * dims[axis])
            {
                dims[rank - 1] *= dims[axis];
            }
            else
            {
                dims[rank++] = dims[axis];
            }

            xs[rank - 1] = xs[axis];
            ys[rank - 1] = ys[axis];
        }

        return rank;
    }

    private static void RunLine<T>(int n, int xs, int ys, ReadOnlySpan<T> x, int x0, Span<T> y, int y0, bool accumulate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
        {
            return;
        }

        if (xs == 1 && ys == 1)
        {
            ReadOnlySpan<T> from = x.Slice(x0, n);
            Span<T> to = y.Slice(y0, n);
            if (accumulate)
            {
                VectorMath.Add(to, from, to);
            }
            else
            {
                from.CopyTo(to);
            }
        }
        else if (xs == 0 && ys == 1 && !accumulate)
        {
            y.Slice(y0, n).Fill(x[x0]);
        }
        else if (accumulate)
        {
            for (int i = 0; i < n; i++, x0 += xs, y0 += ys)
            {
                y[y0] += x[x0];
            }
        }
        else
        {
            for (int i = 0; i < n; i++, x0 += xs, y0 += ys)
            {
                y[y0] = x[x0];
            }
        }
    }

    /// <summary>y[i, j] = x[j, i], where x has rows of stride <paramref name="xRow"/> and y of stride <paramref name="yRow"/>.</summary>
    private static unsafe void Transpose<T>(int rows, int columns, int xRow, int yRow, ReadOnlySpan<T> x, int x0, Span<T> y, int y0)
        where T : unmanaged
    {
        if (rows == 0 || columns == 0)
        {
            return;
        }

        Inside(x, x0, rows, columns, xRow);
        Inside(y, y0, columns, rows, yRow);
        fixed (T* source = &x[x0], target = &y[y0])
        {
            TransposedCopy.Run(source, xRow, columns, rows, target, yRow);
        }
    }

    /// <summary>Throws unless all of the runs of <paramref name="length"/> elements are inside the span. Runs may go backwards.</summary>
    private static void Inside<T>(ReadOnlySpan<T> x, int x0, int length, int runs, int stride)
    {
        int last = (runs - 1) * stride;
        int from = x0 + Math.Min(last, 0);
        _ = x.Slice(from, x0 + Math.Max(last, 0) + length - from);
    }
}
