using System.Numerics;

namespace AutoDiff;

/// <summary>Which elements of an operation's input and output belong together, from what the record knows of its Jacobian's structure.</summary>
internal static class Structure
{
    /// <summary>The indices of an element, from its place in row-major order.</summary>
    public static int[] Indices(int element, ReadOnlySpan<int> shape)
    {
        var indices = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (element, indices[axis]) = Math.DivRem(element, shape[axis]);
        }

        return indices;
    }

    /// <summary>The elements of input k on which an element of the output depends; null for all of them.</summary>
    public static int[]? InputsOf<T>(Record<T> record, int k, int element) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map(record, k) is { } map ? Visit(map, element, record.Output.Length, record.Input(k).Length, fromOutput: true)
        : Axes(record, k) is { } axes ? Match(record.Output.Shape, record.Input(k).Shape, axes, element, fromOutput: true)
        : null;

    /// <summary>The elements of the output that depend on an element of input k; null for all of them.</summary>
    public static int[]? OutputsOf<T>(Record<T> record, int k, int element) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map(record, k) is { } map ? Visit(map, element, record.Input(k).Length, record.Output.Length, fromOutput: false)
        : Axes(record, k) is { } axes ? Match(record.Input(k).Shape, record.Output.Shape, axes, element, fromOutput: false)
        : null;

    private static LinearMap<T>? Map<T>(Record<T> record, int k) where T : unmanaged, IBinaryFloatingPointIeee754<T> => record switch
    {
        LinearRecord<T> linear => linear.Map,
        AssembleRecord<T> assemble => assemble.Pieces[k].Map,
        _ => null,
    };

    /// <summary>The axes that run in step. Where the derivative is zero everywhere, nothing is known, except that values of one shape belong together element by element.</summary>
    private static int[]? Axes<T>(Record<T> record, int k) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[]? axes = record.MatchingAxes(k) ?? (record.Input(k).Shape.SequenceEqual(record.Output.Shape) ? [.. Enumerable.Range(0, record.Output.Rank)] : null);
        return axes is null || (axes.Length > 0 && Array.TrueForAll(axes, axis => axis < 0)) ? null : axes;
    }

    private static int[] Visit<T>(LinearMap<T> map, int element, int ownLength, int otherLength, bool fromOutput) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Axes in front of the map's own are a batch.
        int own = Math.Max(Shapes.Length(fromOutput ? map.To : map.From), 1);
        int other = Shapes.Length(fromOutput ? map.From : map.To);
        (int batch, int place) = Math.DivRem(element, own);
        var found = new List<int>();
        map.VisitNonzeros((y, x) =>
        {
            if ((fromOutput ? y : x) == place)
            {
                found.Add((batch * other) + (fromOutput ? x : y));
            }
        });
        return found.FindAll(i => i < otherLength && element < ownLength).ToArray();
    }

    /// <summary>The elements of the other tensor whose indices agree with those of the element on the axes that run in step. <paramref name="axes"/> gives for each input axis that of the output.</summary>
    private static int[] Match(ReadOnlySpan<int> ownShape, ReadOnlySpan<int> otherShape, int[] axes, int element, bool fromOutput)
    {
        var fixedAt = new int[otherShape.Length];
        Array.Fill(fixedAt, -1);
        for (int axis = ownShape.Length - 1; axis >= 0; axis--)
        {
            (element, int index) = Math.DivRem(element, ownShape[axis]);
            int other = fromOutput ? Array.IndexOf(axes, axis) : axes[axis];
            if (other >= 0 && (fromOutput || ownShape[axis] == otherShape[other]))
            {
                fixedAt[other] = Math.Min(index, otherShape[other] - 1);
            }
        }

        int[] places = [0];
        for (int axis = 0; axis < otherShape.Length; axis++)
        {
            int n = otherShape[axis];
            int at = fixedAt[axis];
            places = at >= 0 ? Array.ConvertAll(places, p => (p * n) + at) : [.. places.SelectMany(p => Enumerable.Range(p * n, n))];
        }

        return places;
    }
}
