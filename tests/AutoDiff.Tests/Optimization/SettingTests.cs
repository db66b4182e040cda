using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Settings that make no sense are errors where they are given, in words that say what to do.</summary>
public class SettingTests
{
    private static readonly Tensor<double> Start = Tensor.Create([1.0, 2.0]);

    /// <summary>What is wrong, and the setting that the message names.</summary>
    private static readonly Dictionary<string, (Action Set, string Names)> OutOfRange = new()
    {
        ["negative rate"] = (() => _ = new Adam<double>(-1), "Schedule: rate is -1."),
        ["rate that is not a number"] = (() => _ = new GradientDescent<double>(double.NaN), "Schedule: rate is NaN."),
        ["infinite rate"] = (() => _ = new RmsProp<double>(double.PositiveInfinity), "Schedule: rate is Infinity."),
        ["Adam, first mean"] = (() => _ = new Adam<double>(0.1, beta1: 1), "Adam: beta1 is 1."),
        ["Adam, second mean"] = (() => _ = new Adam<double>(0.1, beta2: -0.1), "Adam: beta2 is -0.1."),
        ["Adam, floor"] = (() => _ = new Adam<double>(0.1, epsilon: double.NaN), "Adam: epsilon is NaN."),
        ["AdamW, decay"] = (() => _ = new AdamW<double>(0.1, decay: -0.01), "AdamW: decay is -0.01."),
        ["AdamW, means"] = (() => _ = new AdamW<double>(0.1, beta1: 2), "AdamW: beta1 is 2."),
        ["RMSProp, mean"] = (() => _ = new RmsProp<double>(0.1, decay: 1.5), "RmsProp: decay is 1.5."),
        ["RMSProp, floor"] = (() => _ = new RmsProp<double>(0.1, epsilon: -1), "RmsProp: epsilon is -1."),
        ["momentum"] = (() => _ = new GradientDescent<double>(0.1, momentum: 1), "GradientDescent: momentum is 1."),
        ["largest norm"] = (() => _ = new Adam<double>(0.1) { MaxNorm = 0 }, "GradientOptimizer: MaxNorm is 0."),
        ["largest norm that is not a number"] = (() => _ = new Adam<double>(0.1) { MaxNorm = double.NaN }, "GradientOptimizer: MaxNorm is NaN."),
        ["clipping"] = (() => GradientClipping.ByNorm([Start], -2), "GradientClipping: maxNorm is -2."),
        ["L-BFGS, no memory"] = (() => _ = new LBfgs<double> { Memory = 0 }, "LBfgs: Memory is 0."),
        ["L-BFGS-B, no memory"] = (() => _ = new LBfgsB<double> { Memory = -3 }, "LBfgsB: Memory is -3."),
        ["Levenberg-Marquardt, radius"] = (() => _ = new LevenbergMarquardt<double> { InitialRadius = 0 }, "LevenbergMarquardt: InitialRadius is 0."),
        ["Levenberg-Marquardt, infinite radius"] = (() => _ = new LevenbergMarquardt<double> { InitialRadius = double.PositiveInfinity }, "LevenbergMarquardt: InitialRadius is Infinity."),
        ["iterations"] = (() => _ = new StoppingCriteria { MaxIterations = -1 }, "StoppingCriteria: MaxIterations is -1."),
        ["gradient tolerance"] = (() => _ = new StoppingCriteria { GradientTolerance = -1e-8 }, "StoppingCriteria: GradientTolerance is -1E-08."),
        ["value tolerance"] = (() => _ = new StoppingCriteria { ValueTolerance = double.NaN }, "StoppingCriteria: ValueTolerance is NaN."),
        ["step tolerance"] = (() => _ = new StoppingCriteria { StepTolerance = -1 }, "StoppingCriteria: StepTolerance is -1."),
        ["steps between changes of the rate"] = (() => Schedule.Step(0.1, 0), "Schedule: every is 0."),
        ["factor of the rate"] = (() => Schedule.Step(0.1, 10, -0.5), "Schedule: factor is -0.5."),
        ["last rate"] = (() => Schedule.Cosine(0.1, 10, double.NaN), "Schedule: last is NaN."),
        ["warm-up"] = (() => Schedule.Constant(0.1).AfterWarmup(-1), "Schedule: steps is -1."),
        ["negative step"] = (() => Schedule.Constant(0.1).RateAt(-1), "Schedule: step is -1."),
    };

