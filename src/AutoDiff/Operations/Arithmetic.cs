using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// The four operations of arithmetic and the powers.
public sealed partial class Tensor<T>
{
    /// <summary>x + y, with broadcasting. dz = dx + dy.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The sum, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator +(Tensor<T> x, Tensor<T> y) =>
        Binary(VectorMath.Add, x, y, "Add", dx: static (_, _, _) => One, dy: static (_, _, _) => One);

    /// <summary>x + c.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator +(Tensor<T> x, T c) =>
        Operand(x, "Add").Elementwise(c, static (x, c, y) => VectorMath.Add(x, c, y), ofInput: static (_, _) => One, name: "Add");

    /// <summary>c + x.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator +(T c, Tensor<T> x) => x + c;

    /// <summary>x - y, with broadcasting. dz = dx - dy.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The difference, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator -(Tensor<T> x, Tensor<T> y) =>
        Binary(VectorMath.Subtract, x, y, "Subtract", dx: static (_, _, _) => One, dy: static (_, _, _) => MinusOne);

    /// <summary>x - c.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator -(Tensor<T> x, T c) =>
        Operand(x, "Subtract").Elementwise(c, static (x, c, y) => VectorMath.Subtract(x, c, y), ofInput: static (_, _) => One, name: "Subtract");

    /// <summary>c - x.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator -(T c, Tensor<T> x) =>
        Operand(x, "Subtract").Elementwise(new Left<T>(c), static (x, c, y) => VectorMath.Subtract(c.Value, x, y), ofInput: static (_, _) => MinusOne, name: "Subtract");

    /// <summary>-x.</summary>
    /// <param name="x">The tensor.</param>
    /// <returns>The values with the sign changed.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator -(Tensor<T> x) => Operand(x, "Negate").Elementwise(VectorMath.Negate, ofInput: static _ => MinusOne, name: "Negate");

    /// <summary>x · y, element by element, with broadcasting. dz = y dx + x dy.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The product, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator *(Tensor<T> x, Tensor<T> y) =>
        Binary(VectorMath.Multiply, x, y, "Multiply", dx: static (_, y, _) => y, dy: static (x, _, _) => x);

    /// <summary>x · c.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The product.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator *(Tensor<T> x, T c) =>
        Operand(x, "Multiply").Elementwise(c, static (x, c, y) => VectorMath.Multiply(x, c, y), ofInput: static (_, c) => Tensor.Scalar(c), name: "Multiply");

    /// <summary>c · x.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The product.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator *(T c, Tensor<T> x) => x * c;

    /// <summary>x / y, element by element, with broadcasting. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand.</param>
    /// <returns>The quotient, in the common shape. Division by zero follows IEEE 754.</returns>
    /// <exception cref="ArgumentNullException">x or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public static Tensor<T> operator /(Tensor<T> x, Tensor<T> y) =>
        Binary(VectorMath.Divide, x, y, "Divide", dx: static (_, y, _) => y.Reciprocal(), dy: static (_, y, z) => -(z / y));

    /// <summary>x / c.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="c">The number.</param>
    /// <returns>The quotient.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator /(Tensor<T> x, T c) =>
        Operand(x, "Divide").Elementwise(c, static (x, c, y) => VectorMath.Divide(x, c, y), ofInput: static (_, c) => Tensor.Scalar(T.One / c), name: "Divide");

    /// <summary>c / x. dy = -(c / x) / x dx.</summary>
    /// <param name="c">The number.</param>
    /// <param name="x">The tensor.</param>
    /// <returns>The quotient.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> operator /(T c, Tensor<T> x) =>
        Operand(x, "Divide").Elementwise(new Left<T>(c), static (x, c, y) => VectorMath.Divide(c.Value, x, y), ofInput: static (x, c) => -(c.Value / x / x), name: "Divide");

    /// <summary>1 / x. dy = -y² dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Reciprocal() => Elementwise(VectorMath.Reciprocal, ofOutput: static y => -y.Square());

    /// <summary>x². dy = 2 x dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Derivative(x => x.Square(), 3)); // => 6
    /// </code>
    /// </example>
    public Tensor<T> Square() => Elementwise(VectorMath.Square, ofInput: static x => x * T.CreateChecked(2), times: VectorMath.TimesTwice);

    /// <summary>x^p for one number p, as IEEE 754 pow. dy = p x^(p-1) dx.</summary>
    /// <param name="exponent">The exponent p. For p = 0 the value is 1 and the derivative 0, whatever x is.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">exponent is null.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3).Pow(3)); // => [1, 8, 27]
    /// </code>
    /// </example>
    public Tensor<T> Pow(T exponent) => Elementwise(exponent, static (x, p, y) => VectorMath.Pow(x, p, y),
        ofInput: static (x, p) => p == T.Zero ? Tensor.Scalar(T.Zero) : p == T.One ? One : T.IsInfinity(p) ? InfinitePowerSlope(x, p) : Lost(p) is var rest && rest == T.Zero ? x.Pow(p - T.One) * p : x.NearPower(p - T.One, rest) * p);

