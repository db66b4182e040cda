using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The memory that the library keeps for reuse: large arrays whose tensors or tapes have been disposed, and workspaces of kernels.</summary>
public static class TensorMemory
{
    /// <summary>
    /// The most bytes that are kept. What comes back beyond them is left to the collector, and so is what nobody has asked for in a minute, and everything when memory is short.
    /// The default is the environment variable AUTODIFF_KEPT_BYTES where that is an integer of 0 or more, else a quarter of the memory that the process may use, 2 GiB at most. It holds for the whole process.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static long MaxKeptBytes
    {
        get => KeptMemory.Bound;
        set => KeptMemory.Bound = value >= 0 ? value
            : throw Errors.OutOfRange(nameof(MaxKeptBytes), nameof(value), $"{value} bytes were asked for", "0 or more", "give 0 to keep nothing");
    }

    /// <summary>The bytes that are kept now, of arrays of more than 64 kB.</summary>
    public static long KeptBytes => KeptMemory.Bytes;

    /// <summary>Releases everything that is kept, before a phase of the program that needs the memory itself.</summary>
    public static void Release() => KeptMemory.GiveUp(long.MaxValue);
}
