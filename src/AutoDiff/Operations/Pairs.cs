using System.Numerics;
using AutoDiff.Kernels;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Elementwise functions of two and three tensors, with broadcasting.
public sealed partial class Tensor<T>
{
    /// <summary>√(x² + y²) without overflow. dz = (x dx + y dy) / z.</summary>
    /// <param name="y">The other side.</param>
    /// <returns>The lengths, in the common shape.</returns>
    /// <remarks>At (0, 0) the derivative is 0, the subgradient of least norm.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Hypot(Tensor<T> y) => Binary(Pieces.Map<Pieces.Hypot, T>, this, y, nameof(Hypot), dx: static (x, y, _) => DirectionCosine(x, y), dy: static (x, y, _) => DirectionCosine(y, x));

    /// <summary>The angle of the point (x, y), in [-π, π]; this is y. dz = (x dy - y dx) / (x² + y²), without overflow.</summary>
    /// <param name="x">The abscissas.</param>
    /// <returns>The angles, in the common shape.</returns>
    /// <remarks>At (0, 0) the derivative is 0.</remarks>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Atan2(Tensor<T> x) => Binary(VectorMath.Atan2, this, x, nameof(Atan2), dx: static (y, x, _) => Turning(x, y), dy: static (y, x, _) => -Turning(y, x));

    /// <summary>u = x / (x² + y²), 0 at the origin. With v = y / (x² + y²), du = (v - u) (v + u) dx - 2 u v dy.</summary>
    private static Tensor<T> Turning(Tensor<T> x, Tensor<T> y) => Binary(Pieces.Map<Pieces.Turning, T>, x, y, nameof(Turning),
        dx: static (x, y, u) => Turning(y, x) is var v ? (v - u) * (v + u) : u, dy: static (x, y, u) => Turning(y, x) * u * -Two).SelectWhere(Pieces.Map<Pieces.Either, T>, x, y, "IsEitherNonzero");

    /// <summary>c = x / √(x² + y²), 0 at the origin. With s = y / √(x² + y²), dc = s² / z dx - c s / z dy: no difference of close numbers.</summary>
    private static Tensor<T> DirectionCosine(Tensor<T> x, Tensor<T> y) => Binary(Pieces.Map<Pieces.DirectionCosine, T>, x, y, nameof(DirectionCosine),
        dx: static (x, y, _) => Turning(y, x) * DirectionCosine(y, x),
        dy: static (x, y, _) => -(Turning(x, y) * DirectionCosine(y, x)));

