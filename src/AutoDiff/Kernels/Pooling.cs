using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Where the windows of one axis lie: window o reads the places from Begin[o] up to End[o], in steps.</summary>
internal readonly record struct AxisWindows(int Extent, int[] Begin, int[] End, int Step)
{
    public int Count => Begin.Length;

    public bool Equals(AxisWindows other) => Extent == other.Extent && Step == other.Step && Begin.AsSpan().SequenceEqual(other.Begin) && End.AsSpan().SequenceEqual(other.End);

    public override int GetHashCode() => HashCode.Combine(Extent, Count, Step);

    /// <summary>Whether no place is in two windows.</summary>
    public bool AreApart
    {
        get
        {
            for (int o = 1; o < Count; o++)
            {
                if (Begin[o] < End[o - 1])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The windows from the one in the middle on, before and after, that are as long as it is and equally far apart: all but those that the padding cuts.</summary>
    public (int First, int End) EvenRun()
    {
        if (Count < 2)
        {
            return (0, 0);
        }

        (int first, int end) = (Count / 2, (Count / 2) + 1);
        int length = End[first] - Begin[first], stride = Begin[first] - Begin[first - 1];
        while (first > 0 && End[first - 1] - Begin[first - 1] == length && Begin[first] - Begin[first - 1] == stride)
        {
            first--;
        }

        while (end < Count && End[end] - Begin[end] == length && Begin[end] - Begin[end - 1] == stride)
        {
            end++;
        }

        return (first, end);
    }

    /// <summary>The one window of an axis that is not there.</summary>
    public static AxisWindows None { get; } = new(1, [0], [1], 1);
}

/// <summary>The largest element of each window, by its place. A place is stored as its number plus one in the first bytes of an element; 0 stands for none.</summary>
internal static class Pooling
{
    /// <summary>For each of the rows, which hold three axes each, the place of the first largest element of each window. The first NaN counts as the largest.</summary>
    public static unsafe void Winners<T>(ReadOnlySpan<T> x, int rows, ReadOnlySpan<AxisWindows> axes, Span<int> winners) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (AxisWindows depth, AxisWindows height, AxisWindows width) = (axes[0], axes[1], axes[2]);
        int places = depth.Extent * height.Extent * width.Extent;
        (int first, int end) = width.EvenRun();
        if (!WindowRegisters.CanLoad<T>(width, first, end))
        {
            end = first;
        }

        fixed (T* startX = x)
        fixed (int* startWinners = winners)
        {
            int* line = startWinners;
            for (int r = 0; r < rows; r++)
            {
                var row = new WindowRow<T>(startX + ((nint)r * places), startX + x.Length);
                for (int d = 0; d < depth.Count; d++)
                {
                    for (int h = 0; h < height.Count; h++, line += width.Count)
                    {
                        // Registers may write more than their windows: what stands behind these is written after them.
                        int done = first < end ? first + WindowRegisters.Winners(row, axes, d, h, first, end, line, startWinners + winners.Length) : 0;
                        WinnersOneByOne(row, axes, d, h, 0, Math.Min(first, done), line);
                        WinnersOneByOne(row, axes, d, h, done, width.Count, line);
                    }
                }
            }
        }
    }

    private static unsafe void WinnersOneByOne<T>(WindowRow<T> row, ReadOnlySpan<AxisWindows> axes, int d, int h, int from, int to, int* winners) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (AxisWindows depth, AxisWindows height, AxisWindows width) = (axes[0], axes[1], axes[2]);
        for (int w = from; w < to; w++)
        {
            int winner = -1;
            T largest = T.NegativeInfinity;
            (int begin, int end) = (width.Begin[w], width.End[w]);
            for (int i = depth.Begin[d]; i < depth.End[d]; i += depth.Step)
            {
                for (int j = height.Begin[h]; j < height.End[h]; j += height.Step)
                {
                    int line = ((i * height.Extent) + j) * width.Extent;
                    for (int k = begin; k < end; k += width.Step)
                    {
                        T value = row.Start[line + k];
                        if (winner < 0 || (!(value <= largest) && !T.IsNaN(largest)))
                        {
                            (winner, largest) = (line + k, value);
                        }
                    }
                }
            }

            winners[w] = winner + 1;
        }
    }

    /// <summary>y[r, q] = x[r, place[r, q]] for each row of a batch, and a number where there is no place.</summary>
    public static void Pick<T>(ReadOnlySpan<T> x, int batch, int rows, int length, ReadOnlySpan<int> winners, T fill, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = rows == 0 ? 0 : winners.Length / rows;
        for (int r = 0; r < batch * rows; r++)
        {
            ReadOnlySpan<T> row = x.Slice(r * length, length);
            ReadOnlySpan<int> places = winners.Slice(r % rows * count, count);
            Span<T> target = y.Slice(r * count, count);
            for (int q = 0; q < count; q++)
            {
                target[q] = places[q] == 0 ? fill : row[places[q] - 1];
            }
        }
    }

    /// <summary>x[r, place[r, q]] += y[r, q], on zeros: the transpose of <see cref="Pick"/>. <paramref name="apart"/> says that no place is in two windows.</summary>
    public static void Put<T>(ReadOnlySpan<T> y, int batch, int rows, int length, ReadOnlySpan<int> winners, bool apart, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x.Clear();
        int count = rows == 0 ? 0 : winners.Length / rows;
        for (int r = 0; r < batch * rows; r++)
        {
            ReadOnlySpan<int> places = winners.Slice(r % rows * count, count);
            ReadOnlySpan<T> source = y.Slice(r * count, count);
            if (apart)
            {
                Span<T> target = x.Slice(r * length, length);
                for (int q = 0; q < count; q++)
                {
                    if (places[q] != 0)
                    {
                        // A sum on zeros, so that -0 becomes 0.
                        target[places[q] - 1] = T.Zero + source[q];
                    }
                }

                continue;
            }

            using var row = new Accumulators<T>(x.Slice(r * length, length));
            for (int q = 0; q < count; q++)
            {
                if (places[q] != 0)
                {
                    row.Add(places[q] - 1, source[q]);
                }
            }
        }
    }
}
