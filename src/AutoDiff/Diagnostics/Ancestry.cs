using System.Numerics;

namespace AutoDiff;

/// <summary>Which records of a tape lead to a tensor.</summary>
internal static class Ancestry
{
    /// <summary>For each record up to that of <paramref name="y"/>, whether y depends on it, itself included. For null: all records.</summary>
    public static bool[] Of<T>(Tape<T> tape, Tensor<T>? y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var marked = new bool[y is null ? tape.Count : tape.IndexOf(y) + 1];
        if (y is null)
        {
            Array.Fill(marked, true);
            return marked;
        }

        var lastUses = new int[marked.Length];
        Reachability<T>.FindLastUses(tape, tape.Records, [y], 0, lastUses);
        for (int i = 0; i < marked.Length; i++)
        {
            marked[i] = lastUses[i] >= 0;
        }

        return marked;
    }
}
