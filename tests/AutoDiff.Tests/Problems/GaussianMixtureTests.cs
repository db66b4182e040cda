using System.Text.Json;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.Tests.Problems;

public class GaussianMixtureTests
{
    /// <summary>The smallest of ADBench's inputs, with the results of its hand-written derivative.</summary>
    [Fact]
    public void The_smallest_instance()
    {
        (GaussianMixture problem, Tensor<double>[] parameters) = AdBenchFiles.Mixture("""
            2 3 1  -0.649014 1.181166 -0.758453  0.092339 0.186260  0.345561 0.396767  0.538817 0.419195
            0.586443 -0.851887 0.800321  -1.509405 0.875874 -0.242790  0.166813 -1.965419 -1.270071  1.175171 2.029160  1.000000 0
            """);
        (Tensor<double> value, Tensor<double>[] g) = problem.Gradient(parameters);
        value.ShouldBeNear(8.073804080049758);
        InOrder(g).ShouldBeNear([
            0.10866285550865246, -0.7412700395238985, 0.6326071840152461, 1.1169257653278701, 0.16333301355145527, -0.021998982407119314, 0.2277782922542361, 1.2096302561283219,
            -0.06063759207339564, 2.5852999405116224, 0.1126326945242138, 0.3857443098496118, 0.07351805731823055, 5.418363627155952, -0.32149440967744647, 1.7189230977500494,
            0.8600910907908669, -0.9946409304663227,
        ]);
        GradientCheck.Check(p => problem.Objective(p[0], p[1], p[2], p[3]), parameters, order: 2);
    }

    [PublishedTheory]
    [InlineData("d2_K5")]
    [InlineData("d2_K25")]
    [InlineData("d10_K5")]
    [InlineData("d10_K25")]
    [InlineData("d32_K10")]
    [InlineData("d64_K10")]
    public void As_in_ADBench(string name)
    {
        (GaussianMixture problem, Tensor<double>[] parameters) = AdBenchFiles.Mixture(PublishedData.Text("adbench", "gmm", $"gmm_{name}.txt"));
        JsonElement expected = PublishedData.Json("reference", "adbench", $"gmm_1k_{name}.json");
        (Tensor<double> value, Tensor<double>[] g) = problem.Gradient(parameters);
        value.ShouldBeNear(expected.Number("objective"));
        InOrder(g).ShouldBeNear(expected.GetProperty("gradient").Numbers());
    }

    [PublishedTheory]
    [InlineData("gmm_2_5_1000")]
    [InlineData("gmm_10_25_1000")]
    public void As_in_GradBench(string name)
    {
        (GaussianMixture problem, Tensor<double>[] parameters) = Inputs.Mixture(PublishedData.Json("gradbench", $"{name}.json"));
        JsonElement expected = PublishedData.Json("reference", "gradbench", $"{name}.json");
        (Tensor<double> value, Tensor<double>[] g) = problem.Gradient(parameters);
        value.ShouldBeNear(expected.Number("objective"));
        g.SelectMany(part => part.ToArray()).ShouldBeNear(((string[])["alpha", "mu", "q", "l"]).SelectMany(part => expected.GetProperty("jacobian").GetProperty(part).Numbers()));
    }

    /// <summary>ADBench's order: α, μ, and then for each component q and l.</summary>
    private static double[] InOrder(Tensor<double>[] g) => [.. g[0].ToArray(), .. g[1].ToArray(), .. Tensor.Concat([g[2], g[3]], 1).ToArray()];
}
