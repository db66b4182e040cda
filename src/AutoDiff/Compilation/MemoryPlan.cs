using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// Gives each value that a program keeps a place in one array. A place is free again after the last step that reads the value: a kernel may go over its operands more than once, so that none writes where it reads.
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

    /// <summary>The elements of whole lines.</summary>
    public static long RoundUp(int length) => ((long)Math.Max(length, 1) + Line - 1) / Line * Line;
}
