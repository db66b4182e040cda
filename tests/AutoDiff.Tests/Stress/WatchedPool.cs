using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Tests.Stress;

/// <summary>What was rented and came back, over all types of element.</summary>
internal static class WatchedPools
{
    [ThreadStatic]
    private static int outstanding;

    [ThreadStatic]
    private static long outstandingBytes;

    [ThreadStatic]
    private static long mostBytes;

    private static readonly ConcurrentBag<Action> Checks = [];
    private static readonly ConcurrentBag<Func<long>> Counts = [];

    /// <summary>The arrays of numbers that this thread rented and did not give back.</summary>
    public static int Outstanding => outstanding;

    /// <summary>Throws if anything wrote into an array after it came back.</summary>
    public static void CheckReturned()
    {
        foreach (Action check in Checks)
        {
            check();
        }
    }

    /// <summary>
    /// The bytes that an action allocates on this thread. A poisoned pool hands out no array twice, so that with it they are the most that the action has out at a time beyond what was out before:
    /// what a pool that keeps everything would have had to allocate.
    /// </summary>
    public static long Allocated(Action action)
    {
        (long before, long beforeBytes) = (GC.GetAllocatedBytesForCurrentThread(), mostBytes = outstandingBytes);
        action();
        return StressRun.Pool ? mostBytes - beforeBytes : GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public static void Count(int change, long bytes)
    {
        outstanding += change;
        outstandingBytes += bytes;
        mostBytes = Math.Max(mostBytes, outstandingBytes);
    }

    /// <summary>
    /// The bytes that live after a collection, once no thread has work waiting that holds some. A poisoned pool remembers every array that it made, and its tables are larger than what programs keep:
    /// with it they are those of the arrays that are out.
    /// </summary>
    public static long LivingBytes()
    {
        SpinWait.SpinUntil(static () => ThreadPool.PendingWorkItemCount == 0, TimeSpan.FromSeconds(10));
        long bytes = GC.GetTotalMemory(forceFullCollection: true);
        return StressRun.Pool ? Counts.Sum(static count => count()) : bytes;
    }

    public static void Register(Action check, Func<long> livingBytes)
    {
        Checks.Add(check);
        Counts.Add(livingBytes);
    }
}

/// <summary>A pool used wrongly.</summary>
public sealed class PoolException(string message) : Exception(message);

/// <summary>
/// A pool that counts. Poisoned, it also fills what is rented and what comes back with bytes of ones, which are NaN in every floating-point type: what is read before it was written, or after it was
/// returned, cannot give a right answer. What came back waits for a while, so that a late write into it is seen; a second return is refused.
/// </summary>
internal sealed class WatchedPool<T>(bool poisoned) : ArrayPool<T>
{
    /// <summary>So many arrays wait.</summary>
    private const int Waiting = 256;

    private static readonly bool HasBytes = !RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    private readonly ConditionalWeakTable<T[], StrongBox<bool>> rented = [];
    private readonly ConcurrentQueue<T[]> returned = new();

    public override T[] Rent(int minimumLength)
    {
        if (!poisoned)
        {
            T[] shared = Shared.Rent(minimumLength);
            Count(1, shared);
            return shared;
        }

        // Longer than asked for, as pooled arrays are.
        var array = new T[minimumLength + 3];
        Poison(array);
        rented.Add(array, new StrongBox<bool>(true));
        Count(1, array);
        return array;
    }

    public override void Return(T[] array, bool clearArray = false)
    {
        Count(-1, array);
        if (!poisoned)
        {
            Shared.Return(array, clearArray);
            return;
        }

        if (!rented.TryGetValue(array, out StrongBox<bool>? isOut) || !Interlocked.Exchange(ref isOut.Value, false))
        {
            throw new PoolException($"An array of {array.Length} {typeof(T).Name} was returned that is not rented.");
        }

        if (!HasBytes && !clearArray && Array.Exists(array, static item => !EqualityComparer<T>.Default.Equals(item, default)))
        {
            throw new PoolException($"An array of {array.Length} {typeof(T).Name} was returned with references in it, which keep objects alive.");
        }

        Poison(array);
        returned.Enqueue(array);
        while (returned.Count > Waiting && returned.TryDequeue(out T[]? oldest))
        {
            CheckPoison(oldest);
        }
    }

    /// <summary>Throws if anything wrote into an array after it came back.</summary>
    public void CheckReturned()
    {
        foreach (T[] array in returned)
        {
            CheckPoison(array);
        }
    }

    /// <summary>The bytes of the arrays of a poisoned pool that are out and that somebody holds still.</summary>
    public long LivingBytes() => HasBytes ? rented.Where(static pair => pair.Value.Value).Sum(static pair => (long)pair.Key.Length * Unsafe.SizeOf<T>()) : 0;

    /// <summary>Arrays of references are the tape's own affair, and not counted.</summary>
    private static void Count(int change, T[] array)
    {
        if (HasBytes)
        {
            WatchedPools.Count(change, change * (long)array.Length * Unsafe.SizeOf<T>());
        }
    }

    private static Span<byte> Bytes(T[] array) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length * Unsafe.SizeOf<T>());

    private static void Poison(T[] array)
    {
        if (HasBytes)
        {
            Bytes(array).Fill(0xFF);
        }
    }

    private static void CheckPoison(T[] array)
    {
        if (HasBytes && Bytes(array).ContainsAnyExcept((byte)0xFF))
        {
            throw new PoolException($"Something wrote into an array of {array.Length} {typeof(T).Name} after it had been returned.");
        }
    }
}
