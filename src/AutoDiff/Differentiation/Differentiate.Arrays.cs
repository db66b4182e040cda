using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Points that are arrays, lists or tuples of numbers. An expression such as [1.0, 2.0] is a tensor before it is an array, and [1, 2] an array of doubles before it is any other sequence: hence the priorities.
public static partial class Differentiate
{
    /// <summary>The gradient of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Gradient(x => (x * x).Sum(), [1.0, 2.0])); // => [2, 4]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Gradient(Func<Tensor<double>, Tensor<double>> f, double[] x) => Gradient(f, Tensor.Create(Errors.NotNull(x, nameof(Gradient), nameof(x))));

    /// <summary>The value and the gradient of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The value, and the gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    [OverloadResolutionPriority(-1)]
    public static (Tensor<double> Value, Tensor<double> Gradient) ValueAndGradient(Func<Tensor<double>, Tensor<double>> f, double[] x) =>
        ValueAndGradient(f, Tensor.Create(Errors.NotNull(x, nameof(ValueAndGradient), nameof(x))));

    /// <summary>The Jacobian of a function at a point that is an array of numbers.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>The partial derivatives, in the shape of f(x) with one more axis as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Jacobian(Func<Tensor<double>, Tensor<double>> f, double[] x, JacobianOptions? options = null, CancellationToken cancellationToken = default) =>
        Jacobian(f, Tensor.Create(Errors.NotNull(x, nameof(Jacobian), nameof(x))), options, cancellationToken);

    /// <summary>The Hessian of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>The second partial derivatives, a square matrix.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Hessian(Func<Tensor<double>, Tensor<double>> f, double[] x, CancellationToken cancellationToken = default) =>
        Hessian(f, Tensor.Create(Errors.NotNull(x, nameof(Hessian), nameof(x))), cancellationToken);

    /// <summary>The derivative of a function in a direction v, at a point that is an array of numbers: the Jacobian-vector product J v.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction (a tangent), as long as x.</param>
    /// <returns>The product, in the shape of f(x).</returns>
    /// <exception cref="ArgumentNullException">x or v is null.</exception>
    /// <exception cref="TensorShapeException">v is not as long as x.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Jvp(Func<Tensor<double>, Tensor<double>> f, double[] x, double[] v) =>
        Jvp(f, Tensor.Create(Errors.NotNull(x, nameof(Jvp), nameof(x))), Tensor.Create(Errors.NotNull(v, nameof(Jvp), nameof(v))));

    /// <summary>The gradient of a weighted sum of the outputs, Σ u_i f_i(x), at a point that is an array of numbers: the vector-Jacobian product u^T J.</summary>
    /// <param name="f">The function, with a vector as its result.</param>
    /// <param name="x">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), as long as f(x).</param>
    /// <returns>The product, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x or u is null.</exception>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Vjp(Func<Tensor<double>, Tensor<double>> f, double[] x, double[] u) =>
        Vjp(f, Tensor.Create(Errors.NotNull(x, nameof(Vjp), nameof(x))), Tensor.Create(Errors.NotNull(u, nameof(Vjp), nameof(u))));

    /// <summary>How the gradient of a scalar function changes in a direction v, at a point that is an array of numbers: the Hessian-vector product H v, without forming H.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction (a tangent), as long as x.</param>
    /// <returns>The product, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x or v is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element, or v is not as long as x.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Hvp(Func<Tensor<double>, Tensor<double>> f, double[] x, double[] v) =>
        Hvp(f, Tensor.Create(Errors.NotNull(x, nameof(Hvp), nameof(x))), Tensor.Create(Errors.NotNull(v, nameof(Hvp), nameof(v))));

    /// <summary>The gradient of a scalar function at a point that is a sequence of numbers.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <returns>The gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Gradient<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gradient(f, Tensor.Create(Errors.NotNull(x, nameof(Gradient), nameof(x))));

    /// <summary>The value and the gradient of a scalar function at a point that is a sequence of numbers.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <returns>The value, and the gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    [OverloadResolutionPriority(-2)]
    public static (Tensor<T> Value, Tensor<T> Gradient) ValueAndGradient<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ValueAndGradient(f, Tensor.Create(Errors.NotNull(x, nameof(ValueAndGradient), nameof(x))));

