using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>What a gradient optimiser remembers between steps, as values: to be kept in a file, and given to an optimiser of the same settings that goes on from there, bit for bit.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="Steps">How many steps have been taken.</param>
/// <param name="First">For each parameter the first number that the method keeps for each element (a mean, a velocity), flat; none before the first step.</param>
/// <param name="Second">Likewise the second (a mean square).</param>
public sealed record OptimizerState<T>(int Steps, Tensor<T>[] First, Tensor<T>[] Second) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

public abstract partial class GradientOptimizer<T>
{
    /// <summary>What has been remembered from the steps taken with <see cref="Step(Tensor{T}[], Tensor{T}[])"/>.</summary>
    public OptimizerState<T> SaveState() => memory is null ? new OptimizerState<T>(0, [], [])
        : new OptimizerState<T>(memory.Steps, Array.ConvertAll(memory.First, static x => Tensor.Create<T>(x)), Array.ConvertAll(memory.Second, static x => Tensor.Create<T>(x)));

    /// <summary>Goes on from a state, in place of what has been remembered. Rates and other settings are those of this optimiser.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">The state does not hold two numbers for each element, or its number of steps is negative.</exception>
    public void LoadState(OptimizerState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state is not { Steps: >= 0, First: not null, Second: not null } || state.First.Length != state.Second.Length
            || state.First.Zip(state.Second).Any(static pair => pair.First is null || pair.Second is null || pair.First.Length != pair.Second.Length))
        {
            throw new ArgumentException(FormattableString.Invariant($"LoadState: the state is after {state.Steps} steps, and holds {state.First?.Length} and {state.Second?.Length} tensors. ")
                + "Expected 0 steps or more, and two tensors of the same length for each parameter. To fix it, give what SaveState gave.", nameof(state));
        }

        memory = state.First.Length == 0 ? null : new Memory(state.First) { Steps = state.Steps };
        for (int i = 0; i < state.First.Length; i++)
        {
            state.First[i].AsSpan().CopyTo(memory!.First[i]);
            state.Second[i].AsSpan().CopyTo(memory.Second[i]);
        }
    }
}