    /// <summary>p x^(p-1) for an infinite exponent: structurally 0 where the power vanishes.</summary>
    private static Tensor<T> InfinitePowerSlope(Tensor<T> x, T p) => (x.Pow(p) * p).SelectUnless((x, _) => p > T.Zero ? T.Abs(x) < T.One : T.Abs(x) > T.One, x, x,
        p > T.Zero ? "IsNotBelowOneInSize" : "IsNotAboveOneInSize");

    /// <summary>What p - 1 loses in rounding: where x is far from 1, a slope of x^(p - 1) would show it.</summary>
    private static T Lost(T p)
    {
        // The error of a sum, whichever term is larger (Knuth, The Art of Computer Programming, volume 2, 4.2.2).
        (T rounded, T difference) = (p - T.One, p - T.One - p);
        return p - (rounded - difference) + (-T.One - difference);
    }

    /// <summary>x^(p + rest), for a rest below the digits of p: x^p (1 + rest log x). dy = p x^(p + rest - 1) dx.</summary>
    private Tensor<T> NearPower(T p, T rest) => Elementwise((p, rest),
        static (x, exponent, y) =>
        {
            VectorMath.Pow(x, exponent.p, y);
            for (int i = 0; i < y.Length; i++)
            {
                if (x[i] > T.Zero && T.IsFinite(x[i]) && T.IsFinite(y[i]))
                {
                    y[i] *= T.One + (exponent.rest * T.Log(x[i]));
                }
            }
        },
        ofInput: static (x, exponent) => x.NearPower(exponent.p - T.One, exponent.rest + Lost(exponent.p)) * exponent.p);

    /// <summary>x^y, element by element, with broadcasting, as IEEE 754 pow. dz = y x^(y-1) dx + x^y log(x) dy.</summary>
    /// <param name="exponent">The exponents y.</param>
    /// <returns>The powers, in the common shape.</returns>
    /// <remarks>At y = 0 the derivative by x is 0, even where x is 0 or NaN. At x = 0 the derivative by y is 0 for y ≥ 0 and -∞ for y &lt; 0. For x &lt; 0 the derivative by y is NaN.</remarks>
    /// <exception cref="ArgumentNullException">exponent is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Pow(Tensor<T> exponent) => ReducedPow(this, exponent, 0, nameof(Pow));

    /// <summary>x^(y - k) for k = 0, 1, ..., which the derivatives of x^y are made of: with the digits that y - k would lose in rounding. dz = (y - k) x^(y-k-1) dx + x^(y-k) log(x) dy.</summary>
    private static Tensor<T> ReducedPow(Tensor<T> x, Tensor<T> exponent, int k, string name = nameof(ReducedPow))
    {
        BinaryKernel<T> kernel = k switch
        {
            0 => VectorMath.Pow,
            1 => static (x, y, z) => VectorMath.ReducedPow(x, y, 1, z),
            _ => (x, y, z) => VectorMath.ReducedPow(x, y, k, z),
        };
        return Binary(kernel, x, exponent, name, parameters: k == 0 ? null : k,
            dx: (x, y, _) => (ReducedPow(x, y, k + 1) * Reduced(y)).SelectUnless(
                static (x, y) => y == T.Zero ? !T.IsFinite(T.One / x) : T.IsInfinity(y) && (y > T.Zero ? T.Abs(x) < T.One : T.Abs(x) > T.One), x, Reduced(y), "IsSteepByBase"),
            dy: (x, y, z) => (x.Log() * z).SelectUnless(static (x, y) => (x == T.Zero && y >= T.Zero) || (T.IsPositiveInfinity(x) && y < T.Zero), x, Reduced(y), "IsSteepByExponent"));

        Tensor<T> Reduced(Tensor<T> y) => k == 0 ? y : y - T.CreateChecked(k);
    }

    /// <summary>An operand of an operator, which must not be null.</summary>
    private static Tensor<T> Operand(Tensor<T> x, string operation) => Errors.NotNull(x, operation, nameof(x));
}

public static partial class Tensor
{
    /// <summary>c^x for one number c, as IEEE 754 pow. dy = c^x log(c) dx.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="c">The base.</param>
    /// <param name="x">The exponents.</param>
    /// <remarks>For c = 0 the derivative is 0 where x ≥ 0 and -∞ where x &lt; 0; for c &lt; 0 it is NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    public static Tensor<T> Pow<T>(T c, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Scalar(c).Pow(Errors.NotNull(x, nameof(Pow), nameof(x)));
}
