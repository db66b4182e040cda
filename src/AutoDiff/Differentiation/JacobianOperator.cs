using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The Jacobian of a function at a point as a linear operator: f is recorded once, and every product is one sweep over the tape: J v forward, u^T J backward.
/// </summary>
/// <remarks>The operator keeps its tape. Products may run on several threads at once, because a sweep changes nothing. A product with a recorded vector is an operation on the vector's tape.</remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class JacobianOperator<T> : LinearOperator<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape;
    private readonly Tensor<T> x;
    private readonly Tensor<T> y;

    private JacobianOperator(Tape<T> tape, Tensor<T> x, Tensor<T> y) : base(x.Shape, y.Shape) => (this.tape, this.x, this.y, Value) = (tape, x, y, y.Detach());

    /// <summary>f at the point.</summary>
    public Tensor<T> Value { get; }

    /// <summary>Records a function at a point.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point; a constant.</param>
    /// <returns>The Jacobian of f at x, of shape [y.Length, x.Length].</returns>
    /// <exception cref="ArgumentNullException">f or x is null.</exception>
    /// <exception cref="TapeException">x, or a tensor that f uses besides it, is recorded on another tape: the products would lose the derivative by it.</exception>
    public static JacobianOperator<T> Create(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x)
    {
        Errors.NotNull(f, nameof(JacobianOperator<>), nameof(f));
        Errors.Constant(Errors.NotNull(x, nameof(JacobianOperator<>), nameof(x)), nameof(JacobianOperator<>));
        var tape = new Tape<T>(temporary: false, closed: true);
        using Context<T>.Around around = Context<T>.Enter(tape);
        bool completed = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            Tensor<T> variable = tape.Variable(x);
            Tensor<T> y = Errors.Result(f(variable), nameof(JacobianOperator<>), nameof(f));
            var jacobian = new JacobianOperator<T>(tape, variable, tape.Recorded(y));
            completed = true;
            return jacobian;
        }
        finally
        {
            savepoint.End(completed);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Apply(Tensor<T> v) => Check(v, InputDimensions, nameof(Apply)).Tape is null ? tape.Jvp(y, x, v)
        : Tensor<T>.Recompute(nameof(JacobianOperator<>), [v], vs => tape.Jvp(y, x, vs[0]), (g, _, _) => [ApplyTransposed(g)], (ts, _, _) => Apply(ts[0]!));

    /// <inheritdoc/>
    public override Tensor<T> ApplyTransposed(Tensor<T> u) => Check(u, OutputDimensions, nameof(ApplyTransposed)).Tape is null ? tape.Vjp(y, u, x)
        : Tensor<T>.Recompute(nameof(JacobianOperator<>), [u], us => tape.Vjp(y, us[0], x), (g, _, _) => [Apply(g)], (ts, _, _) => ApplyTransposed(ts[0]!));

    /// <inheritdoc/>
    public override Tensor<T> ToMatrix(CancellationToken cancellationToken = default) => tape.Jacobian(y, x, cancellationToken: cancellationToken).Reshape(Rows, Columns);

    /// <summary>Returns the memory of the recorded values for reuse. Optional.</summary>
    public void Dispose() => tape.Dispose();
}