    public static TheoryData<string> Cases => new(OutOfRange.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_setting_out_of_range_is_named(string what)
    {
        (Action set, string names) = OutOfRange[what];
        set.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"{names}*Expected*To fix it*");
    }

    [Fact]
    public void The_ends_of_the_ranges_are_allowed()
    {
        _ = new AdamW<double>(0, decay: 0, beta1: 0, beta2: 0, epsilon: 0) { MaxNorm = double.PositiveInfinity };
        _ = new LBfgs<double> { Memory = 1 };
        var stopping = new StoppingCriteria { MaxIterations = 0, GradientTolerance = 0, ValueTolerance = 0, StepTolerance = 0 };
        OptimizationResult<Tensor<double>> result = new LBfgs<double> { Stopping = stopping }.Minimize(x => x.Square().Sum(), Start);
        (result.Reason, result.Iterations, result.Evaluations, result.Value).Should().Be((StoppingReason.IterationLimit, 0, 1, 5));
        result.Point.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void A_schedule_that_gives_a_bad_rate_stops_before_the_step_counts()
    {
        var method = new GradientDescent<double>(new Schedule(step => step == 0 ? 0.5 : double.NaN));
        Tensor<double>[] x = method.Step([Start], [Start]);
        method.Invoking(m => m.Step(x, [Start])).Should().Throw<InvalidOperationException>().WithMessage("Schedule: the rate at step 1 is NaN.*Expected*To fix it*");
        method.Steps.Should().Be(1);
    }

    [Fact]
    public void Missing_values_are_errors()
    {
        FluentActions.Invoking(() => new LBfgs<double> { Stopping = null! }).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new Adam<double>(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new Schedule(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new Adam<double>(0.1).Step([Start], [null!])).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => GradientClipping.ByNorm<double>([null!], 1)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new LBfgs<double>().Minimize(xs => Tensor.Scalar(1.0), Array.Empty<Tensor<double>>())).Should().Throw<ArgumentException>().WithMessage("Minimize: the start has no tensors*");
    }

    [Fact]
    public void Gradients_have_the_names_of_the_parameters()
    {
        var parameters = new Parameters<double>(("w", Start), ("b", Start));
        var gradients = new Parameters<double>(("b", Start), ("w", Start));
        FluentActions.Invoking(() => new Adam<double>(0.1).Step(parameters, gradients)).Should().Throw<ArgumentException>().WithMessage("Step: the gradients are named b, w.*w, b*");
    }

    [Fact]
    public void Bounds_fit_the_start_and_leave_room()
    {
        static Tensor<double> Square(Tensor<double> x) => x.Square().Sum();
        OptimizationResult<Tensor<double>> Run(Tensor<double>? lower, Tensor<double>? upper) =>
            new LBfgsB<double> { Lower = lower is null ? null : [lower], Upper = upper is null ? null : [upper] }.Minimize(Square, Start);

        FluentActions.Invoking(() => Run(Tensor.Zeros<double>(3), null)).Should().Throw<TensorShapeException>().WithMessage("LBfgsB: Lower holds a bound of shape [3]*[2]*To fix it*");
        FluentActions.Invoking(() => Run(null, Tensor.Zeros<double>(1, 2))).Should().Throw<TensorShapeException>().WithMessage("LBfgsB: Upper holds*");
        FluentActions.Invoking(() => Run(Tensor.Scalar(double.NaN), null)).Should().Throw<ArgumentException>().WithMessage("LBfgsB: the bounds of variable 0 are NaN below*");
        FluentActions.Invoking(() => Run(Tensor.Scalar(double.PositiveInfinity), null)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Run(null, Tensor.Scalar(double.NegativeInfinity))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new LBfgsB<double> { Lower = [null!] }.Minimize(Square, Start)).Should().Throw<ArgumentNullException>();
        Run(Tensor.Scalar(0.5), Tensor.Create([0.5, double.PositiveInfinity])).Point.ToArray().Should().Equal(0.5, 0.5);
    }
}
