namespace AutoDiff;

/// <summary>How the elements that meet at one place are put together.</summary>
public enum ScatterReduction
{
    /// <summary>Their sum; 0 if there are none.</summary>
    Sum,

    /// <summary>Their mean; NaN if there are none.</summary>
    Mean,

    /// <summary>Their product; 1 if there are none. The derivative is exact at zeros.</summary>
    Product,

    /// <summary>The largest; -∞ if there are none. Those that tie share the derivative evenly.</summary>
    Max,

    /// <summary>The smallest; ∞ if there are none. Those that tie share the derivative evenly.</summary>
    Min,
}

// Reductions of groups of elements, which are given by a number for each element.
public sealed partial class Tensor<T>
{
    /// <summary>This tensor with elements put together with what is at numbered places along an axis: for axis 1 of a matrix, y[i, indices[i, j]] = r(..., source[i, j], ...).</summary>
    /// <param name="indices">The numbers, row-major in the shape of the source; negative ones count from the end, and they may repeat.</param>
    /// <param name="source">The elements: of the rank of the tensor, and on the other axes not longer than it.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="reduction">How elements are put together.</param>
    /// <param name="includeSelf">Whether the element of this tensor takes part where others meet; it stays where none do.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    public Tensor<T> ScatterReduce(ReadOnlySpan<int> indices, Tensor<T> source, int axis, ScatterReduction reduction, bool includeSelf = true)
    {
        int[] places = ElementPlaces(indices, source, axis, nameof(ScatterReduce));
        TapeOf(this, source, nameof(ScatterReduce));
        var met = new HashSet<int>(includeSelf ? [] : places);
        int[] kept = [.. Enumerable.Range(0, length).Where(place => !met.Contains(place))];
        Tensor<T> own = Flatten();
        Tensor<T> elements = Tensor.Concat([kept.Length == length ? own : own.Take(kept), source.Flatten()]);
        return elements.ReduceGroups([.. kept, .. places], length, reduction, nameof(ScatterReduce)).Reshape(shape);
    }

    /// <summary>The sums of groups of slices along an axis: y[s] = Σ x[i] over the slices i of segment s. The sum of an empty segment is 0.</summary>
    /// <param name="segments">For each slice the number of its segment, in any order.</param>
    /// <param name="count">The number of segments.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>One slice for each segment, along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one number for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a number is not that of a segment.</exception>
    public Tensor<T> SegmentSum(ReadOnlySpan<int> segments, int count, int axis = 0)
    {
        int a = CheckSegments(segments, count, axis, nameof(SegmentSum));
        (int outer, _, int inner) = Around(a);
        int[] target = [.. shape];
        target[a] = count;
        return Linear(new PutMap<T>(shape, target, outer, count, inner, segments.ToArray()), nameof(SegmentSum));
    }

    /// <summary>The sums of groups of slices along an axis, for segments that may change from run to run of a compiled function. The sum of an empty segment is 0.</summary>
    /// <param name="segments">For each slice the number of its segment, in any order.</param>
    /// <param name="count">The number of segments.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>One slice for each segment, along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one number for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a number is not that of a segment, or not a whole number.</exception>
    public Tensor<T> SegmentSum(Indices<T> segments, int count, int axis = 0)
    {
        Errors.NotNull(segments, nameof(SegmentSum), nameof(segments));
        int a = CheckSegmentCount(segments.Length, count, axis, nameof(SegmentSum));
        TapeOf(this, segments.Carrier, nameof(SegmentSum));
        (int outer, _, int inner) = Around(a);
        Tensor<T> places = segments.Operation("SegmentSumPlaces", nameof(SegmentSum), segments.Dimensions, (numbers, _, y) =>
        {
            Tensor.CheckClasses(numbers, count, nameof(SegmentSum), nameof(segments));
            numbers.CopyTo(y.NewIntegers());
        });
        return Linear(new PickMap<T>(shape, With(a, count), outer, count, inner, places, isTransposed: true), nameof(SegmentSum));
    }

    /// <summary>The means of groups of slices along an axis. The mean of an empty segment is NaN.</summary>
    /// <param name="segments">For each slice the number of its segment, in any order.</param>
    /// <param name="count">The number of segments.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>One slice for each segment, along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one number for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a number is not that of a segment.</exception>
    public Tensor<T> SegmentMean(ReadOnlySpan<int> segments, int count, int axis = 0)
    {
        int a = CheckSegments(segments, count, axis, nameof(SegmentMean));
        return SegmentSum(segments, count, a) / Tensor.BinCount<T>(segments, count).Reshape([count, .. Enumerable.Repeat(1, Rank - 1 - a)]);
    }

    /// <summary>The largest elements of groups of slices along an axis. Elements that tie share the derivative evenly; the maximum of an empty segment is -∞.</summary>
    /// <param name="segments">For each slice the number of its segment, in any order.</param>
    /// <param name="count">The number of segments.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>One slice for each segment, along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one number for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a number is not that of a segment.</exception>
    public Tensor<T> SegmentMax(ReadOnlySpan<int> segments, int count, int axis = 0) => SegmentExtremum(segments, count, axis, ScatterReduction.Max, nameof(SegmentMax));

