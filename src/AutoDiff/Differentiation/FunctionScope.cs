using System.Numerics;

namespace AutoDiff;

/// <summary>
/// One call of a function of functions: f recorded at a point, ready to be swept. A nested call records on the tape that is active on this thread, and a recorded sweep appends to that same tape;
/// this is what makes derivatives of derivatives, and captured outer variables, come out right. Only the outermost call has a tape of its own.
/// </summary>
internal sealed class FunctionScope<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of so many columns no pattern is sought: it would cost more than their vectors.</summary>
    private const int FewColumns = 32;

    private readonly Context<T>.Around around;
    private readonly Tape<T> tape;
    private readonly Tensor<T>[] variables;
    private readonly Tensor<T> y;
    private readonly bool nested;
    private readonly string operation;
    private readonly Savepoint savepoint;
    private bool completed;

    public FunctionScope(string operation, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, params ReadOnlySpan<Tensor<T>> vectors)
    {
        Errors.NotNull(f, operation, nameof(f));
        Errors.NotNull(xs, operation, nameof(xs));
        this.operation = operation;

        // The tape to record on: the active one, that of the point or of a vector (so that the result can be differentiated by them), or a new one.
        Tape<T>? given = Context<T>.Current.Tape;
        foreach (Tensor<T> x in xs)
        {
            given ??= Errors.NotNull(x, operation, nameof(xs)).Tape;
        }

        foreach (Tensor<T> v in vectors)
        {
            given ??= Errors.NotNull(v, operation, nameof(vectors)).Tape;
        }

        tape = given is null ? new Tape<T>(temporary: true) : Tape<T>.Writable(given, operation);
        tape.KeepRecords();
        nested = given is not null;
        around = Context<T>.Enter(tape);
        savepoint = Savepoint.Set();
        try
        {
            variables = new Tensor<T>[xs.Length];
            for (int i = 0; i < xs.Length; i++)
            {
                variables[i] = tape.Variable(xs[i]);
            }

            y = Errors.Result(f([.. variables]), operation, nameof(f));
            if (y.RecordedOn is { } other)
            {
                // A captured tensor may be the result as it is.
                Tape<T>.Join(tape, other, operation);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The tape that holds the records.</summary>
    public Tape<T> Tape => tape.Root;

    /// <summary>The inputs, as variables on the tape.</summary>
    public Tensor<T>[] Variables => variables;

    /// <summary>The output on the tape; a constant function gives a variable that nothing depends on.</summary>
    public Tensor<T> Output => tape.Root.Recorded(y);

    /// <summary>The gradients, recorded.</summary>
    public Tensor<T>[] RecordedGradient(CancellationToken cancellationToken = default)
    {
        CheckScalar();
        cancellationToken.ThrowIfCancellationRequested();
        return tape.Gradient(Output, variables, record: true);
    }

    /// <summary>f(xs): recorded where the derivative is.</summary>
    public Tensor<T> Value => Record ? Output : y.Detach();

    /// <summary>Whether the result may be differentiated again: in a nested call, and where f captured a variable of another tape.</summary>
    private bool Record => nested || !ReferenceEquals(tape.Root, tape);

    public Tensor<T>[] Gradient()
    {
        CheckScalar();
        return tape.Gradient(Output, variables, Record);
    }

    public Tensor<T>[] Vjp(Tensor<T> u)
    {
        Errors.NotNull(u, operation, nameof(u));
        return tape.Vjp(Output, u, variables, Record);
    }

    /// <summary>The vector-Jacobian products of a vector that may have structural zeros, with those of the products.</summary>
    public SweepVector<T>[] Vjp(SweepVector<T> u) => tape.Vjp(operation, [Output], [u], variables, Record, keepLanes: true);

    public Tensor<T> Jvp(Tensor<T>[] vs)
    {
        Errors.NotNull(vs, operation, nameof(vs));
        return tape.Jvp([Output], variables, vs, Record)[0];
    }

    /// <summary>The Jacobian-vector product of vectors that may have structural zeros, with those of the product.</summary>
    public SweepVector<T> Jvp(ReadOnlySpan<SweepVector<T>> vs) => tape.Jvp(operation, [Output], variables, vs, Record, keepLanes: true)[0];

    public Tensor<T>[] Jacobian(JacobianOptions? options, CancellationToken cancellationToken)
    {
        (options, Tensor<T> output) = (options ?? JacobianOptions.Default, Output);
        return options.Mode == JacobianMode.Sparse ? Array.ConvertAll(variables, x => tape.Jacobian(output, x, options, Record, cancellationToken))
            : options.Mode == JacobianMode.Forward || (options.Mode == JacobianMode.Auto && variables.Sum(static x => (long)x.Length) < output.Length)
                ? Tape.JacobianByColumns([output], variables, options.MemoryBound, Record, cancellationToken)[0]
            : Tape.JacobianByRows(output, variables, options.MemoryBound, Record, cancellationToken);
    }

    /// <summary>
    /// The diagonal of the Jacobian of a recorded tensor by the only variable, which has its shape. Columns that do not meet on the diagonal travel as one vector, and of each chunk of vectors only the diagonal
    /// is kept.
    /// </summary>
    public Tensor<T> DiagonalOfJacobian(Tensor<T> field, JacobianOptions? options, CancellationToken cancellationToken)
    {
        Tensor<T> x = variables[0];
        options ??= JacobianOptions.Default;
        JacobianPlan columns = tape.PlanJacobian(field, x, options with { Mode = JacobianMode.Forward }, cancellationToken);
        if (DiagonalColors(field, options.Mode, out int vectors, cancellationToken) is { } colors)
        {
            // The elements come in the order of their colors' chunks.
            var order = new List<int>(x.Length);
            var plan = new JacobianPlan { Mode = JacobianMode.Sparse, Rows = x.Length, Columns = x.Length, Vectors = vectors, Chunk = Math.Min(columns.Chunk, Math.Max(vectors, 1)), Reason = "" };
            Tensor<T> byColors = Tape<T>.InChunks(plan, (start, count) =>
            {
                int[] mine = [.. Enumerable.Range(0, x.Length).Where(i => colors[i] >= start && colors[i] < start + count)];
                int[] at = Array.ConvertAll(mine, i => ((colors[i] - start) * x.Length) + i);
                order.AddRange(mine);
                return Tape<T>.SweepUnits(new(ColoredPlan<T>.Seeds(colors, start, count, x)), Record,
                    seeds => tape.Jvp(nameof(DiagonalOfJacobian), [field], [x], [seeds], Record)[0].Values.Flatten().Take(at));
            }, cancellationToken);
            if (plan.Chunk < vectors)
            {
                var places = new int[x.Length];
                for (int i = 0; i < places.Length; i++)
                {
                    places[order[i]] = i;
                }

                byColors = byColors.Take(places);
            }

            return byColors.Reshape(x.Shape);
        }

        return Tape<T>.InChunks(columns, (start, count) =>
        {
            int[] places = [.. Enumerable.Range(0, count).Select(i => (i * x.Length) + start + i)];
            return Tape<T>.SweepUnits(Tape<T>.Units(start, count, x.Dimensions), Record,
                units => tape.Jvp(nameof(DiagonalOfJacobian), [field], [x], [units], Record)[0].Values.Flatten().Take(places));
        }, cancellationToken).Reshape(x.Shape);
    }

    /// <summary>
    /// Colors of the columns by which the diagonal can be read, or null where each column has to travel by itself: as asked, because there are few, because the pattern is dense (it is not looked for longer
    /// than the sweeps would take), or because the program will run again at other values, where indices may lie elsewhere.
    /// </summary>
    private int[]? DiagonalColors(Tensor<T> field, JacobianMode mode, out int count, CancellationToken cancellationToken)
    {
        Tensor<T> x = variables[0];
        count = x.Length;
        if (mode is JacobianMode.Forward or JacobianMode.Reverse || tape.Root.IsClosed || (mode != JacobianMode.Sparse && x.Length <= FewColumns))
        {
            return null;
        }

        long elements = 0;
        for (int i = Math.Max(Tape.IndexOf(x), 0); i <= Tape.IndexOf(field); i++)
        {
            elements += Tape[i].Output.Length;
        }

        // A member of a set takes some four times as long as a number of a sweep.
        if (PatternSweep<T>.Run(Tape, field, x, mode == JacobianMode.Sparse ? long.MaxValue : elements * x.Length / 8, cancellationToken) is not { } pattern)
        {
            return null;
        }

        int[] colors = Coloring.Diagonal(pattern, pattern.Transpose(), out int vectors);
        if (vectors == x.Length)
        {
            return null;
        }

        count = vectors;
        return colors;
    }

    public (Tensor<T>[] Gradients, Tensor<T>[][] Blocks) GradientAndHessian(CancellationToken cancellationToken)
    {
        Tensor<T>[] gradients = RecordedGradient(cancellationToken);
        return (gradients, tape.JacobianByColumns(gradients, variables, JacobianOptions.Default.MemoryBound, Record, cancellationToken));
    }

    /// <summary>A tensor that f made beside its value, or that a sweep recorded, as a result of the call: recorded where the derivative is.</summary>
    public Tensor<T> Result(Tensor<T> tensor) => Record ? tensor : tensor.Detach();

    public Tensor<T>[] Hvp(Tensor<T>[] vs)
    {
        Errors.NotNull(vs, operation, nameof(vs));
        return tape.Jvp(RecordedGradient(), variables, vs, Record);
    }

    /// <summary>Says that the call has a result. Without it, disposing the scope takes back what f recorded on tapes that were there before.</summary>
    public TResult Completed<TResult>(TResult result)
    {
        completed = true;
        return result;
    }

    public void Dispose()
    {
        around.Dispose();
        savepoint.End(completed);
        if (!nested)
        {
            tape.Dispose();
        }
    }

    private void CheckScalar()
    {
        if (y.Length != 1)
        {
            throw Errors.Shape(operation, $"the function gives a tensor of shape {Shapes.Format(y.Shape)}, and only a scalar has a gradient", "a result of one element",
                "reduce the result with Sum() or Mean(), or ask for the Jacobian");
        }
    }
}
