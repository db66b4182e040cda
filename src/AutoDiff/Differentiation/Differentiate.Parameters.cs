using System.Numerics;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>The gradients of a scalar function with respect to all named parameters, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="parameters">The point.</param>
    /// <returns>For each parameter the gradient, in its shape and under its name.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static Parameters<T> Gradient<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ValueAndGradient(f, parameters).Gradients;

    /// <summary>The value of a scalar function, and its gradients with respect to all named parameters, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="parameters">The point.</param>
    /// <returns>The value, and for each parameter the gradient, in its shape and under its name.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// var model = new Parameters&lt;double>(("weight", Tensor.Create(2, 3)), ("bias", Tensor.Scalar(1.0)));
    /// (_, Parameters&lt;double> gradients) = Differentiate.ValueAndGradient(p => (p["weight"] * 10 + p["bias"]).Sum(), model);
    /// Console.WriteLine(gradients["weight"]); // => [10, 10]
    /// </code>
    /// </example>
    public static (Tensor<T> Value, Parameters<T> Gradients) ValueAndGradient<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Func<Tensor<T>[], Tensor<T>> g, Tensor<T>[] xs) = OfTensors(f, parameters, nameof(ValueAndGradient));
        (Tensor<T> value, Tensor<T>[] gradients) = ValueAndGradient(g, xs);
        return (value, parameters.WithValues(gradients));
    }

    /// <summary>
    /// The value and the gradient of a scalar function of a model: a record, or any other type that says how it becomes parameters and is made from them. The gradient is a model too.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TModel">The type of the model.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="model">The point.</param>
    /// <param name="toParameters">The model's tensors under their names.</param>
    /// <param name="fromParameters">The model that holds given tensors.</param>
    /// <returns>The value, and a model that holds the gradients in the places of the tensors.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<T> Value, TModel Gradient) ValueAndGradient<T, TModel>(Func<TModel, Tensor<T>> f, TModel model, Func<TModel, Parameters<T>> toParameters, Func<Parameters<T>, TModel> fromParameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(ValueAndGradient), nameof(f));
        Errors.NotNull(toParameters, nameof(ValueAndGradient), nameof(toParameters));
        Errors.NotNull(fromParameters, nameof(ValueAndGradient), nameof(fromParameters));
        (Tensor<T> value, Parameters<T> gradients) = ValueAndGradient(parameters => f(fromParameters(parameters)), toParameters(model));
        return (value, fromParameters(gradients));
    }

    /// <summary>The blocks of the Jacobian with respect to all named parameters.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="parameters">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>For each parameter a tensor of shape [..y.Shape, ..x.Shape], under its name.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static Parameters<T> Jacobian<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Func<Tensor<T>[], Tensor<T>> g, Tensor<T>[] xs) = OfTensors(f, parameters, nameof(Jacobian));
        return parameters.WithValues(Jacobian(g, xs, options, cancellationToken));
    }

    /// <summary>The Hessian-vector product of a scalar function of named parameters.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="parameters">The point.</param>
    /// <param name="vectors">For each parameter its part of the vector, in the same order.</param>
    /// <returns>For each parameter its part of H v, under its name.</returns>
    /// <exception cref="ArgumentNullException">f, parameters or vectors is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element, or a vector does not have the shape of its parameter.</exception>
    public static Parameters<T> Hvp<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters, Parameters<T> vectors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Func<Tensor<T>[], Tensor<T>> g, Tensor<T>[] xs) = OfTensors(f, parameters, nameof(Hvp));
        return parameters.WithValues(Hvp(g, xs, [.. Errors.NotNull(vectors, nameof(Hvp), nameof(vectors)).Values]));
    }

    /// <summary>The blocks of the Hessian of a scalar function of named parameters.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="parameters">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>Block <c>[a][b]</c>, of shape [..a.Shape, ..b.Shape], is the Jacobian by parameter b of the gradient by parameter a.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static IReadOnlyDictionary<string, Parameters<T>> Hessian<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Func<Tensor<T>[], Tensor<T>> g, Tensor<T>[] xs) = OfTensors(f, parameters, nameof(Hessian));
        var rows = new OrderedDictionary<string, Parameters<T>>(parameters.Count, StringComparer.Ordinal);
        foreach ((string name, Tensor<T>[] row) in parameters.Keys.Zip(Hessian(g, xs, cancellationToken)))
        {
            rows.Add(name, parameters.WithValues(row));
        }

        return rows;
    }

    /// <summary>The gradients of every sample of a batch by named parameters, of a function of the whole batch.</summary>
    /// <remarks>f returns one number for each sample, and that number depends on the parameters and on its own sample only.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function of the parameters, with a vector as result: one number for each sample.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>For each parameter a tensor of shape [samples, ..parameter.Shape], under its name.</returns>
    /// <exception cref="ArgumentNullException">f or parameters is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f does not return a vector.</exception>
    public static Parameters<T> PerSampleGradients<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Func<Tensor<T>[], Tensor<T>> g, Tensor<T>[] xs) = OfTensors(f, parameters, nameof(PerSampleGradients));
        return parameters.WithValues(PerSampleGradients(g, xs, options, cancellationToken));
    }

    private static (Func<Tensor<T>[], Tensor<T>> F, Tensor<T>[] Point) OfTensors<T>(Func<Parameters<T>, Tensor<T>> f, Parameters<T> parameters, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, operation, nameof(f));
        Errors.NotNull(parameters, operation, nameof(parameters));
        return (xs => f(parameters.WithValues(xs)), [.. parameters.Values]);
    }
}
