using System.Numerics;

namespace AutoDiff;

// Products and sums of second derivatives that need no Hessian, and gradients sample by sample.
public static partial class Differentiate
{
    /// <summary>The value and the Jacobian of a function, for the price of one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>f(x), and a tensor of shape [..y.Shape, ..x.Shape].</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    public static (Tensor<T> Value, Tensor<T> Jacobian) ValueAndJacobian<T>(
        Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Jacobian), OfOne(f), [Given(x)]);
        Tensor<T> jacobian = scope.Jacobian(options, cancellationToken)[0];
        return scope.Completed((scope.Value, jacobian));
    }

    /// <summary>The gradient of every sample of a batch, of a function of the whole batch.</summary>
    /// <remarks>
    /// f returns one number for each sample. Row i is the gradient of the i-th number: the Jacobian of f, backward with a vector for each sample or forward with one for each parameter, whichever are fewer, and
    /// each goes through the whole batch. Where there are many of both, write the function of one sample:
    /// <c>MapSlices(sample => Gradient(p => loss(p, sample), parameters), samples)</c> runs each of its operations once, for all samples.
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function of the parameters, with a vector as result: one number for each sample.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>A tensor of shape [samples, ..parameters.Shape].</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f does not return a vector.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> rows = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(Differentiate.PerSampleGradients(w => rows.MatMul(w), Tensor.Create(1, 1))); // => [[1, 2], [3, 4]]
    /// </code>
    /// </example>
    public static Tensor<T> PerSampleGradients<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> parameters, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PerSampleGradients(OfOne(f), [Given(parameters)], options, cancellationToken)[0];

    private static Tensor<T>[] PerSampleGradients<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] parameters, JacobianOptions? options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(PerSampleGradients), f, parameters);
        return scope.Output.Rank == 1
            ? scope.Completed(scope.Jacobian(options, cancellationToken))
            : throw Errors.Shape(nameof(PerSampleGradients), $"the function gives the shape {Shapes.Format(scope.Output.Shape)}", "a vector, one number for each sample", "keep the axis of the samples and sum over the others");
    }

    /// <summary>The Jacobian of every sample of a batch: of a function that works on rows, each by itself, how each row of the result depends on its own row of x.</summary>
    /// <remarks>
    /// It takes as many vectors as a row of the result has elements, whatever the number of samples: each vector asks all samples at once. That is right only where a row of the result depends on its own
    /// row of x alone, as in a network without batch statistics; otherwise it is the sum over the rows that each row of x takes part in.
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function; its result has the samples on its first axis, as x has.</param>
    /// <param name="x">The samples, on the first axis.</param>
    /// <returns>A tensor of shape [samples, ..y.Shape without samples, ..x.Shape without samples].</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">x is a scalar, or f returns another number of samples.</exception>
    public static Tensor<T> PerSampleJacobians<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(PerSampleJacobians), OfOne(f), [Given(x)]);
        int[] shape = scope.Output.Dimensions;
        if (x.Rank == 0 || shape.Length == 0 || shape[0] != x.Shape[0])
        {
            throw Errors.Shape(nameof(PerSampleJacobians), $"the function maps the shape {Shapes.Format(x.Shape)} to {Shapes.Format(shape)}", "the same number of samples on the first axis of both",
                "keep the axis of the samples first");
        }

        (int samples, int rows) = (shape[0], Shapes.Length(shape.AsSpan(1)));
        Tensor<T> units = Tensor.Identity<T>(rows).Reshape(rows, 1, rows).BroadcastTo(rows, samples, rows).Reshape([rows, .. shape]);
        Tensor<T> products = scope.Vjp(units)[0].Reshape(rows, samples, Shapes.Length(x.Shape[1..]));
        return scope.Completed(products.Permute(1, 0, 2).Reshape([.. shape, .. x.Shape[1..]]));
    }

    /// <summary>The diagonal of the Hessian of a scalar function, by batched forward sweeps over the recorded backward sweep; only the diagonal is kept. Variables that do not interact share a vector.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">
    /// The mode and the bound on memory. <see cref="JacobianMode.Forward"/> takes one vector for each variable; the others look for variables that share one, <see cref="JacobianMode.Sparse"/> however long it takes.
    /// </param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>∂²f/∂x_i², in the shape of x.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.HessianDiagonal(x => x.Pow(3).Sum(), Tensor.Create(1, 2))); // => [6, 12]
    /// </code>
    /// </example>
    public static Tensor<T> HessianDiagonal<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(HessianDiagonal), OfOne(f), [Given(x)]);
        return scope.Completed(scope.DiagonalOfJacobian(scope.RecordedGradient(cancellationToken)[0], options, cancellationToken));
    }

    /// <summary>The Laplacian Σ ∂²f/∂x_i² of a scalar function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory, as in <see cref="HessianDiagonal"/>; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static Tensor<T> Laplacian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HessianDiagonal(f, x, options, cancellationToken).Sum();

    /// <summary>The divergence Σ ∂f_i/∂x_i of a field.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The field: its result has the shape of x.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory, as in <see cref="HessianDiagonal"/>; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns another shape than that of x.</exception>
    public static Tensor<T> Divergence<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Divergence), OfOne(f), [Given(x)]);
        return scope.Output.Shape.SequenceEqual(x.Shape)
            ? scope.Completed(scope.DiagonalOfJacobian(scope.Output, options, cancellationToken).Sum())
            : throw Errors.Shape(nameof(Divergence), $"the field gives the shape {Shapes.Format(scope.Output.Shape)} at a point of shape {Shapes.Format(x.Shape)}", "equal shapes", "give a field with as many components as coordinates");
    }

    /// <summary>The Gauss-Newton product J^T H J v of a loss of a model, where J is the Jacobian of the model and H the Hessian of the loss: the Hessian-vector product without the curvature of the model.</summary>
    /// <remarks>With the negative log-likelihood of a natural parameter as loss this is the product with the Fisher information.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="model">The model, from parameters to outputs.</param>
    /// <param name="loss">The loss of the outputs, with a result of length 1.</param>
    /// <param name="x">The parameters.</param>
    /// <param name="v">The direction (a tangent), in the shape of the parameters, after optional batch axes.</param>
    /// <returns>The product, in the shape of the parameters after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">model, loss, x or v is null, or loss or model gives null.</exception>
    /// <exception cref="TensorShapeException">The loss returns more than one element, or v does not have the shape of x.</exception>
    public static Tensor<T> GaussNewtonProduct<T>(Func<Tensor<T>, Tensor<T>> model, Func<Tensor<T>, Tensor<T>> loss, Tensor<T> x, Tensor<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(model, nameof(GaussNewtonProduct), nameof(model));
        Errors.NotNull(loss, nameof(GaussNewtonProduct), nameof(loss));
        using var scope = new FunctionScope<T>(nameof(GaussNewtonProduct), xs => Errors.Result(model(xs[0]), nameof(GaussNewtonProduct), nameof(model)), [Given(x)], Given(v));
        Tensor<T> jv = scope.Jvp([v]);
        return scope.Completed(scope.Vjp(Hvp(y => Errors.Result(loss(y), nameof(GaussNewtonProduct), nameof(loss)), scope.Value, jv))[0]);
    }
}
