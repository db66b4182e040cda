using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>Decompositions and systems in double-double, by the plain loops of Golub and Van Loan (Matrix Computations, 4th edition, 2013); vectors whose signs are arbitrary have those of the working result.</summary>
internal static class ShadowMatrices<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly HashSet<string> Names = ["Cholesky", "Inverse", "Determinant", "LogDet", "SlogDet", "Solve", "TensorSolve", "TriangularSolve", "Qr", "Eigh", "Svd"];

    /// <summary>The output of an operation on matrices; null where there is no rule. Where a matrix is singular, the numbers are not finite.</summary>
    public static DoubleDouble[]? Apply(Record<T> record, DoubleDouble[][] xs)
    {
        ReadOnlySpan<int> shape = record.Input(0).Shape, result = record.Output.Shape;
        if (record is GeneralRecord<T> { Method: { } method } && OfMethod(record, method, xs) is { } y)
        {
            return y;
        }

        if (shape.Length < 2 || record is not GeneralRecord<T> || !Names.Contains(record.Name))
        {
            return null;
        }

        (int m, int n) = (shape[^2], shape[^1]);
        if (m * n == 0)
        {
            // Of an empty matrix everything is exact.
            return ShadowSweep<T>.Exact(record.Output);
        }

        bool isNumber = result.Length == shape.Length - 2, isSame = result.SequenceEqual(shape);
        return (record.Name, record.Parameters, xs.Length) switch
        {
            ("Cholesky", null, 1) when isSame => Each(xs[0], m * n, (a, _) => Cholesky(a, n)),
            ("Inverse", null, 1) when isSame => Each(xs[0], m * n, (a, _) => Inverse(a, n)),
            ("Determinant", null, 1) when isNumber => Each(xs[0], m * n, (a, _) => [Determinant(Lu(a, n))]),
            ("LogDet", null, 1) => Each(xs[0], m * n, (a, _) => Lu(a, n) is var lu && Sign(lu) < 0 ? [double.NaN] : [LogDeterminant(lu)]),
            ("SlogDet", null, 1) => Each(xs[0], m * n, (a, _) => Lu(a, n) is var lu ? [Sign(lu), LogDeterminant(lu)] : []),
            ("Solve" or "TensorSolve", bool transposed, 3) => Systems(xs[0], xs[1], n, result[^1], (a, b) => Solve(transposed ? Transposed(a, n) : a, n, b, b.Length / n)),
            ("TriangularSolve", (bool upper, bool transposed, bool unitDiagonal), 2) =>
                Systems(xs[0], xs[1], n, result[^1], (a, b) => Triangular(transposed ? Transposed(a, n) : a, n, b, b.Length / n, upper != transposed, unitDiagonal)),
            ("Qr", null, 1) => Each(xs[0], m * n, (a, i) => Qr(a, m, n, Working(record, i, (m + n) * n))),
            ("Eigh", null, 1) => Each(xs[0], m * n, (a, i) => Eigh(a, n, Working(record, i, n + (n * n)))),
            ("Svd", null, 1) => Math.Min(m, n) is var k ? Each(xs[0], m * n, (a, i) => Svd(a, m, n, Working(record, i, (m * k) + k + (k * n)))) : null,
            _ => null,
        };
    }

    /// <summary>Operations that several records of one name stand for, by the method that computes them: of an LU decomposition the order of the rows is that of the working one.</summary>
    private static DoubleDouble[]? OfMethod(Record<T> record, SpanMethod method, DoubleDouble[][] xs)
    {
        int rows = record.Output.Rank > 1 ? record.Output.Shape[^2] : 1, columns = record.Output.Rank > 0 ? record.Output.Shape[^1] : 1;
        switch (method.Name)
        {
            case nameof(FactorOperations.LuOrder) or nameof(FactorOperations.Permutation) or nameof(FunctionOperations.Identities) or nameof(SpectralOperations.PairsApart)
                or nameof(SpectralOperations.Unsettled) or nameof(SpectralOperations.UnsettledColumns):
                return ShadowSweep<T>.Exact(record.Output);
            case nameof(FactorOperations.Lu) when record.Output.Length > 0:
                int n = (int)method.Arguments[0];
                return Each(xs[0], n * n, (a, i) => InOrder(a, n, Working(record, i, n * (n + 1))[(n * n)..]));
            case nameof(FactorOperations.LuFactor) when record.Output.Length > 0:
                bool isUpper = (bool)method.Arguments[1];
                return Each(xs[0], columns * (columns + 1), (both, _) => [.. both.Take(columns * columns).Select((x, i) => isUpper ? (i / columns <= i % columns ? x : 0) : i / columns > i % columns ? x : i / columns == i % columns ? 1 : 0)]);
            case nameof(FactorOperations.InOrder) when record.Output.Length > 0:
                bool back = (bool)method.Arguments[2];
                var moved = new DoubleDouble[record.Output.Length];
                for (int row = 0; row < moved.Length / columns; row++)
                {
                    int other = (row / rows * rows) + (int)xs[1][row % xs[1].Length].High;
                    xs[0].AsSpan((back ? row : other) * columns, columns).CopyTo(moved.AsSpan((back ? other : row) * columns));
                }

                return moved;
            case nameof(DeterminantOperations.CofactorMatrices) when record.Output.Length > 0:
                return Each(xs[0], columns * columns, (a, _) => Determinant(Lu(a, columns)) is var determinant ? Array.ConvertAll(Transposed(Inverse(a, columns), columns), x => x * determinant) : []);
            default:
                return null;
        }
    }

    /// <summary>The factors for rows in a given order, and the order.</summary>
    private static DoubleDouble[] InOrder(DoubleDouble[] a, int n, ReadOnlySpan<T> order)
    {
        var result = new DoubleDouble[n * (n + 1)];
        for (int i = 0; i < n; i++)
        {
            int row = int.CreateTruncating(order[i]);
            a.AsSpan(row * n, n).CopyTo(result.AsSpan(i * n));
            result[(n * n) + i] = row;
        }

        for (int k = 0; k < n; k++)
        {
            for (int i = k + 1; i < n && result[(k * n) + k] != default; i++)
            {
                DoubleDouble factor = result[(i * n) + k] /= result[(k * n) + k];
                for (int j = k + 1; j < n; j++)
                {
                    result[(i * n) + j] -= factor * result[(k * n) + j];
                }
            }
        }

        return result;
    }

    private static ReadOnlySpan<T> Working(Record<T> record, int matrix, int length) => record.Output.Values.Slice(matrix * length, length);

    /// <summary>The matrices one after the other, and their numbers.</summary>
    private static DoubleDouble[] Each(DoubleDouble[] a, int size, Func<DoubleDouble[], int, DoubleDouble[]> f) => [.. a.Chunk(size).SelectMany(f)];

    /// <summary>Right-hand sides, and the matrices that repeat for them.</summary>
    private static DoubleDouble[] Systems(DoubleDouble[] a, DoubleDouble[] b, int n, int columns, Func<DoubleDouble[], DoubleDouble[], DoubleDouble[]> solve)
    {
        DoubleDouble[][] matrices = [.. a.Chunk(n * n)];
        return b.Length == 0 ? [] : [.. b.Chunk(n * columns).SelectMany((own, i) => solve(matrices[i % matrices.Length], own))];
    }

    private static DoubleDouble[] Transposed(DoubleDouble[] a, int n) => [.. Enumerable.Range(0, n * n).Select(i => a[(i % n * n) + (i / n)])];

    /// <summary>(A + Aᵀ) / 2.</summary>
    private static DoubleDouble[] Symmetric(DoubleDouble[] a, int n) => [.. Transposed(a, n).Zip(a, static (x, y) => (x + y) * 0.5)];

    private static DoubleDouble[] Cholesky(DoubleDouble[] a, int n)
    {
        DoubleDouble[] l = new DoubleDouble[n * n], symmetric = Symmetric(a, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                DoubleDouble rest = symmetric[(i * n) + j];
                for (int k = 0; k < j; k++)
                {
                    rest -= l[(i * n) + k] * l[(j * n) + k];
                }

                l[(i * n) + j] = i == j ? DoubleDouble.Sqrt(rest) : rest / l[(j * n) + j];
            }
        }

        return l;
    }

    /// <summary>The factors by partial pivoting, in one matrix, the order of the rows and whether it is even.</summary>
    private static (DoubleDouble[] Factors, int[] Order, bool IsEven) Lu(DoubleDouble[] a, int n)
    {
        DoubleDouble[] lu = [.. a];
        int[] order = [.. Enumerable.Range(0, n)];
        bool isEven = true;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(lu[(i * n) + k].High) > Math.Abs(lu[(pivot * n) + k].High) ? i : pivot;
            }

            if (pivot != k)
            {
                (order[k], order[pivot], isEven) = (order[pivot], order[k], !isEven);
                for (int j = 0; j < n; j++)
                {
                    (lu[(k * n) + j], lu[(pivot * n) + j]) = (lu[(pivot * n) + j], lu[(k * n) + j]);
                }
            }

            for (int i = k + 1; i < n && lu[(k * n) + k] != default; i++)
            {
                DoubleDouble factor = lu[(i * n) + k] /= lu[(k * n) + k];
                for (int j = k + 1; j < n; j++)
                {
                    lu[(i * n) + j] -= factor * lu[(k * n) + j];
                }
            }
        }

        return (lu, order, isEven);
    }

    private static IEnumerable<DoubleDouble> Pivots((DoubleDouble[] Factors, int[] Order, bool IsEven) lu) => Enumerable.Range(0, lu.Order.Length).Select(i => lu.Factors[i * (lu.Order.Length + 1)]);

    private static DoubleDouble Determinant((DoubleDouble[] Factors, int[] Order, bool IsEven) lu) => Pivots(lu).Aggregate((DoubleDouble)(lu.IsEven ? 1 : -1), static (product, pivot) => product * pivot);

    private static int Sign((DoubleDouble[] Factors, int[] Order, bool IsEven) lu) => Pivots(lu).Aggregate(lu.IsEven ? 1 : -1, static (sign, pivot) => sign * Math.Sign(pivot.High));

    private static DoubleDouble LogDeterminant((DoubleDouble[] Factors, int[] Order, bool IsEven) lu) =>
        Pivots(lu).Aggregate((DoubleDouble)0, static (sum, pivot) => sum + DoubleDouble.Log(DoubleDouble.Abs(pivot)));

    private static DoubleDouble[] Inverse(DoubleDouble[] a, int n)
    {
        var identity = new DoubleDouble[n * n];
        for (int i = 0; i < n; i++)
        {
            identity[i * (n + 1)] = DoubleDouble.One;
        }

        return Solve(a, n, identity, n);
    }

    private static DoubleDouble[] Solve(DoubleDouble[] a, int n, DoubleDouble[] b, int columns)
    {
        (DoubleDouble[] factors, int[] order, _) = Lu(a, n);
        DoubleDouble[] permuted = [.. order.SelectMany(row => b[(row * columns)..((row + 1) * columns)])];
        return Triangular(factors, n, Triangular(factors, n, permuted, columns, upper: false, unitDiagonal: true), columns, upper: true, unitDiagonal: false);
    }

    private static DoubleDouble[] Triangular(DoubleDouble[] a, int n, DoubleDouble[] b, int columns, bool upper, bool unitDiagonal)
    {
        DoubleDouble[] x = [.. b];
        for (int step = 0; step < n; step++)
        {
            int i = upper ? n - 1 - step : step;
            for (int c = 0; c < columns; c++)
            {
                DoubleDouble rest = x[(i * columns) + c];
                for (int j = upper ? i + 1 : 0; j < (upper ? n : i); j++)
                {
                    rest -= a[(i * n) + j] * x[(j * columns) + c];
                }

                x[(i * columns) + c] = unitDiagonal ? rest : rest / a[i * (n + 1)];
            }
        }

        return x;
    }

    /// <summary>Q and R by Gram and Schmidt's method, each column twice, which is enough (Giraud, Langou and Rozložník, "On the loss of orthogonality in the Gram-Schmidt orthogonalization process", 2005).</summary>
    private static DoubleDouble[] Qr(DoubleDouble[] a, int m, int n, ReadOnlySpan<T> working)
    {
        var result = new DoubleDouble[(m + n) * n];
        Span<DoubleDouble> q = result.AsSpan(0, m * n), r = result.AsSpan(m * n);
        a.CopyTo(q);
        for (int j = 0; j < n; j++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    DoubleDouble dot = Dot(q, k, j, m, n);
                    r[(k * n) + j] += dot;
                    for (int i = 0; i < m; i++)
                    {
                        q[(i * n) + j] -= dot * q[(i * n) + k];
                    }
                }
            }

            DoubleDouble length = DoubleDouble.Sqrt(Dot(q, j, j, m, n));
            r[(j * n) + j] = T.IsNegative(working[(m * n) + (j * n) + j]) ? -length : length;
            for (int i = 0; i < m; i++)
            {
                q[(i * n) + j] /= r[(j * n) + j];
            }
        }

        return result;
    }

    /// <summary>Eigenvalues and vectors by Jacobi's method (section 8.5).</summary>
    private static DoubleDouble[] Eigh(DoubleDouble[] a, int n, ReadOnlySpan<T> working)
    {
        DoubleDouble[] w = Symmetric(a, n), v = new DoubleDouble[n * n];
        for (int i = 0; i < n; i++)
        {
            v[i * (n + 1)] = DoubleDouble.One;
        }

        bool rotates = true;
        for (int sweep = 0; sweep < Sweeps && rotates; sweep++)
        {
            rotates = false;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    (DoubleDouble x, DoubleDouble y, DoubleDouble between) = (w[p * (n + 1)], w[q * (n + 1)], w[(p * n) + q]);
                    if (Math.Abs(between.High) <= Small * Math.Sqrt(Math.Abs(x.High)) * Math.Sqrt(Math.Abs(y.High)))
                    {
                        continue;
                    }

                    rotates = true;
                    (DoubleDouble cos, DoubleDouble sin) = Rotation(x, y, between);
                    Rotate(w, n, n, p, q, cos, sin);
                    for (int j = 0; j < n; j++)
                    {
                        (DoubleDouble up, DoubleDouble down) = (w[(p * n) + j], w[(q * n) + j]);
                        (w[(p * n) + j], w[(q * n) + j]) = ((cos * up) - (sin * down), (sin * up) + (cos * down));
                    }

                    Rotate(v, n, n, p, q, cos, sin);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => w[i * (n + 1)].High).ThenBy(i => w[i * (n + 1)].Low)];
        var result = new DoubleDouble[n + (n * n)];
        for (int j = 0; j < n; j++)
        {
            result[j] = w[order[j] * (n + 1)];
            int sign = SignLike(i => v[(i * n) + order[j]], working[n..], n, n, j);
            for (int i = 0; i < n; i++)
            {
                result[n + (i * n) + j] = v[(i * n) + order[j]] * sign;
            }
        }

        return result;
    }

    /// <summary>U, s and Vᵀ by Jacobi's method on the columns (section 8.6.3), of the transposed matrix where that is the tall one.</summary>
    private static DoubleDouble[] Svd(DoubleDouble[] a, int m, int n, ReadOnlySpan<T> working)
    {
        int k = Math.Min(m, n), rows = Math.Max(m, n);
        DoubleDouble[] u = m >= n ? [.. a] : [.. Enumerable.Range(0, m * n).Select(i => a[(i % m * n) + (i / m)])], v = new DoubleDouble[k * k];
        for (int i = 0; i < k; i++)
        {
            v[i * (k + 1)] = DoubleDouble.One;
        }

        bool rotates = true;
        for (int sweep = 0; sweep < Sweeps && rotates; sweep++)
        {
            rotates = false;
            for (int p = 0; p < k; p++)
            {
                for (int q = p + 1; q < k; q++)
                {
                    (DoubleDouble x, DoubleDouble y, DoubleDouble between) = (Dot(u, p, p, rows, k), Dot(u, q, q, rows, k), Dot(u, p, q, rows, k));
                    if (Math.Abs(between.High) <= Small * Math.Sqrt(x.High) * Math.Sqrt(y.High))
                    {
                        continue;
                    }

                    rotates = true;
                    (DoubleDouble cos, DoubleDouble sin) = Rotation(x, y, between);
                    Rotate(u, rows, k, p, q, cos, sin);
                    Rotate(v, k, k, p, q, cos, sin);
                }
            }
        }

        DoubleDouble[] s = [.. Enumerable.Range(0, k).Select(j => DoubleDouble.Sqrt(Dot(u, j, j, rows, k)))], result = new DoubleDouble[(m * k) + k + (k * n)];
        int[] order = [.. Enumerable.Range(0, k).OrderByDescending(j => s[j].High).ThenByDescending(j => s[j].Low)];
        for (int j = 0; j < k; j++)
        {
            int from = order[j];
            DoubleDouble Left(int i) => m >= n ? u[(i * k) + from] / s[from] : v[(i * k) + from];
            DoubleDouble Right(int i) => m >= n ? v[(i * k) + from] : u[(i * k) + from] / s[from];
            int sign = m >= n ? SignLike(Right, working[((m * k) + k + (j * n))..], n, 1, 0) : SignLike(Left, working, m, k, j);
            result[(m * k) + j] = s[from];
            for (int i = 0; i < m; i++)
            {
                result[(i * k) + j] = Left(i) * sign;
            }

            for (int i = 0; i < n; i++)
            {
                result[(m * k) + k + (j * n) + i] = Right(i) * sign;
            }
        }

        return result;
    }

    private const int Sweeps = 60;

    /// <summary>Where rotations end: below the rounding of double-double.</summary>
    private const double Small = 1e-31;

    /// <summary>The rotation that makes the columns (or the element between them) vanish: the smaller angle.</summary>
    private static (DoubleDouble Cos, DoubleDouble Sin) Rotation(DoubleDouble x, DoubleDouble y, DoubleDouble between)
    {
        DoubleDouble ratio = (y - x) / (between * 2), tangent = DoubleDouble.One / (DoubleDouble.Abs(ratio) + DoubleDouble.Sqrt((ratio * ratio) + DoubleDouble.One));
        tangent = ratio.IsNegative ? -tangent : tangent;
        DoubleDouble cos = DoubleDouble.One / DoubleDouble.Sqrt((tangent * tangent) + DoubleDouble.One);
        return (cos, tangent * cos);
    }

    /// <summary>Rotates two columns.</summary>
    private static void Rotate(DoubleDouble[] a, int rows, int columns, int p, int q, DoubleDouble cos, DoubleDouble sin)
    {
        for (int i = 0; i < rows; i++)
        {
            (DoubleDouble left, DoubleDouble right) = (a[(i * columns) + p], a[(i * columns) + q]);
            (a[(i * columns) + p], a[(i * columns) + q]) = ((cos * left) - (sin * right), (sin * left) + (cos * right));
        }
    }

    /// <summary>The inner product of two columns.</summary>
    private static DoubleDouble Dot(ReadOnlySpan<DoubleDouble> a, int p, int q, int rows, int columns)
    {
        DoubleDouble sum = 0;
        for (int i = 0; i < rows; i++)
        {
            sum += a[(i * columns) + p] * a[(i * columns) + q];
        }

        return sum;
    }

    /// <summary>1 or -1, so that a vector points where the working one does, which is a column.</summary>
    private static int SignLike(Func<int, DoubleDouble> vector, ReadOnlySpan<T> working, int length, int columns, int column)
    {
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += vector(i).High * double.CreateChecked(working[(i * columns) + column]);
        }

        return sum < 0 ? -1 : 1;
    }
}
