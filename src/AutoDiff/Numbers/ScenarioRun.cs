using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// A run of a function for a group of scenarios. Where they disagree, the run follows the larger part; the others leave, and are run again as groups of their own. What the run goes on to compute for
/// those that left is never looked at.
/// </summary>
internal sealed class ScenarioRun<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ScenarioRun<T>? current;

    private readonly List<int> following;

    public ScenarioRun(int count)
    {
        Count = count;
        following = [.. Enumerable.Range(0, count)];
    }

    /// <summary>The run that is under way on this thread, if any.</summary>
    public static ScenarioRun<T>? Current => current;

    /// <summary>The number of scenarios at the start.</summary>
    public int Count { get; }

    /// <summary>The scenarios that the run has followed until now.</summary>
    public List<int> Following => following;

    /// <summary>The groups that left, in the order in which they did.</summary>
    public List<List<int>> Left { get; } = [];

    /// <summary>Runs a function under this run.</summary>
    public TResult Call<TResult>(Func<TResult> f)
    {
        ScenarioRun<T>? outer = current;
        current = this;
        try
        {
            return f();
        }
        finally
        {
            current = outer;
        }
    }

    /// <summary>The answer that most of the scenarios give, bit for bit, and the first of two with as many. Those that give another leave, a group for each answer.</summary>
    public T Follow(ReadOnlySpan<T> answers)
    {
        T first = answers[following[0]];
        bool agree = true;
        foreach (int i in following)
        {
            agree &= SameBits.Are(answers[i], first);
        }

        if (agree)
        {
            return first;
        }

        var groups = new Dictionary<T, List<int>>(SameBits.Instance);
        var order = new List<T>();
        foreach (int i in following)
        {
            if (!groups.TryGetValue(answers[i], out List<int>? group))
            {
                groups[answers[i]] = group = [];
                order.Add(answers[i]);
            }

            group.Add(i);
        }

        T followed = order.MaxBy(answer => groups[answer].Count);
        foreach (T answer in order)
        {
            if (!SameBits.Are(answer, followed))
            {
                Left.Add(groups[answer]);
            }
        }

        following.Clear();
        following.AddRange(groups[followed]);
        return followed;
    }

    private sealed class SameBits : IEqualityComparer<T>
    {
        public static readonly SameBits Instance = new();

        public static bool Are(T x, T y) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in x)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in y)));

        public bool Equals(T x, T y) => Are(x, y);

        public int GetHashCode([DisallowNull] T x) => x.GetHashCode();
    }
}
