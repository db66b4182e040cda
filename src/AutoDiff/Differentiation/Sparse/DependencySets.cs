using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// Sets of columns, each stored once as an ascending list and known by a number. Set 0 is empty, set j + 1 is {j}. Elements of a tensor that depend on the same columns share the number, and a union
/// that adds nothing is the old set.
/// </summary>
internal sealed class DependencySets
{
    /// <summary>Unions of sets above this size are remembered: forming them again costs more than looking them up.</summary>
    private const int RememberAbove = 32;

    private readonly int columns;
    private readonly long bound;
    private readonly int[] stamps;
    private readonly Dictionary<(int, int), int> unions = [];
    private readonly List<(int Start, int Length)> sets = [];
    private int[] data = new int[1024];
    private int used;
    private int stamp;
    private long work;

    /// <param name="columns">The number of columns.</param>
    /// <param name="bound">How many members may be looked at, over all unions.</param>
    public DependencySets(int columns, long bound = long.MaxValue)
    {
        (this.columns, this.bound) = (columns, bound);
        stamps = new int[columns];
    }

    /// <summary>Whether the bound has been reached. The sets mean nothing then.</summary>
    public bool IsExhausted => work > bound;

    /// <summary>The columns of a set.</summary>
    public void CopyTo(int set, Span<int> target)
    {
        if (set > columns)
        {
            (int start, int length) = sets[set - columns - 1];
            data.AsSpan(start, length).CopyTo(target);
        }
        else if (set > 0)
        {
            target[0] = set - 1;
        }
    }

    public int Size(int set) => set > columns ? sets[set - columns - 1].Length : Math.Min(set, 1);

    public int Union(int a, int b)
    {
        if (a == b || b == 0)
        {
            return a;
        }

        if (a == 0)
        {
            return b;
        }

        int size = Size(a) + Size(b);
        (int, int) key = a < b ? (a, b) : (b, a);
        if (size > RememberAbove && unions.TryGetValue(key, out int known))
        {
            return known;
        }

        work += size;
        if (IsExhausted)
        {
            return a;
        }

        Reserve(size);
        Span<int> merged = data.AsSpan(used, size);
        int length = Merge(a, b, merged);
        int result = length == Size(a) ? a : length == Size(b) ? b : Add(length);
        if (size > RememberAbove)
        {
            unions[key] = result;
        }

        return result;
    }

    /// <summary>The union of many sets at once.</summary>
    public int Union(ReadOnlySpan<int> many)
    {
        int distinct = 0;
        int only = 0;
        foreach (int set in many)
        {
            if (set != 0 && set != only)
            {
                only = set;
                distinct++;
            }
        }

        if (distinct <= 1)
        {
            return only;
        }

        if (many.Length == 2)
        {
            return Union(many[0], many[1]);
        }

        stamp++;
        int length = 0;
        int last = 0;
        foreach (int set in many)
        {
            if (set == 0 || set == last)
            {
                continue;
            }

            last = set;
            int size = Size(set);
            work += size;
            if (IsExhausted)
            {
                return set;
            }

            Reserve(length + size);
            if (set <= columns)
            {
                length = Keep(set - 1, length);
                continue;
            }

            int start = sets[set - columns - 1].Start;
            for (int i = start; i < start + size; i++)
            {
                length = Keep(data[i], length);
            }
        }

        data.AsSpan(used, length).Sort();
        return Add(length);
    }

    /// <summary>Appends a column to the union that is being made behind the stored data, unless it is there already.</summary>
    private int Keep(int column, int length)
    {
        if (stamps[column] == stamp)
        {
            return length;
        }

        stamps[column] = stamp;
        data[used + length] = column;
        return length + 1;
    }

    private int Merge(int a, int b, Span<int> merged)
    {
        int single = 0;
        ReadOnlySpan<int> x = View(a, ref single);
        int other = 0;
        ReadOnlySpan<int> y = View(b, ref other);
        int i = 0;
        int j = 0;
        int n = 0;
        while (i < x.Length || j < y.Length)
        {
            int next = j == y.Length || (i < x.Length && x[i] <= y[j]) ? x[i] : y[j];
            i += i < x.Length && x[i] == next ? 1 : 0;
            j += j < y.Length && y[j] == next ? 1 : 0;
            merged[n++] = next;
        }

        return n;
    }

    private ReadOnlySpan<int> View(int set, ref int single)
    {
        if (set > columns)
        {
            (int start, int length) = sets[set - columns - 1];
            return data.AsSpan(start, length);
        }

        single = set - 1;
        return MemoryMarshal.CreateReadOnlySpan(ref single, 1);
    }

    private int Add(int length)
    {
        sets.Add((used, length));
        used += length;
        return columns + sets.Count;
    }

    private void Reserve(int more)
    {
        if (used + more > data.Length)
        {
            Array.Resize(ref data, Math.Max(used + more, 2 * data.Length));
        }
    }
}
