namespace AutoDiff.Tests.Operations;

/// <summary>An array of doubles with a shape: the plain references of the operation table are written on it, with loops over indices and nothing of the library.</summary>
internal sealed record Plain(double[] Values, int[] Shape)
{
    public int Length => Values.Length;

    public double this[params int[] index] => Values[Place(index, Shape)];

    public static int Count(int[] shape) => shape.Aggregate(1, (product, extent) => product * extent);

    /// <summary>An array whose elements are given by their indices.</summary>
    public static Plain Build(int[] shape, Func<int[], double> element) => new(Indices(shape).Select(element).ToArray(), shape);

    /// <summary>A function of single elements, with broadcasting.</summary>
    public static Func<Plain[], Plain> Elementwise(Func<double[], double> f) => xs =>
    {
        int rank = xs.Max(x => x.Shape.Length);
        int[] shape = Enumerable.Range(0, rank).Select(axis => xs.Select(x => Extent(x, axis, rank)).Aggregate(1, (a, b) => a == 1 ? b : a)).ToArray();
        return Build(shape, index => f(Array.ConvertAll(xs, x => x[Own(x, index)])));

        static int Extent(Plain x, int axis, int rank) => axis < rank - x.Shape.Length ? 1 : x.Shape[axis - (rank - x.Shape.Length)];
        static int[] Own(Plain x, int[] index) => index[^x.Shape.Length..].Select((i, axis) => x.Shape[axis] == 1 ? 0 : i).ToArray();
    };

    /// <summary>One number from the elements along some axes (none: all), which go, or stay with length 1.</summary>
    public static Func<Plain[], Plain> Reduce(Func<double[], double> f, int[]? axes = null, bool keep = false) => xs =>
    {
        Plain x = xs[0];
        bool[] marked = Mark(x, axes);
        int[] kept = x.Shape.Select((extent, axis) => marked[axis] ? 1 : extent).ToArray();
        Plain result = Build(kept, index => f(Group(x, marked, index).Select(place => x.Values[place]).ToArray()));
        return keep ? result : new(result.Values, x.Shape.Where((_, axis) => !marked[axis]).ToArray());
    };

    /// <summary>As many numbers as there are elements along some axes (none: all), in their places.</summary>
    public static Func<Plain[], Plain> Along(Func<double[], double[]> f, params int[] axes) => xs =>
    {
        Plain x = xs[0];
        bool[] marked = Mark(x, axes.Length == 0 ? null : axes);
        var values = new double[x.Length];
        foreach (int[] index in Indices(x.Shape.Select((extent, axis) => marked[axis] ? 1 : extent).ToArray()))
        {
            int[] places = Group(x, marked, index).ToArray();
            double[] row = f(places.Select(place => x.Values[place]).ToArray());
            for (int i = 0; i < places.Length; i++)
            {
                values[places[i]] = row[i];
            }
        }

        return new(values, x.Shape);
    };

    /// <summary>Sums of products of elements, as in "ij,jk->ik".</summary>
    public static Func<Plain[], Plain> Einsum(string formula) => xs =>
    {
        string[] sides = formula.Split("->");
        string[] labels = sides[0].Split(',');
        var extents = new SortedDictionary<char, int>();
        for (int k = 0; k < xs.Length; k++)
        {
            for (int axis = 0; axis < labels[k].Length; axis++)
            {
                extents[labels[k][axis]] = xs[k].Shape[axis];
            }
        }

        char[] summed = extents.Keys.Where(label => !sides[1].Contains(label)).ToArray();
        return Build(sides[1].Select(label => extents[label]).ToArray(), index => Indices(summed.Select(label => extents[label]).ToArray()).Sum(rest =>
        {
            int At(char label) => sides[1].IndexOf(label) is var place && place >= 0 ? index[place] : rest[Array.IndexOf(summed, label)];
            return xs.Select((x, k) => x[labels[k].Select(At).ToArray()]).Aggregate(1.0, (product, factor) => product * factor);
        }));
    };

    /// <summary>Elements moved: for each index of the result, the index of the element in the input.</summary>
    public static Func<Plain[], Plain> Move(Func<int[], int[]> shape, Func<int[], int[], int[]> source) => xs => Build(shape(xs[0].Shape), index => xs[0][source(index, xs[0].Shape)]);

    /// <summary>The same elements in another shape.</summary>
    public static Func<Plain[], Plain> Reshape(Func<int[], int[]> shape) => xs => new(xs[0].Values, shape(xs[0].Shape));

    /// <summary>All indices of a shape, the last axis fastest.</summary>
    public static IEnumerable<int[]> Indices(int[] shape)
    {
        int count = Count(shape);
        for (int i = 0; i < count; i++)
        {
            var index = new int[shape.Length];
            int rest = i;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            }

            yield return index;
        }
    }

    private static int Place(int[] index, int[] shape) => index.Select((i, axis) => i * Count(shape[(axis + 1)..])).Sum();

    private static bool[] Mark(Plain x, int[]? axes) => x.Shape.Select((_, axis) => axes is null || axes.Contains(axis) || axes.Contains(axis - x.Shape.Length)).ToArray();

    /// <summary>The places of the elements that share the index on the axes that are not marked.</summary>
    private static IEnumerable<int> Group(Plain x, bool[] marked, int[] index) =>
        Indices(x.Shape.Select((extent, axis) => marked[axis] ? extent : 1).ToArray()).Select(own => Place(own.Select((i, axis) => marked[axis] ? i : index[axis]).ToArray(), x.Shape));
}
