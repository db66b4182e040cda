using System.Text.Json;
using AutoDiff.GradBench.Problems;

namespace AutoDiff.GradBench.Suites;

/// <summary>The problems in the form in which GradBench sends them.</summary>
internal static class Inputs
{
    /// <summary>The mixture with the right sign of the prior, and α, μ, q, l.</summary>
    public static (GaussianMixture Problem, Tensor<double>[] Parameters) Mixture(JsonElement input)
    {
        var problem = new GaussianMixture(input.Tensor("x"), input.Integer("k"), input.Number("gamma"), input.Integer("m"), correctPrior: true);
        return (problem, [input.Tensor("alpha"), input.Tensor("mu"), input.Tensor("q"), input.Tensor("l").Reshape(input.Integer("k"), input.Integer("d") * (input.Integer("d") - 1) / 2)]);
    }

    /// <summary>The bundle whose cameras, points and observations are all alike, and its input.</summary>
    public static (BundleAdjustment Problem, Tensor<double> X) Bundle(JsonElement input) => Replicated(
        input.Integer("n"), input.Integer("m"), input.Integer("p"), input.GetProperty("cam").Numbers(), input.GetProperty("x").Numbers(), input.Number("w"), input.GetProperty("feat").Numbers());

    /// <summary>n equal cameras, m equal points and p equal observations; the i-th sees point i mod m with camera i mod n.</summary>
    public static (BundleAdjustment Problem, Tensor<double> X) Replicated(int n, int m, int p, double[] camera, double[] point, double weight, double[] feature)
    {
        int[] observations = [.. Enumerable.Range(0, p)];
        var problem = new BundleAdjustment(n, m, Array.ConvertAll(observations, i => i % n), Array.ConvertAll(observations, i => i % m), Tensor.Create<double>(feature, 2, 1).BroadcastTo(2, p));
        return (problem, Tensor.Create<double>([.. Enumerable.Repeat(camera, n).SelectMany(c => c), .. Enumerable.Repeat(point, m).SelectMany(c => c), .. Enumerable.Repeat(weight, p)]));
    }

    /// <summary>The hand with its measured points, the places in triangles (null in the simple problem) and θ.</summary>
    public static (HandTracking Problem, Tensor<double>? Us, Tensor<double> Theta) Hand(JsonElement input)
    {
        JsonElement data = input.GetProperty("data");
        JsonElement model = data.GetProperty("model");
        var hand = new HandModel(model.GetProperty("parents").Integers(), model.Tensor("base_relatives"), model.Tensor("inverse_base_absolutes"),
            Rows(model.GetProperty("base_positions"), e => e.Numbers()), Rows(model.GetProperty("weights"), e => e.Numbers()), Rows(model.GetProperty("triangles"), e => e.Integers()),
            model.GetProperty("is_mirrored").GetBoolean());
        double[] us = input.GetProperty("us").Numbers();
        var problem = new HandTracking(hand, data.GetProperty("correspondences").Integers(), data.Tensor("points"), us.Length > 0);
        return (problem, us.Length == 0 ? null : Tensor.Create<double>(us, us.Length / 2, 2), input.Tensor("theta"));
    }

    private static TItem[] Rows<TItem>(JsonElement element, Func<JsonElement, TItem> read) => [.. element.EnumerateArray().Select(read)];
}
