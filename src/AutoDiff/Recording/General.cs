using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>Computes the output from the inputs into the output's buffer.</summary>
internal delegate void ValueOf<T>(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>One face of a general rule: maps a cotangent (or tangent) through input i; null is a structural zero.</summary>
internal delegate Tensor<T>? Product<T>(Tensor<T> v, int i, Operands<T> operands) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The axes of the output with which the axes of input i run in step, -1 for those that couple everything; null where the derivative is zero.</summary>
internal delegate int[]? AxesOf(int i);

/// <summary>The elements of one operand (by number; -1 is the output) that meet a lane of another, after the batch axes of the lanes: for operations that know better than their axes tell.</summary>
internal delegate Tensor<T> ReachOf<T>(int from, Tensor<T> lanes, int to) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A mask of the elements of input i through which the derivative flows, where the rule has structural zeros of its own; null for all.</summary>
internal delegate Tensor<T>? FlowOf<T>(int i, Operands<T> operands) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>An operation of all slices at once: see <see cref="Record{T}.OverSlices"/>, of which this is the rule for one kind of operation.</summary>
internal delegate Tensor<T>? SlicesOf<T>(Tensor<T>[] reads, Record<T> record, int slices) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The general kind of rule: a value, a VJP and a JVP. Each product is asked for one input at a time, so what is not needed is not computed.</summary>
internal sealed class GeneralRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, ValueOf<T>? value, Product<T> vjp, Product<T> jvp, AxesOf? axes, ReachOf<T>? reach, FlowOf<T>? flow,
    bool multilinear, bool operandsOfEach, object? parameters, SpanMethodOf<T>? method, SlicesOf<T>? slices, KernelOfRows<T>? rows) : CoupledRecord<T>(name, inputs, output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override bool KnowsReach => reach is not null;

    protected override bool IsMultilinear => multilinear;

    protected override bool TakesOperandsOfEach => operandsOfEach;

    public override object? Parameters => parameters;

    /// <summary>The method of the kernels that computes the value, for generated code; null where none is known.</summary>
    public SpanMethod? Method => method?.Invoke(Inputs, Output);

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands)
    {
        SweepVector<T> part = g.Lanes is not null ? PullBackLanes(g, i, operands)
            : vjp(g.Values, i, operands.Of(g)) is { } product ? new(product, firstUnit: ReferenceEquals(product, g.Values) ? g.FirstUnit : -1)
            : default;
        return part.IsZero ? part : part.Where(flow?.Invoke(i, operands));
    }

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands)
    {
        t = t.Where(flow?.Invoke(i, operands));
        return t.Lanes is not null ? PushForwardLanes(t, i, operands)
            : jvp(t.Values, i, operands.Of(t)) is { } product ? new(product, firstUnit: ReferenceEquals(product, t.Values) ? t.FirstUnit : -1)
            : default;
    }

    public override int[]? MatchingAxes(int i) => axes is null ? base.MatchingAxes(i) : axes(i);

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Tensor<T>.Compute(value, rows, inputs, output);

    public override int RowLength => rows is null ? 0 : Inputs[^1].Dimensions[^1];

    public override void ComputeBlock(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> output) => rows!(x, y, z, RowLength, output);

    public override Tensor<T> Again(Tensor<T>[] reads) => Again(reads, Output.Dimensions);

    public override Tensor<T> Again(Tensor<T>[] reads, int[] shape) =>
        Tensor<T>.General(Name, reads, shape, value, vjp, jvp, axes, reach, flow, multilinear, operandsOfEach, parameters, method, slices, rows);

    public override Tensor<T>? OverSlices(Tensor<T>[] reads, int count) => slices?.Invoke(reads, this, count);

    public override bool HasSameSettings(Record<T> other) => other is GeneralRecord<T> same && same.Kernel.Method == Kernel.Method && base.HasSameSettings(other);

    private Delegate Kernel => rows is null ? value! : rows;

    protected override Tensor<T> Reach(int from, Tensor<T> lanes, int to) => reach is null ? base.Reach(from, lanes, to) : reach(from, lanes, to);

    private SweepVector<T> PullBackLanes(SweepVector<T> g, int i, Operands<T> operands) => PullBack(g, [i], operands, (g, operands) => [vjp(g, i, operands)])[0];

    private SweepVector<T> PushForwardLanes(SweepVector<T> t, int i, Operands<T> operands) => PushForward(t, i, operands, (t, operands) => jvp(t, i, operands));
}

