using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>How many threads the library may use.</summary>
public static class Parallelism
{
    /// <summary>
    /// The largest number of threads, the calling one included, that work on one operation at a time. Small operations use one; results are the same for any number.
    /// The default is the environment variable AUTODIFF_THREADS where that is a positive integer, else the number of processors. It holds for the whole process, from the next operation on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public static int MaxThreads
    {
        get => Threading.MaxThreads;
        set => Threading.MaxThreads = value > 0 ? value
            : throw Errors.OutOfRange(nameof(MaxThreads), nameof(value), $"{value} threads were asked for", "1 or more", "give 1 for no other thread than the calling one");
    }
}
