using System.Text.Json;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.Tests.Problems;

public class BundleAdjustmentTests
{
    private const string Smallest = "2 10 10 1.797201 0.590697 -0.635786 90.859550 29.361415 28.777534 211.628116 -0.284531 -14.762924 0.058931 0.069976  4.173048 5.586898 1.403869  0.417022  -525.672849 161.811929";

    private static readonly double[] SmallestBlock =
    [
        228.8772022082468, 634.5748114955455, -782.2228662593405, 2.4289261560715967, -11.782807962801131, 2.541693124877435, -1.036570849585181, 0.417022, 0, -350.7395210960053, -912.1077736680091,
        -2.4289261560715967, 11.782807962801131, -2.541693124877435, -0.6451670397131011,
        -120.54243599499694, -385.6732407664605, 97.54762914033277, -1.7837210852957666, 4.154667994331262, 2.0402571802989886, 0.34917639743314605, 0, 0.417022, 118.14914770441455,
        307.25010896034354, 1.7837210852957666, -4.154667994331262, -2.0402571802989886, 0.6233359215531493,
    ];

    /// <summary>The smallest of ADBench's inputs, with the results of its hand-written derivative.</summary>
    [Fact]
    public void The_smallest_instance() => Verify(AdBenchFiles.Bundle(Smallest), 2, 10, [-0.26904884923523686, 0.25994479267793746], 0.826092651516, SmallestBlock, -0.834044);

    [PublishedFact]
    public void Thirty_thousand_observations()
    {
        JsonElement expected = PublishedData.Json("reference", "adbench", "ba1_n49_m7776_p31843.json");
        Verify(AdBenchFiles.Bundle(PublishedData.Text("adbench", "ba", "ba1_n49_m7776_p31843.txt")), 49, 7776, expected.GetProperty("reproj_err_each_obs").Numbers(), expected.Number("w_err_each"),
            expected.GetProperty("row_block_2x15").Numbers(), expected.Number("w_err_derivative"));
    }

    /// <summary>Cameras, points and observations that are all different: wrong indices would show.</summary>
    [PublishedFact]
    public void Distinct_observations()
    {
        JsonElement data = PublishedData.Json("extra", "ba_random.json");
        int[] observations = data.GetProperty("obs").Integers();
        int[] cameraOf = [.. observations.Where((_, i) => i % 2 == 0)];
        int[] pointOf = [.. observations.Where((_, i) => i % 2 == 1)];
        (int n, int m, int p) = (data.Integer("n"), data.Integer("m"), data.Integer("p"));
        var problem = new BundleAdjustment(n, m, cameraOf, pointOf, data.Tensor("feats").Transpose());
        Tensor<double> x = Tensor.Concat([data.Tensor("cams").Flatten(), data.Tensor("X").Flatten(), data.Tensor("w")]);
        Tensor<double> residuals = problem.Residuals(x);
        residuals[..(2 * p)].ShouldBeNear(data.GetProperty("reproj_err").Numbers());
        residuals[(2 * p)..].ShouldBeNear(data.GetProperty("w_err").Numbers());

        double[] blocks = data.GetProperty("blocks_2x15").Numbers();
        double[] weights = data.GetProperty("w_err_derivative").Numbers();
        var dense = new double[3 * p, problem.Columns];
        for (int i = 0; i < p; i++)
        {
            for (int k = 0; k < 30; k++)
            {
                int column = k % 15;
                dense[(2 * i) + (k / 15), column < 11 ? (11 * cameraOf[i]) + column : column < 14 ? (11 * n) + (3 * pointOf[i]) + column - 11 : (11 * n) + (3 * m) + i] = blocks[(30 * i) + k];
            }

            dense[(2 * p) + i, (11 * n) + (3 * m) + i] = weights[i];
        }

        var jacobian = new SparseJacobian<double>(problem.Residuals);
        jacobian.Evaluate(x).ToDense().ShouldBeNear(dense.Cast<double>());
        jacobian.Colors.Should().BeLessThanOrEqualTo(14, "each residual depends on 14 numbers");
        (_, _, double[] values) = problem.Jacobian(x);
        values[..(30 * p)].ShouldBeNear(blocks);
        values[(30 * p)..].ShouldBeNear(weights);
    }

    [Fact]
    public void A_camera_that_is_not_turned()
    {
        var problem = new BundleAdjustment(2, 1, [0, 1], [0, 0], Tensor.Create([0.1, 0.2, 0.3, 0.4], 2, 2));
        Tensor<double> x = Tensor.Create([0.0, 0, 0, 0.1, 0.2, -3, 2, 0.1, 0.2, 0.01, 0.02, 0.3, -0.2, 0.4, 0.3, 0.1, -4, 2, 0.1, 0.2, 0.01, 0.02, 0.5, 0.6, 0.7, 0.8, 0.9]);
        GradientCheck.Check(problem.Residuals, x, order: 1);
        new SparseJacobian<double>(problem.Residuals).Evaluate(x).ToDense().ShouldBeNear(Differentiate.Jacobian(problem.Residuals, x).ToArray());
    }

    /// <summary>Both ways to the Jacobian, by colors and by blocks, against the block that all observations share.</summary>
    private static void Verify((BundleAdjustment Problem, Tensor<double> X) instance, int n, int m, double[] errors, double weightError, double[] block, double weightDerivative)
    {
        (BundleAdjustment problem, Tensor<double> x) = instance;
        int p = problem.Observations;
        Tensor<double> residuals = problem.Residuals(x);
        residuals.ShouldBeNear([.. Enumerable.Repeat(errors, p).SelectMany(e => e), .. Enumerable.Repeat(weightError, p)]);

        (int[] offsets, int[] columns, double[] values) = problem.Jacobian(x);
        values.ShouldBeNear([.. Enumerable.Repeat(block, p).SelectMany(b => b), .. Enumerable.Repeat(weightDerivative, p)]);
        (columns.Length, offsets[^1], problem.Columns).Should().Be((31 * p, 31 * p, (11 * n) + (3 * m) + p));

        // The tape knows the pattern better: a residual depends on one of the two numbers of the principal point only.
        var jacobian = new SparseJacobian<double>(problem.Residuals);
        SparseMatrix<double> byColors = jacobian.Evaluate(x);
        jacobian.Colors.Should().Be(Math.Min(14, p), "each residual depends on 14 numbers, and there are few rows in the smallest instance");
        byColors.Pattern.Count.Should().Be(29 * p);
        byColors.Pattern.ColumnIndices.SequenceEqual(columns.Where((_, k) => values[k] != 0).ToArray()).Should().BeTrue();
        byColors.Values.ToArray().ShouldBeNear(values.Where(value => value != 0));
    }
}
