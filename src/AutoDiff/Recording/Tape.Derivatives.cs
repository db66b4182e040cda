namespace AutoDiff;

// What a tape is for: the derivatives of what it recorded.
public sealed partial class Tape<T>
{
    /// <summary>The gradient of a scalar y with respect to x.</summary>
    /// <param name="y">The output, of length 1, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the gradient can be differentiated again.</param>
    /// <returns>The row vector dy/dx, in the shape of x; zeros if y does not depend on x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">y has more than one element.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// using var tape = new Tape&lt;double>();
    /// Tensor&lt;double> x = tape.Variable(Tensor.Create(1, 2));
    /// Tensor&lt;double> y = x.Exp().Sum();
    /// Console.WriteLine($"{tape.Gradient(y, x):0.000}"); // => [2.718, 7.389]
    /// </code>
    /// </example>
    public Tensor<T> Gradient(Tensor<T> y, Tensor<T> x, bool record = false) => Gradients(y, [Errors.NotNull(x, nameof(Gradient), nameof(x))], record)[0].Values;

    /// <summary>The gradients of a scalar y with respect to several tensors, in one sweep.</summary>
    /// <param name="y">The output, of length 1, recorded on this tape.</param>
    /// <param name="xs">Variables or intermediates, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the gradients can be differentiated again.</param>
    /// <returns>For each x the row vector dy/dx, in the shape of x; zeros if y does not depend on it.</returns>
    /// <exception cref="ArgumentNullException">y or xs is null.</exception>
    /// <exception cref="TensorShapeException">y has more than one element.</exception>
    /// <exception cref="TapeException">y or an x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T>[] Gradient(Tensor<T> y, ReadOnlySpan<Tensor<T>> xs, bool record = false) => ValuesOf(Gradients(y, xs, record));

    private SweepVector<T>[] Gradients(Tensor<T> y, ReadOnlySpan<Tensor<T>> xs, bool record)
    {
        CheckRecorded(y, nameof(Gradient), nameof(y));
        CheckScalar(y, nameof(Gradient));
        return Vjp(nameof(Gradient), [y], [new SweepVector<T>(y.Rank == 0 ? Tensor<T>.One : Tensor.Ones<T>(y.Shape))], xs, record);
    }

    /// <summary>The vector-Jacobian product u^T J of y with respect to x, in one backward sweep.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="cotangent">The weights u of the outputs (a cotangent), in the shape of y. Leading batch axes carry several vectors through one sweep.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the product can be differentiated again.</param>
    /// <returns>u^T J in the shape of x, after the batch axes; zeros if y does not depend on x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The cotangent does not have the shape of y.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Vjp(Tensor<T> y, Tensor<T> cotangent, Tensor<T> x, bool record = false) =>
        Vjp(y, cotangent, [Errors.NotNull(x, nameof(Vjp), nameof(x))], record)[0];

    /// <summary>The vector-Jacobian product of y with respect to several tensors, in one backward sweep.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="cotangent">The weights u of the outputs (a cotangent), in the shape of y, after optional batch axes.</param>
    /// <param name="xs">Variables or intermediates, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too.</param>
    /// <returns>For each x the product in its shape, after the batch axes; zeros if y does not depend on it.</returns>
    /// <exception cref="ArgumentNullException">y or cotangent is null.</exception>
    /// <exception cref="TensorShapeException">The cotangent does not have the shape of y.</exception>
    /// <exception cref="TapeException">y or an x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T>[] Vjp(Tensor<T> y, Tensor<T> cotangent, ReadOnlySpan<Tensor<T>> xs, bool record = false) =>
        Vjp([Errors.NotNull(y, nameof(Vjp), nameof(y))], [Errors.NotNull(cotangent, nameof(Vjp), nameof(cotangent))], xs, record);

    /// <summary>The sum of the vector-Jacobian products of several outputs with respect to several tensors, in one backward sweep.</summary>
    /// <param name="ys">The outputs, recorded on this tape.</param>
    /// <param name="cotangents">For each output a vector in its shape, after the same batch axes.</param>
    /// <param name="xs">Variables or intermediates, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too.</param>
    /// <returns>For each x the product in its shape, after the batch axes; zeros if no output depends on it.</returns>
    /// <exception cref="ArgumentNullException">ys, cotangents or xs is null.</exception>
    /// <exception cref="TensorShapeException">A cotangent does not have the shape of its output, or their numbers differ.</exception>
    /// <exception cref="TapeException">An output or an x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T>[] Vjp(ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> cotangents, ReadOnlySpan<Tensor<T>> xs, bool record = false) =>
        ValuesOf(Vjp(nameof(Vjp), ys, Vectors(cotangents, nameof(Vjp), nameof(cotangents)), xs, record));

