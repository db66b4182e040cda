namespace AutoDiff;

// Reading parts by place: slices, and slices picked by number.
public sealed partial class Tensor<T>
{
    /// <summary>A part of the tensor, recorded like any operation: <c>x[0]</c>, <c>x[1..3]</c>, <c>x[^1]</c>, <c>x[TensorIndex.Every(.., 2)]</c>.</summary>
    /// <param name="index">An integer (which drops the first axis) or a range of it; the other axes stay whole.</param>
    /// <returns>The part; cotangents of the rest are zero. Contiguous parts share the values.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentException">The index or the range is outside the axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(10, 20, 30, 40);
    /// Console.WriteLine(x[1..3]); // => [20, 30]
    /// Console.WriteLine(x[^1]); // => 40
    /// </code>
    /// </example>
    public Tensor<T> this[TensorIndex index] => Linear(SliceMap([index], InBrackets), nameof(Slice));

    /// <summary>A part of the tensor, recorded like any operation: <c>x[1..3, ..]</c>, <c>x[^1, 2]</c>, <c>x[TensorIndex.Ellipsis, 0]</c>.</summary>
    /// <param name="first">For the first axis, an integer (which drops the axis) or a range.</param>
    /// <param name="second">The same for the second axis; other axes stay whole.</param>
    /// <returns>The part; cotangents of the rest are zero. Contiguous parts share the values.</returns>
    /// <exception cref="TensorShapeException">There are more indices than axes.</exception>
    /// <exception cref="ArgumentException">An index or a range is outside its axis, or there is more than one ellipsis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> m = Tensor.Range(6).Reshape(2, 3);
    /// Console.WriteLine(m[.., 1]); // => [1, 4]
    /// Console.WriteLine(m[0, ^2..]); // => [1, 2]
    /// </code>
    /// </example>
    public Tensor<T> this[TensorIndex first, TensorIndex second] => Linear(SliceMap([first, second], InBrackets), nameof(Slice));

    /// <summary>A part of the tensor, recorded like any operation: <c>x[1..3, .., 0]</c>, <c>x[^1, 2, 0]</c>, <c>x[TensorIndex.Ellipsis, 0, 0]</c>.</summary>
    /// <param name="first">For the first axis, an integer (which drops the axis) or a range.</param>
    /// <param name="second">The same for the second axis.</param>
    /// <param name="rest">The same for further axes; axes not named stay whole.</param>
    /// <returns>The part; cotangents of the rest are zero. Contiguous parts share the values.</returns>
    /// <remarks>Indices in a variable go to <see cref="Slice"/>. A list of numbers in brackets picks parts, as in NumPy: <c>x[[0, 2]]</c> is <c>x.Take([0, 2])</c>.</remarks>
    /// <exception cref="TensorShapeException">There are more indices than axes.</exception>
    /// <exception cref="ArgumentException">An index or a range is outside its axis, or there is more than one ellipsis.</exception>
    public Tensor<T> this[TensorIndex first, TensorIndex second, params ReadOnlySpan<TensorIndex> rest] =>
        Linear(SliceMap([first, second, .. rest], InBrackets), nameof(Slice));

    /// <summary>Slices picked by number along the first axis, as in NumPy: <c>x[[0, 2]]</c>, or <c>x[numbers]</c>, is <see cref="Take(ReadOnlySpan{int}, int)"/>.</summary>
    /// <param name="numbers">The numbers; negative ones count from the end, and they may repeat: the derivative adds up.</param>
    /// <returns>A tensor with as many slices along the first axis as there are numbers.</returns>
    /// <exception cref="ArgumentException">The tensor is a scalar, or a number is outside the axis.</exception>
    public Tensor<T> this[ReadOnlySpan<int> numbers] => TakeAlong(0, numbers, InBrackets, nameof(numbers), nameof(numbers));

    /// <summary>Slices picked by number along the first axis: <c>x[numbers]</c> is <see cref="Take(Indices{T}, int)"/>.</summary>
    /// <param name="numbers">The numbers; negative ones count from the end, and they may repeat: the derivative adds up.</param>
    /// <returns>A tensor with the axes of the numbers in place of the first axis.</returns>
    /// <exception cref="ArgumentException">The tensor is a scalar, or a number is outside the axis.</exception>
    public Tensor<T> this[Indices<T> numbers] => TakeAlong(0, numbers, InBrackets, nameof(numbers), nameof(numbers));