public sealed partial class Tensor<T>
{
    /// <summary>Declares a general operation. Everything about the inputs has been validated by the caller.</summary>
    /// <param name="name">The name of the operation.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="shape">The shape of the output.</param>
    /// <param name="value">Computes the output; null where <paramref name="rows"/> does.</param>
    /// <param name="vjp">Pulls a cotangent back.</param>
    /// <param name="jvp">Pushes a tangent forward.</param>
    /// <param name="axes">The axes that run in step. Not given, every output depends on every input.</param>
    /// <param name="reach">Which elements meet, where the operation knows better than the axes tell.</param>
    /// <param name="flow">Where the derivative flows, if the rule has structural zeros of its own.</param>
    /// <param name="multilinear">Whether the operation is linear in each operand that has a derivative.</param>
    /// <param name="operandsOfEach">Whether the rule takes operands of which each vector has its own (see <see cref="CoupledRecord{T}.TakesOperandsOfEach"/>).</param>
    /// <param name="parameters">What the operation is told besides its operands (see <see cref="Record{T}.Parameters"/>).</param>
    /// <param name="method">The method of the kernels that computes the output, for generated code.</param>
    /// <param name="slices">The operation of all slices at once, where it can take them together.</param>
    /// <param name="rows">Computes any rows of the output, of an operation whose rows do not depend on each other. The last input says how long they are.</param>
    internal static Tensor<T> General(string name, Tensor<T>[] inputs, int[] shape, ValueOf<T>? value, Product<T> vjp, Product<T> jvp, AxesOf? axes = null, ReachOf<T>? reach = null,
        FlowOf<T>? flow = null, bool multilinear = false, bool operandsOfEach = false, object? parameters = null, SpanMethodOf<T>? method = null, SlicesOf<T>? slices = null,
        KernelOfRows<T>? rows = null)
    {
        Tape<T>? tape = TapeOf(inputs, name);
        Tensor<T> output = Allocate(shape, Shapes.Length(shape, name, inputs));
        Compute(value, rows, inputs, output);
        return tape is null ? output : tape.Append(new GeneralRecord<T>(name, inputs, output, value, vjp, jvp, axes, reach, flow, multilinear, operandsOfEach, parameters, method, slices, rows));
    }

    /// <summary>The output by the one kernel or by the other.</summary>
    internal static void Compute(ValueOf<T>? value, KernelOfRows<T>? rows, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        if (rows is null)
        {
            value!(inputs, output);
            return;
        }

        rows(inputs[0].Values, inputs.Length > 1 ? inputs[1].Values : [], inputs.Length > 2 ? inputs[2].Values : [], inputs[^1].shape[^1], output.Writable);
    }

    /// <summary>A result that no input changes (a layer over no steps, a product of no factors), as an operation of the inputs all the same: its derivatives are zeros, and can be asked for.</summary>
    internal static Tensor<T> Independent(string name, Tensor<T> value, params ReadOnlySpan<Tensor<T>?> inputs)
    {
        if (value.tape is not null || TapeOf(inputs, name) is null)
        {
            return value;
        }

        var given = new List<Tensor<T>>(inputs.Length);
        foreach (Tensor<T>? x in inputs)
        {
            if (x is not null)
            {
                given.Add(x);
            }
        }

        return General(name, [.. given], value.shape, (_, y) => value.Values.CopyTo(y.Writable), static (_, _, _) => null, static (_, _, _) => null, static _ => null);
    }

    /// <summary>The tape on which an operation of these inputs is recorded, or null when all are constants, and in the rules of a sweep that is not recorded.</summary>
    private static Tape<T>? TapeOf(Tensor<T> x, string operation) => x.tape is null || Context<T>.Current.Scratch is not null ? null : Tape<T>.Writable(x.tape, operation);

    /// <summary>Likewise; an operation composed of others calls it first, so that operands which do not go together are refused before anything is recorded.</summary>
    private static Tape<T>? TapeOf(Tensor<T> x, Tensor<T> y, string operation) =>
        x.tape is null ? TapeOf(y, operation)
        : y.tape is null || ReferenceEquals(x.tape, y.tape) ? TapeOf(x, operation)
        : TapeOf([x, y], operation);

    /// <summary>Likewise, of any number of operands; null stands for one that is not given.</summary>
    internal static Tape<T>? TapeOf(ReadOnlySpan<Tensor<T>?> inputs, string operation)
    {
        Tape<T>? tape = null;
        foreach (Tensor<T>? x in inputs)
        {
            if (x?.tape is { } own && Context<T>.Current.Scratch is null)
            {
                tape = tape is null ? Tape<T>.Writable(own, operation) : Tape<T>.Join(tape, own, operation);
            }
        }

        return tape;
    }
}