    /// <summary>The Jacobian-vector product J v of y with respect to x, in one forward sweep.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="tangent">The direction v (a tangent), in the shape of x. Leading batch axes carry several vectors through one sweep.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the product can be differentiated again.</param>
    /// <returns>J v in the shape of y, after the batch axes; zeros if y does not depend on x.</returns>
    /// <exception cref="ArgumentNullException">y, x or tangent is null.</exception>
    /// <exception cref="TensorShapeException">The tangent does not have the shape of x.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Jvp(Tensor<T> y, Tensor<T> x, Tensor<T> tangent, bool record = false) =>
        Jvp([Errors.NotNull(y, nameof(Jvp), nameof(y))], [Errors.NotNull(x, nameof(Jvp), nameof(x))], [Errors.NotNull(tangent, nameof(Jvp), nameof(tangent))], record)[0];

    /// <summary>The Jacobian-vector products of several outputs, for tangents of several tensors, in one forward sweep: Σ_x J_x v_x for each output.</summary>
    /// <param name="ys">The outputs, recorded on this tape.</param>
    /// <param name="xs">Variables or intermediates, recorded on this tape.</param>
    /// <param name="tangents">For each x a vector in its shape, after the same batch axes.</param>
    /// <param name="record">Whether the sweep is recorded too.</param>
    /// <returns>For each output the product in its shape, after the batch axes; zeros if it depends on no x.</returns>
    /// <exception cref="ArgumentNullException">ys, xs or tangents is null.</exception>
    /// <exception cref="TensorShapeException">A tangent does not have the shape of its x, or their numbers differ.</exception>
    /// <exception cref="TapeException">An output or an x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T>[] Jvp(ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<Tensor<T>> tangents, bool record = false) =>
        ValuesOf(Jvp(nameof(Jvp), ys, xs, Vectors(tangents, nameof(Jvp), nameof(tangents)), record));

    /// <summary>The Jacobian of y with respect to x: the matrix whose rows are the gradients of the elements of y.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="record">Whether the sweep is recorded too, so that the Jacobian can be differentiated again.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>
    /// A tensor of shape [..y.Shape, ..x.Shape]. All rows travel through one backward sweep, or all columns through one forward sweep where there are fewer of them, in chunks of bounded memory.
    /// </returns>
    /// <exception cref="ArgumentNullException">y or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Jacobian(Tensor<T> y, Tensor<T> x, bool record = false, CancellationToken cancellationToken = default)
    {
        CheckRecorded(y, nameof(Jacobian), nameof(y));
        CheckRecorded(x, nameof(Jacobian), nameof(x));
        return Jacobian(y, x, JacobianOptions.Default, record, cancellationToken);
    }