    /// <summary>A part of the tensor, given by a list of indices: what <c>x[...]</c> is for indices that are written out.</summary>
    /// <param name="indices">For each axis, from the first on, an integer (which drops the axis) or a range; axes not named stay whole.</param>
    /// <returns>The part; cotangents of the rest are zero. Contiguous parts share the values.</returns>
    /// <exception cref="TensorShapeException">There are more indices than axes.</exception>
    /// <exception cref="ArgumentException">An index or a range is outside its axis, or there is more than one ellipsis.</exception>
    public Tensor<T> Slice(params ReadOnlySpan<TensorIndex> indices) => Linear(SliceMap(indices, nameof(Slice)), nameof(Slice));

    /// <summary>The name of an index in brackets in errors.</summary>
    private const string InBrackets = "x[...]";

    /// <summary>The parameter by which an index is given: in brackets they have names of their own.</summary>
    private static string NameOf(int i, int count, string operation) => operation != InBrackets ? "indices" : count == 1 ? "index" : i == 0 ? "first" : i == 1 ? "second" : "rest";

    /// <summary>The map that takes a part of the tensor.</summary>
    private LinearMap<T> SliceMap(ReadOnlySpan<TensorIndex> indices, string operation)
    {
        if (Rank == 0 || indices is not [{ Kind: TensorIndex.EntryKind.Integer or TensorIndex.EntryKind.Range } index] || index is { Kind: TensorIndex.EntryKind.Range, Step: not 1 })
        {
            return SliceOfAnyAxes(indices, operation);
        }

        bool drops = index.Kind is TensorIndex.EntryKind.Integer;
        (int from, int extent) = drops ? (PlaceOf(index, 0, operation, NameOf(0, 1, operation)), 1) : Extent(index, 0, operation, NameOf(0, 1, operation));
        int[] to = drops ? shape[1..] : [extent, .. shape.AsSpan(1)];
        int stride = length == 0 ? 0 : length / shape[0];
        return new RunMap<T>(shape, to, from * stride, 0, extent * stride);
    }

    private StridedMap<T> SliceOfAnyAxes(ReadOnlySpan<TensorIndex> indices, string operation)
    {
        int named = 0;
        int ellipses = 0;
        foreach (TensorIndex index in indices)
        {
            ellipses += index.Kind is TensorIndex.EntryKind.Ellipsis ? 1 : 0;
            named += index.Kind is TensorIndex.EntryKind.Integer or TensorIndex.EntryKind.Range ? 1 : 0;
        }

        if (ellipses > 1)
        {
            throw Errors.Argument(operation, NameOf(indices.Length - 1, indices.Length, operation), $"{ellipses} ellipses are given", "one at most", "name the axes that one of them stands for with ..");
        }

        if (named > Rank)
        {
            throw Errors.Shape(operation, $"{named} axes are indexed in a tensor of shape {Shapes.Format(shape)}", $"at most {Rank}", "drop the extra indices");
        }

        int[] strides = Shapes.Strides(shape);
        var target = new List<int>(Rank);
        var box = new List<int>(Rank);
        var xs = new List<int>(Rank);
        int start = 0;
        int axis = 0;
        bool whole = true;

        void Keep(int extent, int stride)
        {
            target.Add(extent);
            box.Add(extent);
            xs.Add(stride);
        }

        for (int i = 0; i < indices.Length; i++)
        {
            TensorIndex index = indices[i];
            switch (index.Kind)
            {
                case TensorIndex.EntryKind.NewAxis:
                    target.Add(1);
                    break;
                case TensorIndex.EntryKind.Ellipsis:
                    for (int rest = Rank - named; rest > 0; rest--, axis++)
                    {
                        Keep(shape[axis], strides[axis]);
                    }

                    break;
                case TensorIndex.EntryKind.Integer:
                    whole &= shape[axis] == 1;
                    start += PlaceOf(index, axis, operation, NameOf(i, indices.Length, operation)) * strides[axis];
                    axis++;
                    break;
                default:
                    (int from, int extent) = Extent(index, axis, operation, NameOf(i, indices.Length, operation));
                    whole &= extent == shape[axis];
                    start += from * strides[axis];
                    Keep(extent, strides[axis] * index.Step);
                    axis++;
                    break;
            }
        }

        for (; axis < Rank; axis++)
        {
            Keep(shape[axis], strides[axis]);
        }

        int[] to = target.ToArray();
        return new StridedMap<T>(shape, to, box.ToArray(), xs.ToArray(), start, Shapes.Strides(box.ToArray()), 0, fillsSource: whole, fillsTarget: true);
    }

