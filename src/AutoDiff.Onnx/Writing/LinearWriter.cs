using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>Writes linear maps: by their kinds where ONNX has them, else as picking by numbers, or as a product with a matrix.</summary>
internal sealed class LinearWriter<T>(GraphBuilder graph, BatchLengths batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The elements of a matrix that is written for want of something better.</summary>
    private const int LargestMatrix = 1 << 20;

    private string operation = "";

    /// <summary>y = A x.</summary>
    /// <param name="name">The name of the operation.</param>
    /// <param name="map">The map.</param>
    /// <param name="x">The operand.</param>
    /// <param name="lead">The axes of the operand in front of the map's own.</param>
    /// <param name="operand">The tensor that the map depends on, if any.</param>
    public string Write(string name, Both<LinearMap<T>> map, string x, Both<int[]> lead, string? operand)
    {
        operation = name;
        if (map.First.GetType() != map.Second.GetType())
        {
            throw BatchLengths.Differs(name);
        }

        Size[] leading = Sizes(lead);
        Size[] to = [.. leading, .. Sizes(map.Select(static m => m.To))];
        switch (map.First, map.Second)
        {
            case (ReshapeMap<T>, _):
                return graph.Reshape(x, to);
            case (SumMap<T> first, SumMap<T> second):
                return Sum(new(first, second), x, leading, to);
            case (RepeatMap<T> first, RepeatMap<T> second):
                return Repeat(new(first, second), x, leading, to);
            case (TakeMap<T> first, TakeMap<T> second):
                return Take(new(first, second), x, lead, to);
            case (PutMap<T> first, PutMap<T> second):
                return Put(new(first, second), x, lead, to);
            case (SelectMap<T>, _):
                Expression value = new(graph, x);
                return new Expression(graph, operand!).Choose(value, 0).Name;
            case (CumulativeSumMap<T> first, CumulativeSumMap<T> second):
                string rows = graph.Reshape(x, [Size(Length(lead.First) * first.Outer, Length(lead.Second) * second.Outer), Size(first.Count, second.Count), Size(first.Inner, second.Inner)]);
                return graph.Reshape(graph.Add("CumSum", [rows, graph.IntegersOf([1])], ("reverse", first.IsReverse ? 1L : 0L)), to);
            case (SeparableMap<T> first, SeparableMap<T> second):
                return Separable(new(first, second), x, lead, to);
            case (StridedMap<T> first, StridedMap<T> second):
                return Walk(new(first.Walk, second.Walk), map, x, leading, to, lead);
            case (RunMap<T> first, RunMap<T> second):
                return Walk(new(first.Walk, second.Walk), map, x, leading, to, lead);
            default:
                return AsMatrix(map, x, lead, to);
        }
    }

    /// <summary>A contiguous part of a value, from a place on, in a shape.</summary>
    public string View(string name, string x, Both<int[]> from, Both<int[]> to, Both<int> start)
    {
        operation = name;
        Both<int> length = to.Select(Length);
        if (length == from.Select(Length))
        {
            return graph.Reshape(x, Sizes(to));
        }

        var walk = new Both<StridedWalk>(new([length.First], [1], start.First, [1], 0), new([length.Second], [1], start.Second, [1], 0));
        return TryWalk(walk, from, to, x, [], Sizes(to)) ?? graph.Reshape(Slice(graph.Reshape(x, [Size(Length(from.First), Length(from.Second))]),
            [(0, Size(start.First, start.Second), Size(start.First + length.First, start.Second + length.Second), 1)]), Sizes(to));
    }

    /// <summary>A sum of maps of several operands, each of which fills its part: one after the other along an axis, or each among zeros.</summary>
    public string Assemble(string name, Both<LinearMap<T>>[] maps, string[] xs, Both<int[]>[] leads, string?[] operands)
    {
        operation = name;
        if (leads.All(lead => lead.First.Length == leads[0].First.Length) && Concatenated(maps, xs, Sizes(leads[0])) is { } joined)
        {
            return joined;
        }

        string sum = Write(name, maps[0], xs[0], leads[0], operands[0]);
        for (int i = 1; i < maps.Length; i++)
        {
            sum = graph.Add("Add", [sum, Write(name, maps[i], xs[i], leads[i], operands[i])]);
        }

        return sum;
    }

    private string? Concatenated(Both<LinearMap<T>>[] maps, string[] xs, Size[] lead)
    {
        int axis = -1;
        int rank = maps[0].First.To.Length;
        Both<int> next = default;
        var blocks = new Size[maps.Length][];
        for (int i = 0; i < maps.Length; i++)
        {
            Both<int[]?> starts = maps[i].Select(BlockStart);
            if (starts.First is null || starts.Second is null)
            {
                return null;
            }

            (int[] firstBlock, int[] secondBlock) = (Block(maps[i].First), Block(maps[i].Second));
            int[] differing = [.. Enumerable.Range(0, rank).Where(a => firstBlock[a] != maps[i].First.To[a])];
            if (differing.Length > 1 || (differing.Length == 1 && axis >= 0 && axis != differing[0]) || (differing.Length == 0 && maps.Length > 1))
            {
                return null;
            }

            axis = differing.Length == 1 ? differing[0] : Math.Max(axis, 0);
            if (rank == 0 || starts.First[axis] != next.First || starts.Second[axis] != next.Second)
            {
                return null;
            }

            next = new(next.First + firstBlock[axis], next.Second + secondBlock[axis]);
            blocks[i] = [.. lead, .. batch.Sizes(firstBlock, secondBlock, operation)];
        }

        if (next.First != maps[0].First.To[axis])
        {
            return null;
        }

        string[] parts = [.. xs.Select((x, i) => blocks[i].AsSpan().SequenceEqual((Size[])[.. lead, .. Sizes(maps[i].Select(static m => m.From))]) ? x : graph.Reshape(x, blocks[i]))];
        return graph.Add("Concat", parts, ("axis", (long)(lead.Length + axis)));
    }

    /// <summary>Where x lies in y, in full and in order, as a block; null where it does not.</summary>
    private static int[]? BlockStart(LinearMap<T> map)
    {
        StridedWalk? walk = WalkOf(map);
        if (walk is not { X0: 0 } known || Length(known.Box) != Length(map.From) || WalkAxis.Split(known, map.From, map.To) is not { } axes
            || axes.Any(static a => a.XStep != 1 || a.YStep != 1) || !axes.Select(static a => a.XAxis).SequenceEqual(axes.Select(static a => a.XAxis).Order()))
        {
            return null;
        }

        return [.. Enumerable.Range(0, map.To.Length).Select(axis => WalkAxis.StartOn(known.Y0, map.To, axis))];
    }

    private static int[] Block(LinearMap<T> map)
    {
        WalkAxis[] axes = WalkAxis.Split(WalkOf(map)!.Value, map.From, map.To)!;
        return [.. Enumerable.Range(0, map.To.Length).Select(axis => Array.FindIndex(axes, a => a.YAxis == axis) is var i and >= 0 ? axes[i].Length : 1)];
    }

    private static StridedWalk? WalkOf(LinearMap<T> map) => map switch { RunMap<T> run => run.Walk, StridedMap<T> strided => strided.Walk, _ => null };

    private string Sum(Both<SumMap<T>> map, string x, Size[] lead, Size[] to)
    {
        if (map.First.Repeated == 1 && map.Second.Repeated == 1)
        {
            return graph.Reshape(x, to);
        }

        // The axes that are summed, where the shape has them as they are.
        if (Group(map.First.From, map.First.Outer, map.First.Repeated) is { } group && group == Group(map.Second.From, map.Second.Outer, map.Second.Repeated))
        {
            long[] axes = [.. Enumerable.Range(lead.Length + group.Begin, group.End - group.Begin).Select(static a => (long)a)];
            Size[] from = [.. lead, .. Sizes(new(map.First.From, map.Second.From))];
            Size[] kept = [.. from.Index().Where(f => !axes.Contains(f.Index)).Select(static f => f.Item)];
            Size[] ones = [.. from.Index().Select(f => axes.Contains(f.Index) ? 1 : f.Item)];
            bool keeps = to.AsSpan().SequenceEqual(ones);
            string sum = graph.Add("ReduceSum", [x, graph.Integers(axes)], ("keepdims", keeps ? 1L : 0L));
            return keeps || to.AsSpan().SequenceEqual(kept) ? sum : graph.Reshape(sum, to);
        }

        string rows = graph.Reshape(x, [.. lead, Size(map.First.Outer, map.Second.Outer), Size(map.First.Repeated, map.Second.Repeated), Size(map.First.Inner, map.Second.Inner)]);
        return graph.Reshape(graph.Add("ReduceSum", [rows, graph.Integers(lead.Length + 1)], ("keepdims", 0L)), to);
    }

    private string Repeat(Both<RepeatMap<T>> map, string x, Size[] lead, Size[] to)
    {
        if (map.First.Repeated == 1 && map.Second.Repeated == 1)
        {
            return graph.Reshape(x, to);
        }

        Size[] ones;
        if (Group(map.First.To, map.First.Outer, map.First.Repeated) is { } group && group == Group(map.Second.To, map.Second.Outer, map.Second.Repeated))
        {
            ones = [.. to.Index().Select(t => t.Index >= lead.Length + group.Begin && t.Index < lead.Length + group.End ? 1 : t.Item)];
            Size[] from = [.. lead, .. Sizes(new(map.First.From, map.Second.From))];
            return graph.Add("Expand", [from.AsSpan().SequenceEqual(ones) ? x : graph.Reshape(x, ones), graph.Sizes(to)]);
        }

        Size[] three = [.. lead, Size(map.First.Outer, map.Second.Outer), Size(map.First.Repeated, map.Second.Repeated), Size(map.First.Inner, map.Second.Inner)];
        ones = [.. three];
        ones[^2] = 1;
        return graph.Reshape(graph.Add("Expand", [graph.Reshape(x, ones), graph.Sizes(three)]), to);
    }

    /// <summary>The axes of a shape that have so many elements in front of them and in themselves.</summary>
    private static (int Begin, int End)? Group(int[] shape, int outer, int repeated)
    {
        int begin = 0;
        for (int before = 1; begin < shape.Length && before != outer; begin++)
        {
            before *= shape[begin];
        }

        int end = begin;
        int inside = 1;
        while (end < shape.Length && inside != repeated)
        {
            inside *= shape[end++];
        }

        return inside == repeated && Length(shape[..begin]) == outer ? (begin, end) : null;
    }

    private string Take(Both<TakeMap<T>> map, string x, Both<int[]> lead, Size[] to)
    {
        long[] indices = Indices(map.Select(static m => m.Indices));
        string rows = graph.Reshape(x, Rows(map.Select(m => (m.Outer, m.Extent, m.Inner)), lead));
        return graph.Reshape(graph.Add("Gather", [rows, graph.Integers(indices)], ("axis", 1L)), to);
    }

    private string Put(Both<PutMap<T>> map, string x, Both<int[]> lead, Size[] to)
    {
        long[] indices = Indices(map.Select(static m => m.Indices));
        if (map.First.Extent != map.Second.Extent)
        {
            throw BatchLengths.Differs(operation);
        }

        int extent = map.First.Extent;
        string rows = graph.Reshape(x, Rows(map.Select(m => (m.Outer, indices.Length, m.Inner)), lead));
        if (indices.Distinct().Count() == indices.Length)
        {
            // Each place is filled once, from one slice, or from a slice of zeros behind the last.
            var source = new long[extent];
            Array.Fill(source, indices.Length);
            for (int i = 0; i < indices.Length; i++)
            {
                source[indices[i]] = i;
            }

            string padded = graph.Add("Pad", [rows, graph.Integers(0, 0, 0, 0, 1, 0)]);
            return graph.Reshape(graph.Add("Gather", [padded, graph.Integers(source)], ("axis", 1L)), to);
        }

        if ((long)extent * indices.Length > LargestMatrix)
        {
            throw OnnxException.OfOperation(operation, $"{indices.Length} slices are added into {extent} places", $"write a function in which the product of the two is at most {LargestMatrix}");
        }

        var matrix = new T[extent * indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            matrix[(indices[i] * indices.Length) + i] = T.One;
        }

        return graph.Reshape(graph.Add("MatMul", [graph.Constant<T>(matrix, extent, indices.Length), rows]), to);
    }

    private string Separable(Both<SeparableMap<T>> map, string x, Both<int[]> lead, Size[] to)
    {
        Both<int[]> current = map.Select(static m => (int[])[.. m.From]);
        int axes = map.First.Axes.Length;
        for (int k = 0; k < axes; k++)
        {
            Both<AxisWeights<T>> weights = map.Select(m => m.Axes[k]);
            T[] matrix = weights.First.Dense();
            if (!matrix.AsSpan().SequenceEqual(weights.Second.Dense()))
            {
                throw BatchLengths.Differs(operation);
            }

            int place = current.First.Length - axes + k;
            if (!IsIdentity(matrix, weights.First.To, weights.First.From))
            {
                Both<(int, int, int)> around = new(
                    (Length(current.First[..place]), weights.First.From, Length(current.First[(place + 1)..])), (Length(current.Second[..place]), weights.Second.From, Length(current.Second[(place + 1)..])));
                x = graph.Add("MatMul", [graph.Constant<T>(matrix, weights.First.To, weights.First.From), graph.Reshape(x, Rows(around, lead))]);
            }

            (current.First[place], current.Second[place]) = (weights.First.To, weights.Second.To);
            x = k == axes - 1 ? x : graph.Reshape(x, [.. Sizes(lead), .. Sizes(current)]);
        }

        return graph.Reshape(x, to);

        static bool IsIdentity(T[] matrix, int rows, int columns)
        {
            bool holds = rows == columns;
            for (int i = 0; holds && i < matrix.Length; i++)
            {
                holds = matrix[i] == (i / columns == i % columns ? T.One : T.Zero);
            }

            return holds;
        }
    }

    /// <summary>The shape [outer, extent, inner], with the axes in front among the outer ones.</summary>
    private Size[] Rows(Both<(int Outer, int Extent, int Inner)> around, Both<int[]> lead) =>
    [
        Size(Length(lead.First) * around.First.Outer, Length(lead.Second) * around.Second.Outer), Size(around.First.Extent, around.Second.Extent), Size(around.First.Inner, around.Second.Inner),
    ];

    private long[] Indices(Both<int[]> indices) => indices.First.AsSpan().SequenceEqual(indices.Second) ? Array.ConvertAll(indices.First, static i => (long)i) : throw BatchLengths.Differs(operation);

    private string Walk(Both<StridedWalk> walk, Both<LinearMap<T>> map, string x, Size[] lead, Size[] to, Both<int[]> leadShape) =>
        TryWalk(walk, map.Select(static m => m.From), map.Select(static m => m.To), x, lead, to) ?? Pick(map, x, to, leadShape);

    /// <summary>A walk along axes: a slice, a transposition, and zeros around.</summary>
    private string? TryWalk(Both<StridedWalk> walk, Both<int[]> from, Both<int[]> to, string x, Size[] lead, Size[] target)
    {
        if (WalkAxis.Split(walk.First, from.First, to.First) is not { } first || WalkAxis.Split(walk.Second, from.Second, to.Second) is not { } second || first.Length != second.Length
            || !first.Select(static a => (a.XAxis, a.XStep, a.YAxis)).SequenceEqual(second.Select(static a => (a.XAxis, a.XStep, a.YAxis))) || first.Concat(second).Any(static a => a.YStep != 1))
        {
            return null;
        }

        // The part of x that is met.
        Size[] shape = [.. Sizes(from)];
        var slices = new List<(int Axis, Size Start, Size End, long Step)>();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int k = Array.FindIndex(first, a => a.XAxis == axis);
            WalkAxis a = k >= 0 ? first[k] : new WalkAxis(1, axis, WalkAxis.StartOn(walk.First.X0, from.First, axis), 1, -1, 0, 1);
            WalkAxis b = k >= 0 ? second[k] : new WalkAxis(1, axis, WalkAxis.StartOn(walk.Second.X0, from.Second, axis), 1, -1, 0, 1);
            Size length = Size(a.Length, b.Length);
            if (length != shape[axis] || a.XStep != 1)
            {
                Size end = a.XStep > 0 ? Size(a.XStart + ((a.Length - 1) * a.XStep) + 1, b.XStart + ((b.Length - 1) * b.XStep) + 1)
                    : a.XStart + ((a.Length - 1) * a.XStep) == 0 ? (Size)(long.MinValue + 1)
                    : Size(a.XStart + ((a.Length - 1) * a.XStep) - 1, b.XStart + ((b.Length - 1) * b.XStep) - 1);
                slices.Add((lead.Length + axis, Size(a.XStart, b.XStart), end, a.XStep));
                shape[axis] = length;
            }
        }

        x = slices.Count > 0 ? Slice(x, slices) : x;

        // Its axes in the order of those of y; those of length 1 are left out on the way.
        int[] order = [.. first.Select(static a => a.XAxis)];
        int[] sorted = [.. order.Order()];
        if (!order.AsSpan().SequenceEqual(sorted))
        {
            if (sorted.Length != shape.Length)
            {
                x = graph.Reshape(x, [.. lead, .. sorted.Select(axis => shape[axis])]);
            }

            x = graph.Add("Transpose", [x], ("perm", (long[])[.. Enumerable.Range(0, lead.Length), .. order.Select(axis => (long)(lead.Length + Array.IndexOf(sorted, axis)))]));
            shape = [.. order.Select(axis => shape[axis])];
        }

        Size[] block = [.. Enumerable.Range(0, target.Length - lead.Length).Select(axis => Array.FindIndex(first, a => a.YAxis == axis) is var k and >= 0 ? Size(first[k].Length, second[k].Length) : 1)];
        x = block.AsSpan().SequenceEqual(shape) ? x : graph.Reshape(x, [.. lead, .. block]);

        Size[] after = target[lead.Length..];
        if (block.AsSpan().SequenceEqual(after))
        {
            return x;
        }

        // Zeros around.
        var (begins, ends) = (new Size[target.Length], new Size[target.Length]);
        for (int axis = 0; axis < after.Length; axis++)
        {
            int k = Array.FindIndex(first, a => a.YAxis == axis);
            Both<int> start = new(WalkAxis.StartOn(walk.First.Y0, to.First, axis), WalkAxis.StartOn(walk.Second.Y0, to.Second, axis));
            Both<int> length = k >= 0 ? new(first[k].Length, second[k].Length) : new(1, 1);
            begins[lead.Length + axis] = Size(start.First, start.Second);
            ends[lead.Length + axis] = Size(to.First[axis] - start.First - length.First, to.Second[axis] - start.Second - length.Second);
        }

        return graph.Add("Pad", [x, graph.Sizes([.. begins, .. ends])]);
    }

    private string Slice(string x, List<(int Axis, Size Start, Size End, long Step)> slices) => graph.Add("Slice",
    [
        x, graph.Sizes([.. slices.Select(static s => s.Start)]), graph.Sizes([.. slices.Select(static s => s.End)]), graph.Integers([.. slices.Select(static s => (long)s.Axis)]),
        graph.Integers([.. slices.Select(static s => s.Step)]),
    ]);

    /// <summary>Every element of y is an element of x, a sum of some, or 0: they are picked by number, 0 from behind the last.</summary>
    private string Pick(Both<LinearMap<T>> map, string x, Size[] to, Both<int[]> lead)
    {
        List<int>[] sources = Sources(map.First);
        List<int>[] others = ReferenceEquals(map.First, map.Second) ? sources : Sources(map.Second);
        if (sources.Length != others.Length || sources.Index().Any(s => !s.Item.SequenceEqual(others[s.Index])))
        {
            throw BatchLengths.Differs(operation);
        }

        int n = Length(map.First.From);
        int most = Math.Max(sources.Max(static s => s.Count), 1);
        var places = new long[most * sources.Length];
        Array.Fill(places, n);
        for (int i = 0; i < sources.Length; i++)
        {
            for (int k = 0; k < sources[i].Count; k++)
            {
                places[(k * sources.Length) + i] = sources[i][k];
            }
        }

        Size rows = Size(Length(lead.First), Length(lead.Second));
        string padded = graph.Add("Pad", [graph.Reshape(x, [rows, n]), graph.Integers(0, 0, 0, 1)]);
        string picked = graph.Add("Gather", [padded, graph.IntegersOf(places, most, sources.Length)], ("axis", 1L));
        return graph.Reshape(most == 1 ? picked : graph.Add("ReduceSum", [picked, graph.Integers(1)], ("keepdims", 0L)), to);

        static List<int>[] Sources(LinearMap<T> map)
        {
            var sources = new List<int>[Length(map.To)];
            for (int i = 0; i < sources.Length; i++)
            {
                sources[i] = [];
            }

            map.VisitNonzeros((y, x) => sources[y].Add(x));
            return sources;
        }
    }

    private string AsMatrix(Both<LinearMap<T>> map, string x, Both<int[]> lead, Size[] to)
    {
        (int n, int m) = (Length(map.First.From), Length(map.First.To));
        if (!ReferenceEquals(map.First, map.Second) || (long)n * m > LargestMatrix)
        {
            throw OnnxException.OfOperation(operation, $"a linear map of the kind {map.First.GetType().Name} has no counterpart in ONNX", "write a function without it");
        }

        // Row i is what becomes of unit vector i.
        var matrix = new T[n * m];
        var unit = new T[n];
        for (int i = 0; i < n; i++)
        {
            unit[i] = T.One;
            map.First.Apply(unit, matrix.AsSpan(i * m, m), 1);
            unit[i] = T.Zero;
        }

        return graph.Reshape(graph.Add("MatMul", [graph.Reshape(x, [Size(Length(lead.First), Length(lead.Second)), n]), graph.Constant<T>(matrix, n, m)]), to);
    }

    private Size Size(int first, int second) => batch.Size(first, second, operation);

    private Size[] Sizes(Both<int[]> shape) => batch.Sizes(shape.First, shape.Second, operation);

    private static int Length(int[] shape)
    {
        int length = 1;
        foreach (int extent in shape)
        {
            length = checked(length * extent);
        }

        return length;
    }
}
