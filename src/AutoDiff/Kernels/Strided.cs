using System.Numerics;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>Moves data between two places that are walked with strides of their own: y[y0 + i · ys] = (or +=) x[x0 + i · xs] for every i in a box.</summary>
internal static class Strided
{
    /// <summary>Lines up to this length are copied number by number: a call takes longer.</summary>
    private const int ShortLine = 16;

    public static unsafe void Run<T>(ReadOnlySpan<int> dims, ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, ReadOnlySpan<T> x, int x0, Span<T> y, int y0, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dims.Contains(0))
        {
            return;
        }

        CheckInside(dims, xs, x0, x.Length);
        CheckInside(dims, ys, y0, y.Length);
        fixed (T* source = x, target = y)
        {
            Walk(dims, xs, ys, source + x0, target + y0, accumulate);
        }
    }

    /// <summary>Throws unless the whole box is inside. Strides may be negative.</summary>
    private static void CheckInside(ReadOnlySpan<int> dims, ReadOnlySpan<int> strides, int start, int length)
    {
        (long first, long last) = (start, start);
        for (int axis = 0; axis < dims.Length; axis++)
        {
            long way = (dims[axis] - 1L) * strides[axis];
            first += Math.Min(way, 0);
            last += Math.Max(way, 0);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(last, length);
    }

    private static unsafe void Walk<T>(ReadOnlySpan<int> dims, ReadOnlySpan<int> xs, ReadOnlySpan<int> ys, T* x, T* y, bool accumulate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (dims.Length)
        {
            case 0:
                *y = accumulate ? *y + *x : *x;
                return;
            case 1:
                Line(dims[0], xs[0], ys[0], x, y, accumulate);
                return;
            case 2 when ys[1] == 1 && xs[0] == 1 && !accumulate:
                TransposedCopy.Run(x, xs[1], dims[1], dims[0], y, ys[0]);
                return;
            case 2 when xs[1] == 1 && ys[1] == 1 && !accumulate && dims[1] * sizeof(T) is >= 16 and <= 64:
                CopyShortLines(dims[0], dims[1] * sizeof(T), (nint)xs[0] * sizeof(T), (nint)ys[0] * sizeof(T), (byte*)x, (byte*)y);
                return;
            case 2:
                (int n, int xStep, int yStep, nint xRow, nint yRow) = (dims[1], xs[1], ys[1], xs[0], ys[0]);
                for (int i = 0; i < dims[0]; i++, x += xRow, y += yRow)
                {
                    Line(n, xStep, yStep, x, y, accumulate);
                }

                return;
        }

        for (int i = 0; i < dims[0]; i++)
        {
            Walk(dims[1..], xs[1..], ys[1..], x + ((nint)i * xs[0]), y + ((nint)i * ys[0]), accumulate);
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

    /// <summary>Lines of 16 to 64 bytes, each by two pieces that may overlap.</summary>
    private static unsafe void CopyShortLines(int lines, int bytes, nint xLine, nint yLine, byte* x, byte* y)
    {
        if (bytes <= 32)
        {
            for (int last = bytes - 16; lines > 0; lines--, x += xLine, y += yLine)
            {
                Vector128<byte> head = Vector128.Load(x), tail = Vector128.Load(x + last);
                head.Store(y);
                tail.Store(y + last);
            }
        }
        else
        {
            for (int last = bytes - 32; lines > 0; lines--, x += xLine, y += yLine)
            {
                Vector256<byte> head = Vector256.Load(x), tail = Vector256.Load(x + last);
                head.Store(y);
                tail.Store(y + last);
            }
        }
    }

    private static unsafe void Line<T>(int n, nint xs, nint ys, T* x, T* y, bool accumulate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n > ShortLine && ys == 1)
        {
            ReadOnlySpan<T> from = new(x, xs == 1 ? n : 1);
            Span<T> to = new(y, n);
            switch (xs, accumulate)
            {
                case (1, true):
                    VectorMath.Add(to, from, to);
                    return;
                case (1, false):
                    from.CopyTo(to);
                    return;
                case (0, false):
                    to.Fill(*x);
                    return;
            }
        }

        if (accumulate)
        {
            for (; n > 0; n--, x += xs, y += ys)
            {
                *y += *x;
            }
        }
        else
        {
            for (; n > 0; n--, x += xs, y += ys)
            {
                *y = *x;
            }
        }
    }
}
