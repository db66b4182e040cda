using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Onnx;

/// <summary>
/// Writes a recorded program into a graph, operation by operation, in the order in which they were recorded. Where the length of the batch is free there are two recordings, which are gone through in step.
/// </summary>
internal sealed class ProgramWriter<T>(GraphBuilder graph, BatchLengths batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Value<T>, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly LinearWriter<T> linear = new(graph, batch);
    private readonly GeneralFormulas<T> general = new(graph);
    private string operation = "Write";

    /// <summary>Writes a program whose inputs have names. Returns the names of its results.</summary>
    public string[] Write(Both<CompiledProgram<T>> programs, string[] inputs)
    {
        foreach (Guard<T> guard in programs.First.Guards)
        {
            throw OnnxException.OfOperation(guard.Value.Root.Record?.Name ?? "input", "the function looks at its value, and may take another course for other inputs, which a model cannot",
                "use Tensor.Where, Clamp or Maximum in the place of a branch");
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            names[programs.First.Inputs[i]] = inputs[i];
        }

        Value<T>[] first = InOrder(programs.First);
        Value<T>[] second = InOrder(programs.Second);
        if (first.Length != second.Length)
        {
            throw BatchLengths.Differs(operation);
        }

        for (int i = 0; i < first.Length; i++)
        {
            operation = first[i].Record!.Name;
            if (operation != second[i].Record!.Name || first[i].Record!.GetType() != second[i].Record!.GetType() || first[i].Operands.Length != second[i].Operands.Length)
            {
                throw BatchLengths.Differs(operation);
            }

            names[first[i]] = Write(new(first[i], second[i]));
        }

        operation = "Write";
        return [.. programs.First.Outputs.Zip(programs.Second.Outputs, (a, b) => Name(new(a, b)))];
    }

    /// <summary>The sizes of a value.</summary>
    public Size[] SizesOf(Both<Value<T>> value) => batch.Sizes(value.First.Shape, value.Second.Shape, operation);

    private static Value<T>[] InOrder(CompiledProgram<T> program) => [.. program.Values.Where(static value => value.IsComputed).OrderBy(static value => value.RecordIndex)];

    private string Write(Both<Value<T>> value)
    {
        Record<T> record = value.First.Record!;
        if (value.First.Length == 0 && value.Second.Length == 0)
        {
            return Zeros(value);
        }

        Both<Value<T>>[] operands = [.. value.First.Operands.Zip(value.Second.Operands, static (a, b) => new Both<Value<T>>(a, b))];
        switch (record)
        {
            case LinearRecord<T> when operands[0].First.Length == 0:
                return Zeros(value);
            case LinearRecord<T> first:
                Both<LinearMap<T>> map = new(first.Map, ((LinearRecord<T>)value.Second.Record!).Map);
                string? operand = operands.Length > 1 ? OperandOf(ref map, operands[1]) : null;
                return linear.Write(record.Name, map, Name(operands[0]), Lead(operands[0], map), operand);
            case AssembleRecord<T> assemble:
                return Assemble(new(assemble, (AssembleRecord<T>)value.Second.Record!), operands);
            case FusedRecord<T> fused:
                return Inline(new(fused, (FusedRecord<T>)value.Second.Record!), operands);
        }

        if (!SameParameters(record.Parameters, value.Second.Record!.Parameters))
        {
            throw BatchLengths.Differs(record.Name);
        }

        Expression[] xs = [.. operands.Select(operand => new Expression(graph, Name(operand)))];
        Expression? written = record is BinaryRecord<T> ? PairFormulas<T>.Write(record.Name, record.Parameters, xs[0], xs[1])
            : record.IsElementwise ? ElementwiseFormulas<T>.Write(record.Name, record.Parameters, xs[0])
            : record.IsOpaque ? throw OnnxException.OfOperation(record.Name, "it runs code of its own, of which nothing is known", "write the function in operations of the library")
            : general.Write(record, xs, [.. operands.Select(SizesOf)], SizesOf(value));
        return written is { } expression ? expression.AsNumbers().Name
            : throw OnnxException.OfOperation(record.Name, "it has no counterpart in ONNX, and is not composed of operations that do", "write the function without it, or compute it outside of the model");
    }

    private string Assemble(Both<AssembleRecord<T>> record, Both<Value<T>>[] operands)
    {
        int pieces = record.First.Pieces.Length;
        var maps = new Both<LinearMap<T>>[pieces];
        var masks = new string?[pieces];
        for (int i = 0, mask = pieces; i < pieces; i++)
        {
            maps[i] = new(record.First.Pieces[i].Map, record.Second.Pieces[i].Map);
            masks[i] = maps[i].First.Operand is null ? null : OperandOf(ref maps[i], operands[mask++]);
        }

        // Pieces without elements have no part in the sum.
        int[] kept = [.. Enumerable.Range(0, pieces).Where(i => operands[i].First.Length > 0)];
        return kept.Length == 0 ? Zeros(new Both<Tensor<T>>(record.First.Output, record.Second.Output))
            : linear.Assemble(record.First.Name, [.. kept.Select(i => maps[i])], [.. kept.Select(i => Name(operands[i]))], [.. kept.Select(i => Lead(operands[i], maps[i]))], [.. kept.Select(i => masks[i])]);
    }

    /// <summary>The name of the tensor that a map depends on. A map that picks by numbers that are constants is one that knows them instead.</summary>
    private string? OperandOf(ref Both<LinearMap<T>> map, Both<Value<T>> operand)
    {
        if (map.First is not PickMap<T> pick || map.Second is not PickMap<T> other)
        {
            return Name(operand);
        }

        if (operand.First.Constant is not { } first || operand.Second.Constant is not { } second)
        {
            throw OnnxException.OfOperation(operation, "the places that it picks depend on values", "pick by numbers that are known when the model is written");
        }

        map = new(pick.With(first.Integers.ToArray()), other.With(second.Integers.ToArray()));
        return null;
    }

    private string Zeros(Both<Value<T>> value) => Zeros(SizesOf(value));

    private string Zeros(Both<Tensor<T>> value) => Zeros(batch.Sizes(value.First.Shape, value.Second.Shape, operation));

    private string Zeros(Size[] shape) => graph.Add("Expand", [graph.Number(0), graph.Sizes(shape)]);

    /// <summary>A fused operation is written as what it is composed of.</summary>
    private string Inline(Both<FusedRecord<T>> record, Both<Value<T>>[] operands)
    {
        CompiledProgram<T> Record(FusedRecord<T> fused, Value<T>[] xs) => Recorder<T>.Record(ys => [fused.Composition(ys)], Array.ConvertAll(xs, static x => Tensor.Ones<T>(x.Shape)));
        CompiledProgram<T> first = Record(record.First, [.. operands.Select(static o => o.First)]);
        CompiledProgram<T> second = batch.Second is null ? first : Record(record.Second, [.. operands.Select(static o => o.Second)]);
        return new ProgramWriter<T>(graph, batch).Write(new(first, second), [.. operands.Select(Name)])[0];
    }

    /// <summary>The axes of an operand in front of those of its map.</summary>
    private static Both<int[]> Lead(Both<Value<T>> operand, Both<LinearMap<T>> map) =>
        new(operand.First.Shape[..^map.First.From.Length], operand.Second.Shape[..^map.Second.From.Length]);

    private string Name(Both<Value<T>> value)
    {
        if (names.TryGetValue(value.First, out string? name))
        {
            return name;
        }

        (Value<T> first, Value<T> second) = (value.First, value.Second);
        name = first.Source is { } source && second.Source is { } other
            ? linear.View(operation, Name(new(source, other)), new(source.Shape, other.Shape), new(first.Shape, second.Shape), new(first.Start, second.Start))
            : first.Constant is { } constant && second.Constant is { } same ? Constant(constant, same)
            : throw BatchLengths.Differs(operation);
        return names[first] = name;
    }

    private string Constant(Tensor<T> first, Tensor<T> second)
    {
        if (first.Shape.SequenceEqual(second.Shape))
        {
            return MemoryMarshal.AsBytes(first.Values).SequenceEqual(MemoryMarshal.AsBytes(second.Values)) ? graph.Constant(first.Values, first.Dimensions) : throw BatchLengths.Differs(operation);
        }

        // A constant that is as long as the batch has to be the same all along it.
        Size[] shape = batch.Sizes(first.Shape, second.Shape, operation);
        (Tensor<T> small, Tensor<T> other) = (first, second);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (!shape[axis].IsKnown)
            {
                (small, other) = first.Length > 0 && second.Length > 0 ? (small.Take([0], axis), other.Take([0], axis)) : throw BatchLengths.Differs(operation);
            }
        }

        return Same(small, other) && Same(small.BroadcastTo(first.Shape), first) && Same(other.BroadcastTo(second.Shape), second)
            ? graph.Add("Expand", [graph.Constant(small.Values, small.Dimensions), graph.Sizes(shape)])
            : throw BatchLengths.Differs(operation);

        static bool Same(Tensor<T> x, Tensor<T> y) => MemoryMarshal.AsBytes(x.Values).SequenceEqual(MemoryMarshal.AsBytes(y.Values));
    }

    private static bool SameParameters(object? first, object? second) => (first, second) switch
    {
        (OpenSlot<T> a, OpenSlot<T> b) => a.Slot == b.Slot && a.Form.GetType() == b.Form.GetType(),
        (AttentionForm<T> a, AttentionForm<T> b) => a with { Extents = default } == b with { Extents = default },
        (Kernels.AxisWindows[] a, Kernels.AxisWindows[] b) => a.Length == b.Length && a.Zip(b).All(static p => p.First.Extent == p.Second.Extent && p.First.Begin.SequenceEqual(p.Second.Begin) && p.First.End.SequenceEqual(p.Second.End)),
        _ => Equals(first, second),
    };
}
