using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Looks for the places where a derivative is a matter of convention. Elementwise operations are probed: value and slope at the neighboring numbers on both sides of each operand tell kinks,
/// jumps and unbounded slopes, for every elementwise operation there is, without a list of them. What reduces is in a table by name, <see cref="Ties"/>.
/// </summary>
internal static class KinkSearch<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The reductions that have ties: for a row and its result, what is tied, or null.
    /// Max and Min: elements equal to the extremum. Norm: the zero vector, and elements that tie for the norm of order ±∞ (which no finite order can equal with two of them).
    /// </summary>
    private static readonly Dictionary<string, Func<T[], T, (string At, string Convention)?>> Ties = new()
    {
        ["Max"] = static (row, y) => Tied(row, y),
        ["Min"] = static (row, y) => Tied(row, y),
        ["Norm"] = static (row, y) => Array.TrueForAll(row, x => x == T.Zero) && row.Length > 0
            ? ("the zero vector", "0 used, the subgradient of least norm")
            : Tied(Array.ConvertAll(row, T.Abs), y),
    };

    /// <summary>
    /// Operations without a derivative that are no steps: their value differs at single points only (or at NaN), or they choose between formulas of one smooth function.
    /// </summary>
    private static readonly HashSet<string> NoSteps =
        ["EqualTo", "NotEqualTo", "IsNaN", "IsFinite", "IsInfinity", "IsNumber", "IsNonzero", "IsPossible", "IsCurved", "IsNear", "Lanes", "And", "Or", "ExclusiveOr", "Not", "All", "Any"];

    public static KinkReport Run(Tape<T> tape, Tensor<T>? y, CancellationToken cancellationToken)
    {
        bool[] ancestors = Ancestry.Of(tape, y);
        bool[] reached = Reached(tape, ancestors.Length);
        var findings = new List<KinkFinding>();
        for (int i = 0; i < ancestors.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!ancestors[i])
            {
                continue;
            }

            Record<T> record = tape[i];
            for (int k = 0; k < record.InputCount; k++)
            {
                // A constant operand has no direction in which to find a kink.
                if (tape.IndexOf(record.Input(k)) >= 0)
                {
                    AddProbed(findings, tape, i, k);
                }
            }

            if (EndOfPath(tape, i, reached) is var end && end >= 0 && !NoSteps.Contains(record.Name))
            {
                AddStep(findings, tape, i, end);
            }

            if (record.InputCount > 0 && Ties.TryGetValue(record.Name, out Func<T[], T, (string, string)?>? tied))
            {
                AddTies(findings, tape, i, tied);
            }
        }

        return new KinkReport(findings);
    }

    /// <summary>The operation at which all paths from the variables to y end, because it has no derivative; null where some path passes, or there is none.</summary>
    public static TapeOperation? EndOfPaths(Tape<T> tape, Tensor<T> y)
    {
        bool[] ancestors = Ancestry.Of(tape, y);
        bool[] reached = Reached(tape, ancestors.Length);
        int i = reached[^1] ? -1 : Array.FindIndex(ancestors, own => own);
        for (; i >= 0 && i < ancestors.Length; i++)
        {
            if (ancestors[i] && EndOfPath(tape, i, reached) >= 0)
            {
                return TapeOperation.Of(tape, i);
            }
        }

        return null;
    }

    /// <summary>For each of the first records whether a derivative flows from a variable to it.</summary>
    private static bool[] Reached(Tape<T> tape, int count)
    {
        var reached = new bool[count];
        for (int i = 0; i < count; i++)
        {
            Record<T> record = tape[i];
            reached[i] = record.InputCount == 0;
            for (int k = 0; k < record.InputCount && !reached[i]; k++)
            {
                int place = tape.IndexOf(record.Input(k));
                reached[i] = place >= 0 && reached[place] && !IsFlat(record, k);
            }
        }

        return reached;
    }

    /// <summary>The first operand that a derivative reaches and does not pass, or -1.</summary>
    private static int EndOfPath(Tape<T> tape, int i, bool[] reached)
    {
        Record<T> record = tape[i];
        for (int k = 0; k < record.InputCount; k++)
        {
            int place = tape.IndexOf(record.Input(k));
            if (place >= 0 && reached[place] && IsFlat(record, k))
            {
                return k;
            }
        }

        return -1;
    }

    /// <summary>Whether there is no derivative by an operand. A slope times a vector, which is computed in one pass, tells it only when it is asked for its own slope.</summary>
    private static bool IsFlat(Record<T> record, int k) => record.MatchingAxes(k) is null
        || (record.Name.EndsWith("Slope", StringComparison.Ordinal) && record.Probe(k, Stretched(record, k)) is { Slope: { } slope } && ReferenceEquals(slope, Tensor<T>.Zero));

    private static void AddStep(List<KinkFinding> findings, Tape<T> tape, int i, int k)
    {
        Record<T> record = tape[i];
        Tensor<T> x = record.Input(k);
        if (x.Length > 0)
        {
            findings.Add(new KinkFinding(KinkKind.Step, TapeOperation.Of(tape, i), k, record.Output.Length, new int[record.Output.Rank], $"x = {Number(x.Values[0])}",
                "0 used, wherever the point lies: constant between jumps"));
        }
    }

    private static (string At, string Convention)? Tied(T[] row, T y)
    {
        int n = row.Count(x => x == y);
        return n > 1 ? ($"{n} elements equal to {Number(y)}", $"shared evenly, 1/{n} each") : null;
    }

    /// <summary>Reductions are recorded as matrices: one result for each row.</summary>
    private static void AddTies(List<KinkFinding> findings, Tape<T> tape, int i, Func<T[], T, (string At, string Convention)?> tied)
    {
        Record<T> record = tape[i];
        Tensor<T> x = record.Input(0);
        ReadOnlySpan<T> y = record.Output.Values;
        if (y.Length == 0 || x.Rank != 2 || x.Shape[0] != y.Length)
        {
            return;
        }

        int count = 0;
        int first = -1;
        (string At, string Convention) found = ("", "");
        for (int r = 0; r < y.Length; r++)
        {
            if (tied(x.Values.Slice(r * x.Shape[1], x.Shape[1]).ToArray(), y[r]) is { } tie)
            {
                (first, found) = count++ == 0 ? (r, tie) : (first, found);
            }
        }

        if (count > 0)
        {
            KinkKind kind = found.At == "the zero vector" ? KinkKind.Kink : KinkKind.Tie;
            findings.Add(new KinkFinding(kind, TapeOperation.Of(tape, i), 0, count, Structure.Indices(first, record.Output.Shape), found.At, found.Convention));
        }
    }

    private static void AddProbed(List<KinkFinding> findings, Tape<T> tape, int i, int k)
    {
        Record<T> record = tape[i];
        Tensor<T> x = Stretched(record, k);
        if (record.Probe(k, x) is not { } middle || (middle.Slope is null && record.InputCount > 1) || (middle.Slope is { Rank: 0 } && x.Rank > 0))
        {
            // Not elementwise, or a slope that is one number for all elements, which has no kinks.
            return;
        }

        (Tensor<T> Value, Tensor<T>? Slope) left = record.Probe(k, Moved(x, -1))!.Value;
        (Tensor<T> Value, Tensor<T>? Slope) farLeft = record.Probe(k, Moved(x, -2))!.Value;
        (Tensor<T> Value, Tensor<T>? Slope) right = record.Probe(k, Moved(x, 1))!.Value;
        (Tensor<T> Value, Tensor<T>? Slope) farRight = record.Probe(k, Moved(x, 2))!.Value;
        var counts = new int[3];
        var firsts = new int[3];
        ReadOnlySpan<T> xs = x.Values;
        for (int e = 0; e < xs.Length; e++)
        {
            T At(Tensor<T>? tensor) => tensor is null ? T.Zero : tensor.Values[e];

            if (!T.IsFinite(xs[e]) || !T.IsFinite(At(middle.Value)))
            {
                continue;
            }

            KinkKind? kind = middle.Slope is not null && !T.IsFinite(At(middle.Slope)) ? KinkKind.Unbounded
                : Jumps(At(farLeft.Value), At(left.Value), At(right.Value), At(farRight.Value)) ? KinkKind.Jump
                : Jumps(At(farLeft.Slope), At(left.Slope), At(right.Slope), At(farRight.Slope)) ? KinkKind.Kink
                : null;
            if (kind is { } found && counts[(int)found]++ == 0)
            {
                firsts[(int)found] = e;
            }
        }

        foreach (KinkKind kind in new[] { KinkKind.Kink, KinkKind.Jump, KinkKind.Unbounded })
        {
            if (counts[(int)kind] > 0)
            {
                int e = firsts[(int)kind];
                string used = Number(middle.Slope is null ? T.Zero : middle.Slope.Values[e]);
                string convention = kind switch
                {
                    KinkKind.Kink => $"{used} used, {Number(left.Slope!.Values[e])} on the left, {Number(right.Slope!.Values[e])} on the right",
                    KinkKind.Jump => $"{used} used, the value jumps from {Number(left.Value.Values[e])} to {Number(right.Value.Values[e])}",
                    _ => $"{used} used",
                };
                findings.Add(new KinkFinding(kind, TapeOperation.Of(tape, i), k, counts[(int)kind], Structure.Indices(e, record.Output.Shape), Point(record, k, e), convention));
            }
        }
    }

    /// <summary>
    /// Whether there is a step between the middle ones of four samples at neighboring numbers: much larger than what the function does on either side, and than rounding. A smooth function whose
    /// argument is so large that neighboring numbers lie far apart changes as much beside as between.
    /// </summary>
    private static bool Jumps(T farLeft, T left, T right, T farRight)
    {
        if (!T.IsFinite(left) || !T.IsFinite(right))
        {
            return false;
        }

        T step = T.Abs(right - left);
        T beside = T.Max(T.Abs(left - farLeft), T.Abs(farRight - right));
        return step > T.CreateChecked(1e-6) && step > T.CreateChecked(1e-3) * T.Max(T.Abs(left), T.Abs(right)) && !(beside * T.CreateChecked(8) > step);
    }

    /// <summary>An operand as a constant of the output's shape.</summary>
    private static Tensor<T> Stretched(Record<T> record, int k)
    {
        Tensor<T> x = record.Input(k);
        return Shapes.BroadcastsTo(x.Shape, record.Output.Shape) ? x.View(x.Dimensions).StretchTo(record.Output.Dimensions) : x.View(x.Dimensions);
    }

    /// <summary>Each element moved by so many steps to neighboring numbers; from 0, by multiples of the smallest normal number, which no operation takes for 0.</summary>
    private static Tensor<T> Moved(Tensor<T> x, int steps)
    {
        T tiny = typeof(T) == typeof(double) ? T.CreateChecked(2.2250738585072014e-308) : T.CreateChecked(1.17549435e-38f);
        Tensor<T> moved = Tensor<T>.Allocate(x.Dimensions);
        Span<T> to = moved.Writable;
        ReadOnlySpan<T> from = x.Values;
        for (int i = 0; i < to.Length; i++)
        {
            T value = from[i];
            for (int s = 0; s < Math.Abs(steps) && value != T.Zero; s++)
            {
                value = steps < 0 ? T.BitDecrement(value) : T.BitIncrement(value);
            }

            to[i] = from[i] == T.Zero ? T.CreateChecked(steps) * tiny : value;
        }

        return moved;
    }

    /// <summary>The operands at an element, as in "x = 0" or "x = 2, y = 2".</summary>
    private static string Point(Record<T> record, int k, int e)
    {
        string[] names = record.InputCount == 1 ? ["x"] : ["x", "y"];
        return string.Join(", ", Enumerable.Range(0, record.InputCount).Select(j => $"{names[j]} = {Number(Stretched(record, j).Values[e])}"));
    }

    private static string Number(T x) => Printable.Number(double.CreateChecked(x));
}
