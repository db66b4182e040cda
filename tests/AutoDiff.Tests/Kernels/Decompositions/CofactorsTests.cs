using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class CofactorsTests
{
    public static TheoryData<int, int> SizesAndRanks()
    {
        TheoryData<int, int> cases = [];
        for (int n = 0; n <= 6; n++)
        {
            for (int rank = Math.Max(0, n - 4); rank <= n; rank++)
            {
                cases.Add(n, rank);
            }
        }
        cases.Add(6, 0);
        return cases;
    }

    [Theory]
    [MemberData(nameof(SizesAndRanks))]
    public void Cofactors_and_derivatives_agree_with_the_expansion_by_minors(int n, int rank)
    {
        Check<double>(n, rank);
        Check<float>(n, rank);
    }

    [Fact]
    public void Cofactors_of_regular_matrices_are_the_determinant_times_the_inverse_transposed()
    {
        const int n = 30;
        double[] a = Matrices.Random<double>(n, n, 2), cofactors = new double[n * n];
        Matrix<double> dense = Matrices.Dense(a, n, n);
        Cofactors.Compute<double>(a, n, cofactors);
        Matrices.RelativeError<double>(Matrices.Dense(cofactors, n, n), dense.Determinant() * dense.Inverse().Transpose()).Should().BeLessThan(3000);
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-10)]
    [InlineData(1e-17)]
    [InlineData(1e-200)]
    public void Cofactors_stay_accurate_on_the_way_to_a_singular_matrix(double delta)
    {
        // The inverse, of which det(A) A^-T would be made, loses all digits on this way.
        const int n = 4;
        double[] a = Matrices.OfRank<double>(n, n, n - 1, 3), b = Matrices.Random<double>(n, n, 9), cofactors = new double[n * n];
        double[] moved = Matrices.Fill<double>(n, n, (i, j) => a[i * n + j] + delta * b[i * n + j]);
        Cofactors.Compute<double>(moved, n, cofactors);
        Matrix<double> expected = ByMinors(n, (i, j) => [moved[i * n + j]], 0);
        Matrices.RelativeError<double>(Matrices.Dense(cofactors, n, n), expected).Should().BeLessThan(50);
    }

    [Fact]
    public void Weights_of_large_matrices_neither_overflow_nor_underflow()
    {
        const int n = 60;
        double Diagonal(int i) => i % 2 == 0 ? 1e20 : 2e-20;
        double[] a = Matrices.Fill<double>(n, n, (i, j) => i == j ? Diagonal(i) : 0), result = new double[n * n];
        Cofactors.Compute<double>(a, n, result);
        (result[61] / (Math.Pow(2, 29) * 1e20)).Should().BeApproximately(1, 1e-13);

        double[] e = Matrices.Fill<double>(n, n, (i, j) => i == 0 && j == 0 ? 1 : 0);
        Cofactors.Derivative<double>(a, e, n, result);
        (result[61] / Math.Pow(2, 29)).Should().BeApproximately(1, 1e-13);
        double[] f = Matrices.Fill<double>(n, n, (i, j) => i == 3 && j == 3 ? 1 : 0);
        Cofactors.SecondDerivative<double>(a, e, f, n, result);
        (result[61] / (Math.Pow(2, 28) * 1e20)).Should().BeApproximately(1, 1e-13);
    }

    [Fact]
    public void NaN_gives_NaN()
    {
        double[] a = [1, 2, 3, 4, double.NaN, 6, 7, 8, 10], e = new double[9], result = new double[9];
        Cofactors.Compute<double>(a, 3, result);
        result.Should().OnlyContain(x => double.IsNaN(x));
        Cofactors.Derivative<double>(a, e, 3, result);
        result.Should().OnlyContain(x => double.IsNaN(x));
        Cofactors.SecondDerivative<double>(a, e, e, 3, result);
        result.Should().OnlyContain(x => double.IsNaN(x));
    }

    private static void Check<T>(int n, int rank)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Matrices.OfRank<T>(n, n, rank, 1), e = Matrices.Random<T>(n, n, 20), f = Matrices.Random<T>(n, n, 30), result = new T[n * n];
        // Singular to the last bit too: one column more repeats another.
        for (int i = 0; rank < n && n > 1 && i < n; i++)
        {
            a[i * n + 1] = a[i * n];
        }
        // Elements of A + x E + y F: coefficients of 1, x, y, x y.
        double[] Element(int i, int j) => [Value(a, i, j), Value(e, i, j), Value(f, i, j), 0];
        double Value(T[] matrix, int i, int j) => double.CreateChecked(matrix[i * n + j]);

        // Measured against what the elements allow, as a singular matrix may have no cofactors but rounding errors.
        void Compare(int coefficient)
        {
            if (n > 0)
            {
                double error = (Matrices.Dense(result, n, n) - ByMinors(n, Element, coefficient)).FrobeniusNorm() / Matrices.Epsilon<T>();
                double size = ByMinors(n, (i, j) => Array.ConvertAll(Element(i, j), Math.Abs), coefficient, permanent: true).FrobeniusNorm();
                error.Should().BeLessThanOrEqualTo(30 * size);
            }
        }
        Cofactors.Compute<T>(a, n, result);
        Compare(0);
        Cofactors.Derivative<T>(a, e, n, result);
        Compare(1);
        Cofactors.SecondDerivative<T>(a, e, f, n, result);
        Compare(3);
    }

    /// <summary>Cofactors by expansion, over polynomials in x and y modulo x² and y²: a coefficient of them is a derivative.</summary>
    private static Matrix<double> ByMinors(int n, Func<int, int, double[]> element, int coefficient, bool permanent = false)
    {
        Matrix<double> result = Matrix<double>.Build.Dense(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                int[] rows = [.. Enumerable.Range(0, n).Where(k => k != i)], columns = [.. Enumerable.Range(0, n).Where(k => k != j)];
                result[i, j] = ((i + j) % 2 == 0 || permanent ? 1 : -1) * Expand(rows, columns, element, permanent)[coefficient];
            }
        }
        return result;
    }

    private static double[] Expand(int[] rows, int[] columns, Func<int, int, double[]> element, bool permanent)
    {
        if (rows.Length == 0)
        {
            return [1, 0, 0, 0];
        }
        double[] sum = new double[4];
        for (int c = 0; c < columns.Length; c++)
        {
            double[] head = element(rows[0], columns[c]), minor = Expand(rows[1..], [.. columns[..c], .. columns[(c + 1)..]], element, permanent);
            Array.Resize(ref head, 4);
            double sign = c % 2 == 0 || permanent ? 1 : -1;
            sum[0] += sign * head[0] * minor[0];
            sum[1] += sign * (head[0] * minor[1] + head[1] * minor[0]);
            sum[2] += sign * (head[0] * minor[2] + head[2] * minor[0]);
            sum[3] += sign * (head[0] * minor[3] + head[1] * minor[2] + head[2] * minor[1] + head[3] * minor[0]);
        }
        return sum;
    }
}
