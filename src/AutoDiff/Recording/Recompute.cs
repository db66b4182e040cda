using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>The cotangents of all inputs of an operation outside the library.</summary>
internal delegate Tensor<T>?[] OuterVjp<T>(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The tangent of the output of an operation outside the library, for tangents of its inputs: null where an input has none.</summary>
internal delegate Tensor<T>? OuterJvp<T>(Tensor<T>?[] ts, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// The record of a function that is computed off the tape and whose products come from outside: a user's operation, an implicit function, a checkpoint. Only its inputs and its output are kept.
/// </summary>
internal abstract class OuterRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, Func<Tensor<T>[], Tensor<T>> value, bool mayKeep) : CoupledRecord<T>(name, inputs, output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public abstract override SweepVector<T>[] VjpOfAll(SweepVector<T> g, Operands<T> operands);

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => VjpOfAll(g, operands)[i];

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands)
    {
        var ts = new SweepVector<T>[InputCount];
        ts[i] = t;
        return PushForward(ts, operands);
    }

    public override bool IsOpaque => true;

    protected Func<Tensor<T>[], Tensor<T>> Value => value;

    protected bool MayKeep => mayKeep;

    /// <summary>The code runs again. It may keep what it is given, so it gets values of its own.</summary>
    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T>[] xs = [.. inputs.ToArray().Select(x => x.Copy())];
        Tape<T>.OffTape(Name, () => value(xs)).Values.CopyTo(output.Writable);
    }

    public override Tensor<T> Again(Tensor<T>[] reads) => Tensor<T>.Recompute(Name, reads, value, Anew, mayKeep);

    /// <summary>Code that captures is other code at every call of what is around it: it is the same if it gives the same.</summary>
    public override bool HasSameSettings(Record<T> other)
    {
        var same = (OuterRecord<T>)other;
        if (!base.HasSameSettings(other) || value.Method != same.Value.Method)
        {
            return false;
        }

        if (value.Equals(same.Value))
        {
            return true;
        }

        Tensor<T> y = Tensor<T>.Allocate(same.Output.Dimensions);
        Compute(Array.ConvertAll(same.Inputs, static x => x.View(x.Dimensions)), y);
        return MemoryMarshal.AsBytes(y.Values).SequenceEqual(MemoryMarshal.AsBytes(same.Output.Values));
    }

    /// <summary>The record of other inputs.</summary>
    protected abstract Record<T> Anew(Tensor<T>[] inputs, Tensor<T> output);

    /// <summary>Calls code that may keep what it is given: the tensors that it sees, and those that it makes, are not taken back.</summary>
    protected TResult Outside<TResult>(Operands<T> operands, Func<Tensor<T>[], Tensor<T>, TResult> code)
    {
        using Context<T>.Around around = Context<T>.EnterOutside();
        return code([.. Enumerable.Range(0, InputCount).Select(i => operands[i])], operands.Output);
    }

    /// <summary>A vector that such code may keep.</summary>
    protected static Tensor<T>? Own(Tensor<T>? v, Operands<T> operands) => operands.Recorded ? v : v?.Copy();
}

/// <summary>The record of a user's operation or an implicit function, whose products know no lanes.</summary>
internal sealed class RecomputeRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, Func<Tensor<T>[], Tensor<T>> value, OuterVjp<T> vjp, OuterJvp<T> jvp, AxesOf? axes, bool mayKeep)
    : OuterRecord<T>(name, inputs, output, value, mayKeep) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int[]? MatchingAxes(int i) => axes is null ? base.MatchingAxes(i) : axes(i);

    protected override Record<T> Anew(Tensor<T>[] inputs, Tensor<T> output) => new RecomputeRecord<T>(Name, inputs, output, Value, vjp, jvp, axes, MayKeep);

    public override SweepVector<T>[] VjpOfAll(SweepVector<T> g, Operands<T> operands) =>
        PullBack(g, [.. Enumerable.Range(0, InputCount)], operands, (g, operands) =>
        {
            Tensor<T> u = Own(g, operands)!;
            return Array.ConvertAll(Outside(operands, (xs, y) => vjp(u, xs, y)), part => ReferenceEquals(part, u) ? g : part);
        });

    public override SweepVector<T> PushForward(ReadOnlySpan<SweepVector<T>> tangents, Operands<T> operands)
    {
        if (tangents.ToArray().All(t => t.Lanes is null))
        {
            Tensor<T>?[] all = [.. tangents.ToArray().Select(t => Own(t.Values, operands))];
            return Outside(operands, (xs, y) => jvp(all, xs, y)) is { } product ? new(product) : default;
        }

        SweepVector<T> sum = default;
        for (int i = 0; i < tangents.Length; i++)
        {
            int k = i;
            sum = tangents[i].IsZero ? sum : SweepVector<T>.Sum(sum, PushForward(tangents[i], i, operands, (t, operands) =>
            {
                var ts = new Tensor<T>?[InputCount];
                ts[k] = Own(t, operands);
                return Outside(operands, (xs, y) => jvp(ts, xs, y)) is var product && ReferenceEquals(product, ts[k]) ? t : product;
            }));
        }

        return sum;
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>Records a function that is computed off the tape, from constants, with products that come from outside.</summary>
    /// <param name="name">The name of the operation.</param>
    /// <param name="xs">The inputs.</param>
    /// <param name="value">The function.</param>
    /// <param name="vjp">The cotangents of the inputs.</param>
    /// <param name="jvp">The tangent of the value.</param>
    /// <param name="axes">The axes that run in step.</param>
    /// <param name="mayKeep">Whether the function may keep what it is given. If not, its inputs end with the call, like the variables of a function that is differentiated.</param>
    internal static Tensor<T> Recompute(string name, ReadOnlySpan<Tensor<T>> xs, Func<Tensor<T>[], Tensor<T>> value, OuterVjp<T> vjp, OuterJvp<T> jvp, AxesOf? axes = null, bool mayKeep = false) =>
        Recompute(name, xs, value, (inputs, y) => new RecomputeRecord<T>(name, inputs, y, value, vjp, jvp, axes, mayKeep), mayKeep);

    /// <summary>Records a function that is computed off the tape, from constants.</summary>
    internal static Tensor<T> Recompute(string name, ReadOnlySpan<Tensor<T>> xs, Func<Tensor<T>[], Tensor<T>> value, Func<Tensor<T>[], Tensor<T>, Record<T>> record, bool mayKeep = false)
    {
        Tensor<T>[] inputs = xs.ToArray();
        foreach (Tensor<T> x in inputs)
        {
            Errors.NotNull(x, name, nameof(xs));
        }

        Tape<T>? tape = TapeOf(inputs, name);
        Tensor<T>[] constants = Array.ConvertAll(inputs, x => x.tape is null ? x : x.View(x.shape));
        Tensor<T> y;
        try
        {
            y = Errors.NotNull(Tape<T>.OffTape(name, () => value(constants)), name, "value");
            if (y.tape is not null)
            {
                throw Errors.Captured(name);
            }

            // The value may be an input, or a tensor that the caller keeps: the record has one of its own.
            y = y.View(y.shape);
        }
        finally
        {
            for (int i = 0; i < inputs.Length && !mayKeep; i++)
            {
                if (!ReferenceEquals(constants[i], inputs[i]))
                {
                    constants[i].Dispose();
                }
            }
        }

        return tape is null ? y : tape.Append(record(inputs, y));
    }

    /// <summary>A constant with values of its own.</summary>
    internal Tensor<T> Copy()
    {
        Tensor<T> copy = Allocate(shape);
        Values.CopyTo(copy.Writable);
        return copy;
    }
}
