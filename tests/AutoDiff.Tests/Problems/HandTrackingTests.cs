using System.Text.Json;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.Tests.Problems;

public class HandTrackingTests
{
    [PublishedTheory]
    [InlineData("simple_small/hand1_t26_c100.txt", "simple_small_1")]
    [InlineData("simple_small/hand2_t26_c192.txt", "simple_small_2")]
    [InlineData("test_simple.txt", "test_simple")]
    [InlineData("complicated_small/hand1_t26_c100.txt", "complicated_small_1")]
    [InlineData("complicated_small/hand2_t26_c192.txt", "complicated_small_2")]
    [InlineData("test_complicated.txt", "test_complicated")]
    public void As_in_ADBench(string instance, string reference)
    {
        (HandTracking problem, Tensor<double>? us, Tensor<double> theta) = AdBenchFiles.Hand(
            PublishedData.At("adbench", "hand", "model_small"), PublishedData.Text("adbench", "hand", instance), reference.Contains("complicated", StringComparison.Ordinal));
        JsonElement expected = PublishedData.Json("reference", "adbench", $"hand_{reference}.json");
        problem.Objective(us, theta).ShouldBeNear(expected.GetProperty("objective").Numbers());
        problem.Jacobian(us, theta).ShouldBeNear(expected.GetProperty("jacobian_rows").Numbers());
    }

    /// <summary>There are fewer angles than distances: the library goes forward by itself, and says why.</summary>
    [PublishedFact]
    public void The_mode_is_chosen()
    {
        (HandTracking problem, _, Tensor<double> theta) = AdBenchFiles.Hand(
            PublishedData.At("adbench", "hand", "model_small"), PublishedData.Text("adbench", "hand", "simple_small", "hand1_t26_c100.txt"), complicated: false);
        using var tape = new Tape<double>();
        Tensor<double> pose = tape.Variable(theta);
        JacobianPlan plan = tape.PlanJacobian(problem.Objective(null, pose), pose);
        plan.Mode.Should().Be(JacobianMode.Forward);
        (plan.Rows, plan.Columns, plan.Vectors, plan.Chunk).Should().Be((300, 26, 26, 26));
        plan.ToString().Should().Contain("fewer columns than rows");
    }

    /// <summary>No point depends on the place of another: the coloring finds the compression by itself, and a better one.</summary>
    [PublishedFact]
    public void The_places_in_triangles_take_no_colors_of_their_own()
    {
        (HandTracking problem, Tensor<double>? us, Tensor<double> theta) = AdBenchFiles.Hand(
            PublishedData.At("adbench", "hand", "model_small"), PublishedData.Text("adbench", "hand", "complicated_small", "hand1_t26_c100.txt"), complicated: true);
        int n = us!.Shape[0];
        var jacobian = new SparseJacobian<double>(x => problem.Objective(x[..(2 * n)].Reshape(n, 2), x[(2 * n)..]));
        Tensor<double> all = jacobian.Evaluate(Tensor.Concat([us.Flatten(), theta])).ToDense();
        jacobian.Colors.Should().Be(26, "a coordinate depends on two numbers of its place, 23 angles and one translation");
        Tensor<double> own = Tensor.Stack<double>([.. Enumerable.Range(0, 3 * n).Select(row => all[row, (row / 3 * 2)..((row / 3 * 2) + 2)])]);
        Tensor.Concat([own, all[.., (2 * n)..]], 1).ShouldBeNear(PublishedData.Json("reference", "adbench", "hand_complicated_small_1.json").GetProperty("jacobian_rows").Numbers());
    }
}