    /// <summary>The place on an axis that an integer names.</summary>
    private int PlaceOf(TensorIndex index, int axis, string operation, string argument)
    {
        int place = index.Position.GetOffset(shape[axis]);
        return (uint)place < (uint)shape[axis]
            ? place
            : throw Errors.Argument(operation, argument, $"index {index.Position} is outside axis {axis} of shape {Shapes.Format(shape)}", $"an index below {shape[axis]}", "check the index");
    }

    /// <summary>The first element and the number of elements that a range with a step takes from an axis.</summary>
    private (int From, int Extent) Extent(TensorIndex index, int axis, string operation, string argument)
    {
        int n = shape[axis];
        int begin = index.Extent.Start.GetOffset(n);
        int end = index.Extent.End.GetOffset(n);
        if (begin < 0 || end > n || begin > end)
        {
            throw Errors.Argument(operation, argument, $"the range {index.Extent} is outside axis {axis} of shape {Shapes.Format(shape)}", $"a range within 0..{n}", "check the range");
        }

        long step = Math.Abs((long)index.Step);
        int extent = (int)((end - begin + step - 1) / step);
        return (index.Step > 0 || extent == 0 ? begin : end - 1, extent);
    }

    /// <summary>Slices picked by number along an axis: y[..., i, ...] = x[..., indices[i], ...].</summary>
    /// <param name="indices">The numbers; negative ones count from the end, and they may repeat: the derivative adds up.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor with as many slices along the axis as there are indices.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(10, 20, 30).Take([2, 0, 0])); // => [30, 10, 10]
    /// </code>
    /// </example>
    public Tensor<T> Take(ReadOnlySpan<int> indices, int axis = 0) => TakeAlong(axis, indices, nameof(Take));

    private Tensor<T> TakeAlong(int axis, ReadOnlySpan<int> indices, string operation, string ofAxis = "axis", string ofIndices = "indices")
    {
        int a = Shapes.Axis(axis, Rank, operation, ofAxis);
        int[] places = Places(indices, shape[a], operation, ofIndices);
        int[] target = [.. shape];
        target[a] = places.Length;
        return Linear(new TakeMap<T>(shape, target, Shapes.Length(shape.AsSpan(0, a)), shape[a], Shapes.Length(shape.AsSpan(a + 1)), places), nameof(Take));
    }

    /// <summary>Slices picked by number along an axis, for indices that may change from run to run of a compiled function: y[..., i, ...] = x[..., indices[i], ...].</summary>
    /// <param name="indices">The numbers, of any shape; negative ones count from the end, and they may repeat: the derivative adds up.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor with the axes of the indices in place of the axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it, or not a whole number.</exception>
    public Tensor<T> Take(Indices<T> indices, int axis = 0) => TakeAlong(axis, indices, nameof(Take));

    private Tensor<T> TakeAlong(int axis, Indices<T> indices, string operation, string ofAxis = "axis", string ofIndices = "indices")
    {
        Errors.NotNull(indices, operation, ofIndices);
        int a = Shapes.Axis(axis, Rank, operation, ofAxis);
        TapeOf(this, indices.Carrier, operation);
        (int outer, int n, int inner) = Around(a);
        int[] target = [.. shape.AsSpan(0, a), .. indices.Shape, .. shape.AsSpan(a + 1)];
        Shapes.Length(target, operation);
        return Linear(new PickMap<T>(shape, target, outer, n, inner, indices.Places(n, operation, ofIndices)), nameof(Take));
    }

    /// <summary>Elements picked by number along an axis: for axis 1 of a matrix, y[i, j] = x[i, indices[i, j]].</summary>
    /// <param name="indices">The numbers, row-major; negative ones count from the end, and they may repeat.</param>
    /// <param name="indexShape">The shape of the indices and of the result: the rank of the tensor, and on the other axes not longer than it.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the shape of the indices.</returns>
    /// <exception cref="TensorShapeException">The shape of the indices does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> scores = Tensor.Create([[0.1, 0.9], [0.8, 0.2]]);
    /// Console.WriteLine(scores.Gather([1, 0], [2, 1], axis: 1)); // => [[0.9], [0.8]]
    /// </code>
    /// </example>
    public Tensor<T> Gather(ReadOnlySpan<int> indices, ReadOnlySpan<int> indexShape, int axis) =>
        Linear(new TakeMap<T>(shape, indexShape.ToArray(), 1, length, 1, ElementPlaces(indices, indexShape, axis, nameof(Gather))), nameof(Gather));

