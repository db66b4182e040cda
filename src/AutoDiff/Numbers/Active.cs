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
/// <para>A constant has no place on a tape and records nothing. Numbers of two tapes do not mix.</para>
/// </remarks>
/// <typeparam name="T">The number type of the value: <see cref="double"/>, <see cref="float"/>, or <see cref="Dual{T}"/>, with which gradients have tangents.</typeparam>
[DebuggerDisplay("{value} ({IsConstant ? \"constant\" : \"recorded\",nq})")]
public readonly partial struct Active<T> : IFloatingPointIeee754<Active<T>>, ISlopeFunctions<Active<T>> where T : IFloatingPointIeee754<T>
{
    private readonly T value;
    private readonly ActiveTape<T>? tape;
    private readonly int place;
    private readonly int era;

    /// <summary>Makes a constant: a number that depends on nothing.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Active(T value)
    {
        this.value = value;
        tape = null;
        place = 0;
        era = 0;
    }

    /// <summary>A number that has been recorded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Active(T value, ActiveTape<T> tape, int place, int era)
    {
        this.value = value;
        this.tape = tape;
        this.place = place;
        this.era = era;
    }

    /// <summary>The number, through which no derivative flows.</summary>
    public T Value => value;

    /// <summary>The tape on which the number is recorded, or null for a constant.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public ActiveTape<T>? Tape => tape;

    /// <summary>The place on the tape.</summary>
    internal int Place => place;

    /// <summary>How often the tape had been rewound when the number was recorded.</summary>
    internal int Era => era;

    bool ISlopeFunctions<Active<T>>.IsZeroThroughout => tape is null && SlopeFunctions.IsZeroThroughout(value);

    bool ISlopeFunctions<Active<T>>.HasNaN => SlopeFunctions.HasNaN(value);

    private bool IsConstant => tape is null;

    /// <summary>A constant.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Active<T>(T value) => new(value);

    /// <summary>x + y. dz = dx + dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">The operands are recorded on two tapes, or on another thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator +(Active<T> left, Active<T> right) => Chain(left, right, (left.value + right.value, T.One, T.One));

    /// <summary>x - y. dz = dx - dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">The operands are recorded on two tapes, or on another thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator -(Active<T> left, Active<T> right) => Chain(left, right, (left.value - right.value, T.One, T.NegativeOne));

    /// <summary>x y. dz = y dx + x dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <exception cref="TapeException">The operands are recorded on two tapes, or on another thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator *(Active<T> left, Active<T> right) => Chain(left, right, (left.value * right.value, right.value, left.value));

    /// <summary>x / y. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <exception cref="TapeException">The operands are recorded on two tapes, or on another thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Active<T> operator /(Active<T> left, Active<T> right) => Chain(left, right, Rules.Divide(left.value, right.value));

    /// <summary>x - y trunc(x / y), with the sign of x. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <exception cref="TapeException">The operands are recorded on two tapes, or on another thread.</exception>
    public static Active<T> operator %(Active<T> left, Active<T> right) => Chain(left, right, Rules.Remainder(left.value, right.value));

    /// <summary>-x.</summary>
    /// <param name="value">The number.</param>
    public static Active<T> operator -(Active<T> value) => value.Chain((-value.value, T.NegativeOne));

    /// <summary>x itself.</summary>
    /// <param name="value">The number.</param>
    public static Active<T> operator +(Active<T> value) => value;

    /// <summary>x + 1.</summary>
    /// <param name="value">The number.</param>
    public static Active<T> operator ++(Active<T> value) => value.Chain((value.value + T.One, T.One));

    /// <summary>x - 1.</summary>
    /// <param name="value">The number.</param>
    public static Active<T> operator --(Active<T> value) => value.Chain((value.value - T.One, T.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Active<T> Chain((T Value, T Slope) y) => tape is null ? new(y.Value) : tape.Record(y.Value, this, y.Slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Active<T> Chain(Active<T> x, Active<T> y, (T Value, T Dx, T Dy) z)
    {
        if (x.tape is null)
        {
            return y.tape is null ? new(z.Value) : y.tape.Record(z.Value, y, z.Dy);
        }

        return y.tape is null ? x.tape.Record(z.Value, x, z.Dx) : ReferenceEquals(x.tape, y.tape) ? x.tape.Record(z.Value, x, z.Dx, y, z.Dy) : throw ActiveTape<T>.TwoTapes();
    }

    /// <summary>A function of three numbers: two entries, of which the first is its part in the first two.</summary>
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
