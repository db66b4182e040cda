using System.Numerics;

namespace AutoDiff;

// The forms for functions of two and of three tensors: the point, and the results, are tuples.
public static partial class Differentiate
{
    /// <summary>The gradients of a scalar function of two tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>For each input the gradient, in its shape.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> dx, Tensor&lt;double> dy) = Differentiate.Gradient((x, y) => (x * y).Sum(), (Tensor.Create(1, 2), Tensor.Create(3, 4)));
    /// Console.WriteLine(dx); // => [3, 4]
    /// Console.WriteLine(dy); // => [1, 2]
    /// </code>
    /// </example>
    public static (Tensor<T> A, Tensor<T> B) Gradient<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gradient(OfMany(f), [Given(x.A), Given(x.B)]) is var r ? (r[0], r[1]) : default;

    /// <summary>The value and the gradients of a scalar function of two tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and for each input the gradient, in its shape.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<T> Value, (Tensor<T> A, Tensor<T> B) Gradients) ValueAndGradient<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<T> value, Tensor<T>[] r) = ValueAndGradient(OfMany(f), [Given(x.A), Given(x.B)]);
        return (value, (r[0], r[1]));
    }

    /// <summary>The vector-Jacobian products u^T J_i of a function of two tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), in the shape of f(x), after optional batch axes.</param>
    /// <returns>For each input the product, in its shape after the batch axes.</returns>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    public static (Tensor<T> A, Tensor<T> B) Vjp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x, Tensor<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vjp(OfMany(f), [Given(x.A), Given(x.B)], Given(u)) is var r ? (r[0], r[1]) : default;

    /// <summary>The Jacobian-vector product Σ J_i v_i of a function of two tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>The product, in the shape of f(x) after the batch axes.</returns>
    /// <exception cref="TensorShapeException">A tangent does not have the shape of its input.</exception>
    public static Tensor<T> Jvp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x, (Tensor<T> A, Tensor<T> B) v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Jvp(OfMany(f), [Given(x.A), Given(x.B)], [Given(v.A), Given(v.B)]);

    /// <summary>The Jacobians of a function of two tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>For each input a tensor of shape [..y.Shape, ..x_i.Shape].</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    public static (Tensor<T> A, Tensor<T> B) Jacobian<T>(
        Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x, JacobianOptions? options = null, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Jacobian(OfMany(f), [Given(x.A), Given(x.B)], options, cancellationToken) is var r ? (r[0], r[1]) : default;

    /// <summary>The Hessian-vector product of a scalar function of two tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>For each input its part of H v.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element, or a vector does not have the shape of its input.</exception>
    public static (Tensor<T> A, Tensor<T> B) Hvp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B) x, (Tensor<T> A, Tensor<T> B) v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Hvp(OfMany(f), [Given(x.A), Given(x.B)], [Given(v.A), Given(v.B)]) is var r ? (r[0], r[1]) : default;

    private static Func<Tensor<T>[], Tensor<T>> OfMany<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Differentiate), nameof(f));
        return xs => f(xs[0], xs[1]);
    }

    /// <summary>The gradients of a scalar function of three tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>For each input the gradient, in its shape.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<T> A, Tensor<T> B, Tensor<T> C) Gradient<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gradient(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)]) is var r ? (r[0], r[1], r[2]) : default;

    /// <summary>The value and the gradients of a scalar function of three tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and for each input the gradient, in its shape.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<T> Value, (Tensor<T> A, Tensor<T> B, Tensor<T> C) Gradients) ValueAndGradient<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<T> value, Tensor<T>[] r) = ValueAndGradient(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)]);
        return (value, (r[0], r[1], r[2]));
    }

    /// <summary>The vector-Jacobian products u^T J_i of a function of three tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), in the shape of f(x), after optional batch axes.</param>
    /// <returns>For each input the product, in its shape after the batch axes.</returns>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    public static (Tensor<T> A, Tensor<T> B, Tensor<T> C) Vjp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x, Tensor<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vjp(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)], Given(u)) is var r ? (r[0], r[1], r[2]) : default;

    /// <summary>The Jacobian-vector product Σ J_i v_i of a function of three tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>The product, in the shape of f(x) after the batch axes.</returns>
    /// <exception cref="TensorShapeException">A tangent does not have the shape of its input.</exception>
    public static Tensor<T> Jvp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x, (Tensor<T> A, Tensor<T> B, Tensor<T> C) v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Jvp(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)], [Given(v.A), Given(v.B), Given(v.C)]);

    /// <summary>The Jacobians of a function of three tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>For each input a tensor of shape [..y.Shape, ..x_i.Shape].</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    public static (Tensor<T> A, Tensor<T> B, Tensor<T> C) Jacobian<T>(
        Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Jacobian(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)], options, cancellationToken) is var r ? (r[0], r[1], r[2]) : default;

    /// <summary>The Hessian-vector product of a scalar function of three tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>For each input its part of H v.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element, or a vector does not have the shape of its input.</exception>
    public static (Tensor<T> A, Tensor<T> B, Tensor<T> C) Hvp<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f, (Tensor<T> A, Tensor<T> B, Tensor<T> C) x, (Tensor<T> A, Tensor<T> B, Tensor<T> C) v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Hvp(OfMany(f), [Given(x.A), Given(x.B), Given(x.C)], [Given(v.A), Given(v.B), Given(v.C)]) is var r ? (r[0], r[1], r[2]) : default;

    private static Func<Tensor<T>[], Tensor<T>> OfMany<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Differentiate), nameof(f));
        return xs => f(xs[0], xs[1], xs[2]);
    }
}
