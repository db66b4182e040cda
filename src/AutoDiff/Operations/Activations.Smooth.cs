using AutoDiff.Kernels;

namespace AutoDiff;

// Smooth activation functions, gates, and maps to the simplex. Their derivatives keep their digits in the tails, in every order.
public sealed partial class Tensor<T>
{
    /// <summary>x Φ(x), with the distribution function Φ of the normal distribution. dy = (Φ(x) + x φ(x)) dx, with its density φ.</summary>
    /// <remarks>Hendrycks and Gimpel, "Gaussian error linear units" (2016). At -∞ value and derivative are 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(-1, 0, 1).Gelu():0.000}"); // => [-0.159, 0.000, 0.841]
    /// </code>
    /// </example>
    public Tensor<T> Gelu() => NormalGate(0);

    /// <summary>The derivative of order n of x Φ(x); its derivative is that of order n + 1.</summary>
    private Tensor<T> NormalGate(int n) => Elementwise(n, Kernels.Activations.NormalGate, ofInput: static (x, n) => x.NormalGate(n + 1), name: nameof(Gelu));

    /// <summary>The approximation x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))) of <see cref="Gelu"/>. dy = (σ(w) + x σ'(w) w') dx, with w = √(8/π) (x + 0.044715 x³).</summary>
    /// <remarks>Hendrycks and Gimpel (2016). At -∞ value and derivative are 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> GeluTanh()
    {
        // tanh(w / 2) = 2 σ(w) - 1, and σ keeps its digits in the left tail. Beyond ±24, where x³ would overflow before the slope that it multiplies vanishes, σ(w) is 0 or 1.
        Tensor<T> w = this * (Square() * T.CreateChecked(0.044715 * 1.59576912160573071176) + T.CreateChecked(1.59576912160573071176));
        return (this * w.Sigmoid()).Choose(Elementwise(static (x, y) => Pieces.Map<Pieces.IsNotBeyond, T>(x, T.CreateChecked(24), T.Zero, y), name: "IsCurved"), Relu());
    }

    /// <summary>x σ(x), with the logistic function σ; also called swish. dy = (σ(x) + x σ'(x)) dx.</summary>
    /// <remarks>At -∞ value and derivative are 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Silu() => LogisticGate(0);

    /// <summary>The derivative of order n of x σ(x); its derivative is that of order n + 1.</summary>
    private Tensor<T> LogisticGate(int n) => Elementwise(n, Kernels.Activations.LogisticGate, ofInput: static (x, n) => x.LogisticGate(n + 1), name: nameof(Silu));

