using System.Numerics;
using AutoDiff.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class TriangularSolveTests
{
    [Theory]
    [CombinatorialTriangles]
    public void Double_solutions_satisfy_the_system(int triangle, bool transposed, bool unitDiagonal) =>
        Check<double>((Triangle)triangle, transposed, unitDiagonal);

    [Theory]
    [CombinatorialTriangles]
    public void Float_solutions_satisfy_the_system(int triangle, bool transposed, bool unitDiagonal) =>
        Check<float>((Triangle)triangle, transposed, unitDiagonal);

    [Fact]
    public void A_zero_on_the_diagonal_gives_infinity()
    {
        double[] x = [1, 2];
        TriangularSolve.Solve<double>([1, 0, 1, 0], 2, x, 1, Triangle.Lower, false, false);
        x.Should().Equal(1, double.PositiveInfinity);
    }

    private static void Check<T>(Triangle triangle, bool transposed, bool unitDiagonal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int n in new[] { 1, 2, 3, 8, 17, 40 })
        {
            // The half that must not be read holds NaN, and so does a diagonal that is taken to be one.
            bool InTriangle(int i, int j) => i == j ? !unitDiagonal : (triangle == Triangle.Lower) == (i > j);
            T[] random = Matrices.Random<T>(n, n, n);
            double Element(int i, int j) => i == j ? 2 + double.CreateChecked(random[i * n + j]) : double.CreateChecked(random[i * n + j]) / n;
            T[] a = Matrices.Fill<T>(n, n, (i, j) => InTriangle(i, j) ? Element(i, j) : double.NaN);
            T[] whole = Matrices.Fill<T>(n, n, (i, j) => InTriangle(i, j) ? Element(i, j) : i == j ? 1 : 0);
            Matrix<double> op = Matrices.Dense(whole, n, n);
            op = transposed ? op.Transpose() : op;
            foreach (int k in new[] { 1, 2, 9 })
            {
                T[] b = Matrices.Random<T>(n, k, 100 + k);
                T[] x = [.. b];
                TriangularSolve.Solve<T>(a, n, x, k, triangle, transposed, unitDiagonal);
                Matrices.RelativeError<T>(op * Matrices.Dense(x, n, k), Matrices.Dense(b, n, k)).Should().BeLessThan(10);

                x = [.. b];
                TriangularSolve.SolveRight<T>(a, n, x, k, triangle, transposed, unitDiagonal);
                Matrices.RelativeError<T>(Matrices.Dense(x, k, n) * op, Matrices.Dense(b, k, n)).Should().BeLessThan(10);
            }
        }
        TriangularSolve.Solve<T>([], 0, [], 3, triangle, transposed, unitDiagonal);
        TriangularSolve.SolveRight<T>([], 0, [], 3, triangle, transposed, unitDiagonal);
    }

    /// <summary>Every combination of triangle, transposition and unit diagonal.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CombinatorialTrianglesAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
        {
            for (int bits = 0; bits < 8; bits++)
            {
                yield return [bits & 1, (bits & 2) != 0, (bits & 4) != 0];
            }
        }
    }
}
