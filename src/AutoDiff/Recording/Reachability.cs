using System.Numerics;

namespace AutoDiff;

/// <summary>Which records of a part of a tape (its window, from a first one on) a sweep has to visit: the order of creation is an order of evaluation, so each question is one loop.</summary>
internal static class Reachability<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The window of a sweep: the records between the earliest input and the latest output. Its length is negative or 0 where no output comes after an input.</summary>
    public static (int First, int Length) Window(Tape<T> tape, ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<Tensor<T>> ys)
    {
        int first = int.MaxValue;
        int last = -1;
        foreach (Tensor<T> x in xs)
        {
            first = Math.Min(first, tape.IndexOf(x));
        }

        foreach (Tensor<T> y in ys)
        {
            last = Math.Max(last, tape.IndexOf(y));
        }

        return (first, last - first + 1);
    }

    /// <summary>Marks the records of the window that depend on some tensors, these included.</summary>
    public static void MarkDependents(Tape<T> tape, ReadOnlySpan<Record<T>> records, ReadOnlySpan<Tensor<T>> xs, int first, Span<bool> dependents)
    {
        dependents.Clear();
        foreach (Tensor<T> x in xs)
        {
            int place = tape.IndexOf(x) - first;
            if ((uint)place < (uint)dependents.Length)
            {
                dependents[place] = true;
            }
        }

        for (int i = 0; i < dependents.Length; i++)
        {
            Record<T> record = records[first + i];
            for (int k = 0; k < record.InputCount && !dependents[i]; k++)
            {
                int place = tape.IndexOf(record.Input(k)) - first;
                dependents[i] = place >= 0 && dependents[place];
            }
        }
    }

    /// <summary>For each record of the window that some tensors depend on, the place of the last one that uses it; beyond the end for the tensors themselves, and -1 for records that they do not depend on.</summary>
    public static void FindLastUses(Tape<T> tape, ReadOnlySpan<Record<T>> records, ReadOnlySpan<Tensor<T>> ys, int first, Span<int> lastUses)
    {
        lastUses.Fill(-1);
        foreach (Tensor<T> y in ys)
        {
            int place = tape.IndexOf(y) - first;
            if ((uint)place < (uint)lastUses.Length)
            {
                lastUses[place] = int.MaxValue;
            }
        }

        for (int i = lastUses.Length - 1; i >= 0; i--)
        {
            Record<T> record = records[first + i];
            for (int k = 0; k < record.InputCount && lastUses[i] >= 0; k++)
            {
                int place = tape.IndexOf(record.Input(k)) - first;
                if (place >= 0)
                {
                    lastUses[place] = Math.Max(lastUses[place], i);
                }
            }
        }
    }
}
