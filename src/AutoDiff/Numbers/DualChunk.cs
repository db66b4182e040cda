using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoDiff;

/// <summary>
/// A number with many tangents, its derivatives along 8 directions at once (16 of floats): forward mode for code that is written in numbers and has a few inputs. The tangents lie in one vector of the
/// processor.
/// </summary>
/// <remarks>
/// <para>It is a <see cref="Dual{T}"/> in everything else: values, tangents, kinks and edges are the same, bit for bit, and so is what a tangent of 0 means. (An exponent or a bound is a constant if it is
/// one along all directions.) With more inputs than tangents a function runs several times; <see cref="ValueAndGradient"/> does that. Beyond a dozen or two <see cref="Active{T}"/> is faster.</para>
/// </remarks>
/// <typeparam name="T">The number type of value and tangents: <see cref="double"/> or <see cref="float"/>.</typeparam>
/// <example>
/// <code>
/// static T Norm&lt;T&gt;(T[] x) where T : IFloatingPointIeee754&lt;T&gt; => T.Sqrt((x[0] * x[0]) + (x[1] * x[1]));
///
/// (double value, double[] gradient) = DualChunk&lt;double&gt;.ValueAndGradient(Norm, 3, 4);
/// Console.WriteLine($"{value} {gradient[0]:0.0} {gradient[1]:0.0}"); // => 5 0.6 0.8
/// </code>
/// </example>
[DebuggerDisplay("{value} (tangents {Tangents})")]
public readonly partial struct DualChunk<T> : IFloatingPointIeee754<DualChunk<T>>, ISlopeFunctions<DualChunk<T>> where T : IFloatingPointIeee754<T>
{
    private readonly T value;

    // Those along which the number does not change are -0, as in Dual.
    private readonly Vector512<T> tangents;

    /// <summary>Makes a constant: a number that depends on nothing.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="NotSupportedException">T is neither <see cref="double"/> nor <see cref="float"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DualChunk(T value)
    {
        this.value = value;
        tangents = None;
    }

    /// <summary>Makes a number with tangents.</summary>
    /// <param name="value">The number.</param>
    /// <param name="tangents">Its derivatives along the directions; 0 where it does not depend on one.</param>
    /// <exception cref="NotSupportedException">T is neither <see cref="double"/> nor <see cref="float"/>.</exception>
    public DualChunk(T value, Vector512<T> tangents)
    {
        this.value = value;
        this.tangents = Vector512.ConditionalSelect(Vector512.Equals(tangents, Vector512<T>.Zero), None, tangents);
    }

    /// <summary>A result, with tangents that arithmetic gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DualChunk(T value, Vector512<T> tangents, bool isResult)
    {
        Debug.Assert(isResult, "the marker of this constructor");
        this.value = value;
        this.tangents = tangents;
    }

    /// <summary>How many tangents a number has: 8 of doubles, 16 of floats, on every machine.</summary>
    public static int Count => Vector512<T>.Count;

    /// <summary>The number.</summary>
    public T Value => value;

    /// <summary>The derivatives along the directions; 0 for a constant.</summary>
    public Vector512<T> Tangents => tangents + Vector512<T>.Zero;

    bool ISlopeFunctions<DualChunk<T>>.IsZeroThroughout => SlopeFunctions.IsZeroThroughout(value) && Vector512.EqualsAll(tangents, Vector512<T>.Zero);

    bool ISlopeFunctions<DualChunk<T>>.HasNaN => SlopeFunctions.HasNaN(value) || !Vector512.EqualsAll(tangents, tangents);

    private static Vector512<T> None
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(double) || typeof(T) == typeof(float) ? Vector512.Create(T.NegativeZero)
            : throw new NotSupportedException($"A DualChunk<{typeof(T).Name}> cannot be made: its tangents are a vector of double or float numbers. Take a Dual<T> for other number types.");
    }

    private bool IsConstant => tangents.AsByte() == None.AsByte();

    /// <summary>Makes a variable, by which derivatives are taken: the number with the tangent 1 along one direction, and 0 along the others.</summary>
    /// <param name="value">The number.</param>
    /// <param name="direction">The direction, from 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public static DualChunk<T> Variable(T value, int direction)
    {
        if ((uint)direction >= (uint)Count)
        {
            throw Errors.OutOfRange(nameof(Variable), nameof(direction), $"the direction is {direction}, and a number has {Count} tangents", $"a direction from 0 to {Count - 1}",
                "run the function once for each chunk of variables, or let ValueAndGradient do it");
        }

        return new(value, Vector512<T>.Zero.WithElement(direction, T.One));
    }

    /// <summary>The value and the gradient of a function: it runs once for each <see cref="Count"/> variables.</summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">The numbers at which it is differentiated.</param>
    /// <returns>The value, and a derivative for each number, in order.</returns>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    public static (T Value, T[] Gradient) ValueAndGradient(Func<DualChunk<T>[], DualChunk<T>> f, params ReadOnlySpan<T> xs)
    {
        Errors.NotNull(f, nameof(ValueAndGradient), nameof(f));
        var gradient = new T[xs.Length];
        int first = 0;
        while (true)
        {
            // The function may change its array.
            var variables = new DualChunk<T>[xs.Length];
            for (int i = 0; i < variables.Length; i++)
            {
                variables[i] = i >= first && i < first + Count ? Variable(xs[i], i - first) : new(xs[i]);
            }

            DualChunk<T> y = f(variables);
            for (int i = first; i < Math.Min(first + Count, gradient.Length); i++)
            {
                gradient[i] = y.Tangents[i - first];
            }

            first += Count;
            if (first >= xs.Length)
            {
                return (y.value, gradient);
            }
        }
    }

    /// <summary>Makes a constant of a plain number: it depends on nothing, and its derivative is 0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator DualChunk<T>(T value) => new(value);

    /// <summary>Takes value and tangents apart.</summary>
    /// <param name="value">The number.</param>
    /// <param name="tangents">Its derivatives along the directions.</param>
    public void Deconstruct(out T value, out Vector512<T> tangents) => (value, tangents) = (this.value, Tangents);

    /// <summary>x + y. dz = dx + dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DualChunk<T> operator +(DualChunk<T> left, DualChunk<T> right) => new(left.value + right.value, left.tangents + right.tangents, true);

    /// <summary>x - y. dz = dx - dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The difference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DualChunk<T> operator -(DualChunk<T> left, DualChunk<T> right) => new(left.value - right.value, left.tangents + Negated(right.tangents), true);

    /// <summary>x y. dz = y dx + x dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The product.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DualChunk<T> operator *(DualChunk<T> left, DualChunk<T> right) => new(left.value * right.value, Times(right.value, left.tangents) + Times(left.value, right.tangents), true);

    /// <summary>x / y. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DualChunk<T> operator /(DualChunk<T> left, DualChunk<T> right) => Chain(left, right, Rules.Divide(left.value, right.value));

    /// <summary>What is left of x by y: x - y trunc(x / y), with the sign of x. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The remainder.</returns>
    public static DualChunk<T> operator %(DualChunk<T> left, DualChunk<T> right) => Chain(left, right, Rules.Remainder(left.value, right.value));

    /// <summary>-x. dy = -dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>-x.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DualChunk<T> operator -(DualChunk<T> value) => new(-value.value, Negated(value.tangents), true);

    /// <summary>x itself. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>x itself.</returns>
    public static DualChunk<T> operator +(DualChunk<T> value) => value;

    /// <summary>x + 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>x + 1.</returns>
    public static DualChunk<T> operator ++(DualChunk<T> value) => new(value.value + T.One, value.tangents, true);

    /// <summary>x - 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>x - 1.</returns>
    public static DualChunk<T> operator --(DualChunk<T> value) => new(value.value - T.One, value.tangents, true);

    /// <summary>Where tangents are those of a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> IsNone(Vector512<T> tangents) => typeof(T) == typeof(double)
        ? Vector512.Equals(tangents.AsInt64(), None.AsInt64()).As<long, T>()
        : Vector512.Equals(tangents.AsInt32(), None.AsInt32()).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Times(T slope, Vector512<T> tangents) =>
        Vector512.ConditionalSelect(IsNone(tangents), tangents, (tangents * Vector512.Create(slope)) + Vector512<T>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Negated(Vector512<T> tangents) => Vector512.ConditionalSelect(IsNone(tangents), tangents, Vector512<T>.Zero - tangents);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DualChunk<T> Chain((T Value, T Slope) y) => new(y.Value, Times(y.Slope, tangents), true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DualChunk<T> Chain(DualChunk<T> x, DualChunk<T> y, (T Value, T Dx, T Dy) z) => new(z.Value, Times(z.Dx, x.tangents) + Times(z.Dy, y.tangents), true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DualChunk<T> Chain(DualChunk<T> x, DualChunk<T> y, DualChunk<T> z, (T Value, T Dx, T Dy, T Dz) w) =>
        new(w.Value, Times(w.Dx, x.tangents) + Times(w.Dy, y.tangents) + Times(w.Dz, z.tangents), true);
}
