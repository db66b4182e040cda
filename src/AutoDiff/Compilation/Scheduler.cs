using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Puts the operations of a program in order. Elementwise operations over the same number of elements are gathered in groups, wherever the order of evaluation allows: a group runs block by block,
/// and what only its own operations read never leaves the nearest cache.
/// </summary>
internal static class Scheduler<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The steps, and all values that a run of them needs.</summary>
    /// <param name="inputs">The inputs, needed or not.</param>
    /// <param name="computed">What is computed, each after what it is computed from.</param>
    /// <param name="outputs">The results.</param>
    /// <param name="guards">The guards, in the order of the looks.</param>
    /// <param name="values">All values, numbered.</param>
    public static Step<T>[] Run(Value<T>[] inputs, List<Value<T>> computed, Value<T>[] outputs, Guard<T>[] guards, out Value<T>[] values)
    {
        var needed = new HashSet<Value<T>>(inputs);
        foreach (Value<T> result in (IEnumerable<Value<T>>)[.. outputs, .. guards.Select(static guard => guard.Value)])
        {
            needed.Add(result);
            needed.Add(result.Root);
        }

        for (int i = computed.Count - 1; i >= 0; i--)
        {
            if (needed.Contains(computed[i]))
            {
                foreach (Value<T> operand in computed[i].Operands)
                {
                    needed.Add(operand);
                    needed.Add(operand.Root);
                }
            }
        }

        var steps = new List<Step<T>>();
        var groups = new Dictionary<int, Group<T>>();
        int nextGuard = 0;
        foreach (Value<T> value in computed)
        {
            if (!needed.Contains(value))
            {
                continue;
            }

            for (; nextGuard < guards.Length && guards[nextGuard].RecordsBefore <= value.RecordIndex; nextGuard++)
            {
                steps.Add(new GuardStep<T>(guards[nextGuard]));
            }

            Place(value, steps, groups);
        }

        steps.AddRange(guards[nextGuard..].Select(static guard => new GuardStep<T>(guard)));
        for (int position = 0; position < steps.Count; position++)
        {
            if (steps[position] is Group<T> { Members.Count: 1 } single)
            {
                steps[position] = new RecordStep<T>(single.Members[0]);
                single.Members[0].Group = null;
            }
        }

        needed.UnionWith(SharedSlopes<T>.Find(steps));
        MarkUses(steps, outputs);
        values = Number(needed);
        return [.. steps];
    }

    /// <summary>Puts an operation into a group that has room for it, or at the end.</summary>
    private static void Place(Value<T> value, List<Step<T>> steps, Dictionary<int, Group<T>> groups)
    {
        if (Group<T>.CanHold(value, out int length))
        {
            if (groups.TryGetValue(length, out Group<T>? group) && group.Accepts(value))
            {
                group.Add(value);
                return;
            }

            if (!Group<T>.IsEnd(value))
            {
                group = new Group<T>(steps.Count, length);
                groups[length] = group;
                steps.Add(group);
                group.Add(value);
                return;
            }
        }

        value.Position = steps.Count;
        steps.Add(new RecordStep<T>(value));
    }

    private static void MarkUses(List<Step<T>> steps, Value<T>[] outputs)
    {
        for (int position = 0; position < steps.Count; position++)
        {
            foreach (Value<T> read in steps[position].Reads)
            {
                read.Root.LastUse = Math.Max(read.Root.LastUse, position);
            }
        }

        foreach (Value<T> y in outputs)
        {
            y.Root.LastUse = int.MaxValue;
        }

        foreach (Step<T> step in steps)
        {
            (step as Group<T>)?.MarkInternal();
        }
    }

    private static Value<T>[] Number(HashSet<Value<T>> needed)
    {
        Value<T>[] values = [.. needed];
        for (int i = 0; i < values.Length; i++)
        {
            values[i].Number = i;
        }

        return values;
    }
}
