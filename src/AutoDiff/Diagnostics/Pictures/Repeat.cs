using System.Globalization;
using System.Numerics;
using System.Text;

namespace AutoDiff;

/// <summary>A chain of operations that follows itself several times, as a loop records it. Places are those among the operations of the picture.</summary>
internal sealed class Repeat(int first, int length, int count)
{
    /// <summary>Where the first pass begins.</summary>
    public int First => first;

    /// <summary>The operations of one pass.</summary>
    public int Length => length;

    /// <summary>How many passes there are.</summary>
    public int Count => count;

    /// <summary>Where the last pass ends.</summary>
    public int End => first + (length * count);

    /// <summary>The repeated chain of which this one is a part of each pass.</summary>
    public Repeat? Outer { get; set; }

    /// <summary>The innermost scope around all passes.</summary>
    public TapeScope? Scope { get; init; }

    /// <summary>How often, as in "× 40", or "× 14: block 1 … block 14" where each pass has a scope with a name of its own.</summary>
    public required string Title { get; init; }

    /// <summary>Which operations of the tape it stands for.</summary>
    public required string Description { get; init; }
}

/// <summary>
/// Finds chains of operations that follow themselves. Two passes are the same if operation by operation they have the same names, shapes, and scopes (but for digits in names), and take their operands
/// from the same places of their own pass or of one before; or, from before the first pass, from anywhere.
/// </summary>
internal sealed class RepeatSearch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Fewer passes, or fewer operations that need not be drawn, are not worth a frame.</summary>
    private const int FewestPasses = 4;
    private const int FewestSaved = 8;

    /// <summary>Longer passes are not looked for, and in longer tapes none, to bound the time.</summary>
    private const int LongestPass = 400;
    private const int LongestTape = 100_000;

    private readonly Tape<T> tape;
    private readonly int[] chosen;
    private readonly int[] kinds;
    private readonly int[][] operands;
    private readonly List<Repeat> found = [];

    private RepeatSearch(Tape<T> tape, int[] chosen)
    {
        (this.tape, this.chosen) = (tape, chosen);
        var placeOf = new Dictionary<int, int>();
        var known = new Dictionary<string, int>();
        (kinds, operands) = (new int[chosen.Length], new int[chosen.Length][]);
        for (int i = 0; i < chosen.Length; i++)
        {
            placeOf[chosen[i]] = i;
            Record<T> record = tape[chosen[i]];
            operands[i] = [.. Enumerable.Range(0, record.InputCount).Select(k => placeOf.GetValueOrDefault(tape.IndexOf(record.Input(k)), -1))];
            string kind = KindOf(record);
            if (!known.TryGetValue(kind, out kinds[i]))
            {
                known[kind] = kinds[i] = known.Count;
            }
        }
    }

    /// <summary>The chains that are repeated, those inside others before these.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="chosen">The records of the picture, in their order.</param>
    public static List<Repeat> Run(Tape<T> tape, int[] chosen)
    {
        if (chosen.Length > LongestTape)
        {
            return [];
        }

        var search = new RepeatSearch<T>(tape, chosen);
        search.Find(0, chosen.Length, null);
        return search.found;
    }

    /// <summary>From each place on the chain that covers most, the shortest of these; and then inside its first pass.</summary>
    private void Find(int begin, int end, List<Repeat>? parts)
    {
        for (int place = begin; place < end;)
        {
            (int length, int count) = Longest(place, end);
            if (count == 0)
            {
                place++;
                continue;
            }

            var inside = new List<Repeat>();
            Find(place, place + length, inside);
            Repeat repeat = Describe(place, length, count);
            foreach (Repeat inner in inside)
            {
                inner.Outer = repeat;
            }

            found.Add(repeat);
            parts?.Add(repeat);
            place = repeat.End;
        }
    }

    private (int Length, int Count) Longest(int place, int end)
    {
        (int bestLength, int bestCount) = (0, 0);
        int longest = Math.Min(LongestPass, (end - place) / FewestPasses);
        for (int length = 1; length <= longest && bestLength * bestCount < end - place; length++)
        {
            int same = 0;
            while (place + length + same < end && Matches(place + same, place + length + same, place, length))
            {
                same++;
            }

            int count = (same / length) + 1;
            if (count >= FewestPasses && length * (count - 1) >= FewestSaved && length * count > bestLength * bestCount)
            {
                (bestLength, bestCount) = (length, count);
            }
        }

        return (bestLength, bestCount);
    }

    /// <summary>Whether two operations, one pass apart, do the same. What the earlier one took from before the first pass, the later one may take from the first.</summary>
    private bool Matches(int earlier, int later, int first, int length)
    {
        if (kinds[earlier] != kinds[later])
        {
            return false;
        }

        for (int k = 0; k < operands[later].Length; k++)
        {
            (int x, int y) = (operands[earlier][k], operands[later][k]);
            if (y < first ? x >= first : x < first ? y >= first + length : later - y != earlier - x)
            {
                return false;
            }
        }

        return true;
    }

    private Repeat Describe(int first, int length, int count)
    {
        int end = first + (length * count);
        TapeScope? scope = tape[chosen[first]].Scope;
        for (int i = first; i < end; i++)
        {
            scope = Common(scope, tape[chosen[i]].Scope);
        }

        string title = string.Create(CultureInfo.InvariantCulture, $"× {count:#,0}");
        if (Below(scope, tape[chosen[first]].Scope) is { } from && Below(scope, tape[chosen[end - 1]].Scope) is { } to && from.Name != to.Name)
        {
            title = Printable.Line($"{title}: {from.Name} … {to.Name}");
        }

        return new Repeat(first, length, count)
        {
            Scope = scope,
            Title = title,
            Description = $"{Printable.Count(count)} passes of {Printable.Count(length)} operations, #{chosen[first]} to #{chosen[end - 1]}",
        };
    }

    private static TapeScope? Common(TapeScope? x, TapeScope? y)
    {
        while (x is not null && !IsInside(y, x))
        {
            x = x.Parent;
        }

        return x;
    }

    private static bool IsInside(TapeScope? inner, TapeScope outer)
    {
        while (inner is not null && !ReferenceEquals(inner, outer))
        {
            inner = inner.Parent;
        }

        return inner is not null;
    }

    /// <summary>The scope around <paramref name="inner"/> that is directly inside of <paramref name="outer"/>; null if there is none.</summary>
    private static TapeScope? Below(TapeScope? outer, TapeScope? inner)
    {
        while (inner is not null && !ReferenceEquals(inner.Parent, outer))
        {
            inner = inner.Parent;
        }

        return inner;
    }

    /// <summary>What two operations have in common that may be the same one of two passes.</summary>
    private static string KindOf(Record<T> record)
    {
        var kind = new StringBuilder(record.Name).Append(Shapes.Format(record.Output.Shape));
        for (int k = 0; k < record.InputCount; k++)
        {
            kind.Append(Shapes.Format(record.Input(k).Shape));
        }

        AppendName(kind, TapeOperation.LabelOf(record) ?? "");
        for (TapeScope? scope = record.Scope; scope is not null; scope = scope.Parent)
        {
            AppendName(kind, scope.Name);
            kind.Append(CultureInfo.InvariantCulture, $"{scope.File}:{scope.Line}");
        }

        return kind.ToString();
    }

    /// <summary>A name without its digits: "layer 1" and "layer 12" are names of passes.</summary>
    private static void AppendName(StringBuilder kind, string name)
    {
        kind.Append('\0');
        foreach (char c in name)
        {
            if (!char.IsDigit(c))
            {
                kind.Append(c);
            }
        }
    }
}
