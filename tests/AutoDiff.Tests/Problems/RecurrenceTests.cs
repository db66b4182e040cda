using System.Text.Json;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.Tests.Problems;

/// <summary>Programs with long loops.</summary>
public class RecurrenceTests
{
    [PublishedTheory]
    [InlineData("lstm_l2_c1024")]
    [InlineData("lstm_l4_c1024")]
    public void Long_short_term_memory_as_in_ADBench(string name)
    {
        (LongShortTermMemory problem, Tensor<double> main, Tensor<double> extra) = AdBenchFiles.Memory(PublishedData.Text("adbench", "lstm", $"{name}.txt"));
        JsonElement expected = PublishedData.Json("reference", "adbench", $"{name}.json");
        foreach (bool byRows in (bool[])[false, true])
        {
            (Tensor<double> value, Tensor<double>[] g) = problem.Gradient(main, extra, byRows);
            value.ShouldBeNear(expected.Number("objective"));
            g.SelectMany(part => part.ToArray()).ShouldBeNear(expected.GetProperty("gradient").Numbers());
        }
    }

    [Fact]
    public void Long_short_term_memory_in_small()
    {
        var random = new Random(3);
        Tensor<double> Random(params int[] shape) => Tensor.Create<double>([.. Enumerable.Range(0, shape[0] * shape[1]).Select(_ => random.NextDouble() - 0.5)], shape);
        var problem = new LongShortTermMemory(Random(4, 3), Random(6, 3));
        GradientCheck.Check(p => problem.Objective(p[0], p[1]), [Random(4, 12), Random(3, 3)], order: 2);
        GradientCheck.Check(p => problem.Objective(p[0], p[1], byRows: true), [Random(4, 12), Random(3, 3)], order: 2);
    }

    [Fact]
    public void Ordinary_differential_equation_in_small()
    {
        Tensor<double> x = Tensor.Create([1.2218521074240813, 1.4664407992811008, 0.7890490688268011, 0.671346226740026]);
        OrdinaryDifferentialEquation.Solve(x, 10).ShouldBeNear([2.443704214848163, 3.583547562028535, 1.8850632446101128, 0.632765048217655]);
        OrdinaryDifferentialEquation.Gradient(x, 10).ShouldBeNear([0.5178736807612954, 0.43149716546883976, 0.8019337113704252, 0.9425316223050563]);
    }

    [PublishedFact]
    public void Ordinary_differential_equation()
    {
        foreach (JsonElement data in PublishedData.Json("extra", "ode_small.json").EnumerateArray())
        {
            Tensor<double> x = data.Tensor("x");
            OrdinaryDifferentialEquation.Solve(x, data.Integer("s")).ShouldBeNear(data.GetProperty("primal").Numbers());
            OrdinaryDifferentialEquation.Gradient(x, data.Integer("s")).ShouldBeNear(data.GetProperty("gradient").Numbers());
        }
    }

    [PublishedTheory]
    [InlineData("lw", 10)]
    [InlineData("lw", 100)]
    [InlineData("lw", 2000)]
    [InlineData("toon", 10)]
    [InlineData("toon", 100)]
    [InlineData("toon", 2000)]
    public void Advection_as_in_Adept(string scheme, int steps)
    {
        JsonElement data = PublishedData.Json("extra", "adept_advection.json").GetProperty($"{scheme}_nt{steps}");
        Tensor<double> initial = data.Tensor("q_init");
        Func<Tensor<double>, Tensor<double>> advect = q => Advect(q, data.Number("c"), steps, scheme == "toon");

        // Toon's flux is 0 / 0 where the field is flat, and the published numbers have lost digits there: computed with 40 digits, the field after 10 steps differs from them by 4.8e-11 as well.
        double tolerance = scheme == "toon" ? 1e-10 : 1e-12;
        advect(initial).ShouldBeNear(data.GetProperty("q").Numbers(), tolerance);
        Differentiate.Vjp(advect, initial, Tensor.Full(0.1, initial.Length)).ShouldBeNear(data.GetProperty("gradient").Numbers(), scheme == "toon" ? 1e-5 : 1e-12);
    }

    /// <summary>Advection on a ring by the schemes of Lax and Wendroff or of Toon et al.: Hogan, "Fast reverse-mode automatic differentiation using expression templates in C++" (2014).</summary>
    private static Tensor<double> Advect(Tensor<double> q, double c, int steps, bool toon)
    {
        for (int step = 0; step < steps; step++)
        {
            (Tensor<double> left, Tensor<double> right) = (q[..^1], q[1..]);
            Tensor<double> flux = toon
                ? (((left / right).Log() * c).Exp() - 1.0) * left * right / (left - right)
                : (left + right + ((left - right) * c)) * (0.5 * c);
            Tensor<double> inner = q[1..^1] + flux[..^1] - flux[1..];
            q = Tensor.Concat([inner[^1..], inner, inner[..1]]);
        }

        return q;
    }
}
