using System.Numerics.Tensors;
using AutoDiff.Kernels;

namespace AutoDiff;

// Rounding, steps and units. What is constant almost everywhere has the derivative zero; x.StraightThrough(x.Round()) has that of x instead.
public sealed partial class Tensor<T>
{
    /// <summary>The largest integer not above x. The derivative is 0.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Floor() => Elementwise(TensorPrimitives.Floor);

    /// <summary>The smallest integer not below x. The derivative is 0.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Ceiling() => Elementwise(TensorPrimitives.Ceiling);

    /// <summary>The nearest integer, the even one of two. The derivative is 0.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Round() => Elementwise(TensorPrimitives.Round);

    /// <summary>The nearest multiple of 10^-decimals, the even one of two: round(10^decimals x) / 10^decimals. The derivative is 0.</summary>
    /// <param name="decimals">The number of decimals; negative ones round to tens, hundreds and so on.</param>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Round(int decimals) => Pointwise((decimals, T.CreateChecked(Math.Pow(10, Math.Abs((double)decimals)))), static (x, p) =>
    {
        T scaled = p.decimals >= 0 ? x * p.Item2 : x / p.Item2;
        return !T.IsFinite(scaled) ? x : p.decimals >= 0 ? T.Round(scaled) / p.Item2 : T.IsInfinity(p.Item2) ? scaled : T.Round(scaled) * p.Item2;
    });

    /// <summary>The integer part of x. The derivative is 0.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Truncate() => Elementwise(TensorPrimitives.Truncate);

    /// <summary>x minus its integer part, with the sign of x. dy = dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Frac() => Elementwise(static (x, y) => Pieces.Map<Pieces.Fraction, T>(x, T.Zero, T.Zero, y), ofInput: static _ => One);

    /// <summary>0 below 0, 1 above 0, and a given value at 0. The derivative is 0.</summary>
    /// <param name="atZero">The value at 0; often 0, 1/2 or 1.</param>
    /// <remarks>NaN stays NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Heaviside(T atZero) => Elementwise(atZero, static (x, atZero, y) => Pieces.Map<Pieces.Step, T>(x, atZero, T.Zero, y));

    /// <summary>Degrees as radians: x π / 180. dy = π / 180 dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> DegreesToRadians() => Scaled(T.CreateChecked(0.01745329251994329577), nameof(DegreesToRadians));

    /// <summary>Radians as degrees: x 180 / π. dy = 180 / π dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> RadiansToDegrees() => Scaled(T.CreateChecked(57.2957795130823208768), nameof(RadiansToDegrees));

    /// <summary>The finite values, with numbers in place of NaN and the infinities. dy = dx where x is finite.</summary>
    /// <param name="nan">The number in place of NaN; 0 unless given.</param>
    /// <param name="positiveInfinity">The number in place of ∞; the largest finite number unless given.</param>
    /// <param name="negativeInfinity">The number in place of -∞; the least finite number unless given.</param>
    /// <remarks>Replaced elements contribute exactly 0 to the derivative, whatever the local derivatives before and after are.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> NanToNum(T nan = default, T? positiveInfinity = null, T? negativeInfinity = null)
    {
        (T high, T low) = (positiveInfinity ?? Largest, negativeInfinity ?? -Largest);
        return General(nameof(NanToNum), [this], shape,
            value: (inputs, output) =>
            {
                ReadOnlySpan<T> x = inputs[0].Values;
                Span<T> y = output.Writable;
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] = T.IsFinite(x[i]) ? x[i] : T.IsNaN(x[i]) ? nan : x[i] > T.Zero ? high : low;
                }
            },
            vjp: static (g, _, _) => g, jvp: static (t, _, _) => t, axes: _ => [.. Enumerable.Range(0, Rank)], flow: static (_, operands) => operands[0].FiniteMask(), parameters: (nan, high, low),
            slices: (reads, _, _) => reads[0].NanToNum(nan, high, low));
    }

    /// <summary>1 where x is NaN, else 0. It has no derivative, and is a constant.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> IsNaN() => Elementwise(static (x, y) => Pieces.Map<Pieces.IsNaN, T>(x, T.Zero, T.Zero, y));

    /// <summary>1 where x is neither infinite nor NaN, else 0. It has no derivative, and is a constant.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> IsFinite() => FiniteMask();

    /// <summary>1 where x is ∞ or -∞, else 0. It has no derivative, and is a constant.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> IsInfinity() => Elementwise(static (x, y) => Pieces.Map<Pieces.HasSize, T>(x, T.PositiveInfinity, T.Zero, y));

    private static readonly T Largest = T.BitDecrement(T.PositiveInfinity);

    private Tensor<T> FiniteMask() => Elementwise(static (x, y) => Pieces.Map<Pieces.IsShorter, T>(x, T.PositiveInfinity, T.Zero, y), name: nameof(IsFinite));

    /// <summary>c x under the name of an operation.</summary>
    private Tensor<T> Scaled(T c, string name) => Elementwise(c, static (x, c, y) => VectorMath.Multiply(x, c, y), ofInput: static (_, c) => Tensor.Scalar(c), name: name);
}
