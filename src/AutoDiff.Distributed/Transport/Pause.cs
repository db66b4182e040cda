using System.Diagnostics;

namespace AutoDiff.Distributed.Transport;

/// <summary>The pauses of somebody who waits: none at first, then the processor for others, and where it takes long, sleep.</summary>
internal struct Pause
{
    private const int Spins = 64;
    private static readonly TimeSpan Awake = TimeSpan.FromMilliseconds(500);

    private readonly long start = Stopwatch.GetTimestamp();
    private long count;

    public Pause()
    {
    }

    /// <summary>How long the wait has been.</summary>
    public readonly TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    /// <summary>Pauses. True now and then, once the wait has lasted for some milliseconds: when one may look whether it is in vain.</summary>
    public bool Once()
    {
        count++;
        if (count <= Spins)
        {
            Thread.SpinWait(8);
            return false;
        }

        if (count % 256 != 0)
        {
            Thread.Yield();
            return false;
        }

        if (Elapsed > Awake)
        {
            count += 255;
            Thread.Sleep(1);
        }

        return true;
    }
}
