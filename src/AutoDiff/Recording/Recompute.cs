using System.Numerics;

namespace AutoDiff;

/// <summary>The cotangents of all inputs of an operation outside the library.</summary>
internal delegate Tensor<T>?[] OuterVjp<T>(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The tangent of the output of an operation outside the library, for tangents of its inputs: null where an input has none.</summary>
internal delegate Tensor<T>? OuterJvp<T>(Tensor<T>?[] ts, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// The record of a function that is computed off the tape and whose products come from outside: a user's operation, a checkpoint, an implicit function. Only its inputs and its output are kept.
/// </summary>
internal sealed class RecomputeRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, Func<Tensor<T>[], Tensor<T>> value, OuterVjp<T> vjp, OuterJvp<T> jvp,
    AxesOf? axes) : Record<T>(name, output) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override int InputCount => inputs.Length;

    public override Tensor<T> Input(int i) => inputs[i];

    /// <summary>The code may keep what it is given: the tensors that it sees, and those that it makes, are not taken back.</summary>
    public override Tensor<T>?[]? VjpOfAll(Tensor<T> g, Operands<T> operands) => Outside([g], gs => vjp(gs[0]!, See(operands), operands.Output));

    public override int[]? MatchingAxes(int i) => axes is null ? base.MatchingAxes(i) : axes(i);

    public override Tensor<T>? Vjp(Tensor<T> g, int i, Operands<T> operands) => VjpOfAll(g, operands)![i];

    public override Tensor<T>? Jvp(Tensor<T> t, int i, Operands<T> operands)
    {
        var ts = new Tensor<T>?[inputs.Length];
        ts[i] = t;
        return PushForward(ts, operands);
    }

    /// <summary>One call for all inputs: a loop of checkpoints inside of checkpoints would otherwise double its work at every level.</summary>
    public override Tensor<T>? PushForward(ReadOnlySpan<Tensor<T>?> tangents, Operands<T> operands) => Outside(tangents.ToArray(), ts => jvp(ts, See(operands), operands.Output));

    /// <summary>The code runs again. It may keep what it is given, so it gets values of its own.</summary>
    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T>[] xs = new Tensor<T>[inputs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] = inputs[i].Copy();
        }

        Tape<T>.OffTape(Name, () => value(xs)).Values.CopyTo(output.Writable);
    }

    private static TResult Outside<TResult>(Tensor<T>?[] vs, Func<Tensor<T>?[], TResult> product)
    {
        bool recorded = Scratch<T>.Current is null;
        return Scratch<T>.Outside(() => product(recorded ? vs : Array.ConvertAll(vs, Own)));

        static Tensor<T>? Own(Tensor<T>? v)
        {
            Tensor<T>? copy = v?.Copy();
            if (v?.Support is { } support)
            {
                copy!.Support = support.Copy();
            }

            return copy;
        }
    }

    private Tensor<T>[] See(Operands<T> operands)
    {
        var xs = new Tensor<T>[inputs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] = operands[i];
        }

        return xs;
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
    internal static Tensor<T> Recompute(string name, ReadOnlySpan<Tensor<T>> xs, Func<Tensor<T>[], Tensor<T>> value, OuterVjp<T> vjp, OuterJvp<T> jvp, AxesOf? axes = null, bool mayKeep = false)
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

        return tape is null ? y : tape.Append(new RecomputeRecord<T>(name, inputs, y, value, vjp, jvp, axes));
    }

    /// <summary>A constant with values of its own.</summary>
    internal Tensor<T> Copy()
    {
        Tensor<T> copy = Allocate(shape);
        Values.CopyTo(copy.Writable);
        return copy;
    }
}