    /// <summary>Elements picked by number along an axis, for indices that may change from run to run of a compiled function: for axis 1 of a matrix, y[i, j] = x[i, indices[i, j]].</summary>
    /// <param name="indices">The numbers, of the rank of the tensor, and on the other axes not longer than it; negative ones count from the end, and they may repeat.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the shape of the indices.</returns>
    /// <exception cref="TensorShapeException">The shape of the indices does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it, or not a whole number.</exception>
    public Tensor<T> Gather(Indices<T> indices, int axis)
    {
        Errors.NotNull(indices, nameof(Gather), nameof(indices));
        TapeOf(this, indices.Carrier, nameof(Gather));
        return Linear(new PickMap<T>(shape, indices.Dimensions, 1, length, 1, ElementPlaces(indices, axis, nameof(Gather))), nameof(Gather));
    }

    /// <summary>Elements picked by number along an axis, where the indices broadcast with the tensor on the other axes: for axis 1 of a matrix, y[i, j] = x[i, indices[i, j]].</summary>
    /// <param name="indices">The numbers, row-major; negative ones count from the end, and they may repeat.</param>
    /// <param name="indexShape">The shape of the indices: the rank of the tensor, and on each of the other axes its length, or 1 on either side.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor with the length of the indices on the axis, and the common lengths on the others. (<see cref="Gather(ReadOnlySpan{int}, ReadOnlySpan{int}, int)"/> does not stretch: it leaves out what the indices do not reach.)</returns>
    /// <exception cref="TensorShapeException">The shape of the indices does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    public Tensor<T> TakeAlongAxis(ReadOnlySpan<int> indices, ReadOnlySpan<int> indexShape, int axis)
    {
        int[] target = AlongAxisShape(indexShape, indices.Length, axis, nameof(TakeAlongAxis), out int a);
        var places = new int[Shapes.Length(target)];
        ToAlongAxisPlaces(Places(indices, shape[a], nameof(TakeAlongAxis)), indexShape, shape, target, a, places);
        return Linear(new TakeMap<T>(shape, target, 1, length, 1, places), nameof(TakeAlongAxis));
    }

    /// <summary>Elements picked by number along an axis, where the indices broadcast with the tensor on the other axes, for indices that may change from run to run of a compiled function.</summary>
    /// <param name="indices">The numbers, of the rank of the tensor, and on each of the other axes of its length, or 1 on either side; negative ones count from the end, and they may repeat.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor with the length of the indices on the axis, and the common lengths on the others.</returns>
    /// <exception cref="TensorShapeException">The shape of the indices does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it, or not a whole number.</exception>
    public Tensor<T> TakeAlongAxis(Indices<T> indices, int axis)
    {
        Errors.NotNull(indices, nameof(TakeAlongAxis), nameof(indices));
        TapeOf(this, indices.Carrier, nameof(TakeAlongAxis));
        int[] target = AlongAxisShape(indices.Shape, indices.Length, axis, nameof(TakeAlongAxis), out int a);
        int[] own = shape;
        int[] indexShape = indices.Dimensions;
        Tensor<T> chosen = indices.Places(own[a], nameof(TakeAlongAxis));
        Tensor<T> places = Integral("TakeAlongAxisPlaces", [chosen], target, (inputs, places) => ToAlongAxisPlaces(inputs[0].Integers, indexShape, own, target, a, places));
        return Linear(new PickMap<T>(shape, target, 1, length, 1, places), nameof(TakeAlongAxis));
    }

    /// <summary>The shape of what indices that broadcast pick along an axis.</summary>
    private int[] AlongAxisShape(ReadOnlySpan<int> indexShape, int count, int axis, string operation, out int a)
    {
        a = Shapes.Axis(axis, Rank, operation);
        if (indexShape.Length != Rank || Shapes.Length(indexShape, operation) != count)
        {
            throw Errors.Shape(operation, $"{count} indices of shape {Shapes.Format(indexShape)} were given for a tensor of shape {Shapes.Format(shape)}", $"indices of rank {Rank}, as many as their shape holds",
                "give the shape of the indices, with 1 on axes along which they are alike");
        }

        // On the axis itself the lengths need not go together.
        int[] target = Shapes.Broadcast(With(a, indexShape[a]), indexShape.ToArray(), operation);
        Shapes.Length(target, operation);
        return target;
    }

