namespace AutoDiff.Onnx;

/// <content>Shapes, indices, reductions.</content>
internal static partial class NodeOperations<T>
{
    private static void AddShapes()
    {
        One("Constant", static c => Constant(c));
        One("ConstantOfShape", static c => c.Node["value"] is OnnxTensor value && OnnxModel<T>.ToItem(value) is { Numbers: { } number } ? Tensor.Full(number.ToArray()[0], Ints(c.Integers(0)))
            : c.Node["value"] is OnnxTensor whole && OnnxModel<T>.ToItem(whole).Integers is { } integer ? Filled(integer.Values[0], Ints(c.Integers(0)))
            : Tensor.Zeros<T>(Ints(c.Integers(0))));
        One("Shape", static c => ShapeOf(c));
        One("Size", static c => new IntegerArray([Length(c[0].Shape)], []));
        One("Range", static c => Range(c));
        One("Reshape", static c => Reshape(c, Target(c, c[0].Shape, c.IntegersOf("shape", 1) ?? throw c.Wrong("there is no shape"))));
        One("Flatten", static c => c.Axis(c.Integer("axis", 1), c[0].Rank + 1) is var axis ? c.X.Reshape(Length(c[0].Shape[..axis]), Length(c[0].Shape[axis..])) : default);
        One("Squeeze", static c => Squeeze(c));
        One("Unsqueeze", static c => Unsqueeze(c));
        One("Expand", static c => c.X.BroadcastTo(Shapes.Broadcast(c.X.Dimensions, Ints(c.Integers(1)), "Expand")));
        One("Tile", static c => Tile(c.X, Ints(c.Integers(1))));
        One("Transpose", static c => c.X.Permute(c.List("perm") ?? [.. Enumerable.Range(0, c.X.Rank).Reverse()]));
        One("Concat", static c => Concat(c));
        Known["Split"] = static c => Split(c);
        One("Slice", static c => Slice(c));
        One("Pad", static c => Pad(c));
        One("Gather", static c => Gather(c));
        One("GatherElements", static c => c.X.Gather(Indices(c, 1, c[0].Shape[c.Axis(c.Integer("axis"), c[0].Rank)]), c[1].Shape, c.Axis(c.Integer("axis"), c[0].Rank)));
        One("ScatterElements", static c => ScatterElements(c));
        One("CumSum", static c => CumSum(c));
        One("ArgMax", static c => ArgMax(c));
        One("Trilu", static c => (c.Has(1) ? (int)c.Integers(1)[0] : 0) is var k && c.Integer("upper", 1) == 1 ? c.X.Triu(k) : c.X.Tril(k));

        void Reduction(string type, Func<Tensor<T>, int[], bool, Tensor<T>> f) => One(type, c =>
        {
            long[]? axes = c.IntegersOf("axes", 1);
            if (axes is null or [])
            {
                if (c.Integer("noop_with_empty_axes") == 1)
                {
                    return c.X;
                }

                axes = [.. Enumerable.Range(0, c.X.Rank)];
            }

            int[] own = new int[axes.Length];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = c.Axis(axes[i], c.X.Rank);
            }

            return own.Length == 0 ? c.X : f(c.X, own, c.Integer("keepdims", 1) == 1);
        });
        Reduction("ReduceSum", static (x, axes, keep) => x.Sum(axes, keep));
        Reduction("ReduceMean", static (x, axes, keep) => x.Mean(axes, keep));
        Reduction("ReduceMax", static (x, axes, keep) => x.Max(axes, keep));
        Reduction("ReduceMin", static (x, axes, keep) => x.Min(axes, keep));
        Reduction("ReduceProd", static (x, axes, keep) => x.Prod(axes, keep));
        Reduction("ReduceL1", static (x, axes, keep) => x.Norm(T.One, axes, keep));
        Reduction("ReduceL2", static (x, axes, keep) => x.Norm(T.CreateChecked(2), axes, keep));
        Reduction("ReduceLogSumExp", static (x, axes, keep) => x.LogSumExp(axes, keep));
        Reduction("ReduceLogSum", static (x, axes, keep) => x.Sum(axes, keep).Log());
        Reduction("ReduceSumSquare", static (x, axes, keep) => x.Square().Sum(axes, keep));
    }

    private static IntegerArray Range(NodeContext<T> c)
    {
        (long start, long limit, long step) = (c.Integers(0)[0], c.Integers(1)[0], c.Integers(2)[0]);
        if (step == 0)
        {
            throw c.Wrong("the step is 0");
        }

        long count = Math.Max(0, (limit - start + step - Math.Sign(step)) / step);
        return new IntegerArray([.. Enumerable.Range(0, checked((int)count)).Select(i => start + (i * step))], [(int)count]);
    }

    private static Item<T> Constant(NodeContext<T> c) => c.Node["value"] is OnnxTensor tensor ? OnnxModel<T>.ToItem(tensor)
        : c.Node["value_float"] is float number ? Tensor.Scalar(T.CreateTruncating(number))
        : c.Node["value_int"] is long integer ? new IntegerArray([integer], [])
        : c.Node["value_ints"] is long[] integers ? new IntegerArray(integers, [integers.Length])
        : c.Node["value_floats"] is float[] numbers ? Tensor.Create<T>([.. numbers.Select(T.CreateTruncating)], [numbers.Length])
        : throw c.Unsupported("a constant of another kind");

    private static IntegerArray Filled(long value, int[] shape) => new([.. Enumerable.Repeat(value, Length(shape))], shape);

    private static IntegerArray ShapeOf(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        int start = Bound(c.Integer("start")), end = c.Node["end"] is long given ? Bound(given) : shape.Length;
        int[] part = shape[start..Math.Max(start, end)];
        return new IntegerArray(Array.ConvertAll(part, static n => (long)n), [part.Length]);

        int Bound(long at) => (int)Math.Clamp(at < 0 ? at + shape.Length : at, 0, shape.Length);
    }

    private static int[] Target(NodeContext<T> c, int[] shape, long[] given)
    {
        var target = new int[given.Length];
        int inferred = -1;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = given[i] == 0 && c.Integer("allowzero") == 0 ? (i < shape.Length ? shape[i] : throw c.Wrong($"axis {i} is to be copied, and is not there")) : given[i] == -1 ? 1 : checked((int)given[i]);
            inferred = given[i] == -1 ? i : inferred;
        }

        if (inferred >= 0)
        {
            target[inferred] = Length(target) is var rest and > 0 ? Length(shape) / rest : 0;
        }

        return target;
    }

    private static Item<T> Reshape(NodeContext<T> c, int[] target) => c[0].Integers is { } integers ? integers with { Shape = target } : c.X.Reshape(target);

    private static Item<T> Squeeze(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        long[] axes = c.IntegersOf("axes", 1) ?? [.. Enumerable.Range(0, shape.Length).Where(axis => shape[axis] == 1)];
        var dropped = new HashSet<int>();
        foreach (long axis in axes)
        {
            int own = c.Axis(axis, shape.Length);
            dropped.Add(shape[own] == 1 ? own : throw c.Wrong($"axis {axis} has length {shape[own]}, not 1"));
        }

        return Reshape(c, [.. shape.Where((_, axis) => !dropped.Contains(axis))]);
    }

    private static Item<T> Unsqueeze(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        long[] axes = c.IntegersOf("axes", 1) ?? throw c.Wrong("there are no axes");
        var places = new HashSet<int>();
        foreach (long axis in axes)
        {
            places.Add(c.Axis(axis, shape.Length + axes.Length));
        }

        var target = new int[shape.Length + axes.Length];
        for (int i = 0, next = 0; i < target.Length; i++)
        {
            target[i] = places.Contains(i) ? 1 : next < shape.Length ? shape[next++] : throw c.Wrong("an axis is named twice");
        }

        return Reshape(c, target);
    }

    private static Tensor<T> Tile(Tensor<T> x, int[] repeats)
    {
        for (int axis = 0; axis < repeats.Length; axis++)
        {
            x = repeats[axis] == 1 ? x : x.Take([.. Enumerable.Range(0, repeats[axis] * x.Shape[axis]).Select(i => i % x.Shape[axis])], axis);
        }

        return x;
    }

    private static Item<T> Concat(NodeContext<T> c)
    {
        if (c[0].Integers is not null)
        {
            var all = new List<long>();
            for (int i = 0; i < c.Count; i++)
            {
                all.AddRange(c.Integers(i));
            }

            return new IntegerArray([.. all], [all.Count]);
        }

        var parts = new Tensor<T>[c.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = c.Numbers(i);
        }

        return Tensor.Concat<T>(parts, c.Axis(c.Integer("axis"), parts[0].Rank));
    }

    private static Item<T>[] Split(NodeContext<T> c)
    {
        int axis = c.Axis(c.Integer("axis"), c.X.Rank);
        int n = c.X.Shape[axis], count = c.Node.Outputs.Length;
        int part = (n + count - 1) / count;
        int[] sizes = c.IntegersOf("split", 1) is { } given ? Ints(given) : [.. Enumerable.Range(0, count).Select(i => Math.Clamp(n - (i * part), 0, part))];
        return Array.ConvertAll(c.X.Split(sizes, axis), static x => (Item<T>)x);
    }

    private static Item<T> Slice(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        long[] starts = c.IntegersOf("starts", 1) ?? throw c.Wrong("there are no starts"), ends = c.IntegersOf("ends", 2) ?? throw c.Wrong("there are no ends");
        long[] axes = c.IntegersOf("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        long[] steps = c.Has(4) ? c.Integers(4) : [.. Enumerable.Repeat(1, starts.Length)];
        var index = new TensorIndex[shape.Length];
        var kept = new (int Start, int Step, int Count)[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            (index[axis], kept[axis]) = (.., (0, 1, shape[axis]));
        }

        for (int i = 0; i < starts.Length; i++)
        {
            int axis = c.Axis(axes[i], shape.Length);
            long n = shape[axis], step = steps[i];
            if (step == 0)
            {
                throw c.Wrong("a step is 0");
            }

            // Bounds count from the end below 0, and are limited to the axis (the rules of the operation Slice).
            long start = Math.Clamp(starts[i] < 0 ? starts[i] + n : starts[i], 0, step > 0 ? n : n - 1);
            long end = Math.Clamp(ends[i] < 0 && ends[i] > long.MinValue + n ? ends[i] + n : ends[i], step > 0 ? 0 : -1, n);
            long count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            kept[axis] = ((int)start, (int)step, (int)count);
            index[axis] = count == 0 ? TensorIndex.Every(0..0, 1)
                : step > 0 ? TensorIndex.Every((int)start..(int)end, (int)step)
                : TensorIndex.Every((int)(end + 1)..(int)(start + 1), (int)Math.Max(step, int.MinValue + 1));
        }

        if (c[0].Integers is { } integers)
        {
            return integers.Shape.Length == 1
                ? new IntegerArray([.. Enumerable.Range(0, kept[0].Count).Select(i => integers.Values[kept[0].Start + (i * kept[0].Step)])], [kept[0].Count]) : throw c.Unsupported("a slice of a table of integers");
        }

        return c.X.Slice(index);
    }

    private static Tensor<T> Pad(NodeContext<T> c)
    {
        long[] pads = c.IntegersOf("pads", 1) ?? throw c.Wrong("there are no widths");
        int rank = c.X.Rank;
        long[] axes = c.Has(3) ? c.Integers(3) : [.. Enumerable.Range(0, rank)];
        var widths = new (int Before, int After)[rank];
        if (pads.Length != 2 * axes.Length)
        {
            throw c.Wrong($"{pads.Length} widths are given for {axes.Length} axes");
        }

        for (int i = 0; i < axes.Length; i++)
        {
            widths[c.Axis(axes[i], rank)] = (checked((int)pads[i]), checked((int)pads[axes.Length + i]));
        }

        return c.Text("mode", "constant") switch
        {
            "constant" => c.X.Pad(widths, c.Has(2) ? c.Numbers(2).ToArray()[0] : T.CreateTruncating(c.Number("value", 0))),
            "reflect" => c.X.Pad(widths, PadMode.Reflect),
            "edge" => c.X.Pad(widths, PadMode.Replicate),
            "wrap" => c.X.Pad(widths, PadMode.Circular),
            var mode => throw c.Unsupported($"the mode {mode}"),
        };
    }

    private static Item<T> Gather(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        int axis = c.Axis(c.Integer("axis"), shape.Length);
        int[] indices = Indices(c, 1, shape[axis]);
        int[] target = [.. shape[..axis], .. c[1].Shape, .. shape[(axis + 1)..]];
        return c[0].Integers is not { } integers ? c.X.Take(indices, axis).Reshape(target)
            : shape.Length == 1 ? new IntegerArray(Array.ConvertAll(indices, i => integers.Values[i]), target)
            : throw c.Unsupported("rows of a table of integers");
    }

    private static Tensor<T> ScatterElements(NodeContext<T> c)
    {
        int axis = c.Axis(c.Integer("axis"), c.X.Rank);
        int[] indices = Indices(c, 1, c.X.Shape[axis]);
        return c.Text("reduction", "none") switch
        {
            "none" => c.X.Scatter(indices, c.Numbers(2), axis),
            "add" => c.X.ScatterAddElements(indices, c.Numbers(2), axis),
            var reduction => throw c.Unsupported($"the reduction {reduction}"),
        };
    }

    private static Tensor<T> CumSum(NodeContext<T> c)
    {
        int axis = c.Axis(c.Integers(1)[0], c.X.Rank);
        bool reverse = c.Integer("reverse") == 1;
        Tensor<T> sums = c.X.CumSum(axis, reverse);
        return c.Integer("exclusive") == 1 ? sums - c.X : sums;
    }

    private static Item<T> ArgMax(NodeContext<T> c)
    {
        int[] shape = c[0].Shape;
        int axis = c.Axis(c.Integer("axis"), shape.Length);
        int n = shape[axis], inner = Length(shape[(axis + 1)..]);
        if (c.Integer("select_last_index") == 1 || n == 0)
        {
            throw c.Unsupported("the last of equal elements, or an empty axis,");
        }

        T[] x = c.X.ToArray();
        var places = new long[x.Length / n];
        for (int i = 0; i < places.Length; i++)
        {
            int first = (i / inner * n * inner) + (i % inner);
            for (int k = 1; k < n; k++)
            {
                (T value, T best) = (x[first + (k * inner)], x[first + ((int)places[i] * inner)]);
                places[i] = value > best || (T.IsNaN(value) && !T.IsNaN(best)) ? k : places[i];
            }
        }

        return new IntegerArray(places, c.Integer("keepdims", 1) == 1 ? [.. shape[..axis], 1, .. shape[(axis + 1)..]] : [.. shape[..axis], .. shape[(axis + 1)..]]);
    }

    /// <summary>Indices into an axis of a length; negative ones count from the end.</summary>
    private static int[] Indices(NodeContext<T> c, int input, int n)
    {
        int[] indices = Ints(c.Integers(input));
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] += indices[i] < 0 ? n : 0;
        }

        return indices;
    }

    private static int[] Ints(long[] values) => Array.ConvertAll(values, static v => checked((int)v));

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