    /// <summary>x - y ⌊x / y⌋, with the sign of y. dz = dx - ⌊x / y⌋ dy.</summary>
    /// <param name="divisor">The divisors y; 0 gives NaN.</param>
    /// <returns>The remainders, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">divisor is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Remainder(Tensor<T> divisor) => Pairwise(FlooredRemainder, this, divisor, nameof(Remainder),
        dx: static (_, _, _) => One, dy: static (x, y, _) => -x.FloorDivide(y));

    /// <summary>x - y trunc(x / y), with the sign of x, exact. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="divisor">The divisors y; 0 gives NaN.</param>
    /// <returns>The remainders, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">divisor is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Fmod(Tensor<T> divisor) => Pairwise(static (x, y) => x % y, this, divisor, nameof(Fmod), dx: static (_, _, _) => One,
        dy: static (x, y, _) => Pairwise(static (x, y) => -T.Round((x - (x % y)) / y), x, y, "TruncatedQuotient"));

    /// <summary>⌊x / y⌋, the integer that belongs to <see cref="Remainder"/>. The derivative is 0.</summary>
    /// <param name="divisor">The divisors y.</param>
    /// <returns>The integers, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">divisor is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> FloorDivide(Tensor<T> divisor) => Pairwise(
        static (x, y) =>
        {
            // The remainder is exact and its multiple of y, divided by y, is an integer but for rounding; the plain quotient may round up to one.
            T remainder = x % y;
            T quotient = T.Round((x - remainder) / y);
            return T.IsFinite(quotient) ? remainder != T.Zero && (remainder < T.Zero) != (y < T.Zero) ? quotient - T.One : quotient : T.Floor(x / y);
        }, this, divisor, nameof(FloorDivide));

    private static T FlooredRemainder(T x, T y)
    {
        T remainder = x % y;
        return remainder != T.Zero && (remainder < T.Zero) != (y < T.Zero) ? remainder + y : remainder;
    }

    /// <summary>|x| with the sign of another tensor, that of -0 too. dz = ±dx, by whether the signs agree.</summary>
    /// <param name="sign">The tensor whose signs are taken.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>At x = 0 the derivative is 0.</remarks>
    /// <exception cref="ArgumentNullException">sign is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> CopySign(Tensor<T> sign) => Binary(Pieces.Map<Pieces.SignOf, T>, this, sign, nameof(CopySign),
        dx: static (x, sign, _) => Binary(Pieces.Map<Pieces.SignsAgree, T>, x, sign, "Agreement"));

    /// <summary>x 2^y, without overflow of the power. dz = 2^y dx + z log(2) dy.</summary>
    /// <param name="exponent">The exponents y.</param>
    /// <returns>The products, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">exponent is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Ldexp(Tensor<T> exponent) => Pairwise(
        static (x, y) =>
        {
            T whole = T.Round(T.Clamp(y, T.CreateChecked(-5000), T.CreateChecked(5000)));
            return T.IsNaN(y) ? y : T.IsInfinity(y) ? x * T.Exp2(y) : T.ScaleB(x * T.Exp2(T.Clamp(y - whole, -T.One, T.One)), int.CreateSaturating(whole));
        }, this, exponent, nameof(Ldexp), dx: static (_, y, _) => y.Exp2(), dy: static (_, _, z) => z * LogOf2);

    /// <summary>log(e^x + e^y) without overflow. dz = σ(x - y) dx + σ(y - x) dy.</summary>
    /// <param name="y">The other operand.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>Where both are ∞ each operand gets one half of the derivative, and where both are -∞ neither gets any: as <see cref="LogSumExp(ReadOnlySpan{int})"/>.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogAddExp(Tensor<T> y) => Binary(Exponentials.LogAddExp, this, y, nameof(LogAddExp),
        dx: static (x, y, _) => LogitOfShare(x, y).Sigmoid(), dy: static (x, y, _) => LogitOfShare(y, x).Sigmoid());

    /// <summary>log2(2^x + 2^y) without overflow. dz = dx / (1 + 2^(y - x)) + dy / (1 + 2^(x - y)).</summary>
    /// <param name="y">The other operand.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>Where both are ∞ each operand gets one half of the derivative, and where both are -∞ neither gets any.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogAddExp2(Tensor<T> y) => Binary(Exponentials.LogAddExp2, this, y, nameof(LogAddExp2),
        dx: static (x, y, _) => (LogitOfShare(x, y) * LogOf2).Sigmoid(), dy: static (x, y, _) => (LogitOfShare(y, x) * LogOf2).Sigmoid());

    /// <summary>log(e^x - e^y) for x ≥ y, without overflow. dz = dx / (1 - e^(y - x)) - dy / (e^(x - y) - 1).</summary>
    /// <param name="y">The other operand.</param>
    /// <returns>The values, in the common shape: -∞ where x = y, NaN where x &lt; y.</returns>
    /// <remarks>Where x = y the derivatives are ∞ and -∞.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogSubExp(Tensor<T> y) => Binary(Exponentials.LogSubExp, this, y, nameof(LogSubExp),
        dx: static (x, y, _) => Difference(y, x).ReciprocalExpm1() + T.One, dy: static (x, y, _) => -Difference(y, x).ReciprocalExpm1());

    /// <summary>x - y, and 0 for equal infinities.</summary>
    private static Tensor<T> Difference(Tensor<T> x, Tensor<T> y) => Pairwise(Exponentials.Difference, x, y, "Difference", dx: static (_, _, _) => One, dy: static (_, _, _) => MinusOne);

    private static Tensor<T> LogitOfShare(Tensor<T> x, Tensor<T> y) => Pairwise(Exponentials.LogitOfShare, x, y, nameof(LogitOfShare), dx: static (_, _, _) => One, dy: static (_, _, _) => MinusOne);

    /// <summary>x log(y), and 0 where x = 0 and y is a number. dz = log(y) dx + x / y dy.</summary>
    /// <param name="y">The argument of the logarithm.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>Where x = 0 and y ≤ 0 the derivative by x is 0.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> XLogY(Tensor<T> y) => Binary(Exponentials.XLogY, this, y, nameof(XLogY),
        dx: static (x, y, z) => y.Log().StretchTo(z.shape).SelectUnless(static (x, y) => x == T.Zero && y <= T.Zero, x, y, "HasLogarithm"), dy: static (x, y, _) => x / y);

    /// <summary>x log(1 + y), and 0 where x = 0 and y is a number. dz = log(1 + y) dx + x / (1 + y) dy.</summary>
    /// <param name="y">The argument of the logarithm.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>Where x = 0 and y ≤ -1 the derivative by x is 0.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> XLog1pY(Tensor<T> y) => Binary(Exponentials.XLog1pY, this, y, nameof(XLog1pY),
        dx: static (x, y, z) => y.Log1p().StretchTo(z.shape).SelectUnless(static (x, y) => x == T.Zero && y <= -T.One, x, y, "HasLogarithmAbove"), dy: static (x, y, _) => x / (y + T.One));

    /// <summary>-x log(x), 0 at 0 and -∞ below: an element's part of the entropy. dy = -(log(x) + 1) dx.</summary>
    /// <remarks>At 0 the derivative is ∞.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Entropy() => Elementwise(Exponentials.Entropy, ofInput: static x => -(x.Log() + T.One));

    /// <summary>x log(x / y) for x, y > 0, 0 for x = 0 ≤ y, ∞ elsewhere: an element's part of the relative entropy. dz = (log(x / y) + 1) dx - x / y dy.</summary>
    /// <param name="y">The probabilities compared with.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>At x = 0 &lt; y the derivative by x is -∞.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> RelativeEntropy(Tensor<T> y) => Binary(Exponentials.RelativeEntropy, this, y, nameof(RelativeEntropy),
        dx: static (x, y, _) => LogRatio(x, y) + T.One, dy: static (x, y, _) => -(x / y));

    /// <summary>log(x / y), whose quotient may overflow, and without cancellation where x is close to y.</summary>
    private static Tensor<T> LogRatio(Tensor<T> x, Tensor<T> y) => Binary(Exponentials.LogRatio, x, y, "LogRatio", dx: static (x, _, _) => x.Reciprocal(), dy: static (_, y, _) => -y.Reciprocal());

    /// <summary>The larger of two operands, where a NaN counts as missing. The derivative goes to the operand that was taken, at a tie to the first.</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>The maxima, in the common shape; NaN where both are NaN.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> FMax(Tensor<T> other) => Pairwise(static (x, y) => x >= y || T.IsNaN(y) ? x : y, this, other, nameof(FMax),
        dx: static (x, y, _) => Mask(x, y, "IsTakenAsLarger", static (x, y) => x >= y || T.IsNaN(y)), dy: static (x, y, _) => Mask(x, y, "IsLeftAsSmaller", static (x, y) => !(x >= y || T.IsNaN(y))));

    /// <summary>The smaller of two operands, where a NaN counts as missing. The derivative goes to the operand that was taken, at a tie to the first.</summary>
    /// <param name="other">The other operand.</param>
    /// <returns>The minima, in the common shape; NaN where both are NaN.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> FMin(Tensor<T> other) => Pairwise(static (x, y) => x <= y || T.IsNaN(y) ? x : y, this, other, nameof(FMin),
        dx: static (x, y, _) => Mask(x, y, "IsTakenAsSmaller", static (x, y) => x <= y || T.IsNaN(y)), dy: static (x, y, _) => Mask(x, y, "IsLeftAsLarger", static (x, y) => !(x <= y || T.IsNaN(y))));

    /// <summary>The larger of x and a number. dy = dx where x is larger.</summary>
    /// <param name="c">The number.</param>
    /// <remarks>At a tie the derivative is 1/2, as for two tensors; <see cref="Clamp(T?, T?)"/> has 0 there. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Maximum(T c) => Elementwise(c, static (x, c, y) => VectorMath.Maximum(x, c, y), ofInput: static (x, c) => Share(x, Tensor.Scalar(c)));

    /// <summary>The smaller of x and a number. dy = dx where x is smaller.</summary>
    /// <param name="c">The number.</param>
    /// <remarks>At a tie the derivative is 1/2, as for two tensors; <see cref="Clamp(T?, T?)"/> has 0 there. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Minimum(T c) => Elementwise(c, static (x, c, y) => VectorMath.Minimum(x, c, y), ofInput: static (x, c) => Share(Tensor.Scalar(c), x));

    /// <summary>x limited to [min, max], where the bounds are tensors, or one is missing. The derivative goes to what was taken.</summary>
    /// <param name="min">The lower bounds; null for none.</param>
    /// <param name="max">The upper bounds; null for none. Where one is below <paramref name="min"/>, it is the value.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <remarks>Where x equals a bound, each gets one half of the derivative. NaN stays NaN, with derivative NaN.</remarks>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentNullException">Both bounds are null.</exception>
    public Tensor<T> Clamp(Tensor<T>? min, Tensor<T>? max)
    {
        if (min is null)
        {
            return Minimum(Errors.NotNull(max, nameof(Clamp), nameof(max)));
        }

        // Shapes and tapes are checked before anything is recorded.
        Shapes.Broadcast(Shapes.Broadcast(shape, min.shape, nameof(Clamp)), max?.shape ?? shape, nameof(Clamp));
        TapeOf([this, min, max ?? min], nameof(Clamp));
        Tensor<T> bounded = Maximum(min);
        return max is null ? bounded : bounded.Minimum(max);
    }

    /// <summary>(1 - w) x + w end: x at w = 0, end at w = 1.</summary>
    /// <param name="end">The values at w = 1.</param>
    /// <param name="weight">The weight w.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">end or weight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Lerp(Tensor<T> end, T weight) => Binary(
        (x, y, z) =>
        {
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = (x[i] * (T.One - weight)) + (y[i] * weight);
            }
        }, this, end, nameof(Lerp), dx: (_, _, _) => Tensor.Scalar(T.One - weight), dy: (_, _, _) => Tensor.Scalar(weight), parameters: weight);

    /// <summary>(1 - w) x + w end. dz = (1 - w) dx + w d end + (end - x) dw.</summary>
    /// <param name="end">The values at w = 1.</param>
    /// <param name="weight">The weights w.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">end or weight is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Lerp(Tensor<T> end, Tensor<T> weight)
    {
        CommonShape(nameof(Lerp), end, weight);
        return (this * (T.One - weight)) + (end * weight);
    }

    /// <summary>x + c a b: the sum with a scaled product.</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="scale">The scale c.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> AddProduct(Tensor<T> a, Tensor<T> b, T scale)
    {
        CommonShape(nameof(AddProduct), a, b);
        return this + (a * b * scale);
    }

    /// <summary>x + c a / b: the sum with a scaled quotient.</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    /// <param name="scale">The scale c.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">a or b is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> AddQuotient(Tensor<T> a, Tensor<T> b, T scale)
    {
        CommonShape(nameof(AddQuotient), a, b);
        return this + (a / b * scale);
    }

    /// <summary>x y + z, rounded once. The derivative is y dx + x dy + dz.</summary>
    /// <param name="factor">The other factor y.</param>
    /// <param name="addend">The addend z.</param>
    /// <returns>The values, in the common shape.</returns>
    /// <exception cref="ArgumentNullException">factor or addend is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> FusedMultiplyAdd(Tensor<T> factor, Tensor<T> addend)
    {
        int[] common = CommonShape(nameof(FusedMultiplyAdd), factor, addend);
        return General(nameof(FusedMultiplyAdd), [StretchTo(common), factor.StretchTo(common), addend.StretchTo(common)], common,
            value: static (inputs, output) => System.Numerics.Tensors.TensorPrimitives.FusedMultiplyAdd(inputs[0].Values, inputs[1].Values, inputs[2].Values, output.Writable),
            vjp: PartOfProduct, jvp: PartOfProduct, axes: _ => [.. Enumerable.Range(0, common.Length)],
            slices: static (reads, record, slices) => record.Spread(reads, slices) is [var x, var factor, var addend] ? x.FusedMultiplyAdd(factor, addend) : null);
    }

    private static Tensor<T> PartOfProduct(Tensor<T> v, int i, Operands<T> operands) => i == 2 ? v : v.TimesLocal(operands[1 - i]);

    /// <summary>The common shape of this and two more operands. Shapes and tapes are checked before anything is recorded.</summary>
    private int[] CommonShape(string operation, Tensor<T> second, Tensor<T> third,
        [CallerArgumentExpression(nameof(second))] string nameOfSecond = "", [CallerArgumentExpression(nameof(third))] string nameOfThird = "")
    {
        Errors.NotNull(second, operation, nameOfSecond);
        Errors.NotNull(third, operation, nameOfThird);
        TapeOf([this, second, third], operation);
        return Shapes.Broadcast(Shapes.Broadcast(shape, second.shape, operation), third.shape, operation);
    }
}
