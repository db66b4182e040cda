using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Goes forward over a tape with a shadow of every value: what the program gives in double-double. Where an operation has no rule there, its shadow is the working result and what its derivative says of the
/// difference between its operands and their shadows: f(x + d) = f(x) + f'(x) d, to first order.
/// </summary>
internal sealed class ShadowSweep<T>(Tape<T> tape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The shadows that differ from the working values, by place.</summary>
    private readonly Dictionary<int, DoubleDouble[]> shadows = [];

    /// <summary>What an operation should have given: in the program in double-double, and for the operands that it did get. That is null where no rule tells it.</summary>
    public readonly record struct Step(DoubleDouble[] Shadow, DoubleDouble[]? Own);

    public DoubleDouble[] Of(Tensor<T> x) => shadows.GetValueOrDefault(tape.IndexOf(x)) ?? Exact(x);

    /// <summary>Gives a value a shadow.</summary>
    public void Set(Tensor<T> x, DoubleDouble[] shadow) => shadows[tape.IndexOf(x)] = shadow;

    /// <summary>Computes the shadow of a record from those of its inputs.</summary>
    public Step Advance(int place)
    {
        Record<T> record = tape[place];
        DoubleDouble[][] working = [.. Inputs(record).Select(Exact)];
        bool same = Inputs(record).All(x => !shadows.ContainsKey(tape.IndexOf(x)));
        DoubleDouble[]? own = record is VariableRecord<T> || IsFlat(record) ? Exact(record.Output) : Settled(record, Followed(record, working));
        DoubleDouble[] shadow = own is null ? FirstOrder(record) : same || IsFlat(record) ? own : Settled(record, Followed(record, [.. Inputs(record).Select(Of)]))!;
        if (record is not VariableRecord<T> && !shadow.AsSpan().SequenceEqual(Exact(record.Output)))
        {
            shadows[place] = shadow;
        }

        return new Step(shadows.GetValueOrDefault(place) ?? Exact(record.Output), own);
    }

    /// <summary>Working values as they are.</summary>
    public static DoubleDouble[] Exact(Tensor<T> x) => Array.ConvertAll(x.Values.ToArray(), value => (DoubleDouble)double.CreateChecked(value));

    private static IEnumerable<Tensor<T>> Inputs(Record<T> record) => Enumerable.Range(0, record.InputCount).Select(record.Input);

    /// <summary>Comparisons, indices, signs: nothing small changes them.</summary>
    private static bool IsFlat(Record<T> record) => record.InputCount > 0 && Enumerable.Range(0, record.InputCount).All(k => record is not (LinearRecord<T> or AssembleRecord<T>) && record.MatchingAxes(k) is null);

    private static DoubleDouble[]? Followed(Record<T> record, DoubleDouble[][] xs) => record is FusedRecord<T> fused ? Composed(fused, xs) : ShadowRules<T>.Apply(record, xs);

    /// <summary>Where a result is no finite number, the working one stands.</summary>
    private static DoubleDouble[]? Settled(Record<T> record, DoubleDouble[]? y)
    {
        ReadOnlySpan<T> working = record.Output.Values;
        for (int i = 0; i < y?.Length; i++)
        {
            y[i] = y[i].IsFinite && T.IsFinite(working[i]) ? y[i] : double.CreateChecked(working[i]);
        }

        return y;
    }

    /// <summary>A fused operation by the operations that give the same value; null if one of them cannot be followed.</summary>
    private static DoubleDouble[]? Composed(FusedRecord<T> record, DoubleDouble[][] xs)
    {
        using Context<T>.Around around = Context<T>.EnterOutside();
        using var inner = new Tape<T>();
        Tensor<T>[] variables = [.. Inputs(record).Select(x => inner.Variable(x.View(x.Dimensions)))];
        Tensor<T> y = record.Composition(variables);
        if (y.RecordedOn is null)
        {
            return null;
        }

        var sweep = new ShadowSweep<T>(inner.Root);
        for (int i = 0; i < xs.Length; i++)
        {
            sweep.Set(variables[i], xs[i]);
        }

        for (int place = 0; place < inner.Root.Count; place++)
        {
            if (sweep.Advance(place).Own is null)
            {
                return null;
            }
        }

        return sweep.Of(y);
    }

    private DoubleDouble[] FirstOrder(Record<T> record)
    {
        var tangents = new SweepVector<T>[record.InputCount];
        bool any = false;
        for (int k = 0; k < tangents.Length; k++)
        {
            Tensor<T> x = record.Input(k);
            if (shadows.TryGetValue(tape.IndexOf(x), out DoubleDouble[]? shadow))
            {
                tangents[k] = new(Tensor.Create<T>(Array.ConvertAll(shadow.Zip(Exact(x), static (s, w) => (s - w).High).ToArray(), T.CreateChecked), x.Shape));
                any = true;
            }
        }

        DoubleDouble[] y = Exact(record.Output);
        if (any && record.PushForward(tangents, new Operands<T>(record, recorded: false)) is { IsZero: false } part)
        {
            ReadOnlySpan<T> difference = part.Values.Values;
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.IsFinite(difference[i]) ? y[i] + double.CreateChecked(difference[i]) : y[i];
            }
        }

        return y;
    }
}
