using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// A pool for arrays of more than 64 kB. What makes such an array expensive is its memory: fresh pages, which the system has to find and clear one by one. So arrays that came back are kept, whatever their number, up to a bound
/// in bytes for the whole process (<see cref="KeptMemory"/>). Smaller arrays come from the shared pool of .NET.
/// </summary>
internal sealed class LargeArrayPool<T> : ArrayPool<T>, IKeepsMemory where T : unmanaged
{
    /// <summary>Lengths between one power of two and the next are rounded up to one of so many: an eighth is wasted at most.</summary>
    private const int StepsPerDoubling = 8;

    private readonly int largestShared = (64 << 10) / Unsafe.SizeOf<T>();
    private readonly Shelf[] shelves = new Shelf[32 * StepsPerDoubling];

    public LargeArrayPool()
    {
        for (int i = 0; i < shelves.Length; i++)
        {
            shelves[i] = new Shelf();
        }

        KeptMemory.Register(this);
    }

    public override T[] Rent(int minimumLength)
    {
        if (minimumLength <= largestShared)
        {
            return Shared.Rent(minimumLength);
        }

        int length = Rounded(minimumLength, out int shelf);
        if (shelves[shelf].TryTake(out T[]? array))
        {
            KeptMemory.Count(-Bytes(array));
            return array;
        }

        return GC.AllocateUninitializedArray<T>(length);
    }

    public override void Return(T[] array, bool clearArray = false)
    {
        if (array.Length <= largestShared)
        {
            Shared.Return(array, clearArray);
        }
        else if (Rounded(array.Length, out int shelf) == array.Length && KeptMemory.TryKeep(Bytes(array)))
        {
            shelves[shelf].Put(array);
        }
    }

    public long GiveUp(long unusedSince)
    {
        long bytes = 0;
        foreach (Shelf shelf in shelves)
        {
            bytes += shelf.GiveUp(unusedSince);
        }

        return bytes;
    }

    private static long Bytes(T[] array) => (long)array.Length * Unsafe.SizeOf<T>();

    /// <summary>The next length of the form m · 2^e, with m from 8 to 15; beyond the last one that an array may have, the length itself.</summary>
    private static int Rounded(int length, out int shelf)
    {
        int exponent = BitOperations.Log2((uint)length) - 3;
        int steps = (int)(((length - 1L) >> exponent) + 1);
        shelf = (exponent * StepsPerDoubling) + steps - StepsPerDoubling;
        long rounded = (long)steps << exponent;
        return rounded <= Array.MaxLength ? (int)rounded : length;
    }

    /// <summary>The arrays of one length, that used last on top: its memory is still near.</summary>
    private sealed class Shelf
    {
        private readonly Stack<T[]> arrays = new();
        private long lastTaken;

        public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T[]? array)
        {
            lock (arrays)
            {
                lastTaken = Environment.TickCount64;
                return arrays.TryPop(out array);
            }
        }

        public void Put(T[] array)
        {
            lock (arrays)
            {
                arrays.Push(array);
            }
        }

        public long GiveUp(long unusedSince)
        {
            lock (arrays)
            {
                if (lastTaken > unusedSince)
                {
                    return 0;
                }

                long bytes = arrays.Sum(Bytes);
                arrays.Clear();
                return bytes;
            }
        }
    }
}

/// <summary>Something that keeps memory which is not in use.</summary>
internal interface IKeepsMemory
{
    /// <summary>Lets go of what nobody has asked for since a time, by <see cref="Environment.TickCount64"/>; gives its bytes.</summary>
    long GiveUp(long unusedSince);
}

/// <summary>The bytes that all pools keep together, and their bound.</summary>
internal static class KeptMemory
{
    /// <summary>What nobody has asked for in this time, in milliseconds, goes at the next collection of all generations.</summary>
    private const long Idle = 60_000;

    private static readonly List<IKeepsMemory> Keepers = [];
    private static long bytes;
    private static long bound = DefaultBound();
    private static int watched;

    public static long Bytes => Interlocked.Read(ref bytes);

    public static long Bound
    {
        get => Interlocked.Read(ref bound);
        set
        {
            Interlocked.Exchange(ref bound, value);
            if (Bytes > value)
            {
                GiveUp(long.MaxValue);
            }
        }
    }

    public static void Register(IKeepsMemory keeper)
    {
        lock (Keepers)
        {
            Keepers.Add(keeper);
        }
    }

    public static void Count(long change) => Interlocked.Add(ref bytes, change);

    /// <summary>Whether there is room for more bytes; then they count.</summary>
    public static bool TryKeep(long more)
    {
        if (Interlocked.Add(ref bytes, more) > Bound)
        {
            Interlocked.Add(ref bytes, -more);
            return false;
        }

        if (watched == 0 && Interlocked.Exchange(ref watched, 1) == 0)
        {
            _ = new Watch();
        }

        return true;
    }

    public static void GiveUp(long unusedSince)
    {
        lock (Keepers)
        {
            foreach (IKeepsMemory keeper in Keepers)
            {
                Count(-keeper.GiveUp(unusedSince));
            }
        }
    }

    private static long DefaultBound() =>
        long.TryParse(Environment.GetEnvironmentVariable("AUTODIFF_KEPT_BYTES"), out long asked) && asked >= 0 ? asked : Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 2L << 30);

    /// <summary>An object that nobody holds: its finalizer runs after a collection. One that has become old runs after collections of all generations only.</summary>
    private sealed class Watch
    {
        ~Watch()
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            bool isShort = memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes;
            GiveUp(isShort ? long.MaxValue : Environment.TickCount64 - Idle);
            GC.ReRegisterForFinalize(this);
        }
    }
}
