using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>The lanes of a run, each a scenario by itself, and which of them have taken the course of the program until now.</summary>
/// <param name="count">The lanes.</param>
/// <param name="leader">A lane that took the course when it was recorded.</param>
internal sealed class LaneCourse(int count, int leader)
{
    private readonly bool[] taken = new bool[count];

    public int Leader => leader;

    /// <summary>Whether each lane has taken the course.</summary>
    public Span<bool> Taken => taken;
}

/// <summary>A guard for each lane by itself: those whose answer is not that of the course leave, and the run goes on as long as one is left.</summary>
internal sealed class LaneGuard<T>(Guard<T> guard, Tensor<T> x, LaneCourse lanes) : BoundStep where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool Run() => Unsafe.SizeOf<T>() == sizeof(long) ? Run<long>() : Run<int>();

    private bool Run<TBits>() where TBits : unmanaged, IEquatable<TBits>
    {
        ReadOnlySpan<TBits> answers = MemoryMarshal.Cast<T, TBits>(x.Values);
        TBits expected = MemoryMarshal.Cast<T, TBits>(guard.Seen)[lanes.Leader];
        if (!answers.ContainsAnyExcept(expected))
        {
            return true;
        }

        Span<bool> taken = lanes.Taken;
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] &= answers[i].Equals(expected);
        }

        return taken.Contains(true);
    }
}