    /// <summary>The smallest elements of groups of slices along an axis. Elements that tie share the derivative evenly; the minimum of an empty segment is ∞.</summary>
    /// <param name="segments">For each slice the number of its segment, in any order.</param>
    /// <param name="count">The number of segments.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>One slice for each segment, along the axis.</returns>
    /// <exception cref="TensorShapeException">There is not one number for each slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or a number is not that of a segment.</exception>
    public Tensor<T> SegmentMin(ReadOnlySpan<int> segments, int count, int axis = 0) => SegmentExtremum(segments, count, axis, ScatterReduction.Min, nameof(SegmentMin));

    private Tensor<T> SegmentExtremum(ReadOnlySpan<int> segments, int count, int axis, ScatterReduction reduction, string name)
    {
        int a = CheckSegments(segments, count, axis, name);
        (_, int n, int inner) = Around(a);
        var groups = new int[length];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = (((i / (n * inner) * count) + segments[i / inner % n]) * inner) + (i % inner);
        }

        int[] target = [.. shape];
        target[a] = count;
        return Flatten().ReduceGroups(groups, Shapes.Length(target, name), reduction, name).Reshape(target);
    }

    private int CheckSegments(ReadOnlySpan<int> segments, int count, int axis, string operation)
    {
        int a = CheckSegmentCount(segments.Length, count, axis, operation);
        Tensor.CheckClasses(segments, count, operation, nameof(segments));
        return a;
    }

    private int CheckSegmentCount(int segments, int count, int axis, string operation)
    {
        int a = Shapes.Axis(axis, Rank, operation);
        return segments == shape[a] && count >= 0 ? a
            : throw Errors.Shape(operation, $"{segments} numbers of {count} segments were given for axis {axis} of shape {Shapes.Format(shape)}", $"{shape[a]} numbers",
                "give the number of its segment for each slice");
    }

    /// <summary>Reduces groups of the elements of a vector: y_k is made of the x_i with groups[i] = k.</summary>
    private Tensor<T> ReduceGroups(int[] groups, int count, ScatterReduction reduction, string name) => reduction switch
    {
        ScatterReduction.Sum => Linear(new PutMap<T>(shape, [count], 1, count, 1, groups), name),
        ScatterReduction.Mean => Linear(new PutMap<T>(shape, [count], 1, count, 1, groups), name) / Tensor.BinCount<T>(groups, count),
        ScatterReduction.Product => GroupProducts(groups, count),
        ScatterReduction.Max => GroupExtrema(groups, count, name, T.NegativeInfinity, T.Max),
        _ => GroupExtrema(groups, count, name, T.PositiveInfinity, T.Min),
    };

    /// <summary>The products of groups, by halving: the members of every group are multiplied in pairs until each has one. An odd one out is multiplied by a one, which stands at the end.</summary>
    private Tensor<T> GroupProducts(int[] groups, int count)
    {
        List<int>[] members = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        for (int i = 0; i < groups.Length; i++)
        {
            members[groups[i]].Add(i);
        }

        Tensor<T> one = Tensor.Ones<T>(1);
        Tensor<T> x = this;
        while (members.Any(own => own.Count > 1))
        {
            List<int> left = [];
            List<int> right = [];
            foreach (List<int> own in members)
            {
                List<int> pairs = [];
                for (int i = 0; i < own.Count; i += 2)
                {
                    pairs.Add(left.Count);
                    left.Add(own[i]);
                    right.Add(i + 1 < own.Count ? own[i + 1] : x.length);
                }

                own.Clear();
                own.AddRange(pairs);
            }

            Tensor<T> padded = Tensor.Concat([x, one]);
            x = padded.Take(left.ToArray()) * padded.Take(right.ToArray());
        }

        return Tensor.Concat([x, one]).Take([.. members.Select(own => own.Count == 0 ? x.length : own[0])]);
    }

    private Tensor<T> GroupExtrema(int[] groups, int count, string name, T none, Func<T, T, T> larger)
    {
        var spread = new TakeMap<T>([count], shape, 1, count, 1, groups);
        return General(name, [this], [count],
            value: (inputs, y) =>
            {
                Span<T> extrema = y.Writable;
                extrema.Fill(none);
                ReadOnlySpan<T> x = inputs[0].Values;
                for (int i = 0; i < x.Length; i++)
                {
                    extrema[groups[i]] = larger(extrema[groups[i]], x[i]);
                }
            },
            vjp: (g, _, operands) => g.Linear(spread, name).TimesLocal(Share(operands)),
            jvp: (t, _, operands) => operands.Times(t, Share(operands)).Linear(spread.Transposed, name),
            reach: (from, lanes, _) => lanes.Linear(from < 0 ? spread : spread.Transposed, name));

        // 1 over the number of elements of the group that equal the extremum, at each of them.
        Tensor<T> Share(Operands<T> operands)
        {
            Tensor<T> mask = Mask(operands[0], operands.Output.Linear(spread, name), "IsExtremum", static (x, y) => x == y);
            return mask / mask.Linear(spread.Transposed, name).Linear(spread, name);
        }
    }
}
