using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

/// <summary>Decompositions of matrices that are large enough to go by blocks: backward errors of the order of the rounding, the pivots' promises, the failures, the same bits on any number of threads.</summary>
public class BlockedDecompositionTests
{
    public static TheoryData<int, int> Shapes => new() { { 96, 96 }, { 97, 97 }, { 131, 131 }, { 200, 200 }, { 333, 333 }, { 300, 120 }, { 120, 300 }, { 517, 100 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void LU_has_a_small_backward_error_and_multipliers_of_at_most_one(int m, int n)
    {
        Check<double>();
        Check<float>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] a = Matrices.Random<T>(m, n, m + n);
            T[] factors = [.. a];
            int k = Math.Min(m, n);
            int[] pivots = new int[k];
            (int sign, int zero) = LuDecomposition.Factor(factors, m, n, pivots);
            zero.Should().Be(-1);
            sign.Should().Be(pivots.Index().Count(pivot => pivot.Item != pivot.Index) % 2 == 0 ? 1 : -1);
            T[] lower = new T[m * k], upper = new T[k * n], permuted = [.. a];
            Matrices.Unpack<T>(factors, m, n, lower, upper);
            Array.TrueForAll(lower, static value => T.Abs(value) <= T.One).Should().BeTrue();
            LuDecomposition.Permute<T>(permuted, n, pivots);
            (Matrix<double> l, Matrix<double> u) = (Matrices.Dense<T>(lower, m, k), Matrices.Dense<T>(upper, k, n));
            Small((l * u) - Matrices.Dense<T>(permuted, m, n), l.PointwiseAbs() * u.PointwiseAbs(), Epsilon<T>() * k);
        }
    }

    [Theory]
    [InlineData(96)]
    [InlineData(160)]
    [InlineData(333)]
    public void Cholesky_has_a_small_backward_error(int n)
    {
        Check<double>();
        Check<float>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] a = Matrices.RandomPositiveDefinite<T>(n, n);
            T[] factor = [.. a];
            for (int i = 0; i < n; i++)
            {
                // Only the lower half is read.
                factor.AsSpan((i * n) + i + 1, n - i - 1).Fill(T.NaN);
            }

