using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>The memory of one run of a program at a time: an array for all that it computes, tensors laid over it, and the steps bound to them.</summary>
internal sealed class ProgramRun<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BoundStep[] steps;
    private readonly Tensor<T>[] inputs;
    private readonly Tensor<T>[] outputs;
    private readonly (Tensor<T> View, int Input, int Start)[] inputViews;
    private readonly (Tensor<T> Source, Tensor<T> Output)[] copies;
    private readonly (Tensor<T> Input, Tensor<T> Place)[] imports;
    private readonly (Tensor<T> Result, (Tensor<T> View, int Start)[] Views)[] largeResults;
    private Tensor<T>[]? ownResults;

    /// <param name="program">The program.</param>
    /// <param name="lanes">The lanes of scenarios that may part; null where a guard holds for all or not at all.</param>
    public ProgramRun(CompiledProgram<T> program, LaneCourse? lanes = null)
    {
        Program = program;
        (T[] arena, int first) = AllocateArena(program.ArenaLength);
        var tensors = new Tensor<T>[program.Values.Length];
        var views = new List<(Tensor<T>, int, int)>();
        foreach (Value<T> value in program.Values)
        {
            tensors[value.Number] = value.Constant ?? (
                value.Source is { Constant: { } constant } ? constant.View(value.Shape, value.Start)
                : value.Root.Offset >= 0 ? Tensor<T>.Over(arena, checked((int)(first + value.Root.Offset + value.Start)), value.Shape)
                : Tensor<T>.Over([], 0, value.Shape));
            if (value.Source is { Input: >= 0 } source)
            {
                views.Add((tensors[value.Number], source.Input, value.Start));
            }
        }

        inputs = Array.ConvertAll(program.Inputs, x => tensors[x.Number]);
        outputs = Array.ConvertAll(program.Outputs, y => tensors[y.Number]);

        // A result that is a part of an input has a place of its own: the input's owner may dispose it before the result is read.
        var copyList = new List<(Tensor<T>, Tensor<T>)>();
        for (int i = 0; i < outputs.Length; i++)
        {
            if (program.Outputs[i].Root.Input >= 0)
            {
                Tensor<T> source = outputs[i];
                outputs[i] = Tensor<T>.Over(new T[source.Length], 0, source.Dimensions);
                copyList.Add((source, outputs[i]));
            }
        }

        copies = [.. copyList];
        steps = Bind(program, tensors, arena, first, lanes);
        inputViews = [.. views];
        var importList = new List<(Tensor<T>, Tensor<T>)>();
        foreach ((Value<T> value, int place) in program.Imports)
        {
            (Tensor<T> source, Tensor<T> import) = (tensors[value.Number], Tensor<T>.Over(arena, first + place, [value.Length]));
            if (value.Root.Input >= 0)
            {
                importList.Add((source, import));
            }
            else
            {
                source.Values.CopyTo(import.Writable);
            }
        }

        imports = [.. importList];
        largeResults = [.. program.Values.Where(static value => value.IsResult).Select(value => (tensors[value.Number],
            program.Values.Where(view => ReferenceEquals(view.Source, value)).Select(view => (tensors[view.Number], view.Start)).ToArray()))];
    }

    public CompiledProgram<T> Program { get; }

    /// <summary>The results of the last run, until the next one.</summary>
    public Tensor<T>[] Outputs => outputs;

    /// <summary>The results of the last run as tensors of their own.</summary>
    public Tensor<T>[] TakeOutputs()
    {
        var taken = new Tensor<T>[outputs.Length];
        for (int i = 0; i < taken.Length; i++)
        {
            // A large result that is named twice is handed out once, and copied for the second.
            int large = Array.FindIndex(largeResults, result => ReferenceEquals(result.Result, outputs[i]));
            taken[i] = large >= 0 && ownResults is { } own && !Array.Exists(taken, known => ReferenceEquals(known, own[large])) ? own[large] : outputs[i].Copy();
        }

        ownResults = null;
        return taken;
    }

    /// <summary>Runs the program at inputs that fit. False where a guard does not hold.</summary>
    public bool Run(ReadOnlySpan<Tensor<T>> xs)
    {
        if (ownResults is null && largeResults.Length > 0)
        {
            ownResults = Array.ConvertAll(largeResults, static result => Tensor<T>.Allocate(result.Result.Dimensions));
            for (int i = 0; i < ownResults.Length; i++)
            {
                largeResults[i].Result.LayOver(ownResults[i]);
                foreach ((Tensor<T> view, int start) in largeResults[i].Views)
                {
                    view.LayOver(ownResults[i], start);
                }
            }
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].LayOver(xs[i]);
        }

        foreach ((Tensor<T> view, int input, int start) in inputViews)
        {
            view.LayOver(xs[input], start);
        }

        foreach ((Tensor<T> input, Tensor<T> place) in imports)
        {
            input.Values.CopyTo(place.Writable);
        }

        foreach (BoundStep step in steps)
        {
            if (!step.Run())
            {
                return false;
            }
        }

        foreach ((Tensor<T> source, Tensor<T> output) in copies)
        {
            source.Values.CopyTo(output.Writable);
        }

        return true;
    }

    private static BoundStep[] Bind(CompiledProgram<T> program, Tensor<T>[] tensors, T[] arena, int first, LaneCourse? lanes)
    {
        BoundStep Bound(Step<T> step) => lanes is not null && step is GuardStep<T> { Guard: { ByLane: true } guard } ? new LaneGuard<T>(guard, tensors[guard.Value.Number], lanes) : step.Bind(tensors);

        var bound = new List<BoundStep>();
        int next = 0;
        foreach (Sequence<T> sequence in program.Sequences)
        {
            bound.AddRange(program.Steps[next..sequence.First].Select(Bound));
            bound.Add(new BoundSequence<T>(sequence.Instructions, arena, first));
            next = sequence.First + sequence.Count;
        }

        bound.AddRange(program.Steps[next..].Select(Bound));
        return [.. bound];
    }

    /// <summary>An array of zeros that stays where it is, and the place in it where a line of the cache begins. A line more than asked for may be read.</summary>
    private static unsafe (T[] Array, int First) AllocateArena(long length)
    {
        int line = MemoryPlan<T>.Line;
        if (length + (2 * line) > Array.MaxLength)
        {
            throw Errors.Shape(nameof(Differentiate.Compile), $"the program needs {length} elements of memory at a time", $"at most {Array.MaxLength - (2 * line)}",
                "compile a function of fewer rows, or a sum over blocks of rows (CompileSum)");
        }

        T[] array = GC.AllocateArray<T>((int)length + (2 * line), pinned: true);
        long address = (long)Unsafe.AsPointer(ref array[0]);
        return (array, (int)((64 - (address % 64)) % 64 / sizeof(T)));
    }
}
