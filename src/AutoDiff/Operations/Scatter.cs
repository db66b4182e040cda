namespace AutoDiff;

// Writing into places by number. What is overwritten gets no cotangent; a place may be written once only, since the order of two writes would decide both value and derivative.
public sealed partial class Tensor<T>
{
    /// <summary>This tensor with the slices of another added at numbered places along an axis: y[..., indices[i], ...] += source[..., i, ...].</summary>
    /// <param name="indices">The numbers; they may repeat: the slices add up, in their order.</param>
    /// <param name="source">The slices: the shape of this tensor, but as long as there are indices on the axis.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    public Tensor<T> ScatterAdd(ReadOnlySpan<int> indices, Tensor<T> source, int axis = 0)
    {
        Errors.NotNull(source, nameof(ScatterAdd), nameof(source));
        int a = Shapes.Axis(axis, Rank, nameof(ScatterAdd));
        int[] places = Places(indices, shape[a], nameof(ScatterAdd));
        int[] expected = [.. shape];
        expected[a] = places.Length;
        CheckSource(source, expected, nameof(ScatterAdd));
        TapeOf(this, source, nameof(ScatterAdd));
        return this + source.Linear(new PutMap<T>(expected, shape, Shapes.Length(shape.AsSpan(0, a)), shape[a], Shapes.Length(shape.AsSpan(a + 1)), places), nameof(ScatterAdd));
    }

    /// <summary>This tensor with the slices of another added at numbered places along an axis, for indices that may change from run to run of a compiled function.</summary>
    /// <param name="indices">The numbers; they may repeat: the slices add up, in their order.</param>
    /// <param name="source">The slices: the shape of this tensor, but as long as there are indices on the axis.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it, or not a whole number.</exception>
    public Tensor<T> ScatterAdd(Indices<T> indices, Tensor<T> source, int axis = 0)
    {
        Errors.NotNull(indices, nameof(ScatterAdd), nameof(indices));
        Errors.NotNull(source, nameof(ScatterAdd), nameof(source));
        int a = Shapes.Axis(axis, Rank, nameof(ScatterAdd));
        CheckSource(source, With(a, indices.Length), nameof(ScatterAdd));
        TapeOf([this, source, indices.Carrier], nameof(ScatterAdd));
        (int outer, int n, int inner) = Around(a);
        return this + source.Linear(new PickMap<T>(source.shape, shape, outer, n, inner, indices.Places(n, nameof(ScatterAdd)), isTransposed: true), nameof(ScatterAdd));
    }

