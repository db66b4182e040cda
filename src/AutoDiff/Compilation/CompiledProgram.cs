using System.Numerics;

namespace AutoDiff;

/// <summary>What became of the records of a function.</summary>
/// <param name="Recorded">The records that the function made.</param>
/// <param name="Live">Those that lead to a result or a guard.</param>
/// <param name="Folded">Those of them that are constants.</param>
/// <param name="Merged">Those of them that compute what another one computes.</param>
internal sealed record ProgramStatistics(int Recorded, int Live, int Folded, int Merged);

/// <summary>
/// One recorded course of a function, ready to run: its steps in order, and the memory plan of what they compute. It is immutable, and shared by all workspaces; what a run writes is in a
/// <see cref="ProgramRun{T}"/>.
/// </summary>
internal sealed class CompiledProgram<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public CompiledProgram(Value<T>[] inputs, List<Value<T>> computed, Value<T>[] outputs, Guard<T>[] guards, ProgramStatistics statistics)
    {
        (Inputs, Outputs, Guards, Statistics) = (inputs, outputs, guards, statistics);
        foreach (Value<T> y in outputs)
        {
            y.IsOutput = y.Root.IsOutput = true;
        }

        Steps = Scheduler<T>.Run(inputs, computed, outputs, guards, out Value<T>[] values);
        Values = values;
        (Sequences, Imports, ArenaLength) = SequencePlan<T>.Run(Steps, MemoryPlan<T>.Run(Steps));
    }

    /// <summary>The number of the function's run that used it last.</summary>
    public long LastUse { get; set; }

    public Value<T>[] Inputs { get; }

    public Value<T>[] Outputs { get; }

    public Guard<T>[] Guards { get; }

    /// <summary>All values that a run needs, each after those it is computed from.</summary>
    public Value<T>[] Values { get; }

    public Step<T>[] Steps { get; }

    /// <summary>Steps that a run takes from a list, in their order.</summary>
    public Sequence<T>[] Sequences { get; }

    /// <summary>Constants and inputs that a run brings into its memory for the sequences.</summary>
    public (Value<T> Value, int Place)[] Imports { get; }

    /// <summary>The elements of the memory of a run.</summary>
    public long ArenaLength { get; }

    public ProgramStatistics Statistics { get; }

    /// <summary>Whether inputs have the shapes for which the program was recorded.</summary>
    public bool Fits(ReadOnlySpan<Tensor<T>> xs)
    {
        for (int i = 0; i < xs.Length; i++)
        {
            if (!ReferenceEquals(xs[i].Dimensions, Inputs[i].Shape) && !xs[i].Shape.SequenceEqual(Inputs[i].Shape))
            {
                return false;
            }
        }

        return xs.Length == Inputs.Length;
    }
}
