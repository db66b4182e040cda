using AutoDiff.Optimization;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Tests.Optimization;

/// <summary>The factor of J^T J + D² against dense systems, the order against known fill, dependent columns, threads.</summary>
public class SparseCholeskyTests
{
    public static TheoryData<string> Patterns => ["chain", "arrow", "grid", "scene", "random", "dense", "gaps", "wide"];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Systems_are_solved_to_rounding(string name)
    {
        SparsityPattern pattern = Make(name);
        var random = new Random(3);
        double[] values = Numbers(random, pattern.Count);
        double[] damping = [.. Numbers(random, pattern.Columns).Select(x => 0.5 + Math.Abs(x))];
        Matrix<double> normal = Normal(pattern, values, damping);
        var cholesky = new SparseCholesky(PanelStructure.Find(new ColumnBlocks(pattern), long.MaxValue)!);
        for (int repeat = 0; repeat < 2; repeat++)
        {
            cholesky.Factor(values, damping, static () => { });
            double[] expected = Numbers(random, pattern.Columns);
            double[] x = (normal * Vector<double>.Build.DenseOfArray(expected)).ToArray();
            cholesky.Solve(x);
            for (int i = 0; i < x.Length; i++)
            {
                x[i].Should().BeApproximately(expected[i], 1e-9, $"{name}, unknown {i}");
            }
        }
    }

    /// <summary>A hub that everything is joined with goes last, points go before cameras: nothing is filled in that need not be.</summary>
    [Fact]
    public void The_order_fills_in_no_more_than_it_must()
    {
        // 200 leaves of one unknown with one number below each, and the hub.
        Size(Make("arrow")).Should().Be((200 * 2) + 1);

        // A chain: every unknown has the next one below.
        Size(Make("chain")).Should().Be((199 * 2) + 1);

        // Points of 3 unknowns that see all 5 cameras of 6: each point has its triangle and the rows of the cameras. When two points are left, what is left is full, with cameras and points alike.
        Size(Make("scene")).Should().Be((38 * 3 * (3 + 30)) + (36 * 36));
    }

    [Fact]
    public void Columns_of_the_same_rows_are_one_block()
    {
        var blocks = new ColumnBlocks(Make("scene"));
        blocks.Columns.Should().HaveCount(45);
        blocks.Columns.Select(columns => columns.Length).Distinct().Order().Should().Equal(3, 6);
        blocks.Cliques.Should().HaveCount(200);

        // Without a row no column is joined with another.
        new ColumnBlocks(new SparsityPattern(1, 4, [0, 1], [2])).Columns.Select(columns => columns.Length).Should().Equal(1, 1, 1, 1);
    }

    [Fact]
    public void A_factor_beyond_the_limit_is_not_made()
    {
        var blocks = new ColumnBlocks(Make("grid"));
        long size = Size(Make("grid"));
        PanelStructure.Find(blocks, size / 4).Should().BeNull();
        PanelStructure.Find(blocks, 2 * size).Should().NotBeNull();
    }

