using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

/// <summary>Row-major matrices for the tests of the decompositions, and their way into MathNet, which serves as the reference.</summary>
internal static class Matrices
{
    /// <summary>Unpacks the LU factors of an m×n matrix into L (m×k) and U (k×n), k = min(m, n).</summary>
    public static void Unpack<T>(ReadOnlySpan<T> factors, int m, int n, Span<T> lower, Span<T> upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = Math.Min(m, n);
        lower[..(m * k)].Clear();
        upper[..(k * n)].Clear();
        for (int i = 0; i < m; i++)
        {
            ReadOnlySpan<T> row = factors.Slice(i * n, n);
            int split = Math.Min(i, k);
            row[..split].CopyTo(lower[(i * k)..]);
            if (i < k)
            {
                lower[i * k + i] = T.One;
                row[i..].CopyTo(upper[(i * n + i)..]);
            }
        }
    }

    public static T[] Random<T>(int m, int n, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        return Fill<T>(m, n, (_, _) => 2 * random.NextDouble() - 1);
    }

    public static T[] RandomSymmetric<T>(int n, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Random<T>(n, n, seed);
        return Fill<T>(n, n, (i, j) => double.CreateChecked(a[Math.Max(i, j) * n + Math.Min(i, j)]));
    }

    public static T[] RandomPositiveDefinite<T>(int n, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<double> a = Dense(Random<double>(n, n, seed), n, n);
        return From<T>(a * a.Transpose() + Matrix<double>.Build.DenseIdentity(n) * 0.1);
    }

    /// <summary>A product of random factors of the given inner dimension.</summary>
    public static T[] OfRank<T>(int m, int n, int rank, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        rank == 0 ? new T[m * n] : From<T>(Dense(Random<double>(m, rank, seed), m, rank) * Dense(Random<double>(rank, n, seed + 1), rank, n));

    public static T[] Hilbert<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill<T>(n, n, (i, j) => 1.0 / (i + j + 1));

    public static T[] Fill<T>(int m, int n, Func<int, int, double> element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = new T[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[i * n + j] = T.CreateChecked(element(i, j));
            }
        }
        return a;
    }

    public static T[] From<T>(Matrix<double> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill<T>(a.RowCount, a.ColumnCount, (i, j) => a[i, j]);

    /// <summary>MathNet knows no empty matrices: those tests stay with arrays.</summary>
    public static Matrix<double> Dense<T>(ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<double> result = Matrix<double>.Build.Dense(m, n);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                result[i, j] = double.CreateChecked(a[i * n + j]);
            }
        }
        return result;
    }

    public static Matrix<double> Dense<T>(T[] a, int m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Dense<T>(a.AsSpan(), m, n);

    public static Matrix<double> Identity(int n) => Matrix<double>.Build.DenseIdentity(n);

    /// <summary>|a - b| / |b| in the Frobenius norm, in units of T's epsilon.</summary>
    public static double RelativeError<T>(Matrix<double> a, Matrix<double> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double norm = b.FrobeniusNorm();
        return (a - b).FrobeniusNorm() / (norm == 0 ? 1 : norm) / Epsilon<T>();
    }

    /// <summary>|q^T q - I| in the Frobenius norm, in units of T's epsilon.</summary>
    public static double OrthogonalityError<T>(Matrix<double> q)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (q.TransposeThisAndMultiply(q) - Identity(q.ColumnCount)).FrobeniusNorm() / Epsilon<T>();

    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(T.BitIncrement(T.One) - T.One);
}
