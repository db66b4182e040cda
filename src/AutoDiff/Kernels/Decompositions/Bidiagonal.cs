using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// The reduction of a square matrix to two diagonals by reflections from both sides, A = Q B P^T. The reflections of a panel are applied to what lies beyond it together, by products; within the panel
/// the matrix is read twice for each column (Dongarra, Sorensen and Hammarling, "Block reduction of matrices to condensed forms for eigenvalue computations", 1989).
/// </summary>
internal static unsafe class Bidiagonal
{
    private const int Panel = 32;

    /// <summary>Numbers of a matrix that are worth another thread.</summary>
    private const long Grain = 250_000;

    /// <summary>
    /// Fills the diagonal d and the superdiagonal e (n - 1) of B. Row i of <paramref name="left"/> (n×n) has from element i on the vector of reflection i from the left, row i of <paramref name="right"/>
    /// ((n - 1)×(n - 1)) likewise that from the right, which leaves the first i + 1 columns alone. <paramref name="a"/> (n×n) is overwritten.
    /// </summary>
    public static void Reduce<T>(Span<T> a, int n, Span<T> d, Span<T> e, Span<T> left, Span<T> leftTaus, Span<T> right, Span<T> rightTaus)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // In a panel the matrix is A - V^T Y - X^T U, with A as it was before the panel, the vectors V and U of the reflections so far, and X and Y as they come.
        using Scratch<T> xs = new(Panel * n), ys = new(Panel * n);
        for (int first = 0; first < n; first += Panel)
        {
            int last = Math.Min(first + Panel, n);
            for (int i = first; i < last; i++)
            {
                Step(a, n, first, i, d, e, left, leftTaus, right, rightTaus, xs.Span, ys.Span);
            }
            int rest = n - last;
            if (rest > 0)
            {
                fixed (T* matrix = a, v = left, u = right, x = xs.Span, y = ys.Span)
                {
                    T* corner = matrix + (nint)last * n + last;
                    Blocked.SubtractProduct(rest, rest, last - first, new MatrixView<T>(v + (nint)first * n + last, 1, n), new MatrixView<T>(y + last, n, 1), corner, n);
                    Blocked.SubtractProduct(rest, rest, last - first, new MatrixView<T>(x + last, 1, n), new MatrixView<T>(u + (nint)first * (n - 1) + last - 1, n - 1, 1), corner, n);
                }
            }
        }
    }

    private static void Step<T>(Span<T> a, int n, int first, int i, Span<T> d, Span<T> e, Span<T> left, Span<T> leftTaus, Span<T> right, Span<T> rightTaus, Span<T> xs, Span<T> ys)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rest = n - i - 1;
        Span<T> v = left.Slice(i * n + i, rest + 1);
        for (int row = 0; row <= rest; row++)
        {
            v[row] = a[(i + row) * n + i];
        }
        for (int j = first; j < i; j++)
        {
            Rows.AddScaled(v, -ys[(j - first) * n + i], left.Slice(j * n + i, rest + 1));
            Rows.AddScaled(v, -right[j * (n - 1) + i - 1], xs.Slice((j - first) * n + i, rest + 1));
        }
        (leftTaus[i], d[i]) = Householder.Make(v);
        if (rest == 0)
        {
            return;
        }

        Span<T> y = ys.Slice((i - first) * n + i + 1, rest);
        RowTimes<T>(v, a[(i * n + i + 1)..], n, y);
        for (int j = first; j < i; j++)
        {
            Rows.AddScaled(y, -Rows.Dot<T>(v, left.Slice(j * n + i, rest + 1)), ys.Slice((j - first) * n + i + 1, rest));
            Rows.AddScaled(y, -Rows.Dot<T>(v, xs.Slice((j - first) * n + i, rest + 1)), right.Slice(j * (n - 1) + i, rest));
        }
        VectorMath.Multiply(y, leftTaus[i], y);

        Span<T> u = right.Slice(i * (n - 1) + i, rest);
        a.Slice(i * n + i + 1, rest).CopyTo(u);
        for (int j = first; j <= i; j++)
        {
            Rows.AddScaled(u, -left[j * n + i], ys.Slice((j - first) * n + i + 1, rest));
            if (j < i)
            {
                Rows.AddScaled(u, -xs[(j - first) * n + i], right.Slice(j * (n - 1) + i, rest));
            }
        }
        (rightTaus[i], e[i]) = Householder.Make(u);

        Span<T> x = xs.Slice((i - first) * n + i + 1, rest);
        TimesColumn<T>(a[((i + 1) * n + i + 1)..], n, u, x);
        for (int j = first; j <= i; j++)
        {
            Rows.AddScaled(x, -Rows.Dot<T>(u, ys.Slice((j - first) * n + i + 1, rest)), left.Slice(j * n + i + 1, rest));
            if (j < i)
            {
                Rows.AddScaled(x, -Rows.Dot<T>(u, right.Slice(j * (n - 1) + i, rest)), xs.Slice((j - first) * n + i + 1, rest));
            }
        }
        VectorMath.Multiply(x, rightTaus[i], x);
    }

    /// <summary>result := matrix u, row by row.</summary>
    private static void TimesColumn<T>(ReadOnlySpan<T> matrix, int stride, ReadOnlySpan<T> u, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* a = matrix, x = u, y = result)
        {
            int threads = Threading.ThreadsFor((long)u.Length * result.Length, Grain);
            Threading.For(threads, (A: (nint)a, stride, X: (nint)x, u.Length, Y: (nint)y, Rows: result.Length, threads), static (chunk, s) =>
            {
                int end = (int)((long)s.Rows * (chunk + 1) / s.threads);
                for (int i = (int)((long)s.Rows * chunk / s.threads); i < end; i++)
                {
                    ((T*)s.Y)[i] = Rows.Dot(new ReadOnlySpan<T>((T*)s.X, s.Length), new ReadOnlySpan<T>((T*)s.A + (nint)i * s.stride, s.Length));
                }
            });
        }
    }

    /// <summary>result := v matrix, four rows at a time, on threads by columns.</summary>
    private static void RowTimes<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> matrix, int stride, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* a = matrix, x = v, y = result)
        {
            int threads = Threading.ThreadsFor((long)v.Length * result.Length, Grain);
            Threading.For(threads, (A: (nint)a, stride, X: (nint)x, v.Length, Y: (nint)y, Columns: result.Length, threads), static (chunk, s) =>
            {
                int begin = (int)((long)s.Columns * chunk / s.threads), end = (int)((long)s.Columns * (chunk + 1) / s.threads);
                Combine((T*)s.X, s.Length, (T*)s.A + begin, s.stride, (T*)s.Y + begin, end - begin);
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T>(T* v, int rows, T* a, nint stride, T* y, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        new Span<T>(y, columns).Clear();
        int i = 0;
        for (; i <= rows - 4; i += 4)
        {
            T* a0 = a + i * stride, a1 = a0 + stride, a2 = a1 + stride, a3 = a2 + stride;
            Vector<T> v0 = new(v[i]), v1 = new(v[i + 1]), v2 = new(v[i + 2]), v3 = new(v[i + 3]);
            int j = 0;
            for (; j <= columns - width; j += width)
            {
                (Vector.Load(y + j) + ((v0 * Vector.Load(a0 + j) + v1 * Vector.Load(a1 + j)) + (v2 * Vector.Load(a2 + j) + v3 * Vector.Load(a3 + j)))).Store(y + j);
            }
            for (; j < columns; j++)
            {
                y[j] += (v[i] * a0[j] + v[i + 1] * a1[j]) + (v[i + 2] * a2[j] + v[i + 3] * a3[j]);
            }
        }
        for (; i < rows; i++)
        {
            Rows.AddScaled(new Span<T>(y, columns), v[i], new ReadOnlySpan<T>(a + i * stride, columns));
        }
    }
}