    /// <summary>Unknowns that others can take the place of stay zero, and the system is solved all the same.</summary>
    [Fact]
    public void Dependent_columns_give_a_solution()
    {
        SparsityPattern pattern = Make("random");
        double[] values = Numbers(new Random(4), pattern.Count);
        double[] twice = new double[2 * values.Length];
        var columns = new int[twice.Length];
        for (int k = 0; k < values.Length; k++)
        {
            // Every column stands there twice.
            (columns[2 * k], columns[(2 * k) + 1]) = (2 * pattern.ColumnIndices[k], (2 * pattern.ColumnIndices[k]) + 1);
            (twice[2 * k], twice[(2 * k) + 1]) = (values[k], values[k]);
        }

        var doubled = new SparsityPattern(pattern.Rows, 2 * pattern.Columns, [.. pattern.RowOffsets.ToArray().Select(offset => 2 * offset)], columns);
        Matrix<double> normal = Normal(doubled, twice, new double[doubled.Columns]);
        double[] side = (normal * Vector<double>.Build.Dense(doubled.Columns, static i => Math.Sin(i))).ToArray();
        var cholesky = new SparseCholesky(PanelStructure.Find(new ColumnBlocks(doubled), long.MaxValue)!);
        cholesky.Factor(twice, new double[doubled.Columns], static () => { });
        double[] x = [.. side];
        cholesky.Solve(x);
        x.Count(static value => value == 0).Should().Be(pattern.Columns);
        (normal * Vector<double>.Build.DenseOfArray(x) - Vector<double>.Build.DenseOfArray(side)).L2Norm().Should().BeLessThan(1e-8 * Vector<double>.Build.DenseOfArray(side).L2Norm());
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        SparsityPattern pattern = Make("wide");
        double[] values = Numbers(new Random(5), pattern.Count);
        double[] damping = [.. Enumerable.Repeat(1.0, pattern.Columns)];
        int before = Parallelism.MaxThreads;
        try
        {
            double[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
            {
                Parallelism.MaxThreads = threads;
                var cholesky = new SparseCholesky(PanelStructure.Find(new ColumnBlocks(pattern), long.MaxValue)!);
                cholesky.Factor(values, damping, static () => { });
                double[] x = [.. damping];
                cholesky.Solve(x);
                return x;
            })];
            results[1].Should().Equal(results[0]);
            results[2].Should().Equal(results[0]);
        }
        finally
        {
            Parallelism.MaxThreads = before;
        }
    }

    private static long Size(SparsityPattern pattern) => PanelStructure.Find(new ColumnBlocks(pattern), long.MaxValue)!.Panels.Sum(panel => (long)panel.Values.Length)
        - PanelStructure.Find(new ColumnBlocks(pattern), long.MaxValue)!.Panels.Where(panel => panel.Own.Length > 1).Sum(Padding);

    /// <summary>Above the diagonal blocks of a panel of several blocks there are places that are not used, where those are not counted as one block.</summary>
    private static long Padding(Panel panel) => panel.Own.Length == panel.Width ? (long)panel.Width * (panel.Width - 1) / 2 : 0;

    private static SparsityPattern Make(string name)
    {
        var random = new Random(7);
        List<int[]> rows = [];
        int columns;
        switch (name)
        {
            case "chain":
                columns = 200;
                rows.AddRange(Enumerable.Range(0, 199).Select(i => (int[])[i, i + 1]));
                break;
            case "arrow":
                columns = 201;
                rows.AddRange(Enumerable.Range(1, 200).Select(i => (int[])[0, i]));
                break;
            case "grid":
                columns = 30 * 30;
                rows.AddRange(Enumerable.Range(0, columns).Where(i => i % 30 < 29).Select(i => (int[])[i, i + 1]));
                rows.AddRange(Enumerable.Range(0, columns - 30).Select(i => (int[])[i, i + 30]));
                break;
            case "scene":
                columns = (5 * 6) + (40 * 3);
                rows.AddRange(from camera in Enumerable.Range(0, 5) from point in Enumerable.Range(0, 40) from axis in Enumerable.Range(0, 2)
                    select (int[])[.. Enumerable.Range(6 * camera, 6), .. Enumerable.Range(30 + (3 * point), 3)]);
                break;
            case "random":
                columns = 120;
                rows.AddRange(Enumerable.Range(0, 400).Select(_ => (int[])[.. Enumerable.Range(0, 4).Select(_ => random.Next(120)).Distinct().Order()]));
                break;
            case "dense":
                columns = 150;
                rows.AddRange(Enumerable.Range(0, 200).Select(_ => (int[])[.. Enumerable.Range(0, 150)]));
                break;
            case "gaps":
                // Columns and rows of nothing, blocks whose columns lie apart.
                columns = 50;
                rows.AddRange(Enumerable.Range(0, 60).Select(i => i % 5 == 0 ? [] : (int[])[i % 20, (i % 20) + 20]));
                break;
            default:
                columns = 500;
                rows.AddRange(Enumerable.Range(0, 1500).Select(i => (int[])[.. Enumerable.Range(0, 12).Select(_ => random.Next(500)).Distinct().Order()]));
                break;
        }

        int[] offsets = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++)
        {
            offsets[i + 1] = offsets[i] + rows[i].Length;
        }

        return new SparsityPattern(rows.Count, columns, offsets, [.. rows.SelectMany(static row => row)]);
    }

    private static Matrix<double> Normal(SparsityPattern pattern, double[] values, double[] damping)
    {
        Matrix<double> j = Matrix<double>.Build.Dense(pattern.Rows, pattern.Columns);
        for (int row = 0; row < pattern.Rows; row++)
        {
            for (int k = pattern.RowOffsets[row]; k < pattern.RowOffsets[row + 1]; k++)
            {
                j[row, pattern.ColumnIndices[k]] = values[k];
            }
        }

        return j.TransposeThisAndMultiply(j) + Matrix<double>.Build.DenseOfDiagonalArray([.. damping.Select(static d => d * d)]);
    }

    private static double[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
}
