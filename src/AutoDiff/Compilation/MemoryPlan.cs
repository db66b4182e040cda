using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// Gives each value that a program keeps a place in one array. A place is free again after the last step that reads the value; an elementwise operation whose operand dies with it writes where that was.
/// </summary>
internal static class MemoryPlan<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From so many elements on a result is computed where it will be read, and not copied.</summary>
    public const int LargeResult = 4096;

    /// <summary>The elements of a line of the cache: each place begins at one.</summary>
    public static int Line => 64 / Unsafe.SizeOf<T>();

    /// <summary>Plans the places. Returns the number of elements in all.</summary>
    public static long Run(Step<T>[] steps)
    {
        var free = new Dictionary<long, Stack<long>>();
        long end = 0;
        for (int position = 0; position < steps.Length; position++)
        {
            Step<T> step = steps[position];
            foreach (Value<T> value in step.Writes)
            {
                if (value.IsOutput && value.Length >= LargeResult)
                {
                    value.IsResult = true;
                }
                else if (step is RecordStep<T> && Dying(value, position) is { } operand)
                {
                    value.Offset = operand.Offset;
                    operand.IsFreed = true;
                }
                else
                {
                    value.Offset = Take(RoundUp(value.Length));
                }
            }

            foreach (Value<T> read in step.Reads)
            {
                Free(read.Root, position);
            }

            foreach (Value<T> value in step.Writes)
            {
                Free(value, position);
            }
        }

        return end;

        long Take(long size)
        {
            if (free.TryGetValue(size, out Stack<long>? places) && places.TryPop(out long place))
            {
                return place;
            }

            end += size;
            return end - size;
        }

        void Free(Value<T> value, int position)
        {
            if (value.Offset >= 0 && value.LastUse <= position && !value.IsFreed)
            {
                value.IsFreed = true;
                long size = RoundUp(value.Length);
                if (!free.TryGetValue(size, out Stack<long>? places))
                {
                    free[size] = places = new Stack<long>();
                }

                places.Push(value.Offset);
            }
        }
    }

    private static long RoundUp(int length) => ((long)Math.Max(length, 1) + Line - 1) / Line * Line;

    /// <summary>An operand of an elementwise operation that nobody reads later, and whose elements are read no later than those of the result in their places are written.</summary>
    private static Value<T>? Dying(Value<T> value, int position)
    {
        if (!value.Record!.IsElementwise)
        {
            return null;
        }

        foreach (Value<T> operand in value.Operands)
        {
            Value<T> root = operand.Root;
            if (root.Offset >= 0 && root.LastUse == position && !root.IsFreed && root.Length == value.Length
                && Array.TrueForAll(value.Operands, other => !ReferenceEquals(other.Root, root) || other.Length == value.Length))
            {
                return root;
            }
        }

        return null;
    }
}
