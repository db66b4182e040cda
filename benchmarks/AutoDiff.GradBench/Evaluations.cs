using System.Text.Json;
using System.Text.Json.Nodes;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.GradBench;

/// <summary>Computes a result, and gives the means to write it.</summary>
internal delegate Func<JsonNode> Run();

/// <summary>The functions of GradBench's evaluations: each takes its input, prepares the constants, and gives what is timed.</summary>
internal static class Evaluations
{
    private static readonly Dictionary<string, GradientOf> Modes = new() { ["f"] = GradientDescent.Forward, ["r"] = GradientDescent.Reverse };

    private static readonly Dictionary<(string Module, string Function), Func<JsonElement, Run>> Functions = new()
    {
        [("hello", "square")] = input => OfTensor(() => Tensor.Scalar(input.GetDouble()).Square()),
        [("hello", "double")] = input => OfTensor(() => Differentiate.Derivative(x => x.Square(), input.GetDouble())),
        [("gmm", "objective")] = input => Inputs.Mixture(input) is var (problem, p) ? OfTensor(() => problem.Objective(p[0], p[1], p[2], p[3])) : null!,
        [("gmm", "jacobian")] = MixtureGradient,
        [("ba", "objective")] = BundleObjective,
        [("ba", "jacobian")] = BundleJacobian,
        [("ht", "objective")] = input => Inputs.Hand(input) is var (problem, us, theta) ? OfTensor(() => problem.Objective(us, theta)) : null!,
        [("ht", "jacobian")] = input => Inputs.Hand(input) is var (problem, us, theta) ? OfTensor(() => problem.Jacobian(us, theta)) : null!,
        [("lstm", "objective")] = input => Memory(input) is var problem ? OfTensor(() => problem.Objective(input.Tensor("main_params"), input.Tensor("extra_params"))) : null!,
        [("lstm", "jacobian")] = MemoryGradient,
        [("kmeans", "cost")] = input => OfTensor(new KMeans(input.Tensor("points")).Cost, input.Tensor("centroids")),
        [("kmeans", "dir")] = input => OfTensor(new KMeans(input.Tensor("points")).Direction, input.Tensor("centroids")),
        [("llsq", "primal")] = input => OfTensor(x => LeastSquares.Objective(x, input.Integer("n")), input.Tensor("x")),
        [("llsq", "gradient")] = input => OfTensor(x => LeastSquares.Gradient(x, input.Integer("n")), input.Tensor("x")),
        [("lse", "primal")] = input => OfTensor(LogSumExp.Objective, input.Tensor("x")),
        [("lse", "gradient")] = input => OfTensor(LogSumExp.Gradient, input.Tensor("x")),
        [("ode", "primal")] = input => OfTensor(x => OrdinaryDifferentialEquation.Solve(x, input.Integer("s")), input.Tensor("x")),
        [("ode", "gradient")] = input => OfTensor(x => OrdinaryDifferentialEquation.Gradient(x, input.Integer("s")), input.Tensor("x")),
        [("det", "primal")] = input => OfTensor(Determinant.Of, input.Tensor("A").Reshape(input.Integer("ell"), input.Integer("ell"))),
        [("det", "gradient")] = input => OfTensor(a => Determinant.Gradient(a).Flatten(), input.Tensor("A").Reshape(input.Integer("ell"), input.Integer("ell"))),
    };

    /// <summary>Whether there is a module of this name.</summary>
    public static bool Has(string module) => module is "particle" or "saddle" || Functions.Keys.Any(key => key.Module == module);

    /// <summary>Prepares a function of a module for an input.</summary>
    public static Run Prepare(string module, string function, JsonElement input)
    {
        if (module is "particle" or "saddle")
        {
            (GradientOf outer, GradientOf inner) = (Modes[function[..1]], Modes[function[1..]]);
            return module == "particle"
                ? () => ChargedParticle.Control(input.Number("w"), outer, inner) is var w ? () => JsonValue.Create(w) : null!
                : () => SaddlePoint.Find(input.Tensor("start"), outer, inner) is var found ? () => Json.ToJson(found) : null!;
        }

        return Functions[(module, function)](input);
    }

    private static Run OfTensor(Func<Tensor<double>, Tensor<double>> compute, Tensor<double> x) => OfTensor(() => compute(x));

    private static Run OfTensor(Func<Tensor<double>> compute) => () =>
    {
        Tensor<double> result = compute();
        return () => Json.ToJson(result);
    };

    private static Run MixtureGradient(JsonElement input)
    {
        (GaussianMixture problem, Tensor<double>[] parameters) = Inputs.Mixture(input);
        return () =>
        {
            Tensor<double>[] g = problem.Gradient(parameters).Gradients;
            return () => new JsonObject { ["alpha"] = Json.ToJson(g[0]), ["mu"] = Json.ToJson(g[1]), ["q"] = Json.ToJson(g[2]), ["l"] = Json.ToJson(g[3]) };
        };
    }

    /// <summary>All observations are alike: the protocol asks for the first only.</summary>
    private static Run BundleObjective(JsonElement input)
    {
        (BundleAdjustment problem, Tensor<double> x) = Inputs.Bundle(input);
        int p = problem.Observations;
        return () =>
        {
            Tensor<double> residuals = problem.Residuals(x);
            return () => new JsonObject
            {
                ["reproj_error"] = new JsonObject { ["elements"] = Json.ToJson(residuals[..2].ToArray()), ["repeated"] = p },
                ["w_err"] = new JsonObject { ["element"] = residuals.At(2 * p), ["repeated"] = p },
            };
        };
    }

    /// <summary>The protocol asks for the first 30 entries and the last of the row offsets, the columns and the values.</summary>
    private static Run BundleJacobian(JsonElement input)
    {
        (BundleAdjustment problem, Tensor<double> x) = Inputs.Bundle(input);
        return () =>
        {
            (int[] offsets, int[] columns, double[] values) = problem.Jacobian(x);
            return () => new JsonObject
            {
                ["rows"] = Json.ToJson([.. offsets[..30], offsets[^1]]),
                ["cols"] = Json.ToJson([.. columns[..30], columns[^1]]),
                ["vals"] = Json.ToJson([.. values[..30], values[^1]]),
            };
        };
    }

    private static LongShortTermMemory Memory(JsonElement input) => new(input.Tensor("state"), input.Tensor("sequence"));

    private static Run MemoryGradient(JsonElement input)
    {
        LongShortTermMemory problem = Memory(input);
        (Tensor<double> main, Tensor<double> extra) = (input.Tensor("main_params"), input.Tensor("extra_params"));
        return () =>
        {
            Tensor<double>[] g = problem.Gradient(main, extra).Gradients;
            return () => Json.ToJson([.. g[0].ToArray(), .. g[1].ToArray()]);
        };
    }
}
