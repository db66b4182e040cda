using System.Numerics;

namespace AutoDiff;

/// <summary>The sparse Jacobian of a function: pattern and coloring are found from the tape once, and used again at every point.</summary>
/// <remarks>
/// At each point f is recorded again, unless it is <see cref="Compiled"/>. Where its structure has changed (a branch was taken, an index moved), that is noticed, and pattern and coloring are found again.
/// Not for use by several threads at once.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed partial class SparseJacobian<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StructuredDerivative<T> derivative;
    private readonly Func<Tensor<T>, Tensor<T>> f;
    private readonly JacobianOptions options;

    /// <summary>Makes the sparse Jacobian of a function.</summary>
    /// <param name="f">The function.</param>
    /// <param name="options">The bound on memory; null for the default.</param>
    /// <exception cref="ArgumentNullException">f is null.</exception>
    public SparseJacobian(Func<Tensor<T>, Tensor<T>> f, JacobianOptions? options = null)
    {
        this.f = Errors.NotNull(f, nameof(SparseJacobian<>), nameof(f));
        this.options = options ?? JacobianOptions.Default;
        derivative = new StructuredDerivative<T>(nameof(SparseJacobian<>), (x, _) => f(x), static scope => scope.Output,
            (tape, y, x, cancellationToken) => ColoredPlan<T>.Jacobian(tape, y, x, this.options, cancellationToken));
    }

    /// <summary>
    /// Whether f and the sweeps of the colors are recorded once and run again at other points (<see cref="Differentiate.Compile{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, CompileOptions?, CancellationToken)"/>): faster, but what f
    /// captures then stays what it was. False unless set.
    /// </summary>
    public bool Compiled
    {
        get => derivative.Compiled;
        init => derivative.Compiled = value;
    }

    /// <summary>How many vectors travel over the tape for one Jacobian; 0 before the first.</summary>
    public int Colors => derivative.Plan?.Colors ?? 0;

    /// <summary>The places that may differ from zero; null before the first Jacobian.</summary>
    public SparsityPattern? Pattern => derivative.Plan?.Pattern;

    /// <summary>How often pattern and coloring have been found: 1 as long as the program keeps its structure.</summary>
    public int Analyses => derivative.Analyses;

    /// <summary>The Jacobian at a point.</summary>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while pattern and coloring are looked for.</param>
    /// <returns>The m × n matrix, for outputs and inputs flattened row-major.</returns>
    /// <exception cref="ArgumentNullException">x is null, or the function gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">x is recorded on a tape, whose derivatives would be lost.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    /// <example>
    /// <code>
    /// var sparse = new SparseJacobian&lt;double>(x => x[1..] - x[..^1]);
    /// SparseMatrix&lt;double> jacobian = sparse.Evaluate(Tensor.Zeros(1000));
    /// Console.WriteLine(jacobian); // => 999 × 1000, 1998 nonzeros
    /// Console.WriteLine(sparse.Colors); // => 2
    /// </code>
    /// </example>
    public SparseMatrix<T> Evaluate(Tensor<T> x, CancellationToken cancellationToken = default) => derivative.Evaluate(x, [], null, cancellationToken);

    internal SparseMatrix<T> Evaluate(Tensor<T> x, ColorShare<T> share) => derivative.Evaluate(x, [], share, CancellationToken.None);
}

/// <summary>The sparse Hessian of a scalar function: pattern and (symmetric) coloring are found from the recorded gradient once, and used again at every point.</summary>
/// <remarks>Changes of the program's structure are noticed, as by <see cref="SparseJacobian{T}"/>. Not for use by several threads at once.</remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class SparseHessian<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StructuredDerivative<T> derivative;

    /// <summary>Makes the sparse Hessian of a scalar function.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="options">The bound on memory; null for the default.</param>
    /// <exception cref="ArgumentNullException">f is null.</exception>
    public SparseHessian(Func<Tensor<T>, Tensor<T>> f, JacobianOptions? options = null)
    {
        Errors.NotNull(f, nameof(SparseHessian<>), nameof(f));
        derivative = Make((x, _) => f(x), options);
    }

    /// <summary>Makes the sparse Hessian of a function that also depends on tensors by which it is not differentiated: inputs of a compiled function like the point.</summary>
    internal SparseHessian(Func<Tensor<T>, Tensor<T>[], Tensor<T>> f) => derivative = Make(f, null);

    /// <summary>
    /// Whether f and the sweeps of the colors are recorded once and run again at other points (<see cref="Differentiate.Compile{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, CompileOptions?, CancellationToken)"/>): faster, but what f
    /// captures then stays what it was. False unless set.
    /// </summary>
    public bool Compiled
    {
        get => derivative.Compiled;
        init => derivative.Compiled = value;
    }

    /// <summary>How many vectors travel over the tape for one Hessian; 0 before the first.</summary>
    public int Colors => derivative.Plan?.Colors ?? 0;

    /// <summary>The places that may differ from zero; null before the first Hessian.</summary>
    public SparsityPattern? Pattern => derivative.Plan?.Pattern;

    /// <summary>How often pattern and coloring have been found: 1 as long as the program keeps its structure.</summary>
    public int Analyses => derivative.Analyses;

    /// <summary>The Hessian at a point.</summary>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while pattern and coloring are looked for.</param>
    /// <returns>The symmetric n × n matrix, for the input flattened row-major, with all its elements.</returns>
    /// <exception cref="ArgumentNullException">x is null, or the function gives null.</exception>
    /// <exception cref="TensorShapeException">The function returns more than one element.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">x is recorded on a tape, whose derivatives would be lost.</exception>
    public SparseMatrix<T> Evaluate(Tensor<T> x, CancellationToken cancellationToken = default) => derivative.Evaluate(x, [], null, cancellationToken);

    internal SparseMatrix<T> Evaluate(Tensor<T> x, ColorShare<T> share) => derivative.Evaluate(x, [], share, CancellationToken.None);

    internal SparseMatrix<T> Evaluate(Tensor<T> x, Tensor<T>[] parameters, CancellationToken cancellationToken) => derivative.Evaluate(x, parameters, null, cancellationToken);

    private static StructuredDerivative<T> Make(Func<Tensor<T>, Tensor<T>[], Tensor<T>> f, JacobianOptions? options) => new(nameof(SparseHessian<>), f, static scope => scope.RecordedGradient()[0],
        (tape, y, x, cancellationToken) => ColoredPlan<T>.Symmetric(tape, y, x, options ?? JacobianOptions.Default, cancellationToken));
}

