using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Minimizers that compile their function: the same numbers bit for bit, few calls of the function, other courses recorded again, exceptions as they are.</summary>
public class CompiledMinimizerTests
{
    private static readonly Dictionary<string, Func<bool, Minimizer<double>>> OfValues = new()
    {
        ["LBfgs"] = static compiled => new LBfgs<double> { Compiled = compiled },
        ["LBfgsB"] = static compiled => new LBfgsB<double> { Compiled = compiled, Lower = [Tensor.Scalar(-2.0)] },
        ["NewtonCG"] = static compiled => new NewtonCG<double> { Compiled = compiled },
        ["Adam"] = static compiled => new Adam<double>(0.05) { Compiled = compiled, Stopping = new() { MaxIterations = 200 } },
    };

    private static readonly Dictionary<string, Func<bool, Minimizer<double>>> OfResiduals = new()
    {
        ["LevenbergMarquardt"] = static compiled => new LevenbergMarquardt<double> { Compiled = compiled },
        ["LevenbergMarquardt, sparse"] = static compiled => new LevenbergMarquardt<double> { Compiled = compiled, Sparse = true },
        ["GaussNewton"] = static compiled => new GaussNewton<double> { Compiled = compiled },
    };

    public static TheoryData<string> All => [.. OfValues.Keys, .. OfResiduals.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_compiled_run_has_the_same_bits(string method)
    {
        Func<Tensor<double>, Tensor<double>> f = OfValues.ContainsKey(method) ? x => Residuals(x).Square().Sum() : Residuals;
        int calls = 0;
        Tensor<double> Counted(Tensor<double> x)
        {
            calls++;
            return f(x);
        }

        Tensor<double> start = Tensor.LinearSpace(-1.2, 1.0, 6);
        OptimizationResult<Tensor<double>> plain = Make(method, false).Minimize(f, start);
        OptimizationResult<Tensor<double>> compiled = Make(method, true).Minimize(Counted, start);
        compiled.Point.ToArray().Should().Equal(plain.Point.ToArray());
        (compiled.Value, compiled.Reason, compiled.Iterations, compiled.Evaluations).Should().Be((plain.Value, plain.Reason, plain.Iterations, plain.Evaluations));

        // Once for each program.
        calls.Should().BeLessThan(4);
        plain.Evaluations.Should().BeGreaterThan(5);
    }

    /// <summary>The branch depends on the point: both courses are right.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Other_courses_are_recorded_again(string method)
    {
        static Tensor<double> Branch(Tensor<double> x) => (x[0] > 0.5).ToScalar() == 1 ? x - 1.0 : (2.0 * x) - 1.5;
        Func<Tensor<double>, Tensor<double>> f = OfValues.ContainsKey(method) ? x => Branch(x).Square().Sum() : Branch;
        Tensor<double> start = Tensor.Create([-3.0, 4.0]);
        OptimizationResult<Tensor<double>> plain = Make(method, false).Minimize(f, start);
        Make(method, true).Minimize(f, start).Point.ToArray().Should().Equal(plain.Point.ToArray());
    }

    /// <summary>Where every point takes a course of its own the function is called as it is.</summary>
    [Fact]
    public void A_function_that_reads_numbers_is_called_as_it_is()
    {
#pragma warning disable AD1001 // That is what is tested.
        static Tensor<double> F(Tensor<double> x) => (x - x.ToArray().Max() + 1.0).Square().Sum() + x.Square().Sum();
#pragma warning restore AD1001
        OptimizationResult<Tensor<double>> plain = new LBfgs<double>().Minimize(F, Tensor.Create([-3.0, 4.0]));
        new LBfgs<double> { Compiled = true }.Minimize(F, Tensor.Create([-3.0, 4.0])).Point.ToArray().Should().Equal(plain.Point.ToArray());
    }

    [Fact]
    public void Errors_are_those_of_the_plain_run()
    {
        FluentActions.Invoking(() => new LBfgs<double> { Compiled = true }.Minimize(x => x, Tensor.Create([1.0, 2.0]))).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => new LevenbergMarquardt<double> { Compiled = true }.Minimize(x => x.Sum(), Tensor.Create([1.0, 2.0]))).Should().Throw<TensorShapeException>().WithMessage("*one number for 2 unknowns*");
        FluentActions.Invoking(() => new LBfgs<double> { Compiled = true }.Minimize(_ => throw new InvalidTimeZoneException(), Tensor.Create([1.0, 2.0]))).Should().Throw<InvalidTimeZoneException>();
        FluentActions.Invoking(() => new LBfgs<double> { Compiled = true }.Minimize(_ => null!, Tensor.Create([1.0, 2.0]))).Should().Throw<InvalidOperationException>().WithMessage("*gave null*");
    }

    [Fact]
    public void A_chain_of_thousands_is_minimized_to_the_end()
    {
        var method = new LBfgs<double> { Compiled = true, Stopping = new() { MaxIterations = 20_000, GradientTolerance = 1e-6 } };
        OptimizationResult<Tensor<double>> result = method.Minimize(x => Residuals(x).Square().Sum(), Tensor.Full(0.9, 10_000));
        result.Converged.Should().BeTrue(result.Reason.ToString());
        (result.Point - 1.0).Abs().Max().ToScalar().Should().BeLessThan(1e-4);
    }

    private static Minimizer<double> Make(string method, bool compiled) => (OfValues.TryGetValue(method, out Func<bool, Minimizer<double>>? make) ? make : OfResiduals[method])(compiled);

    private static Tensor<double> Residuals(Tensor<double> x) => Tensor.Concat([10 * (x[1..] - x[..^1].Square()), 1 - x[..^1]]);
}
