using AutoDiff.Kernels;

namespace AutoDiff;

// Activation functions made of straight pieces, and those of exponential pieces. At a kink the derivative is the one of least norm between those of the two sides, or the side that the remarks name.
public sealed partial class Tensor<T>
{
    /// <summary>x limited to [0, 6]. dy = dx strictly inside.</summary>
    /// <remarks>At 0 and 6 the derivative is 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Relu6() => Clamp(T.Zero, T.CreateChecked(6));

    /// <summary>x limited to [-1, 1], or to other bounds. dy = dx strictly inside.</summary>
    /// <param name="min">The lower bound; -1 unless given.</param>
    /// <param name="max">The upper bound; 1 unless given.</param>
    /// <remarks>At a bound the derivative is 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The lower bound is above the upper one.</exception>
    public Tensor<T> Hardtanh(T? min = null, T? max = null)
    {
        (T lower, T upper) = (min ?? -T.One, max ?? T.One);
        return lower > upper ? throw Errors.Argument(nameof(Hardtanh), nameof(min), $"the bounds are {lower} and {upper}", "bounds in order", "exchange them")
            : Clamp(lower, upper);
    }

    /// <summary>x where x > 0, slope · x elsewhere. dy = dx or slope dx.</summary>
    /// <param name="slope">The slope of the negative side; 0.01 unless given.</param>
    /// <remarks>At 0 the derivative is the slope of the negative side.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> LeakyRelu(T? slope = null) => Elementwise(slope ?? T.CreateChecked(0.01), static (x, slope, y) => Pieces.Map<Pieces.Leaky, T>(x, slope, T.Zero, y),
        ofInput: static (x, slope) => x.Elementwise(slope, static (x, slope, y) => Pieces.Map<Pieces.Slope, T>(x, slope, T.Zero, y), name: "Slope"));

    /// <summary>x where x > 0, w x elsewhere, with a slope w of the negative side for each channel. dy = dx, or w dx + x dw.</summary>
    /// <param name="weight">The slopes: one number, or one for each channel.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <remarks>At 0 the derivative by x is that of the negative side, w.</remarks>
    /// <exception cref="TensorShapeException">The weight is neither one number nor a vector with one for each channel.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> PRelu(Tensor<T> weight, int axis = 1)
    {
        TapeOf(this, Errors.NotNull(weight, nameof(PRelu), nameof(weight)), nameof(PRelu));
        if (weight.length == 1)
        {
            weight = weight.Reshape();
        }
        else
        {
            int channels = Shapes.Axis(axis, Rank, nameof(PRelu));
            if (weight.Rank != 1 || weight.length != shape[channels])
            {
                throw Errors.Shape(nameof(PRelu), $"the weight has shape {Shapes.Format(weight.shape)} for a tensor of shape {Shapes.Format(shape)} and axis {axis}",
                    $"one number, or a vector of length {shape[channels]}", "give one slope for each channel");
            }

            weight = weight.Reshape([weight.length, .. Enumerable.Repeat(1, Rank - 1 - channels)]);
        }

        return Binary(Pieces.Map<Pieces.Leaky, T>, this, weight, nameof(PRelu),
            dx: static (x, w, _) => Binary(Pieces.Map<Pieces.Slope, T>, x, w, "Slope", dy: static (x, w, _) => x.IsNotAbove(T.Zero)),
            dy: static (x, _, _) => x.NegativePart());
    }

    /// <summary>x where x > 0, α (e^x - 1) elsewhere. dy = dx, or α e^x dx.</summary>
    /// <param name="alpha">The scale α of the negative side; 1 unless given.</param>
    /// <remarks>At 0 the derivative is that of the negative side, α.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Elu(T? alpha = null) => ExponentialLinear(T.One, alpha ?? T.One, T.One, nameof(Elu));

    /// <summary>λ x where x > 0, λ α (e^x - 1) elsewhere, with λ = 1.0507 and α = 1.6733. dy = λ dx, or λ α e^x dx.</summary>
    /// <remarks>At 0 the derivative is that of the negative side. Klambauer et al., "Self-normalizing neural networks" (2017), whose constants these are.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Selu()
    {
        T scale = T.CreateChecked(1.0507009873554804934193349852946);
        return ExponentialLinear(scale, scale * T.CreateChecked(1.6732632423543772848170429916717), T.One, nameof(Selu));
    }

    /// <summary>x where x > 0, α (e^(x/α) - 1) elsewhere: once continuously differentiable. dy = dx, or e^(x/α) dx.</summary>
    /// <param name="alpha">The scale α of the negative side; 1 unless given.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">α is 0.</exception>
    public Tensor<T> Celu(T? alpha = null)
    {
        T a = alpha ?? T.One;
        return a != T.Zero ? ExponentialLinear(T.One, a, a, nameof(Celu))
            : throw Errors.Argument(nameof(Celu), nameof(alpha), "α is 0", "another number", "use Relu, the limit for α to 0");
    }

    /// <summary>slope · x above 0, amplitude (e^(x/scale) - 1) elsewhere.</summary>
    private Tensor<T> ExponentialLinear(T slope, T amplitude, T scale, string name) => Elementwise((slope, amplitude, scale), Kernels.Activations.ExponentialLinear,
        ofInput: static (x, p) => x.ExponentialStep(p.slope, p.amplitude / p.scale, p.scale), name: name);

    /// <summary>slope above 0, amplitude e^(x/scale) elsewhere.</summary>
    private Tensor<T> ExponentialStep(T slope, T amplitude, T scale) => Elementwise((slope, amplitude, scale), Kernels.Activations.ExponentialStep,
        ofInput: static (x, p) => x.ExponentialStep(T.Zero, p.amplitude / p.scale, p.scale));

    /// <summary>x / (1 + |x|). dy = dx / (1 + |x|)².</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Softsign() => Elementwise(static (x, y) => Pieces.Map<Pieces.Softsign, T>(x, T.PositiveInfinity, T.Zero, y), ofInput: static x => x.ReciprocalAbove().Square());

    /// <summary>1 / (1 + |x|). dy = -sign(x) y² dx.</summary>
    private Tensor<T> ReciprocalAbove() => Elementwise(static (x, y) => Pieces.Map<Pieces.ReciprocalAbove, T>(x, T.Zero, T.Zero, y), ofInput: static x => -(x.Sign() * x.ReciprocalAbove().Square()));

    /// <summary>x moved toward 0 by a threshold, and 0 between. dy = dx where |x| is above the threshold.</summary>
    /// <param name="threshold">The threshold; 1/2 unless given.</param>
    /// <remarks>At a threshold above 0 the derivative is 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The threshold is negative.</exception>
    public Tensor<T> Softshrink(T? threshold = null) => Elementwise(NotNegative(threshold ?? Half, nameof(Softshrink), nameof(threshold)),
        static (x, c, y) => Pieces.Map<Pieces.Shrunk, T>(x, c, T.Zero, y), ofInput: static (x, c) => c == T.Zero ? One : x.IsBeyond(c));

    /// <summary>x where |x| is above a threshold, else 0. dy = dx there.</summary>
    /// <param name="threshold">The threshold; 1/2 unless given.</param>
    /// <remarks>At a threshold above 0 value and derivative are 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The threshold is negative.</exception>
    public Tensor<T> Hardshrink(T? threshold = null) => Elementwise(NotNegative(threshold ?? Half, nameof(Hardshrink), nameof(threshold)),
        static (x, c, y) => Pieces.Map<Pieces.Kept, T>(x, c, T.Zero, y), ofInput: static (x, c) => c == T.Zero ? One : x.IsBeyond(c));

    /// <summary>(x + 3) / 6 limited to [0, 1]. dy = dx / 6 strictly inside.</summary>
    /// <remarks>At ±3 the derivative is 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Hardsigmoid() => Elementwise(static (x, y) => Pieces.Map<Pieces.Ramp, T>(x, Three, Six, y),
        ofInput: static x => x.Elementwise(static (x, y) => Pieces.Map<Pieces.Within, T>(x, Three, T.One / Six, y), name: "HardsigmoidSlope"));

    /// <summary>x times (x + 3) / 6 limited to [0, 1]. dy = 0 below -3, (2x + 3) / 6 dx inside, dx above 3.</summary>
    /// <remarks>At -3 the derivative is 0 and at 3 it is 1, in each case the one of least norm.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Hardswish()
    {
        return Elementwise(
            static (x, y) => Pieces.Map<Pieces.Swish, T>(x, Three, Six, y),
            ofInput: static x => x.Elementwise(
                static (x, y) => Pieces.Map<Pieces.SwishSlope, T>(x, Three, Six, y),
                ofInput: static x => x.Elementwise(static (x, y) => Pieces.Map<Pieces.Within, T>(x, Three, Two / Six, y), name: "HardswishCurvature"), name: "HardswishSlope"));
    }

    private static readonly T Three = T.CreateChecked(3);
    private static readonly T Six = T.CreateChecked(6);

    /// <summary>x - tanh(x), without cancellation near 0. dy = tanh²(x) dx.</summary>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Tanhshrink() => Elementwise(Kernels.Activations.TanhShrink, ofInput: static x => x.Tanh().Square());

    /// <summary>x where x is above a threshold, a number elsewhere. dy = dx above the threshold.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="value">The number.</param>
    /// <remarks>At the threshold the value is the number, and the derivative 0. NaN stays NaN, with derivative NaN.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Threshold(T threshold, T value) => Elementwise((threshold, value), static (x, p, y) => Pieces.Map<Pieces.NotAtMost, T>(x, p.threshold, p.value, y),
        ofInput: static (x, p) => x.Elementwise(p.threshold, static (x, c, y) => Pieces.Map<Pieces.IsAbove, T>(x, c, T.Zero, y), name: "IsAbove"));

    /// <summary>min(x, 0). dy = dx where x ≤ 0.</summary>
    private Tensor<T> NegativePart() => Elementwise(static (x, y) => Pieces.Map<Pieces.NotAbove, T>(x, T.Zero, T.Zero, y), ofInput: static x => x.IsNotAbove(T.Zero));

    private Tensor<T> IsNotAbove(T c) => Elementwise(c, static (x, c, y) => Pieces.Map<Pieces.IsNotAbove, T>(x, c, T.Zero, y));

    private Tensor<T> IsBeyond(T c) => Elementwise(c, static (x, c, y) => Pieces.Map<Pieces.IsBeyond, T>(x, c, T.Zero, y));

    private static T NotNegative(T c, string operation, string argument) => c >= T.Zero ? c
        : throw Errors.Argument(operation, argument, $"the {argument} is {c}", "a number of 0 or more", "give a positive number");
}
