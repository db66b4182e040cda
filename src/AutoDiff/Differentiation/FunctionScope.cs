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
        foreach (Tensor<T> x in (ReadOnlySpan<Tensor<T>>)[.. xs, .. vectors])
        {
            given ??= Errors.NotNull(x, operation, nameof(xs)).Tape;
        }

        tape = given is null ? new Tape<T>(temporary: true) : Tape<T>.Writable(given, operation);
        tape.KeepRecords();
        nested = given is not null;
        around = Context<T>.Enter(tape);
        savepoint = Savepoint.Set();
        try
        {
            variables = Array.ConvertAll(xs, x => tape.Variable(Errors.NotNull(x, operation, nameof(xs))));
            y = Errors.NotNull(f([.. variables]), operation, "result of f");
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
    public Tensor<T>[] RecordedGradient()
    {
        CheckScalar();
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

    public Tensor<T>[] Jacobian(JacobianOptions? options = null, CancellationToken cancellationToken = default)
    {
        (options, Tensor<T> output) = (options ?? JacobianOptions.Default, Output);
        return options.Mode == JacobianMode.Sparse ? Array.ConvertAll(variables, x => tape.Jacobian(output, x, options, Record, cancellationToken))
            : options.Mode == JacobianMode.Forward || (options.Mode == JacobianMode.Auto && variables.Sum(static x => (long)x.Length) < output.Length)
                ? Tape.JacobianByColumns([output], variables, options.MemoryBound, Record, cancellationToken)[0]
            : Tape.JacobianByRows(output, variables, options.MemoryBound, Record, cancellationToken);
    }

    /// <summary>The diagonal of the Hessian of a function of the only variable: by colours where that takes fewer vectors than there are columns.</summary>
    public Tensor<T> DiagonalOfHessian(JacobianOptions options, CancellationToken cancellationToken = default) =>
        DiagonalOfJacobian(RecordedGradient()[0], options, symmetric: true, cancellationToken);

    /// <summary>The diagonal of the Jacobian of a recorded tensor by the only variable, which has its shape. Of each chunk of columns only the diagonal is kept.</summary>
    public Tensor<T> DiagonalOfJacobian(Tensor<T> field, JacobianOptions options, bool symmetric = false, CancellationToken cancellationToken = default)
    {
        Tensor<T> x = variables[0];

        // Values read by colours are numbers: a diagonal that is to be differentiated again takes the recorded sweeps. A pattern with more than a few elements for each column takes as many colours.
        bool asked = options.Mode == JacobianMode.Sparse;
        if (!Record && (asked || (options.Mode == JacobianMode.Auto && x.Length > FewColumns)))
        {
            long bound = asked ? long.MaxValue : 64L * x.Length;
            ColoredPlan<T>? plan = symmetric ? ColoredPlan<T>.Symmetric(tape.Root, field, x, options, bound, cancellationToken) : asked ? ColoredPlan<T>.Jacobian(tape.Root, field, x, options, cancellationToken) : null;
            if (plan is not null && (asked || plan.Colors < x.Length))
            {
                return plan.Evaluate(tape.Root, field, x, cancellationToken).Diagonal().Reshape(x.Shape);
            }
        }

        JacobianPlan columns = tape.PlanJacobian(field, x, options with { Mode = JacobianMode.Forward }, cancellationToken);
        return Tape<T>.InChunks(columns, (start, count) =>
        {
            int[] places = [.. Enumerable.Range(0, count).Select(i => (i * x.Length) + start + i)];
            return Tape<T>.SweepUnits(Tape<T>.Units(start, count, x.Dimensions), Record,
                units => tape.Jvp(nameof(DiagonalOfJacobian), [field], [x], [units], Record)[0].Values.Flatten().Take(places));
        }, cancellationToken).Reshape(x.Shape);
    }

    public Tensor<T>[][] Hessian() => GradientAndHessian().Blocks;

    public (Tensor<T>[] Gradients, Tensor<T>[][] Blocks) GradientAndHessian()
    {
        Tensor<T>[] gradients = RecordedGradient();
        return (gradients, tape.JacobianByColumns(gradients, variables, JacobianOptions.Default.MemoryBound, Record));
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
