using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// Functions of functions: each takes a function f of tensors and gives one of its derivatives at a point. They nest to any order, and f may capture variables of an outer derivative.
/// </summary>
/// <remarks>
/// f is an ordinary method that computes with tensors; it is called once, on the calling thread (where one of these calls it more often, it says so), and may branch and loop. Results are constants,
/// unless the point or a captured tensor is itself being differentiated: then they are recorded, and can be differentiated like any other tensor. An input that f does not use gets zeros.
/// </remarks>
public static partial class Differentiate
{
    /// <summary>The derivative of a function of one number: a scalar, or a column if f returns a tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, of length 1.</param>
    /// <returns>dy/dx, in the shape of f(x).</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">x has more than one element.</exception>
    public static Tensor<T> Derivative<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(Derivative), nameof(x));
        return x.Length == 1
            ? Jvp(f, x, x.Rank == 0 ? Tensor<T>.One : Tensor.Ones<T>(x.Shape))
            : throw Errors.Shape(nameof(Derivative), $"the point has shape {Shapes.Format(x.Shape)}", "a point of one element", "use Gradient for a scalar function of several numbers, Jacobian otherwise");
    }

    /// <summary>The derivative of a function of one number: a scalar, or a column if f returns a tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <returns>dy/dx, in the shape of f(x).</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    public static Tensor<T> Derivative<T>(Func<Tensor<T>, Tensor<T>> f, T x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Derivative(f, Tensor.Scalar(x));

    /// <summary>The derivative of a function of one number, where the point may be written as an integer: <c>Differentiate.Derivative(f, 2)</c>.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <returns>dy/dx, in the shape of f(x).</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Derivative(x => x * x * x, 2)); // => 12
    /// </code>
    /// </example>
    public static Tensor<double> Derivative(Func<Tensor<double>, Tensor<double>> f, double x) => Derivative(f, Tensor.Scalar(x));

    /// <summary>The value and the derivative of a function of one number, in one call of the function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point, of length 1.</param>
    /// <returns>f(x), and dy/dx in its shape.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">x has more than one element.</exception>
    public static (Tensor<T> Value, Tensor<T> Derivative) ValueAndDerivative<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(ValueAndDerivative), nameof(x));
        return x.Length == 1
            ? ValueAndJvp(f, x, x.Rank == 0 ? Tensor<T>.One : Tensor.Ones<T>(x.Shape))
            : throw Errors.Shape(
                nameof(ValueAndDerivative), $"the point has shape {Shapes.Format(x.Shape)}", "a point of one element", "use ValueAndGradient for a scalar function of several numbers, ValueAndJacobian otherwise");
    }

    /// <summary>The value and the derivative of a function of one number, in one call of the function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and dy/dx in its shape.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    public static (Tensor<T> Value, Tensor<T> Derivative) ValueAndDerivative<T>(Func<Tensor<T>, Tensor<T>> f, T x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ValueAndDerivative(f, Tensor.Scalar(x));

    /// <summary>The value and the derivative of a function of one number, where the point may be written as an integer.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and dy/dx in its shape.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    public static (Tensor<double> Value, Tensor<double> Derivative) ValueAndDerivative(Func<Tensor<double>, Tensor<double>> f, double x) => ValueAndDerivative(f, Tensor.Scalar(x));

    /// <summary>The partial derivatives of a scalar function with respect to every element of x: its gradient, in one backward sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>The gradient, in the shape of x.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(1, 2, 3);
    /// Console.WriteLine(Differentiate.Gradient(x => (x * x).Sum(), x)); // => [2, 4, 6]
    /// </code>
    /// </example>
    public static Tensor<T> Gradient<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Gradient(OfOne(f), [Given(x)])[0];

    /// <summary>The gradients of a scalar function of several tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="xs">The point.</param>
    /// <returns>For each input the gradient, in its shape.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> w = Tensor.Create(2, 3), b = Tensor.Scalar(1.0);
    /// Tensor&lt;double>[] gradients = Differentiate.Gradient(p => (p[0] * 10 + p[1]).Sum(), [w, b]);
    /// Console.WriteLine(gradients[0]); // => [10, 10]
    /// Console.WriteLine(gradients[1]); // => 2
    /// </code>
    /// </example>
    public static Tensor<T>[] Gradient<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T> => ValueAndGradient(f, xs).Gradients;

    /// <summary>The value and the gradient of a scalar function, for the price of one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), and the gradient in the shape of x.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// (Tensor&lt;double> value, Tensor&lt;double> gradient) = Differentiate.ValueAndGradient(x => (x * x).Sum(), Tensor.Create(1, 2));
    /// Console.WriteLine(value); // => 5
    /// Console.WriteLine(gradient); // => [2, 4]
    /// </code>
    /// </example>
    public static (Tensor<T> Value, Tensor<T> Gradient) ValueAndGradient<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<T> value, Tensor<T>[] gradients) = ValueAndGradient(OfOne(f), [Given(x)]);
        return (value, gradients[0]);
    }

    /// <summary>The value and the gradients of a scalar function of several tensors, in one sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="xs">The point.</param>
    /// <returns>f(xs), and for each input the gradient, in its shape.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static (Tensor<T> Value, Tensor<T>[] Gradients) ValueAndGradient<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Gradient), f, xs);
        Tensor<T>[] gradients = scope.Gradient();
        return scope.Completed((scope.Value, gradients));
    }

    /// <summary>The gradient of a weighted sum of the outputs, Σ u_i f_i(x): the vector-Jacobian product u^T J, in one backward sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), in the shape of f(x), after optional batch axes.</param>
    /// <returns>u^T J, in the shape of x after the batch axes.</returns>
    /// <exception cref="TensorShapeException">u does not have the shape of f(x).</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(1, 2), u = Tensor.Create(1, 10);
    /// Console.WriteLine(Differentiate.Vjp(x => x * x, x, u)); // => [2, 40]
    /// </code>
    /// </example>
    public static Tensor<T> Vjp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vjp(OfOne(f), [Given(x)], Given(u))[0];

    /// <summary>The vector-Jacobian products of a function of several tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="xs">The point.</param>
    /// <param name="u">The weights of the outputs (a cotangent), in the shape of f(xs), after optional batch axes.</param>
    /// <returns>For each input u^T J, in its shape after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">f, xs or u is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">u does not have the shape of f(xs).</exception>
    public static Tensor<T>[] Vjp<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(u, nameof(Vjp), nameof(u));
        using var scope = new FunctionScope<T>(nameof(Vjp), f, xs, u);
        return scope.Completed(scope.Vjp(u));
    }

    /// <summary>The derivative of a function in a direction v: the Jacobian-vector product J v, in one forward sweep.</summary>
    /// <remarks>No tape is kept: tangents pass with the values, in the memory of the function itself. From where the function takes derivatives, or meets a captured variable of a tape, its operations are recorded.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction (a tangent), in the shape of x, after optional batch axes.</param>
    /// <returns>J v, in the shape of f(x) after the batch axes.</returns>
    /// <exception cref="TensorShapeException">v does not have the shape of x.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(1, 2), v = Tensor.Create(1, 0);
    /// Console.WriteLine(Differentiate.Jvp(x => x * x, x, v)); // => [2, 0]
    /// </code>
    /// </example>
    public static Tensor<T> Jvp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Jvp(OfOne(f), [Given(x)], [Given(v)]);

    /// <summary>The Jacobian-vector product of a function of several tensors, Σ J_i v_i.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="xs">The point.</param>
    /// <param name="vs">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>The product, in the shape of f(xs) after the batch axes.</returns>
    /// <exception cref="ArgumentNullException">f, xs or vs is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">A tangent does not have the shape of its input.</exception>
    public static Tensor<T> Jvp<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] vs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Jvp), nameof(f));
        Errors.NotNull(xs, nameof(Jvp), nameof(xs));
        Errors.NoneNull(vs, nameof(Jvp), nameof(vs));
        if (Tape<T>.PassTangents(nameof(Jvp), f, xs, Array.ConvertAll(vs, static v => new SweepVector<T>(v))) is { } product)
        {
            return product.Values;
        }

        using var scope = new FunctionScope<T>(nameof(Jvp), f, xs, vs);
        return scope.Completed(scope.Jvp(vs));
    }

    /// <summary>The Jacobian: the matrix whose row i is the gradient of the i-th element of f(x).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>A tensor of shape [..y.Shape, ..x.Shape]; m × n for f: R^n → R^m.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Jacobian(x => Tensor.Stack([x[0] * x[1], x[0] + x[1]]), Tensor.Create(2, 3))); // => [[3, 2], [1, 1]]
    /// </code>
    /// </example>
    public static Tensor<T> Jacobian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Jacobian(OfOne(f), [Given(x)], options, cancellationToken)[0];

    /// <summary>The Jacobians of a function of several tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="xs">The point.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>For each input a tensor of shape [..y.Shape, ..x.Shape].</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    public static Tensor<T>[] Jacobian<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, JacobianOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Jacobian), f, xs);
        return scope.Completed(scope.Jacobian(options, cancellationToken));
    }

    /// <summary>The second partial derivatives of a scalar function: its Hessian, the Jacobian of the gradient, by forward sweeps over the recorded backward sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>A tensor of shape [..x.Shape, ..x.Shape]; n × n for f: R^n → R.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Hessian(x => x[0] * x[0] * x[1], Tensor.Create(2, 3))); // => [[6, 4], [4, 0]]
    /// </code>
    /// </example>
    public static Tensor<T> Hessian<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Hessian(OfOne(f), [Given(x)], cancellationToken)[0][0];

    /// <summary>The blocks of the Hessian of a scalar function of several tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="xs">The point.</param>
    /// <param name="cancellationToken">Looked at before every sweep.</param>
    /// <returns>Block [i][j], of shape [..x_i.Shape, ..x_j.Shape], is the Jacobian by x_j of the gradient by x_i.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element.</exception>
    public static Tensor<T>[][] Hessian<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Hessian), f, xs);
        return scope.Completed(scope.GradientAndHessian(cancellationToken).Blocks);
    }

    /// <summary>How the gradient of a scalar function changes in a direction v: the Hessian-vector product H v, without forming H, by a forward sweep over the recorded backward sweep.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction (a tangent), in the shape of x, after optional batch axes.</param>
    /// <returns>H v, in the shape of x after the batch axes.</returns>
    /// <exception cref="TensorShapeException">f returns more than one element, or v does not have the shape of x.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> x = Tensor.Create(1, 2), v = Tensor.Create(1, 1);
    /// Console.WriteLine(Differentiate.Hvp(x => x.Pow(3).Sum(), x, v)); // => [6, 12]
    /// </code>
    /// </example>
    public static Tensor<T> Hvp<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> v) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Hvp(OfOne(f), [Given(x)], [Given(v)])[0];

    /// <summary>The Hessian-vector product of a scalar function of several tensors.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, with a result of length 1.</param>
    /// <param name="xs">The point.</param>
    /// <param name="vs">For each input the direction (a tangent), in its shape after optional batch axes.</param>
    /// <returns>For each input its part of H v.</returns>
    /// <exception cref="ArgumentNullException">f, xs or vs is null, or f gives null.</exception>
    /// <exception cref="TensorShapeException">f returns more than one element, or a vector does not have the shape of its input.</exception>
    public static Tensor<T>[] Hvp<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] vs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NoneNull(vs, nameof(Hvp), nameof(vs));
        using var scope = new FunctionScope<T>(nameof(Hvp), f, xs, vs);
        return scope.Completed(scope.Hvp(vs));
    }

    /// <summary>A tensor that is one argument, or a part of one, where a function goes on with an array: the error for null names the argument.</summary>
    private static Tensor<T> Given<T>(Tensor<T> x, [CallerArgumentExpression(nameof(x))] string argument = "", [CallerMemberName] string operation = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x ?? throw new ArgumentNullException(Errors.Root(argument), $"{operation}: the argument '{argument}' is null. Expected a value.");

    private static Func<Tensor<T>[], Tensor<T>> OfOne<T>(Func<Tensor<T>, Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Differentiate), nameof(f));
        return xs => f(xs[0]);
    }
}