    /// <summary>This tensor with elements added at numbered places along an axis: for axis 1 of a matrix, y[i, indices[i, j]] += source[i, j].</summary>
    /// <param name="indices">The numbers, row-major in the shape of the source; negative ones count from the end, and they may repeat: the elements add up, in their order.</param>
    /// <param name="source">The elements: of the rank of the tensor, and on the other axes not longer than it.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    public Tensor<T> ScatterAddElements(ReadOnlySpan<int> indices, Tensor<T> source, int axis) => Accumulate(ElementPlaces(indices, source, axis, nameof(ScatterAddElements)), source,
        nameof(ScatterAddElements));

    /// <summary>This tensor with elements replaced at numbered places along an axis: for axis 1 of a matrix, y[i, indices[i, j]] = source[i, j].</summary>
    /// <param name="indices">The numbers, row-major in the shape of the source; negative ones count from the end.</param>
    /// <param name="source">The elements: of the rank of the tensor, and on the other axes not longer than it.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, an index is outside it, or a place is written twice.</exception>
    public Tensor<T> Scatter(ReadOnlySpan<int> indices, Tensor<T> source, int axis) => Overwrite(ElementPlaces(indices, source, axis, nameof(Scatter)), source, nameof(Scatter));

    /// <summary>This tensor with slices replaced at numbered places along an axis: y[..., indices[i], ...] = source[..., i, ...].</summary>
    /// <param name="indices">The numbers; negative ones count from the end.</param>
    /// <param name="source">The slices: the shape of this tensor, but as long as there are indices on the axis.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">The shape of the source does not fit.</exception>
    /// <exception cref="ArgumentException">There is no such axis, an index is outside it, or a slice is written twice.</exception>
    public Tensor<T> IndexCopy(ReadOnlySpan<int> indices, Tensor<T> source, int axis = 0)
    {
        Errors.NotNull(source, nameof(IndexCopy), nameof(source));
        int a = Shapes.Axis(axis, Rank, nameof(IndexCopy));
        int[] places = Places(indices, shape[a], nameof(IndexCopy));
        int[] expected = [.. shape];
        expected[a] = places.Length;
        CheckSource(source, expected, nameof(IndexCopy));
        (int outer, int n, int inner) = Around(a);
        var flat = new int[source.length];
        for (int i = 0; i < flat.Length; i++)
        {
            flat[i] = (((i / (inner * places.Length) * n) + places[i / inner % places.Length]) * inner) + (i % inner);
        }

        return Overwrite(flat, source, nameof(IndexCopy));
    }

    /// <summary>This tensor with numbered slices along an axis filled with a number. Their cotangent is zero.</summary>
    /// <param name="indices">The numbers; negative ones count from the end, and they may repeat.</param>
    /// <param name="value">The number to fill in.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside it.</exception>
    public Tensor<T> IndexFill(ReadOnlySpan<int> indices, T value, int axis = 0)
    {
        int a = Shapes.Axis(axis, Rank, nameof(IndexFill));
        Tensor<T> chosen = Tensor.Zeros<T>([shape[a], .. Enumerable.Repeat(1, Rank - 1 - a)]);
        foreach (int place in Places(indices, shape[a], nameof(IndexFill)))
        {
            chosen.Writable[place] = T.One;
        }

        return Tensor.Where(chosen, value, this);
    }

    /// <summary>The parts of the tensor at places named by several indices at once: y[k] = x[indices_0[k], indices_1[k], ...].</summary>
    /// <param name="indices">For each of the first axes an array of indices, all of one length n; negative ones count from the end, and places may repeat.</param>
    /// <returns>A tensor whose first axis has length n, and whose others are the axes without indices.</returns>
    /// <exception cref="TensorShapeException">There are no indices, more arrays than axes, or the arrays differ in length.</exception>
    /// <exception cref="ArgumentException">An index is outside its axis.</exception>
    public Tensor<T> TakeAt(params ReadOnlySpan<int[]> indices)
    {
        int[] places = PartPlaces(indices, nameof(TakeAt));
        int[] rest = shape[indices.Length..];
        int inner = Shapes.Length(rest);
        return Linear(new TakeMap<T>(shape, [places.Length, .. rest], 1, Shapes.Length(shape.AsSpan(0, indices.Length)), inner, places), nameof(TakeAt));
    }

    /// <summary>This tensor with parts replaced, or added to, at places named by several indices at once: y[indices_0[k], indices_1[k], ...] = (or +=) source[k].</summary>
    /// <param name="indices">For each of the first axes an array of indices, all of one length n; negative ones count from the end.</param>
    /// <param name="source">The parts, in the shape that <see cref="TakeAt"/> gives.</param>
    /// <param name="accumulate">Whether to add to what is there; then places may repeat.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="TensorShapeException">There are no indices, more arrays than axes, the arrays differ in length, or the source has another shape.</exception>
    /// <exception cref="ArgumentException">An index is outside its axis, or a place is written twice.</exception>
    public Tensor<T> IndexPut(ReadOnlySpan<int[]> indices, Tensor<T> source, bool accumulate = false)
    {
        Errors.NotNull(source, nameof(IndexPut), nameof(source));
        int[] places = PartPlaces(indices, nameof(IndexPut));
        int[] rest = shape[indices.Length..];
        CheckSource(source, [places.Length, .. rest], nameof(IndexPut));
        int inner = Shapes.Length(rest);
        int[] flat = [.. Enumerable.Range(0, source.length).Select(i => (places[i / inner] * inner) + (i % inner))];
        return accumulate ? Accumulate(flat, source, nameof(IndexPut)) : Overwrite(flat, source, nameof(IndexPut));
    }

    /// <summary>The elements where a mask is not zero, in row-major order.</summary>
    /// <param name="mask">The mask, which broadcasts with the tensor; a constant for differentiation.</param>
    /// <returns>A vector; its length depends on the values of the mask. Where the tensor is stretched, its elements occur as often as the mask says.</returns>
    /// <exception cref="ArgumentNullException">mask is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> MaskedSelect(Tensor<T> mask)
    {
        int[] common = Shapes.Broadcast(shape, Errors.NotNull(mask, nameof(MaskedSelect), nameof(mask)).shape, nameof(MaskedSelect));
        if (!common.AsSpan().SequenceEqual(shape))
        {
            TapeOf(this, mask, nameof(MaskedSelect));
            return BroadcastTo(common).MaskedSelect(mask);
        }

        int[] places = MaskedPlaces(mask, nameof(MaskedSelect));
        return Linear(new TakeMap<T>(shape, [places.Length], 1, length, 1, places), nameof(MaskedSelect));
    }

    /// <summary>The tensor with the elements where a mask is not zero replaced by those of another, one after the other. The cotangent of what was replaced is zero.</summary>
    /// <param name="mask">The mask, which broadcasts to the shape of the tensor; a constant for differentiation.</param>
    /// <param name="source">The new elements, row-major; those that are not needed are left out.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">mask or source is null.</exception>
    /// <exception cref="TensorShapeException">The mask does not broadcast to the shape of the tensor, or the source has too few elements.</exception>
    public Tensor<T> MaskedScatter(Tensor<T> mask, Tensor<T> source)
    {
        Errors.NotNull(source, nameof(MaskedScatter), nameof(source));
        int[] places = MaskedPlaces(mask, nameof(MaskedScatter));
        TapeOf(this, source, nameof(MaskedScatter));
        return source.length >= places.Length ? Overwrite(places, source.Flatten()[..places.Length], nameof(MaskedScatter))
            : throw Errors.Shape(nameof(MaskedScatter), $"the source has {source.length} elements and the mask {places.Length}", "at least as many as the mask", "give more elements");
    }

    /// <summary>Rows of a table picked by number: y[i, ...] = x[indices[i], ...].</summary>
    /// <param name="indices">The numbers.</param>
    /// <param name="paddingIndex">The number of a row that stands for padding: it is read, but gets no derivative; null for none.</param>
    /// <returns>A row for each index. The derivative adds up the rows that are read more than once.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentException">An index is outside the table.</exception>
    public Tensor<T> Embedding(ReadOnlySpan<int> indices, int? paddingIndex = null) => Embedding(indices, [indices.Length], paddingIndex);

    /// <summary>Rows of a table picked by number: y[i, ...] = x[indices[i], ...] for indices of any shape.</summary>
    /// <param name="indices">The numbers, row-major.</param>
    /// <param name="indexShape">Their shape.</param>
    /// <param name="paddingIndex">The number of a row that stands for padding: it is read, but gets no derivative; null for none.</param>
    /// <returns>A tensor of the shape of the indices, followed by that of a row. The derivative adds up the rows that are read more than once.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar, or the indices do not have that shape.</exception>
    /// <exception cref="ArgumentException">An index is outside the table.</exception>
    public Tensor<T> Embedding(ReadOnlySpan<int> indices, ReadOnlySpan<int> indexShape, int? paddingIndex = null)
    {
        if (Rank == 0 || Shapes.Length(indexShape, nameof(Embedding)) != indices.Length)
        {
            throw Errors.Shape(nameof(Embedding), $"{indices.Length} indices of shape {Shapes.Format(indexShape)} were given for a table of shape {Shapes.Format(shape)}",
                "a table of rows, and as many indices as their shape holds", "check the shape of the indices");
        }

        Tensor<T> rows = TakeAlong(0, indices, nameof(Embedding));
        if (paddingIndex is { } padded && indices.Contains(padded))
        {
            Tensor<T> padding = Tensor.Zeros<T>([indices.Length, .. Enumerable.Repeat(1, Rank - 1)]);
            for (int i = 0; i < indices.Length; i++)
            {
                padding.Writable[i] = indices[i] == padded ? T.One : T.Zero;
            }

            rows = Tensor.Where(padding, rows.Detach(), rows);
        }

        return rows.Reshape([.. indexShape, .. shape.AsSpan(1)]);
    }

    /// <summary>Rows of a table picked by number, for indices that may change from run to run of a compiled function: y[i, ...] = x[indices[i], ...].</summary>
    /// <param name="indices">The numbers, of any shape.</param>
    /// <param name="paddingIndex">The number of a row that stands for padding: it is read, but gets no derivative; null for none.</param>
    /// <returns>A tensor of the shape of the indices, followed by that of a row. The derivative adds up the rows that are read more than once.</returns>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentException">An index is outside the table, or not a whole number.</exception>
    public Tensor<T> Embedding(Indices<T> indices, int? paddingIndex = null)
    {
        Errors.NotNull(indices, nameof(Embedding), nameof(indices));
        if (Rank == 0)
        {
            throw Errors.Shape(nameof(Embedding), $"{indices.Length} indices of shape {Shapes.Format(indices.Shape)} were given for a table of shape {Shapes.Format(shape)}", "a table of rows", "give a table");
        }

        return AllOrNothing(nameof(Embedding), [this, indices.Carrier], () =>
        {
            Tensor<T> rows = TakeAlong(0, indices, nameof(Embedding));
            if (paddingIndex is null)
            {
                return rows;
            }

            int[] lanes = [.. indices.Dimensions, .. Enumerable.Repeat(1, Rank - 1)];
            Tensor<T> padding = indices.Operation("EmbeddingPadding", nameof(Embedding), lanes, (numbers, _, y) =>
            {
                for (int i = 0; i < numbers.Length; i++)
                {
                    y.Writable[i] = numbers[i] == paddingIndex ? T.One : T.Zero;
                }
            });
            return Tensor.Where(padding, rows.Detach(), rows);
        });
    }

    /// <summary>This tensor with the elements of another added at flat places, in their order.</summary>
    private Tensor<T> Accumulate(int[] places, Tensor<T> source, string name)
    {
        TapeOf(this, source, name);
        return this + source.Linear(new PutMap<T>(source.shape, shape, 1, length, 1, places), name);
    }

    /// <summary>This tensor with the elements of another at flat places, each of which may be written once.</summary>
    private Tensor<T> Overwrite(int[] places, Tensor<T> source, string name)
    {
        Tensor<T> rest = Tensor.Ones<T>(shape);
        foreach (int place in places)
        {
            if (rest.Writable[place] == T.Zero)
            {
                throw Errors.Argument(name, "indices", $"element {place} of the tensor (row-major) is written twice", "each place at most once",
                    "remove the duplicates, or add them up with ScatterAdd or with accumulate: true");
            }

            rest.Writable[place] = T.Zero;
        }

        return Assemble([(new SelectMap<T>(rest), this), (new PutMap<T>(source.shape, shape, 1, length, 1, places), source)], name);
    }

    private int[] ElementPlaces(ReadOnlySpan<int> indices, Tensor<T> source, int axis, string operation) =>
        ElementPlaces(indices, Errors.NotNull(source, operation, nameof(source)).shape, axis, operation);

    /// <summary>For each of n tuples of indices, its place among the parts that the first axes number.</summary>
    private int[] PartPlaces(ReadOnlySpan<int[]> indices, string operation)
    {
        bool fits = indices.Length > 0 && indices.Length <= Rank;
        int n = fits ? Errors.NotNull(indices[0], operation, nameof(indices)).Length : 0;
        foreach (int[] own in indices)
        {
            fits &= Errors.NotNull(own, operation, nameof(indices)).Length == n;
        }

        if (!fits)
        {
            throw Errors.Shape(operation, $"{indices.Length} arrays of indices were given for a tensor of shape {Shapes.Format(shape)}", "from one array to one for each axis, all of one length",
                "repeat indices so that the arrays go together");
        }

        var places = new int[n];
        for (int axis = 0; axis < indices.Length; axis++)
        {
            int[] own = Places(indices[axis], shape[axis], operation);
            for (int k = 0; k < n; k++)
            {
                places[k] = (places[k] * shape[axis]) + own[k];
            }
        }

        return places;
    }

    /// <summary>The flat places where a mask is not zero. That the program depends on its values is noted.</summary>
    private int[] MaskedPlaces(Tensor<T> mask, string operation)
    {
        Errors.NotNull(mask, operation, nameof(mask));
        if (!Shapes.BroadcastsTo(mask.shape, shape))
        {
            throw Errors.Shape(operation, $"a mask of shape {Shapes.Format(mask.shape)} was given for a tensor of shape {Shapes.Format(shape)}", "a mask that broadcasts to that shape",
                "reshape the mask, or broadcast the tensor");
        }

        ReadOnlySpan<T> m = mask.Detach().BroadcastTo(shape).AsSpan(); // A look at values: a compiled function guards it.
        List<int> places = [];
        for (int i = 0; i < m.Length; i++)
        {
            if (m[i] != T.Zero)
            {
                places.Add(i);
            }
        }

        return places.ToArray();
    }

    private static void CheckSource(Tensor<T> source, int[] expected, string operation)
    {
        if (!source.shape.AsSpan().SequenceEqual(expected))
        {
            throw Errors.Shape(operation, $"the source has shape {Shapes.Format(source.shape)}", $"{Shapes.Format(expected)}, one part for each index", "reshape or broadcast the source");
        }
    }
}
