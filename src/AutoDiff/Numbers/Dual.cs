using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// A number with a tangent, its derivative along one direction: forward mode for code that is written in numbers. Whatever is written against generic math is differentiated as it stands:
/// <c>f(new Dual&lt;double&gt;(x, 1)).Tangent</c> is f'(x).
/// </summary>
/// <remarks>
/// <para>The value is what the same program gives with T. Derivatives at kinks and edges are those of the tensor operations of the same names (docs/conventions.md). Comparisons, equality, conversions
/// and text are those of the value. Rounding, bit operations and <see cref="ILogB"/> have no derivative and give constants.</para>
/// <para>A tangent of 0 that is given says that the number does not depend on the direction: it contributes exactly 0, even where a slope is infinite. A tangent that becomes 0 by arithmetic follows
/// IEEE 754, as in tensors.</para>
/// <para>It nests: a <c>Dual&lt;Dual&lt;double&gt;&gt;</c> has second derivatives, and an <see cref="Active{T}"/> of duals gives the product of a Hessian and a vector.</para>
/// </remarks>
/// <typeparam name="T">The number type of value and tangent: <see cref="double"/>, <see cref="float"/>, or another that is differentiated.</typeparam>
[DebuggerDisplay("{value} (tangent {Tangent})")]
public readonly partial struct Dual<T> : IFloatingPointIeee754<Dual<T>>, ISlopeFunctions<Dual<T>> where T : IFloatingPointIeee754<T>
{
    private readonly T value;

    // That of a constant is -0: added to anything, 0 included, it changes nothing, and no arithmetic on tangents gives it here, for every product has 0 added to it.
    private readonly T tangent;

    /// <summary>Makes a constant: a number that depends on nothing.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Dual(T value)
    {
        this.value = value;
        tangent = T.NegativeZero;
    }

    /// <summary>Makes a number with a tangent.</summary>
    /// <param name="value">The number.</param>
    /// <param name="tangent">Its derivative along the direction; 0 where it does not depend on it.</param>
    public Dual(T value, T tangent)
    {
        this.value = value;
        this.tangent = SlopeFunctions.IsZeroThroughout(tangent) ? T.NegativeZero : tangent + T.Zero;
    }

    /// <summary>A result, with a tangent that arithmetic gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Dual(T value, T tangent, bool isResult)
    {
        Debug.Assert(isResult, "the marker of this constructor");
        this.value = value;
        this.tangent = tangent;
    }

    /// <summary>The number.</summary>
    public T Value => value;

    /// <summary>The derivative along the direction; 0 for a constant.</summary>
    public T Tangent => tangent + T.Zero;

    bool ISlopeFunctions<Dual<T>>.IsZeroThroughout => SlopeFunctions.IsZeroThroughout(value) && SlopeFunctions.IsZeroThroughout(tangent);

    bool ISlopeFunctions<Dual<T>>.HasNaN => SlopeFunctions.HasNaN(value) || SlopeFunctions.HasNaN(tangent);

    private bool IsConstant => IsNone(tangent);

    /// <summary>Makes a variable, by which derivatives are taken: the number with the tangent 1.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The variable.</returns>
    public static Dual<T> Variable(T value) => new(value, T.One);

    /// <summary>Makes a constant of a plain number: it depends on nothing, and its derivative is 0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Dual<T>(T value) => new(value);

    /// <summary>Takes the number apart, into its value and its tangent.</summary>
    /// <param name="value">The number.</param>
    /// <param name="tangent">Its derivative along the direction.</param>
    public void Deconstruct(out T value, out T tangent) => (value, tangent) = (this.value, Tangent);

    /// <summary>x + y. dz = dx + dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) => new(left.value + right.value, left.tangent + right.tangent, true);

    /// <summary>x - y. dz = dx - dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The difference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) => new(left.value - right.value, left.tangent + Negated(right.tangent), true);

    /// <summary>x y. dz = y dx + x dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The product.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) => new(left.value * right.value, Times(right.value, left.tangent) + Times(left.value, right.tangent), true);

    /// <summary>x / y. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator /(Dual<T> left, Dual<T> right) => Chain(left, right, Rules.Divide(left.value, right.value));

    /// <summary>What is left of x by y: x - y trunc(x / y), with the sign of x. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The remainder.</returns>
    public static Dual<T> operator %(Dual<T> left, Dual<T> right) => Chain(left, right, Rules.Remainder(left.value, right.value));

    /// <summary>-x. dy = -dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number with the sign changed.</returns>
    public static Dual<T> operator -(Dual<T> value) => new(-value.value, Negated(value.tangent), true);

    /// <summary>x itself. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The same value.</returns>
    public static Dual<T> operator +(Dual<T> value) => value;

    /// <summary>x + 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number plus one.</returns>
    public static Dual<T> operator ++(Dual<T> value) => new(value.value + T.One, value.tangent, true);

    /// <summary>x - 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number minus one.</returns>
    public static Dual<T> operator --(Dual<T> value) => new(value.value - T.One, value.tangent, true);

    /// <summary>Whether a tangent is that of a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNone(T tangent) => tangent == T.Zero && T.IsNegative(tangent);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Times(T slope, T tangent) => IsNone(tangent) ? tangent : (slope * tangent) + T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Negated(T tangent) => IsNone(tangent) ? tangent : T.Zero - tangent;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Dual<T> Chain((T Value, T Slope) y) => new(y.Value, Times(y.Slope, tangent), true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dual<T> Chain(Dual<T> x, Dual<T> y, (T Value, T Dx, T Dy) z) => new(z.Value, Times(z.Dx, x.tangent) + Times(z.Dy, y.tangent), true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dual<T> Chain(Dual<T> x, Dual<T> y, Dual<T> z, (T Value, T Dx, T Dy, T Dz) w) =>
        new(w.Value, Times(w.Dx, x.tangent) + Times(w.Dy, y.tangent) + Times(w.Dz, z.tangent), true);
}
