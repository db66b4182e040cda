using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// A number that records what is done with it on an <see cref="ActiveTape{T}"/>: reverse mode for code that is written in numbers. Whatever is written against generic math is differentiated as it
/// stands, by any number of variables in one sweep.
/// </summary>
/// <remarks>
/// <para>The value is what the same program gives with T. Derivatives at kinks and edges are those of the tensor operations of the same names (docs/conventions.md). Comparisons, equality, conversions
/// and text are those of the value. Rounding, bit operations and <see cref="ILogB"/> have no derivative and give constants.</para>
/// <para>A number is the function of one recorded number, with its slope: what is computed from one number alone, or from it and constants, is not recorded but multiplies slopes, as forward mode
/// does (so the product of the slopes of a long chain may overflow on the way, as the cotangent would from the other end). An operation on two different recorded numbers is recorded. A constant has no place on a tape. Numbers of two tapes do not mix.</para>
/// </remarks>
/// <typeparam name="T">The number type of the value: <see cref="double"/>, <see cref="float"/>, or <see cref="Dual{T}"/>, with which gradients have tangents.</typeparam>
[DebuggerDisplay("{value} ({IsConstant ? \"constant\" : \"recorded\",nq})")]
public readonly partial struct Active<T> : IFloatingPointIeee754<Active<T>>, ISlopeFunctions<Active<T>> where T : IFloatingPointIeee754<T>
{
    private readonly T value;
    private readonly T slope;
    private readonly ActiveTape<T>? tape;
    private readonly ulong place;

    /// <summary>Makes a constant: a number that depends on nothing.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Active(T value)
    {
        this.value = value;
        slope = T.Zero;
        tape = null;
        place = 0;
    }

    /// <summary>A number that has been recorded, or a function of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Active(T value, T slope, ActiveTape<T>? tape, ulong place)
    {
        this.value = value;
        this.slope = slope;
        this.tape = tape;
        this.place = place;
    }

    /// <summary>The number, through which no derivative flows.</summary>
    public T Value => value;

    /// <summary>The tape on which the number is recorded, or null for a constant.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ActiveTape<T>? Tape => tape;

    /// <summary>The place of the recorded number that this one is a function of, or is.</summary>
    internal ulong Place => place;

    /// <summary>The derivative by the recorded number.</summary>
    internal T Slope => slope;

    bool ISlopeFunctions<Active<T>>.IsZeroThroughout => tape is null && SlopeFunctions.IsZeroThroughout(value);

    bool ISlopeFunctions<Active<T>>.HasNaN => SlopeFunctions.HasNaN(value);

    private bool IsConstant => tape is null;

    /// <summary>Makes a constant of a plain number: it depends on nothing, and its derivative is 0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Active<T>(T value) => new(value);

    /// <summary>x + y. dz = dx + dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">Two recorded numbers are on two tapes, or on that of another thread.</exception>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator +(Active<T> left, Active<T> right) => Chain(left, right, left.value + right.value, T.One, T.One);

    /// <summary>x - y. dz = dx - dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">Two recorded numbers are on two tapes, or on that of another thread.</exception>
    /// <returns>The difference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator -(Active<T> left, Active<T> right) => Chain(left, right, left.value - right.value, T.One, T.NegativeOne);

    /// <summary>x y. dz = y dx + x dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">Two recorded numbers are on two tapes, or on that of another thread.</exception>
    /// <returns>The product.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator *(Active<T> left, Active<T> right)
    {
        T x = left.value, y = right.value;
        return Chain(left, right, x * y, y, x);
    }

    /// <summary>x / y. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <exception cref="TapeException">Two recorded numbers are on two tapes, or on that of another thread.</exception>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator /(Active<T> left, Active<T> right)
    {
        T y = right.value, z = left.value / y;
        return Chain(left, right, z, T.One / y, -(z / y));
    }

    /// <summary>What is left of x by y: x - y trunc(x / y), with the sign of x. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <exception cref="TapeException">Two recorded numbers are on two tapes, or on that of another thread.</exception>
    /// <returns>The remainder.</returns>
    public static Active<T> operator %(Active<T> left, Active<T> right) => Chain(left, right, Rules.Remainder(left.value, right.value));

    /// <summary>-x. dy = -dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number with the sign changed.</returns>
    public static Active<T> operator -(Active<T> value) => value.Chain((-value.value, T.NegativeOne));

    /// <summary>x itself. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The same value.</returns>
    public static Active<T> operator +(Active<T> value) => value;

    /// <summary>x + 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number plus one.</returns>
    public static Active<T> operator ++(Active<T> value) => value.Chain((value.value + T.One, T.One));

    /// <summary>x - 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number minus one.</returns>
    public static Active<T> operator --(Active<T> value) => value.Chain((value.value - T.One, T.One));

    /// <summary>A function of one number records nothing: it goes on from the place of that number, and its slope is multiplied with what the slope has been. A constant's is never read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Active<T> Chain((T Value, T Slope) y) => new(y.Value, y.Slope * slope, tape, place | ActiveTape<T>.Function);

    /// <summary>A function of two numbers is recorded, unless one is a constant or both are functions of the same number. Written so that little is left of it where one is known to be a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Active<T> Chain(Active<T> x, Active<T> y, T z, T dx, T dy)
    {
        T slope = dx * x.slope;
        ActiveTape<T>? tape = x.tape;
        ulong place = x.place | ActiveTape<T>.Function;
        if (y.tape is not null)
        {
            T other = dy * y.slope;
            if (tape is null)
            {
                slope = other;
                tape = y.tape;
                place = y.place | ActiveTape<T>.Function;
            }
            else
            {
                place = tape.Join(x.place, slope, y.tape, y.place, other);
                slope = (place & ActiveTape<T>.Function) == 0 ? T.One : slope + other;
            }
        }

        return new(z, slope, tape, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Active<T> Chain(Active<T> x, Active<T> y, (T Value, T Dx, T Dy) z) => Chain(x, y, z.Value, z.Dx, z.Dy);

    /// <summary>A function of three numbers: two of two, of which the first is its part in the first two.</summary>
    private static Active<T> Chain(Active<T> x, Active<T> y, Active<T> z, (T Value, T Dx, T Dy, T Dz) w)
    {
        if (z.tape is null)
        {
            return Chain(x, y, (w.Value, w.Dx, w.Dy));
        }

        // Before anything is recorded.
        return ReferenceEquals(x.tape ?? y.tape ?? z.tape, z.tape) ? Chain(Chain(x, y, (w.Value, w.Dx, w.Dy)), z, (w.Value, T.One, w.Dz)) : throw ActiveTape<T>.TwoTapes();
    }
}