    /// <summary>x w with w = tanh(log(1 + e^x)). dy = (w + x (1 - w²) σ(x)) dx.</summary>
    /// <remarks>Misra, "Mish: a self regularized non-monotonic activation function" (2019). At -∞ value and derivative are 0.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    public Tensor<T> Mish() => Elementwise(
        static (x, y) =>
        {
            Kernels.Activations.MishGate(x, y);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = y[i] == T.Zero ? T.Zero : x[i] * y[i];
            }
        }, ofInput: static x => x.MishGate() + x.TimesVanishing(x.MishGateSlope()));

    /// <summary>w = tanh(log(1 + e^x)). dw = (1 - w²) σ(x) dx.</summary>
    private Tensor<T> MishGate() => Elementwise(Kernels.Activations.MishGate, ofInput: static x => x.MishGateSlope());

    private Tensor<T> MishGateSlope() => MishGateComplement() * Sigmoid();

    /// <summary>h = 1 - w². dh = -2 w h σ(x) dx.</summary>
    private Tensor<T> MishGateComplement() => Elementwise(Kernels.Activations.MishGateComplement, ofInput: static x => x.MishGate() * x.MishGateSlope() * -Two);

    /// <summary>log(1 + e^(βx)) / β. dy = σ(βx) dx.</summary>
    /// <param name="beta">The sharpness β.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">β is not positive.</exception>
    public Tensor<T> Softplus(T beta) => beta > T.Zero ? Elementwise(beta,
        static (x, beta, y) =>
        {
            // max(x, 0) + log(1 + e^-|βx|) / β: βx may overflow, the result does not.
            VectorMath.Multiply(x, beta, y);
            VectorMath.Abs<T>(y, y);
            VectorMath.Negate<T>(y, y);
            VectorMath.Softplus<T>(y, y);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.Max(x[i], T.Zero) + (y[i] / beta);
            }
        }, ofInput: static (x, beta) => (x * beta).Sigmoid())
        : throw Errors.Argument(nameof(Softplus), nameof(beta), $"β is {beta}", "a positive number", "give a sharpness above 0");

    /// <summary>log(1 + e^(βx)) / β, and x itself where βx is above a threshold. dy = σ(βx) dx, or dx.</summary>
    /// <param name="beta">The sharpness β.</param>
    /// <param name="threshold">Where the straight line begins. It is not needed for accuracy: <see cref="Softplus(T)"/> is accurate everywhere.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">β is not positive.</exception>
    public Tensor<T> Softplus(T beta, T threshold) => Softplus(beta).Choose(Pointwise((beta, threshold), static (x, p) => x * p.beta > p.threshold ? T.Zero : T.One, name: "IsCurved"), this);

    /// <summary>(x + √(x² + b)) / 2, without cancellation in the left tail. dy = y / √(x² + b) dx.</summary>
    /// <param name="b">How round the corner is; 4 unless given.</param>
    /// <remarks>Barron, "Squareplus: a softplus-like algebraic rectifier" (2021).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">b is not positive.</exception>
    public Tensor<T> Squareplus(T? b = null)
    {
        T parameter = b ?? T.CreateChecked(4);
        return parameter > T.Zero ? Elementwise(parameter, Kernels.Activations.SquarePlus, ofInput: static (x, b) => x.SquareplusSlope(b))
            : throw Errors.Argument(nameof(Squareplus), nameof(b), $"b is {parameter}", "a positive number", "use Relu, the limit for b to 0");
    }

    /// <summary>y / √(x² + b). Its derivative is b / 2 (x² + b)^(-3/2).</summary>
    private Tensor<T> SquareplusSlope(T b) => Elementwise(b,
        static (x, b, y) =>
        {
            T root = T.Sqrt(b);
            for (int i = 0; i < y.Length; i++)
            {
                T t = x[i] / root;
                T length = T.Hypot(t, T.One);
                y[i] = T.IsPositiveInfinity(length) ? (t > T.Zero ? T.One : T.Zero) : t < T.Zero ? Half / (length - t) / length : Half * (T.One + (t / length));
            }
        },
        ofInput: static (x, b) => (x * (T.One / T.Sqrt(b))).InverseHypotenuse().Cube() * (Half / T.Sqrt(b)));

    /// <summary>The first half along an axis times the logistic function of the second.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>A tensor of half the length along the axis.</returns>
    /// <exception cref="TensorShapeException">The length of the axis is odd.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Glu(int axis = -1) => Gated(axis, nameof(Glu), static gate => gate.Sigmoid());

    /// <summary>The first half along an axis times <see cref="Gelu"/> of the second.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>A tensor of half the length along the axis.</returns>
    /// <remarks>Shazeer, "GLU variants improve transformer" (2020).</remarks>
    /// <exception cref="TensorShapeException">The length of the axis is odd.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> GeGlu(int axis = -1) => Gated(axis, nameof(GeGlu), static gate => gate.Gelu());

    /// <summary>The first half along an axis times <see cref="Silu"/> of the second.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>A tensor of half the length along the axis.</returns>
    /// <remarks>Shazeer, "GLU variants improve transformer" (2020).</remarks>
    /// <exception cref="TensorShapeException">The length of the axis is odd.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> SwiGlu(int axis = -1) => Gated(axis, nameof(SwiGlu), static gate => gate.Silu());

    private Tensor<T> Gated(int axis, string name, Func<Tensor<T>, Tensor<T>> gate)
    {
        int a = Shapes.Axis(axis, Rank, name);
        int half = shape[a] / 2;
        if (shape[a] % 2 != 0)
        {
            throw Errors.Shape(name, $"axis {axis} of shape {Shapes.Format(shape)} has length {shape[a]}", "an even length", "give values and gates, as many of each, along the axis");
        }

        var place = new TensorIndex[a + 1];
        Array.Fill(place, ..);
        place[a] = ..half;
        Tensor<T> values = Slice(place);
        place[a] = half..;
        return values * gate(Slice(place));
    }

    /// <summary>e^-x / Σ e^-x along an axis.</summary>
    /// <param name="axis">The axis along which the result sums to 1; the last unless given.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Softmin(int axis = -1)
    {
        Shapes.CheckAxis(axis, Rank, nameof(Softmin));
        return Softmin([axis]);
    }

    /// <summary>e^-x / Σ e^-x over axes.</summary>
    /// <param name="axes">The axes over which the result sums to 1; an empty list means all.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Softmin(params ReadOnlySpan<int> axes)
    {
        Shapes.Mark(axes, Rank, nameof(Softmin));
        return (-this).Softmax(axes);
    }

    /// <summary>The point of the probability simplex that is nearest to x, along an axis: max(x - τ, 0), which sums to 1. dy = dx - mean(dx) over the elements that are not 0.</summary>
    /// <param name="axis">The axis along which the result sums to 1; the last unless given.</param>
    /// <returns>A tensor of the same shape, with zeros.</returns>
    /// <remarks>Martins and Astudillo, "From softmax to sparsemax" (2016), algorithm 1. An element that just reaches 0 counts as 0 in the derivative.</remarks>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Sparsemax(int axis = -1)
    {
        Shapes.CheckAxis(axis, Rank, nameof(Sparsemax));
        return Sparsemax([axis]);
    }

    /// <summary>The point of the probability simplex that is nearest to x, over axes: max(x - τ, 0), which sums to 1. dy = dx - mean(dx) over the elements that are not 0.</summary>
    /// <param name="axes">The axes over which the result sums to 1; an empty list means all.</param>
    /// <returns>A tensor of the same shape, with zeros.</returns>
    /// <remarks>Martins and Astudillo, "From softmax to sparsemax" (2016), algorithm 1. An element that just reaches 0 counts as 0 in the derivative.</remarks>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> Sparsemax(params ReadOnlySpan<int> axes) => OverRows(axes, nameof(Sparsemax), static rows => General(nameof(Sparsemax), [rows], rows.shape,
        value: static (inputs, y) => Kernels.Simplex.ProjectRows(inputs[0].Values, y.shape[0], y.shape[1], y.Writable),
        vjp: static (g, _, operands) => OnSupport(g, operands.Output),
        jvp: static (t, _, operands) => OnSupport(t, operands.Output),
        axes: static _ => [0, -1], slices: Slices<T>.Rows));

    /// <summary>The Jacobian of the projection is symmetric: it takes the mean away on the support, and is zero elsewhere.</summary>
    private static Tensor<T> OnSupport(Tensor<T> v, Tensor<T> y)
    {
        Tensor<T> support = y.Flat();
        Tensor<T> kept = v * support;
        return kept - (support * (kept.Sum([-1], keepDims: true) / support.Sum([-1], keepDims: true)));
    }
}
