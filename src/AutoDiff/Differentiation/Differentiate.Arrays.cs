using System.Runtime.CompilerServices;

namespace AutoDiff;

// Points that are arrays of numbers. An expression such as [1.0, 2.0] is a tensor before it is an array: hence the priority.
public static partial class Differentiate
{
    /// <summary>The gradient of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f gives more than one element.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Gradient(Func<Tensor<double>, Tensor<double>> f, double[] x) => Gradient(f, Tensor.Create(Errors.NotNull(x, nameof(Gradient), nameof(x))));

    /// <summary>The value and the gradient of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The value, and the gradient, a vector as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f gives more than one element.</exception>
    [OverloadResolutionPriority(-1)]
    public static (Tensor<double> Value, Tensor<double> Gradient) ValueAndGradient(Func<Tensor<double>, Tensor<double>> f, double[] x) =>
        ValueAndGradient(f, Tensor.Create(Errors.NotNull(x, nameof(ValueAndGradient), nameof(x))));

    /// <summary>The Jacobian of a function at a point that is an array of numbers.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <returns>The partial derivatives, in the shape of f(x) with one more axis as long as x.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Jacobian(Func<Tensor<double>, Tensor<double>> f, double[] x) => Jacobian(f, Tensor.Create(Errors.NotNull(x, nameof(Jacobian), nameof(x))));

    /// <summary>The Hessian of a scalar function at a point that is an array of numbers.</summary>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The second partial derivatives, a square matrix.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">f gives more than one element.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Hessian(Func<Tensor<double>, Tensor<double>> f, double[] x) => Hessian(f, Tensor.Create(Errors.NotNull(x, nameof(Hessian), nameof(x))));
}
