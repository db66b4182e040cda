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

    private static readonly ConcurrentBag<Action> Checks = [];

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

    public static void Count(int change) => outstanding += change;

    public static void Register(Action check) => Checks.Add(check);
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
        Count(1);
        if (!poisoned)
        {
            return Shared.Rent(minimumLength);
        }

        // Longer than asked for, as pooled arrays are.
        var array = new T[minimumLength + 3];
        Poison(array);
        rented.Add(array, new StrongBox<bool>(true));
        return array;
    }

    public override void Return(T[] array, bool clearArray = false)
    {
        Count(-1);
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

    /// <summary>Arrays of references are the tape's own affair, and not counted.</summary>
    private static void Count(int change) => WatchedPools.Count(HasBytes ? change : 0);

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