            CholeskyDecomposition.Factor<T>(factor, n).Should().Be(-1);
            Matrix<double> l = Matrices.Dense<T>(factor, n, n);
            l.EnumerateIndexed().Should().OnlyContain(static element => element.Item1 >= element.Item2 || element.Item3 == 0);
            Small((l * l.Transpose()) - Matrices.Dense<T>(a, n, n), l.PointwiseAbs() * l.Transpose().PointwiseAbs(), Epsilon<T>() * n);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(150)]
    [InlineData(199)]
    public void The_pivot_at_which_Cholesky_fails_is_named(int index)
    {
        double[] a = Matrices.RandomPositiveDefinite<double>(200, 3);
        a[index * 201] = -1;
        CholeskyDecomposition.Factor<double>(a, 200).Should().Be(index);
        double[] b = Matrices.RandomPositiveDefinite<double>(200, 3);
        b[(index * 200) + (index / 2)] = double.NaN;
        CholeskyDecomposition.Factor<double>(b, 200).Should().Be(index);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(130)]
    [InlineData(199)]
    public void The_first_zero_pivot_of_LU_is_named_and_elimination_goes_on(int column)
    {
        const int n = 200;
        double[] a = Matrices.Random<double>(n, n, 9);
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + column] = 0;
        }

        double[] factors = [.. a];
        int[] pivots = new int[n];
        LuDecomposition.Factor(factors, n, n, pivots).FirstZeroPivot.Should().Be(column);
        double[] lower = new double[n * n], upper = new double[n * n];
        Matrices.Unpack<double>(factors, n, n, lower, upper);
        LuDecomposition.Permute<double>(a, n, pivots);
        (Matrix<double> l, Matrix<double> u) = (Matrices.Dense<double>(lower, n, n), Matrices.Dense<double>(upper, n, n));
        Small((l * u) - Matrices.Dense<double>(a, n, n), l.PointwiseAbs() * u.PointwiseAbs(), 1e-14 * n);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void QR_has_small_errors_of_its_product_and_of_orthogonality(int m, int n)
    {
        Check<double>(complete: false);
        Check<float>(complete: false);
        Check<double>(complete: true);

        void Check<T>(bool complete) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int k = complete ? m : Math.Min(m, n);
            T[] a = Matrices.Random<T>(m, n, m + (2 * n)), q = new T[m * k], r = new T[k * n];
            QrDecomposition.Factor<T>(a, m, n, q, r, complete);
            (Matrix<double> qs, Matrix<double> rs) = (Matrices.Dense<T>(q, m, k), Matrices.Dense<T>(r, k, n));
            rs.EnumerateIndexed().Should().OnlyContain(static element => element.Item1 <= element.Item2 || element.Item3 == 0);
            double tolerance = 10 * Epsilon<T>() * Math.Sqrt(Math.Max(m, n));
            ((qs * rs) - Matrices.Dense<T>(a, m, n)).FrobeniusNorm().Should().BeLessThan(tolerance * Matrices.Dense<T>(a, m, n).FrobeniusNorm());
            ((qs.Transpose() * qs) - Matrix<double>.Build.DenseIdentity(k)).FrobeniusNorm().Should().BeLessThan(tolerance * Math.Sqrt(k));
        }
    }

    [Fact]
    public void QR_of_a_matrix_of_low_rank_and_of_zeros_is_right()
    {
        foreach (int rank in new[] { 0, 1, 40 })
        {
            double[] a = Matrices.OfRank<double>(150, 110, rank, 5), q = new double[150 * 110], r = new double[110 * 110];
            QrDecomposition.Factor<double>(a, 150, 110, q, r);
            (Matrix<double> qs, Matrix<double> rs) = (Matrices.Dense<double>(q, 150, 110), Matrices.Dense<double>(r, 110, 110));
            ((qs * rs) - Matrices.Dense<double>(a, 150, 110)).FrobeniusNorm().Should().BeLessThan(1e-12 * (1 + rank));
            ((qs.Transpose() * qs) - Matrix<double>.Build.DenseIdentity(110)).FrobeniusNorm().Should().BeLessThan(1e-12);
        }
    }

    /// <summary>Substitution is exact for a matrix that differs from A by a few roundings of each element (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., theorem 8.5).</summary>
    [Theory]
    [InlineData(96, 8)]
    [InlineData(131, 33)]
    [InlineData(257, 100)]
    public void Triangular_systems_have_a_small_componentwise_backward_error(int n, int k)
    {
        foreach (bool lower in new[] { true, false })
        {
            foreach (bool transposed in new[] { true, false })
            {
                foreach (bool unit in new[] { true, false })
                {
                    Check<double>(lower, transposed, unit);
                    Check<float>(lower, transposed, unit);
                }
            }
        }

        void Check<T>(bool lower, bool transposed, bool unit) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            // What is not to be read is NaN.
            T[] a = Matrices.Fill<T>(n, n, (i, j) => i == j ? (unit ? double.NaN : 2 + Math.Sin(i)) : i > j == lower ? Math.Cos((3 * i) + (5 * j)) / 8 : double.NaN);
            Matrix<double> read = Matrix<double>.Build.Dense(n, n, (i, j) => i == j ? (unit ? 1 : double.CreateChecked(a[i * (n + 1)])) : i > j == lower ? double.CreateChecked(a[(i * n) + j]) : 0);
            read = transposed ? read.Transpose() : read;
            Triangle triangle = lower ? Triangle.Lower : Triangle.Upper;
            T[] b = Matrices.Random<T>(n, k, n + k), x = [.. b];
            TriangularSolve.Solve<T>(a, n, x, k, triangle, transposed, unit);
            Matrix<double> xs = Matrices.Dense<T>(x, n, k);
            Small((read * xs) - Matrices.Dense<T>(b, n, k), read.PointwiseAbs() * xs.PointwiseAbs(), Epsilon<T>() * n);
            T[] right = Matrices.Random<T>(k, n, n + k), y = [.. right];
            TriangularSolve.SolveRight<T>(a, n, y, k, triangle, transposed, unit);
            Matrix<double> ys = Matrices.Dense<T>(y, k, n);
            Small((ys * read) - Matrices.Dense<T>(right, k, n), ys.PointwiseAbs() * read.PointwiseAbs(), Epsilon<T>() * n);
        }
    }

    /// <summary>Rotations that are kept and applied together give the bits of rotations one by one, whichever rows they are of.</summary>
    [Fact]
    public void Rotations_together_are_rotations_one_by_one()
    {
        const int rows = 9, columns = 37;
        float[] together = Matrices.Random<float>(rows, columns, 3), apart = [.. together];
        using Rotations<float> rotations = new(rows);
        foreach (int row in new[] { 0, 1, 2, 7, 3, 3, 4, 0, 6, 7 })
        {
            (float s, float c) = MathF.SinCos(0.1f * (row + 1));
            rotations.Add(row, c, s);
            Rows.Rotate(apart.AsSpan(row * columns, columns), apart.AsSpan((row + 1) * columns, columns), c, s);
        }

        rotations.Apply(together, columns);
        together.Should().Equal(apart);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        const int n = 530;
        double[] definite = Matrices.RandomPositiveDefinite<double>(n, 4), general = Matrices.Random<double>(n, n, 5);
        int before = Threading.MaxThreads;
        var runs = new List<double[]>();
        try
        {
            foreach (int threads in new[] { 1, 2, 5 })
            {
                Threading.MaxThreads = threads;
                double[] l = [.. definite], lu = [.. general], q = new double[n * n], r = new double[n * n], x = [.. general];
                CholeskyDecomposition.Factor<double>(l, n);
                LuDecomposition.Factor(lu, n, n, new int[n]);
                QrDecomposition.Factor<double>(general, n, n, q, r);
                TriangularSolve.Solve<double>(l, n, x, n, Triangle.Lower, false, false);
                double[] values = new double[n], vectors = new double[n * n], u = new double[n * n], s = new double[n], v = new double[n * n];
                SymmetricEigen.Decompose<double>(definite, n, values, vectors).Should().BeTrue();
                SingularValues.Decompose<double>(general, n, n, u, s, v).Should().BeTrue();
                runs.Add([.. l, .. lu, .. q, .. r, .. x, .. values, .. vectors, .. u, .. s, .. v]);
            }
        }
        finally
        {
            Threading.MaxThreads = before;
        }

        runs[1].AsSpan().SequenceEqual(runs[0]).Should().BeTrue();
        runs[2].AsSpan().SequenceEqual(runs[0]).Should().BeTrue();
    }

    private static void Small(Matrix<double> error, Matrix<double> size, double tolerance) =>
        (error.PointwiseAbs() - (size * tolerance)).Enumerate().Max().Should().BeLessThanOrEqualTo(0, "of the tolerance {0}", tolerance);

    private static double Epsilon<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(T.BitIncrement(T.One) - T.One);
}
