using AutoDiff.Optimization;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Optimization;

/// <summary>The factor of sparse symmetric indefinite matrices against dense ones: solutions, the signs of the eigenvalues, zeros that are handed on, fill.</summary>
public class IndefiniteFactorTests
{
    public static TheoryData<string> Kinds => ["chain", "grid", "dense", "saddle", "zero diagonal", "scattered", "hub"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Systems_are_solved_and_negative_eigenvalues_counted(string kind)
    {
        (int n, List<(int Row, int Column, double Value)> elements) = Make(kind, new Random(5));
        Matrix<double> dense = Dense(n, elements);
        var structure = FrontStructure.Find(n, [.. elements.Select(e => e.Row)], [.. elements.Select(e => e.Column)], long.MaxValue)!;
        structure.Fronts.SelectMany(front => front.Columns).Order().Should().Equal(Enumerable.Range(0, n));
        var factor = new IndefiniteFactor(structure);
        for (int repeat = 0; repeat < 2; repeat++)
        {
            factor.Factor([.. elements.Select(e => e.Value)], static () => { });
            factor.Zero.Should().Be(0);
            factor.Negative.Should().Be(dense.Evd(Symmetricity.Symmetric).EigenValues.Count(value => value.Real < 0));
            double[] expected = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i + 1))];
            double[] x = (dense * Vector<double>.Build.DenseOfArray(expected)).ToArray();
            factor.Solve(x);
            x.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-7);
        }
    }

    [Fact]
    public void Dependent_rows_are_zero_eigenvalues()
    {
        // [I, A^T; A, 0] where the rows of A are a, 2 a and b.
        List<(int Row, int Column, double Value)> elements = [.. Enumerable.Range(0, 6).Select(i => (i, i, 1.0 + i))];
        double[] a = [0.3, -1.7, 0, 2.2, 0.9, 0];
        double[] b = [0, 1.1, 0.4, 0, -0.6, 3.3];
        for (int i = 0; i < 6; i++)
        {
            elements.AddRange([(6, i, a[i]), (7, i, 2 * a[i]), (8, i, b[i])]);
        }

        var factor = new IndefiniteFactor(FrontStructure.Find(9, [.. elements.Select(e => e.Row)], [.. elements.Select(e => e.Column)], long.MaxValue)!);
        factor.Factor([.. elements.Select(e => e.Value)], static () => { });
        (factor.Negative, factor.Zero).Should().Be((2, 1));
        var nothing = new IndefiniteFactor(FrontStructure.Find(3, [1], [0], long.MaxValue)!);
        nothing.Factor([2], static () => { });
        (nothing.Negative, nothing.Zero).Should().Be((1, 1));
    }

    [Fact]
    public void A_chain_is_not_filled_in()
    {
        (int n, List<(int Row, int Column, double Value)> elements) = Make("chain", new Random(5));
        var factor = new IndefiniteFactor(FrontStructure.Find(n, [.. elements.Select(e => e.Row)], [.. elements.Select(e => e.Column)], long.MaxValue)!);
        factor.Factor([.. elements.Select(e => e.Value)], static () => { });

        // Fronts of at most eight columns, one row below.
        factor.Count.Should().BeLessThan(12 * n);
        FrontStructure.Find(n, [.. elements.Select(e => e.Row)], [.. elements.Select(e => e.Column)], n).Should().BeNull();
    }

    private static Matrix<double> Dense(int n, List<(int Row, int Column, double Value)> elements)
    {
        Matrix<double> dense = Matrix<double>.Build.Dense(n, n);
        foreach ((int row, int column, double value) in elements)
        {
            dense[row, column] += value;
            if (row != column)
            {
                dense[column, row] += value;
            }
        }

        return dense;
    }

    private static (int Size, List<(int Row, int Column, double Value)> Elements) Make(string kind, Random random)
    {
        var elements = new List<(int, int, double)>();
        double Next() => (2 * random.NextDouble()) - 1;
        int n = kind switch { "dense" => 90, "grid" => 144, _ => 150 };
        switch (kind)
        {
            case "chain":
                for (int i = 0; i < n; i++)
                {
                    elements.Add((i, i, Next()));
                    if (i > 0)
                    {
                        elements.Add((i - 1, i, Next()));
                    }
                }

                break;
            case "grid":
                for (int i = 0; i < n; i++)
                {
                    elements.Add((i, i, Next()));
                    elements.AddRange(i % 12 > 0 ? [(i, i - 1, Next())] : []);
                    elements.AddRange(i >= 12 ? [(i, i - 12, Next())] : []);
                }

                break;
            case "dense":
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j <= i; j++)
                    {
                        elements.Add((i, j, i == j && i % 3 == 0 ? 0 : Next()));
                    }
                }

                break;
            case "saddle":
            case "zero diagonal":
                // As an interior-point method has them: a Hessian with a wide range (or none at all), and constraints that see a few variables each.
                for (int i = 0; i < 100; i++)
                {
                    elements.Add((i, i, kind == "saddle" ? Math.Pow(10, 3 * Next()) : i < 50 ? 0 : 1 + random.NextDouble()));
                }

                for (int row = 0; row < 50; row++)
                {
                    elements.AddRange([(100 + row, row, 1 + random.NextDouble()), (100 + row, 50 + row, Next()), (100 + row, random.Next(100), Next())]);
                }

                break;
            case "scattered":
                for (int k = 0; k < 500; k++)
                {
                    elements.Add((random.Next(n), random.Next(n), Next()));
                }

                elements.AddRange(Enumerable.Range(0, n).Select(i => (i, i, 0.1 * Next())));
                break;
            default:
                for (int i = 0; i < n; i++)
                {
                    elements.Add((i, i, Next()));
                    elements.AddRange(i > 0 ? [(i, 0, Next())] : []);
                }

                break;
        }

        return (n, elements);
    }
}
