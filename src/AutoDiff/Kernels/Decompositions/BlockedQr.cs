using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// Householder's reduction of large matrices without pivoting: the reflections of a panel are applied together, as I - V^T T V with a triangular T (Schreiber and Van Loan, "A storage-efficient WY
/// representation for products of Householder transformations", SIAM J. Sci. Stat. Comput. 10, 1989). As in <see cref="QrDecomposition"/> columns lie as rows.
/// </summary>
internal static unsafe class BlockedQr
{
    private const int Panel = 64;

    /// <summary>So many columns of a panel are reduced one by one, more of them by halves.</summary>
    private const int Narrow = 16;

    /// <summary>As <see cref="QrDecomposition.Reduce"/> without a permutation.</summary>
    public static void Reduce<T>(Span<T> columns, int m, int n, Span<T> r, Span<T> taus)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        using Scratch<T> vectors = new(Panel * m), triangle = new(Panel * Panel), work = new(2 * n * Panel);
        for (int first = 0; first < k; first += Panel)
        {
            int size = Math.Min(Panel, k - first);
            ReducePanel(columns, m, n, first, size, r, taus, vectors.Span, triangle.Span, work.Span);
            int last = first + size;
            if (last < n)
            {
                Gather(columns, m, first, size, taus, vectors.Span, triangle.Span);
                Apply(vectors.Span, triangle.Span, size, m - first, columns[(last * m + first)..], m, n - last, work.Span, backward: false);
            }
        }
        for (int i = 0; i < k; i++)
        {
            r.Slice(i * n, i).Clear();
            for (int j = i + 1; j < n; j++)
            {
                r[i * n + j] = columns[j * m + i];
            }
        }
    }

    private static void ReducePanel<T>(Span<T> columns, int m, int n, int first, int size, Span<T> r, Span<T> taus, Span<T> vectors, Span<T> triangle, Span<T> work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (size > Narrow)
        {
            int half = (size / 2 + Narrow - 1) / Narrow * Narrow, middle = first + half;
            ReducePanel(columns, m, n, first, half, r, taus, vectors, triangle, work);
            Gather(columns, m, first, half, taus, vectors, triangle);
            Apply(vectors, triangle, half, m - first, columns[(middle * m + first)..], m, size - half, work, backward: false);
            ReducePanel(columns, m, n, middle, size - half, r, taus, vectors, triangle, work);
            return;
        }
        for (int i = first; i < first + size; i++)
        {
            Span<T> v = columns.Slice(i * m + i, m - i);
            (taus[i], r[i * n + i]) = Householder.Make(v);
            for (int j = i + 1; j < first + size; j++)
            {
                Householder.Apply<T>(v, taus[i], columns.Slice(j * m + i, m - i));
            }
        }
    }

    /// <summary>As <see cref="QrDecomposition.FormTransposedQ"/>.</summary>
    public static void FormTransposedQ<T>(ReadOnlySpan<T> columns, int m, int k, ReadOnlySpan<T> taus, Span<T> rows, int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> vectors = new(Panel * m), triangle = new(Panel * Panel), work = new(2 * size * Panel);
        rows[..(size * m)].Clear();
        for (int j = 0; j < size; j++)
        {
            rows[j * m + j] = T.One;
        }
        for (int first = (k - 1) / Panel * Panel; first >= 0; first -= Panel)
        {
            int count = Math.Min(Panel, k - first);
            Gather(columns, m, first, count, taus, vectors.Span, triangle.Span);
            // Columns before the panel are unit vectors still, out of reach of its reflections.
            Apply(vectors.Span, triangle.Span, count, m - first, rows[(first * m + first)..], m, size - first, work.Span, backward: true);
        }
    }

    /// <summary>
    /// The vectors v of a panel with their zeros, as rows, and the upper triangular T of H_0 H_1 ... = I - V^T T V: column i is tau_i times -T V v_i, and tau_i on the diagonal.
    /// </summary>
    private static void Gather<T>(ReadOnlySpan<T> columns, int m, int first, int size, ReadOnlySpan<T> taus, Span<T> vectors, Span<T> triangle)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = m - first;
        for (int i = 0; i < size; i++)
        {
            Span<T> row = vectors.Slice(i * length, length);
            row[..i].Clear();
            columns.Slice((first + i) * m + first + i, length - i).CopyTo(row[i..]);
        }
        using Scratch<T> products = new(size * size);
        fixed (T* v = vectors, square = products.Span)
        {
            MatrixProduct.Multiply(size, size, length, new MatrixView<T>(v, length, 1), new MatrixView<T>(v, 1, length), square, size);
        }
        triangle[..(size * size)].Clear();
        for (int i = 0; i < size; i++)
        {
            T tau = taus[first + i];
            triangle[i * size + i] = tau;
            for (int j = 0; j < i; j++)
            {
                T sum = T.Zero;
                for (int l = j; l < i; l++)
                {
                    sum += triangle[j * size + l] * products.Span[i * size + l];
                }
                triangle[j * size + i] = -tau * sum;
            }
        }
    }

    /// <summary>
    /// Applies the reflections of a panel to <paramref name="count"/> columns that lie as rows of <paramref name="length"/> numbers: C := C - (C V^T) op(T) V, with T for the reflections from the first
    /// to the last (Q^T times a column), and T^T from the last to the first.
    /// </summary>
    private static void Apply<T>(ReadOnlySpan<T> vectors, ReadOnlySpan<T> triangle, int size, int length, Span<T> c, int stride, int count, Span<T> work, bool backward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count == 0)
        {
            return;
        }
        fixed (T* v = vectors, t = triangle, target = c, first = work)
        {
            T* second = first + (nint)count * size;
            new Span<T>(first, count * size).Clear();
            MatrixView<T> transposed = new(v, 1, length);
            Product(count, size, length, new MatrixView<T>(target, stride, 1), transposed, first);
            MatrixView<T> factor = new(t, size, 1);
            Product(count, size, size, new MatrixView<T>(first, size, 1), backward ? factor.Transpose() : factor, second);
            Blocked.SubtractProduct(count, length, size, new MatrixView<T>(second, size, 1), new MatrixView<T>(v, length, 1), target, stride);
        }
    }

    /// <summary>c (m × n) := a b.</summary>
    private static void Product<T>(int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = Threading.ThreadsFor((long)m * n * k, 2_000_000);
        if (threads == 1)
        {
            MatrixProduct.Multiply(m, n, k, a, b, c, n);
        }
        else
        {
            Shared(threads, m, n, k, a, b, c);
        }
    }

    private static void Shared<T>(int threads, int m, int n, int k, MatrixView<T> a, MatrixView<T> b, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Threading.For(threads, chunk =>
        {
            (int from, int to) = ((int)((long)m * chunk / threads), (int)((long)m * (chunk + 1) / threads));
            MatrixProduct.Multiply(to - from, n, k, a.From(from, 0), b, c + (nint)from * n, n);
        });
}
