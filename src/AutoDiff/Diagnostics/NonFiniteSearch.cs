using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The checking sweep. Values are looked at where the tape keeps them; cotangents come from one ordinary backward sweep that is asked for all of them, so that what is checked is what a
/// gradient computes. Whose derivative is to blame is found by applying the rules at the place again.
/// </summary>
internal sealed class NonFiniteSearch<T>(Tape<T> tape, Tensor<T> y, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly NonFiniteKind[] Kinds = [NonFiniteKind.NaN, NonFiniteKind.Infinity];

    private readonly bool[] ancestors = Ancestry.Of(tape, y);

    public NonFiniteReport Run(Tensor<T>? x)
    {
        var values = new NonFiniteFinding?[Kinds.Length];
        for (int i = 0; i < ancestors.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int k = 0; k < Kinds.Length && ancestors[i]; k++)
            {
                values[k] ??= InValue(i, Kinds[k]);
            }
        }

        int[] places = [.. Enumerable.Range(0, ancestors.Length).Where(Dependents(x))];
        SweepVector<T>[] cotangents = ReverseSweep<T>.Run(tape, [y], [new(Tensor.Ones<T>(y.Shape))], Array.ConvertAll(places, i => tape[i].Output), recorded: false, keepLanes: true);
        var byPlace = new SweepVector<T>[ancestors.Length];
        for (int j = 0; j < places.Length; j++)
        {
            byPlace[places[j]] = cotangents[j];
        }

        var backward = new NonFiniteFinding?[Kinds.Length];
        for (int i = byPlace.Length - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int k = 0; k < Kinds.Length && !byPlace[i].IsZero; k++)
            {
                backward[k] ??= InCotangent(i, Kinds[k], byPlace);
            }
        }

        return new NonFiniteReport([.. values.OrderBy(f => f?.Operation.Index), .. backward.OrderByDescending(f => f?.Result.Index)], ancestors.Count(a => a), cotangents.Count(g => !g.IsZero));
    }

    /// <summary>Whether a record leads to y, and depends on x if that is given.</summary>
    private Func<int, bool> Dependents(Tensor<T>? x)
    {
        if (x is null)
        {
            return i => ancestors[i];
        }

        var depends = new bool[ancestors.Length];
        Reachability<T>.MarkDependents(tape, tape.Records, [x], 0, depends);

        return i => ancestors[i] && depends[i];
    }

    private NonFiniteFinding? InValue(int i, NonFiniteKind kind)
    {
        Record<T> record = tape[i];
        ReadOnlySpan<T> values = record.Output.Values;
        int first = First(values, kind);
        if (first < 0)
        {
            return null;
        }

        string[] contributions = record is VariableRecord<T> ? ["it came in with the variable"] : Contributions(record, first);
        TapeOperation operation = TapeOperation.Of(tape, i);
        return new NonFiniteFinding(kind, false, operation, operation, null, Structure.Indices(first, record.Output.Shape), double.CreateChecked(values[first]), Count(values, kind), contributions);
    }

    /// <summary>The cotangent at a record, if it is not finite, and the rule of which later record made it so.</summary>
    private NonFiniteFinding? InCotangent(int i, NonFiniteKind kind, SweepVector<T>[] cotangents)
    {
        ReadOnlySpan<T> values = cotangents[i].Values.Values;
        int first = First(values, kind);
        if (first < 0)
        {
            return null;
        }

        TapeOperation at = TapeOperation.Of(tape, i);
        for (int c = cotangents.Length - 1; c > i; c--)
        {
            Record<T> record = tape[c];
            for (int k = 0; k < record.InputCount && !cotangents[c].IsZero; k++)
            {
                if (tape.IndexOf(record.Input(k)) != i)
                {
                    continue;
                }

                var operands = new Operands<T>(record, recorded: false);
                SweepVector<T> g = cotangents[c];
                Tensor<T>? part = (record.VjpOfAll(g, operands) is { } parts ? parts[k] : record.Vjp(g, k, operands)).Values;
                int element = part is null ? -1 : First(part.Values, kind);
                if (element < 0)
                {
                    continue;
                }

                string[] lines = [$"the cotangent of the result is {Along(record, g.Values, k, element)}", .. OperandsAt(record, k, element)];
                return new NonFiniteFinding(kind, true, TapeOperation.Of(tape, c), at, k, Structure.Indices(element, record.Input(k).Shape), double.CreateChecked(part!.Values[element]),
                    Count(values, kind), lines);
            }
        }

        return new NonFiniteFinding(kind, true, at, at, null, Structure.Indices(first, tape[i].Output.Shape), double.CreateChecked(values[first]), Count(values, kind), []);
    }

    /// <summary>What an element of the output was computed from, operand by operand.</summary>
    private string[] Contributions(Record<T> record, int element) =>
        [.. Enumerable.Range(0, record.InputCount).Select(k => $"operand {k}, {Name(record, k)}, is {Describe(record.Input(k).Values, Structure.InputsOf(record, k, element))}")];

    /// <summary>The operands at an element of operand k: all of the elements that meet it in the outputs that depend on it.</summary>
    private string[] OperandsAt(Record<T> record, int k, int element)
    {
        int[]? outputs = Structure.OutputsOf(record, k, element);
        return [.. Enumerable.Range(0, record.InputCount).Select(j =>
            $"operand {j}, {Name(record, j)}, is {Describe(record.Input(j).Values, j == k && outputs is not null ? [element] : outputs is [var single] ? Structure.InputsOf(record, j, single) : null)}")];
    }

    private static string Along(Record<T> record, Tensor<T> g, int k, int element) => Describe(g.Values, Structure.OutputsOf(record, k, element)) + (record is OuterRecord<T> ? " (a rule from outside of the library)" : "");

    private string Name(Record<T> record, int k) => tape.IndexOf(record.Input(k)) is var index && index < 0
        ? $"constant {Shapes.Format(record.Input(k).Shape)}"
        : $"#{index} {Printable.Line(tape[index].Name)} {(TapeOperation.LabelOf(tape[index]) is { } label ? Printable.Line(label) + " " : "")}{Shapes.Format(record.Input(k).Shape)}";

    private static string Describe(ReadOnlySpan<T> values, int[]? places)
    {
        if (places is null)
        {
            return ValueSummary.Of(values).ToString();
        }

        var picked = new T[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            picked[i] = values[places[i]];
        }

        return ValueSummary.Of<T>(picked).ToString();
    }

    private static bool Is(T value, NonFiniteKind kind) => kind == NonFiniteKind.NaN ? T.IsNaN(value) : T.IsInfinity(value);

    private static int First(ReadOnlySpan<T> values, NonFiniteKind kind)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (Is(values[i], kind))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Count(ReadOnlySpan<T> values, NonFiniteKind kind)
    {
        int count = 0;
        foreach (T value in values)
        {
            count += Is(value, kind) ? 1 : 0;
        }

        return count;
    }
}
