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

        marked[^1] = true;
        for (int i = marked.Length - 1; i >= 0; i--)
        {
            for (int k = 0; k < tape[i].InputCount && marked[i]; k++)
            {
                int place = tape.IndexOf(tape[i].Input(k));
                if (place >= 0)
                {
                    marked[place] = true;
                }
            }
        }

        return marked;
    }
}
