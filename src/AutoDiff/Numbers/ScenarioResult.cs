using System.Numerics;

namespace AutoDiff;

/// <summary>The result of <see cref="Differentiate.Map{T}"/> and of <see cref="CompiledMap{T}.Run"/>.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ScenarioResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ScenarioResult(Tensor<T> values, Tensor<T> gradients, Tensor<T> sharedGradient, int groups) => (Values, Gradients, SharedGradient, Groups) = (values, gradients, sharedGradient, groups);

    /// <summary>The result of a function for scenarios.</summary>
    internal static ScenarioResult<T> Of(ScenarioFunction<T> function, Tensor<T> scenarios, Tensor<T> shared, CancellationToken cancellationToken)
    {
        Tensor<T> values = Tensor<T>.Allocate([scenarios.Shape[0]]);
        Tensor<T> gradients = Tensor<T>.Allocate(function.IsDifferentiated ? scenarios.Dimensions : [0]);
        (Tensor<T> sum, int groups) = function.Run(scenarios, shared, values, gradients, cancellationToken);
        return new ScenarioResult<T>(values, gradients, sum, groups);
    }

    /// <summary>Checks what a function is to be run for, and gives the count of the numbers of a scenario.</summary>
    internal static int Check(string operation, Tensor<T> scenarios, Tensor<T> shared)
    {
        Errors.NotNull(scenarios, operation, nameof(scenarios));
        Errors.NotNull(shared, operation, nameof(shared));
        return scenarios.Rank is not (1 or 2) || shared.Rank != 1
            ? throw Errors.Shape(operation, $"scenarios of shape {Shapes.Format(scenarios.Shape)} and shared numbers of shape {Shapes.Format(shared.Shape)} were given", "a row for each scenario, and a vector",
                "Reshape them")
            : scenarios.RecordedOn is not null || shared.RecordedOn is not null
            ? throw Errors.Tape(operation, "the scenarios or the shared numbers are recorded on a tape, and the derivatives would be lost", "constants", "Detach() them")
            : scenarios.Rank == 1 ? 1 : scenarios.Shape[1];
    }

    /// <summary>The value for each scenario, in order.</summary>
    public Tensor<T> Values { get; }

    /// <summary>The derivatives of each scenario's value with respect to its own numbers, in the shape of the scenarios.</summary>
    public Tensor<T> Gradients { get; }

    /// <summary>The derivatives of the sum of all values with respect to the shared numbers.</summary>
    public Tensor<T> SharedGradient { get; }

    /// <summary>How many groups of scenarios took a path of their own, over all blocks.</summary>
    public int Groups { get; }

    /// <summary>How many scenarios there are, and their mean value.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => Text.Of($"{Values.Length} scenarios in {Groups} groups, mean value {(Values.Length == 0 ? T.NaN : Values.Mean().ToScalar()):G6}");
}
