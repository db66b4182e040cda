using System.Numerics;

namespace AutoDiff;

// Derivatives with the value beside them, and with what else the function has to say.
public static partial class Differentiate
{
    /// <summary>The value and the vector-Jacobian product u^T J of a function, for the price of one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), in the shape of f(x), after optional batch axes.</param>
    /// <returns>f(x), and u^T J in the shape of x after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">f, x or u is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    public static (Tensor<T> Value, Tensor<T> Vjp) ValueAndVjp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Vjp), OfOne(f), [Given(x)], Given(u));
        Tensor<T> product = scope.Vjp(u)[0];
        return scope.Completed((scope.Value, product));
    }

    /// <summary>The value and the vector-Jacobian product u^T J of a function, where the cotangent is made from the value.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="cotangent">From f(x) to the cotangent u, in the shape of f(x) after optional batch axes. A constant: no derivative flows through it.</param>
    /// <returns>f(x), and u^T J in the shape of x after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">f, x or cotangent is null, or cotangent or f gives null.</exception>
    /// <exception cref="TensorShapeException">The cotangent does not have the shape of f(x).</exception>
    public static (Tensor<T> Value, Tensor<T> Vjp) ValueAndVjp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Func<Tensor<T>, Tensor<T>> cotangent) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(cotangent, nameof(ValueAndVjp), nameof(cotangent));
        using var scope = new FunctionScope<T>(nameof(Vjp), OfOne(f), [Given(x)]);
        Tensor<T> u = Errors.Result(cotangent(scope.Output.Detach()), nameof(ValueAndVjp), nameof(cotangent));
        Tensor<T> product = scope.Vjp(u)[0];
        return scope.Completed((scope.Value, product));
    }

    /// <summary>The value and the Jacobian-vector product J v of a function, for the price of one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction (a tangent), in the shape of x, after optional batch axes.</param>
    /// <returns>f(x), and J v in the shape of f(x) after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">f, x or v is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">v does not have the shape of x.</exception>
    public static (Tensor<T> Value, Tensor<T> Jvp) ValueAndJvp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Jvp), OfOne(f), [Given(x)], Given(v));
        Tensor<T> product = scope.Jvp([v]);
        return scope.Completed((scope.Value, product));
    }

    /// <summary>The value, the gradient and the Hessian of a scalar function, for the price of the Hessian.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>f(x), the gradient in the shape of x, and the Hessian of shape [..x.Shape, ..x.Shape].</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// (_, Tensor&lt;double> gradient, Tensor&lt;double> hessian) = Differentiate.ValueAndHessian(x => (x * x).Sum(), Tensor.Create(1, 2));
    /// Console.WriteLine(gradient); // => [2, 4]
    /// Console.WriteLine(hessian); // => [[2, 0], [0, 2]]
    /// </code>
    /// </example>
    public static (Tensor<T> Value, Tensor<T> Gradient, Tensor<T> Hessian) ValueAndHessian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Hessian), OfOne(f), [Given(x)]);
        (Tensor<T>[] gradients, Tensor<T>[][] blocks) = scope.GradientAndHessian(cancellationToken);
        return scope.Completed((scope.Value, scope.Result(gradients[0]), blocks[0][0]));
    }

    /// <summary>The value and the gradient of a scalar function that returns something besides its value: predictions, the parts of a loss, statistics of layers.</summary>
    /// <remarks>
    /// <typeparamref name="TAuxiliary"/> may be anything. Of a tensor, an array of tensors and <see cref="Parameters{T}"/> the values come out as the value of f does; f detaches tensors that it gives in
    /// something else, for those on the tape of this call end with it.
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TAuxiliary">The type of what comes with the value.</typeparam>
    /// <param name="f">The function: the value, of length 1, and what comes beside it. Only the value is differentiated.</param>
    /// <param name="x">The point.</param>
    /// <returns>The value, the gradient in the shape of x, and what came with the value.</returns>
    /// <exception cref="TensorShapeException">The value has more than one element.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> loss, Tensor&lt;double> gradient, Tensor&lt;double> predictions) = Differentiate.ValueAndGradient(w =>
    /// {
    ///     Tensor&lt;double> predictions = 2 * w;
    ///     return (predictions.Sum(), predictions);
    /// }, Tensor.Create(1, 2));
    /// Console.WriteLine(predictions); // => [2, 4]
    /// Console.WriteLine(gradient); // => [2, 2]
    /// </code>
    /// </example>
    public static (Tensor<T> Value, Tensor<T> Gradient, TAuxiliary Auxiliary) ValueAndGradient<T, TAuxiliary>(Func<Tensor<T>, (Tensor<T> Value, TAuxiliary Auxiliary)> f, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(ValueAndGradient), nameof(f));
        (Tensor<T> value, Tensor<T>[] gradients, TAuxiliary auxiliary) = ValueAndGradient(xs => f(xs[0]), [Given(x)]);
        return (value, gradients[0], auxiliary);
    }

    /// <summary>The value and the gradients of a scalar function of several tensors that returns something besides its value.</summary>
    /// <remarks>What comes with the value is treated as in <see cref="ValueAndGradient{T, TAuxiliary}(Func{Tensor{T}, ValueTuple{Tensor{T}, TAuxiliary}}, Tensor{T})"/>.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TAuxiliary">The type of what comes with the value.</typeparam>
    /// <param name="f">The function: the value, of length 1, and what comes beside it.</param>
    /// <param name="xs">The point.</param>
    /// <returns>The value, for each input the gradient in its shape, and what came with the value.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">The value has more than one element.</exception>
    public static (Tensor<T> Value, Tensor<T>[] Gradients, TAuxiliary Auxiliary) ValueAndGradient<T, TAuxiliary>(Func<Tensor<T>[], (Tensor<T> Value, TAuxiliary Auxiliary)> f, Tensor<T>[] xs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(ValueAndGradient), nameof(f));
        TAuxiliary auxiliary = default!;
        using var scope = new FunctionScope<T>(nameof(Gradient), variables =>
        {
            (Tensor<T> value, auxiliary) = f(variables);
            return value;
        }, xs);
        Tensor<T>[] gradients = scope.Gradient();
        object? kept = auxiliary switch
        {
            Tensor<T> tensor => scope.Result(tensor),
            Tensor<T>[] tensors => Array.ConvertAll(tensors, scope.Result),
            Parameters<T> parameters => parameters.Map(scope.Result),
            _ => auxiliary,
        };
        return scope.Completed((scope.Value, gradients, (TAuxiliary)kept!));
    }

    /// <summary>The value and the gradients of a scalar function of named parameters that returns something besides its value.</summary>
    /// <remarks>What comes with the value is treated as in <see cref="ValueAndGradient{T, TAuxiliary}(Func{Tensor{T}, ValueTuple{Tensor{T}, TAuxiliary}}, Tensor{T})"/>.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TAuxiliary">The type of what comes with the value.</typeparam>
    /// <param name="f">The function: the value, of length 1, and what comes beside it.</param>
    /// <param name="parameters">The point.</param>
    /// <returns>The value, for each parameter the gradient in its shape and under its name, and what came with the value.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">The value has more than one element.</exception>
    public static (Tensor<T> Value, Parameters<T> Gradients, TAuxiliary Auxiliary) ValueAndGradient<T, TAuxiliary>(
        Func<Parameters<T>, (Tensor<T> Value, TAuxiliary Auxiliary)> f, Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(ValueAndGradient), nameof(f));
        Errors.NotNull(parameters, nameof(ValueAndGradient), nameof(parameters));
        (Tensor<T> value, Tensor<T>[] gradients, TAuxiliary auxiliary) = ValueAndGradient(xs => f(parameters.WithValues(xs)), [.. parameters.Values]);
        return (value, parameters.WithValues(gradients), auxiliary);
    }
}