/// <summary>A derivative by the first argument of f that is evaluated by a plan, and plans again when the structure of the recorded program changes. The others are parameters.</summary>
internal sealed class StructuredDerivative<T>(string operation, Func<Tensor<T>, Tensor<T>[], Tensor<T>> f, Func<FunctionScope<T>, Tensor<T>> output,
    Func<Tape<T>, Tensor<T>, Tensor<T>, CancellationToken, ColoredPlan<T>> makePlan) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ProgramStructure structure = new();
    private readonly List<ColoredPlan<T>> plans = [];
    private CompiledFunction<T>? compiled;
    private CancellationToken stop;

    /// <summary>Whether f and the sweeps of the colors are compiled.</summary>
    public bool Compiled { get; set; }

    /// <summary>That of the last evaluation.</summary>
    public ColoredPlan<T>? Plan { get; private set; }

    public int Analyses { get; private set; }

    public SparseMatrix<T> Evaluate(Tensor<T> x, Tensor<T>[] parameters, ColorShare<T>? share, CancellationToken cancellationToken)
    {
        Errors.Constant(Errors.NotNull(x, operation, nameof(x)), operation);
        if (Compiled && share is null && compiled?.GivenUp is null)
        {
            return Replay([x, .. parameters], cancellationToken);
        }

        using var scope = new FunctionScope<T>(operation, xs => f(xs[0], parameters), [x]);
        Tensor<T> y = output(scope);
        return scope.Completed(PlanOf(scope, y, cancellationToken).Evaluate(scope.Tape, y, scope.Variables[0], share, cancellationToken));
    }

    /// <summary>The plan of a recorded program: that of the one before, where they have the same structure.</summary>
    private ColoredPlan<T> PlanOf(FunctionScope<T> scope, Tensor<T> y, CancellationToken cancellationToken)
    {
        if (!structure.Take(scope.Tape, y, scope.Variables[0]) || Plan is null)
        {
            Plan = null;
            Plan = makePlan(scope.Tape, y, scope.Variables[0], cancellationToken);
            Analyses++;
        }

        return Plan;
    }

    /// <summary>Which of the programs that are kept runs at a point is for the compiled function to find; each tells the number of its plan as a second result.</summary>
    private SparseMatrix<T> Replay(Tensor<T>[] inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        stop = cancellationToken;
        compiled ??= Differentiate.Compile(xs => Values(xs[0], xs[1..]), inputs, null, cancellationToken);
        Tensor<T>[] results = compiled.Invoke(inputs);
        Plan = plans[int.CreateChecked(results[1].Values[0])];
        return new SparseMatrix<T>(Plan.Pattern, results[0].Values.ToArray());
    }

    private Tensor<T>[] Values(Tensor<T> x, Tensor<T>[] parameters)
    {
        Plan = plans is [.., var last] ? last : null;
        using var scope = new FunctionScope<T>(operation, xs => f(xs[0], parameters), [x]);
        Tensor<T> y = output(scope);
        ColoredPlan<T> plan = PlanOf(scope, y, stop);
        if (plans is not [.., var known] || !ReferenceEquals(known, plan))
        {
            plans.Add(plan);
        }

        return scope.Completed<Tensor<T>[]>([scope.Result(plan.RecordedValues(scope.Tape, y, scope.Variables[0])), Tensor.Scalar(T.CreateChecked(plans.Count - 1))]);
    }
}