    /// <summary>The Jacobian of a function at a point that is a sequence of numbers.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>The partial derivatives, in the shape of f(x) with one more axis as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Jacobian<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Jacobian(f, Tensor.Create(Errors.NotNull(x, nameof(Jacobian), nameof(x))), options, cancellationToken);

    /// <summary>The Hessian of a scalar function at a point that is a sequence of numbers.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>The second partial derivatives, a square matrix.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Hessian<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Hessian(f, Tensor.Create(Errors.NotNull(x, nameof(Hessian), nameof(x))), cancellationToken);

    /// <summary>The derivative of a function in a direction v, at a point that is a sequence of numbers: the Jacobian-vector product J v.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="v">The direction (a tangent), as long as x.</param>
    /// <returns>The product, in the shape of f(x).</returns>
    /// <exception cref="ArgumentNullException">x or v is null.</exception>
    /// <exception cref="TensorShapeException">v is not as long as x.</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Jvp<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, IEnumerable<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Jvp(f, Tensor.Create(Errors.NotNull(x, nameof(Jvp), nameof(x))), Tensor.Create(Errors.NotNull(v, nameof(Jvp), nameof(v))));

    /// <summary>The gradient of a weighted sum of the outputs, Σ u_i f_i(x), at a point that is a sequence of numbers: the vector-Jacobian product u^T J.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a vector as its result.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="u">The weights of the outputs (a cotangent), as long as f(x).</param>
    /// <returns>The product, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x or u is null.</exception>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Vjp<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, IEnumerable<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vjp(f, Tensor.Create(Errors.NotNull(x, nameof(Vjp), nameof(x))), Tensor.Create(Errors.NotNull(u, nameof(Vjp), nameof(u))));

    /// <summary>How the gradient of a scalar function changes in a direction v, at a point that is a sequence of numbers: the Hessian-vector product H v, without forming H.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="v">The direction (a tangent), as long as x.</param>
    /// <returns>The product, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x or v is null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element, or v is not as long as x.</exception>
    [OverloadResolutionPriority(-2)]
    public static Tensor<T> Hvp<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, IEnumerable<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Hvp(f, Tensor.Create(Errors.NotNull(x, nameof(Hvp), nameof(x))), Tensor.Create(Errors.NotNull(v, nameof(Hvp), nameof(v))));

    /// <summary>The partial derivatives of a function of two numbers: <c>Differentiate.Gradient((spot, volatility) => ..., (100.0, 0.2))</c>.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The partial derivatives, scalars.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<double> A, Tensor<double> B) Gradient(Func<Tensor<double>, Tensor<double>, Tensor<double>> f, (double A, double B) x) => Gradient(f, (Tensor.Scalar(x.A), Tensor.Scalar(x.B)));

    /// <summary>The partial derivatives of a function of three numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The partial derivatives, scalars.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<double> A, Tensor<double> B, Tensor<double> C) Gradient(Func<Tensor<double>, Tensor<double>, Tensor<double>, Tensor<double>> f, (double A, double B, double C) x) =>
        Gradient(f, (Tensor.Scalar(x.A), Tensor.Scalar(x.B), Tensor.Scalar(x.C)));

    /// <summary>The value and the partial derivatives of a function of two numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and the partial derivatives, scalars.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<double> Value, (Tensor<double> A, Tensor<double> B) Gradients) ValueAndGradient(Func<Tensor<double>, Tensor<double>, Tensor<double>> f, (double A, double B) x) =>
        ValueAndGradient(f, (Tensor.Scalar(x.A), Tensor.Scalar(x.B)));

    /// <summary>The value and the partial derivatives of a function of three numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and the partial derivatives, scalars.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<double> Value, (Tensor<double> A, Tensor<double> B, Tensor<double> C) Gradients) ValueAndGradient(
        Func<Tensor<double>, Tensor<double>, Tensor<double>, Tensor<double>> f, (double A, double B, double C) x) => ValueAndGradient(f, (Tensor.Scalar(x.A), Tensor.Scalar(x.B), Tensor.Scalar(x.C)));
}
