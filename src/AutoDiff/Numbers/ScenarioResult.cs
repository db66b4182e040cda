using System.Numerics;

namespace AutoDiff;

/// <summary>The result of <see cref="Differentiate.Map{T}"/>.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ScenarioResult<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ScenarioResult(Tensor<T> values, Tensor<T> gradients, Tensor<T> sharedGradient, int groups) => (Values, Gradients, SharedGradient, Groups) = (values, gradients, sharedGradient, groups);

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