    /// <summary>The vector-Jacobian products, with what is known of their structural zeros if asked.</summary>
    internal SweepVector<T>[] Vjp(string operation, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<SweepVector<T>> cotangents, ReadOnlySpan<Tensor<T>> xs, bool record, bool keepLanes = false)
    {
        CheckRecorded(ys, operation, nameof(ys));
        CheckRecorded(xs, operation, nameof(xs));
        int[] batch = CheckVectors(ys, cotangents, operation, nameof(cotangents));
        Tape<T> tape = CheckSweep(cotangents, operation, record);
        bool completed = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            SweepVector<T>[] results = Results(ReverseSweep<T>.Run(tape, ys, cotangents, xs, record, keepLanes), xs, batch, record);
            completed = true;
            return results;
        }
        finally
        {
            savepoint.End(completed);
        }
    }

    /// <summary>The Jacobian-vector products, with what is known of their structural zeros if asked.</summary>
    internal SweepVector<T>[] Jvp(string operation, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<SweepVector<T>> tangents, bool record, bool keepLanes = false)
    {
        CheckRecorded(ys, operation, nameof(ys));
        CheckRecorded(xs, operation, nameof(xs));
        int[] batch = CheckVectors(xs, tangents, operation, nameof(tangents));
        Tape<T> tape = CheckSweep(tangents, operation, record);
        bool completed = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            SweepVector<T>[] results = Results(ForwardSweep<T>.Run(tape, ys, xs, tangents, record, keepLanes), ys, batch, record);
            completed = true;
            return results;
        }
        finally
        {
            savepoint.End(completed);
        }
    }

    /// <summary>The vectors as plain tensors, whose zeros are numbers.</summary>
    internal static Tensor<T>[] ValuesOf(ReadOnlySpan<SweepVector<T>> vectors)
    {
        var values = new Tensor<T>[vectors.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = vectors[i].Values;
        }

        return values;
    }

    /// <summary>A structural zero as a vector.</summary>
    private static SweepVector<T> Zero(int[] shape)
    {
        Tensor<T> zeros = Tensor.Zeros<T>(shape);
        return new(zeros, zeros);
    }

    private static SweepVector<T>[] Vectors(ReadOnlySpan<Tensor<T>> values, string operation, string argument)
    {
        var vectors = new SweepVector<T>[values.Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = new(Errors.NotNull(values[i], operation, argument));
        }

        return vectors;
    }

    /// <summary>The results of a sweep: zeros where no path leads. Those of a recorded sweep are recorded, constant ones as variables that nothing led to, so that their derivatives are zeros.</summary>
    private SweepVector<T>[] Results(SweepVector<T>[] results, ReadOnlySpan<Tensor<T>> like, int[] batch, bool record)
    {
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].IsZero)
            {
                results[i] = Zero([.. batch, .. like[i].Shape]);
            }

            if (record)
            {
                results[i] = new(Recorded(results[i].Values), results[i].Lanes);
            }
        }

        return results;
    }

    /// <summary>A tensor on this tape; a constant becomes a variable.</summary>
    internal Tensor<T> Recorded(Tensor<T> x) => Root.IndexOf(x) >= 0 ? x : Variable(x);

    private void CheckRecorded(ReadOnlySpan<Tensor<T>> tensors, string operation, string argument)
    {
        foreach (Tensor<T> x in tensors)
        {
            CheckRecorded(x, operation, argument);
        }
    }

    // What is said of a mistake is made apart from the checks, here and below: a method that formats texts clears the room for them at every call, which takes longer than its check.
    private void CheckRecorded(Tensor<T> x, string operation, string argument)
    {
        Errors.NotNull(x, operation, argument);
        Tape<T> root = Root;
        if (root.disposed)
        {
            throw Errors.DisposedTape();
        }

        int place = root.IndexOf(x);
        if (place < 0 || (root.meetsTangents && root[place] is SeedRecord<T>))
        {
            throw NotRecorded(x, place, operation, argument);
        }
    }

    private static Exception NotRecorded(Tensor<T> x, int place, string operation, string argument) =>
        x.RecordedOn is not null && (place >= 0 || x.Index < 0)
            ? Errors.Tape(operation, $"the tensor '{argument}' of shape {Shapes.Format(x.Shape)} passes its tangent on, in a function that {nameof(Differentiate.Jvp)} or {nameof(Differentiate.Derivative)} differentiates, and has no record",
                "a tensor recorded on this tape", "take derivatives inside of such a function by Differentiate.Gradient and its like")
        : x.RecordedOn is { IsDisposed: true } ? Errors.DisposedTape(Shapes.Format(x.Shape))
        : x.Tape is null
            ? Errors.Tape(operation, $"the tensor '{argument}' of shape {Shapes.Format(x.Shape)} is a constant", "a tensor recorded on this tape",
                "compute it from tape.Variable(...) without a Detach() on the way; to differentiate a derivative again, ask for it with record: true")
        : Errors.Tape(operation, $"the tensor '{argument}' of shape {Shapes.Format(x.Shape)} is recorded on another tape", "a tensor recorded on this tape",
            "ask the tape that recorded it (its Tape property), or make all variables on one tape");

    private static void CheckScalar(Tensor<T> y, string operation)
    {
        if (y.Length != 1)
        {
            throw NoScalar(y, operation);
        }
    }

    private static TensorShapeException NoScalar(Tensor<T> y, string operation) =>
        Errors.Shape(operation, $"the output has shape {Shapes.Format(y.Shape)} and {y.Length} elements, and only a scalar has a gradient", "one element",
            "reduce it with Sum() or Mean(), or ask for the Jacobian, or for a Vjp with a cotangent of that shape");

    /// <summary>Checks that there is one vector for each tensor, in its shape after common batch axes. Returns the batch axes.</summary>
    private static int[] CheckVectors(ReadOnlySpan<Tensor<T>> tensors, ReadOnlySpan<SweepVector<T>> vectors, string operation, string argument)
    {
        if (tensors.Length != vectors.Length)
        {
            throw OtherCount(tensors.Length, vectors.Length, operation, argument);
        }

        int[]? batch = null;
        for (int i = 0; i < vectors.Length; i++)
        {
            Tensor<T> vector = Errors.NotNull(vectors[i].Values, operation, argument);
            int lead = vector.Rank - tensors[i].Rank;
            if (lead < 0 || !vector.Shape[lead..].SequenceEqual(tensors[i].Shape) || (batch is not null && !vector.Shape[..lead].SequenceEqual(batch)))
            {
                throw OtherShape(tensors[i], vector, operation);
            }

            batch ??= vector.Shape[..lead].ToArray();
        }

        return batch ?? [];
    }

    private static TensorShapeException OtherCount(int tensors, int vectors, string operation, string argument) =>
        Errors.Shape(operation, $"{vectors} {argument} were given for {tensors} tensors", "one for each", "give a vector of zeros where nothing is to flow");

    private static TensorShapeException OtherShape(Tensor<T> tensor, Tensor<T> vector, string operation) =>
        Errors.Shape(operation, $"a vector of shape {Shapes.Format(vector.Shape)} was given for a tensor of shape {Shapes.Format(tensor.Shape)}",
            "the shape of the tensor, after batch axes that are the same for all", "reshape or broadcast the vector");

    /// <summary>A recorded sweep needs its own thread, and vectors of its own tape. Returns the tape that holds the records.</summary>
    private Tape<T> CheckSweep(ReadOnlySpan<SweepVector<T>> vectors, string operation, bool record)
    {
        if (!record)
        {
            return Root;
        }

        Tape<T> tape = Writable(this, operation);
        foreach (SweepVector<T> vector in vectors)
        {
            if (vector.Values.RecordedOn is { } other)
            {
                tape = Join(tape, other, operation);
            }
        }

        return tape;
    }
}