    /// <summary>The flat places of elements that are picked along an axis by indices that broadcast.</summary>
    private static void ToAlongAxisPlaces(ReadOnlySpan<int> chosen, ReadOnlySpan<int> indexShape, ReadOnlySpan<int> shape, ReadOnlySpan<int> target, int axis, Span<int> places)
    {
        int rank = shape.Length;
        Span<int> counter = stackalloc int[rank];
        counter.Clear();
        for (int i = 0; i < places.Length; i++)
        {
            (int place, int index) = (0, 0);
            (int stride, int indexStride) = (1, 1);
            int along = 0;
            for (int k = rank - 1; k >= 0; k--)
            {
                place += k == axis || shape[k] == 1 ? 0 : counter[k] * stride;
                index += indexShape[k] == 1 ? 0 : counter[k] * indexStride;
                along = k == axis ? stride : along;
                (stride, indexStride) = (stride * shape[k], indexStride * indexShape[k]);
            }

            places[i] = place + (chosen[index] * along);
            for (int k = rank - 1; k >= 0 && ++counter[k] == target[k]; k--)
            {
                counter[k] = 0;
            }
        }
    }

    /// <summary>Indices along an axis of length n, counted from the front and checked.</summary>
    private static int[] Places(ReadOnlySpan<int> indices, int n, string operation, string argument = "indices")
    {
        int[] places = indices.ToArray();
        CheckPlaces(places, n, operation, argument);
        return places;
    }

    /// <summary>Makes places of indices along an axis of length n: counted from the front, and checked.</summary>
    internal static void CheckPlaces(Span<int> indices, int n, string operation, string argument = "indices")
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int place = indices[i] < 0 ? indices[i] + n : indices[i];
            if ((uint)place >= (uint)n)
            {
                throw Errors.Argument(operation, argument, $"index {indices[i]} (number {i}) is outside an axis of length {n}", $"indices from {-n} to {n - 1}", "check the indices");
            }

            indices[i] = place;
        }
    }

    /// <summary>The flat places in this tensor of elements that are picked by number along an axis.</summary>
    private int[] ElementPlaces(ReadOnlySpan<int> indices, ReadOnlySpan<int> indexShape, int axis, string operation)
    {
        int a = ElementAxis(indexShape, indices.Length, axis, operation);
        int[] places = Places(indices, shape[a], operation);
        ToElementPlaces(places, indexShape, shape, a);
        return places;
    }

    /// <summary>Likewise, as an operation, whose value is integers.</summary>
    private Tensor<T> ElementPlaces(Indices<T> indices, int axis, string operation)
    {
        int a = ElementAxis(indices.Shape, indices.Length, axis, operation);
        int[] own = shape;
        return indices.Operation($"{operation}Places", operation, indices.Dimensions, (numbers, _, y) =>
        {
            Span<int> places = y.NewIntegers();
            numbers.CopyTo(places);
            CheckPlaces(places, own[a], operation);
            ToElementPlaces(places, y.shape, own, a);
        });
    }

    /// <summary>The axis, where indices of a shape fit: on the other axes they are not longer than the tensor.</summary>
    private int ElementAxis(ReadOnlySpan<int> indexShape, int count, int axis, string operation)
    {
        int a = Shapes.Axis(axis, Rank, operation);
        bool fits = indexShape.Length == Rank && Shapes.Length(indexShape, operation) == count;
        for (int i = 0; fits && i < Rank; i++)
        {
            fits = i == a || indexShape[i] <= shape[i];
        }

        return fits ? a : throw Errors.Shape(operation, $"{count} indices of shape {Shapes.Format(indexShape)} were given for a tensor of shape {Shapes.Format(shape)} and axis {axis}",
            "indices of the same rank, not longer than the tensor on the other axes", "give the shape of the indices");
    }

    /// <summary>Makes flat places in a tensor of places along an axis.</summary>
    private static void ToElementPlaces(Span<int> places, ReadOnlySpan<int> indexShape, ReadOnlySpan<int> shape, int axis)
    {
        int rank = shape.Length;
        Span<int> counter = stackalloc int[rank];
        counter.Clear();
        for (int i = 0; i < places.Length; i++)
        {
            (int place, int stride) = (0, 1);
            for (int k = rank - 1; k >= 0; k--)
            {
                place += (k == axis ? places[i] : counter[k]) * stride;
                stride *= shape[k];
            }

            places[i] = place;
            for (int k = rank - 1; k >= 0 && ++counter[k] == indexShape[k]; k--)
            {
                counter[k] = 0;
            }
        }
    }
}
