namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Activations =>
    [
        new("Relu6", x => x.Relu6(), x => Math.Clamp(x, 0, 6)) { Domain = (-2, 8), Avoid = [0, 6], Points = [(0, 0, 0), (6, 6, 0), (3, 3, 1), (NaN, NaN, NaN)] },
        new("Hardtanh", x => x.Hardtanh(), x => Math.Clamp(x, -1, 1)) { Avoid = [-1, 1], Points = [(-1, -1, 0), (1, 1, 0), (0, 0, 1), (NaN, NaN, NaN)] },
        new("Hardtanh: bounds", x => x.Hardtanh(N(-0.5), N(1.5)), x => Math.Clamp(x, -0.5, 1.5)) { Avoid = [-0.5, 1.5], Points = [(-0.5, -0.5, 0), (1.5, 1.5, 0), (0, 0, 1)], Bad = [Throws<ArgumentException>(on => on(2).Hardtanh(N(1), N(0)))] },
        new("LeakyRelu: standard slope", x => x.LeakyRelu(), x => x > 0 ? x : 0.01 * x) { Avoid = [0] },
        new("LeakyRelu", x => x.LeakyRelu(N(0.25)), x => x > 0 ? x : 0.25 * x) { Avoid = [0], Points = [(0, 0, 0.25), (-1, -0.25, 0.25), (1, 1, 1), (NaN, NaN, NaN)] },
        new("PRelu: one weight", (x, w) => x.PRelu(w), (x, w) => x > 0 ? x : w * x) { Shapes = "() () | 5 1 | 2x3 () | 2x3 1", Avoid = [0], Points = [new([[-2, 0, 3], [0.25]], [-0.5, 0, 3], [[0.25, 0.25, 1], [-2]])] },
        new("PRelu", (x, w) => x.PRelu(w))
        {
            Shapes = "2x3 3 | 2x3x4 3 | 0x2 2", Avoid = [0], Reference = xs => Plain.Build(xs[0].Shape, i => xs[0][i] is var x && x > 0 ? x : x * xs[1][i[1]]),
            Bad = [Throws<TensorShapeException>(on => on(2, 3).PRelu(on(2))), Throws<ArgumentNullException>(on => on(2, 3).PRelu(null!)), Throws<ArgumentException>(on => on(3).PRelu(on(3)))],
        },
        new("Elu", x => x.Elu(), x => x > 0 ? x : Math.Exp(x) - 1) { Avoid = [0], Points = [(-1, -0.6321205588285577, 0.36787944117144233), (0, 0, 1), (1, 1, 1), (-Inf, -1, 0), (Inf, Inf, 1), (NaN, NaN, NaN)] },
        new("Elu: alpha", x => x.Elu(N(2)), x => x > 0 ? x : 2 * (Math.Exp(x) - 1)) { Avoid = [0], Points = [(0, 0, 2)] },
        new("Selu", x => x.Selu(), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1))) { Avoid = [0], Points = [(0, 0, 1.7580993408473766), (1, 1.0507009873554805, 1.0507009873554805)] },
        new("Celu", x => x.Celu(N(2)), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1)) { Avoid = [0], Points = [(0, 0, 1), (-2, -1.2642411176571153, 0.36787944117144233)], Bad = [Throws<ArgumentException>(on => on(2).Celu(N(0)))] },
        new("Celu: plain", x => x.Celu(), x => x > 0 ? x : Math.Exp(x) - 1) { Avoid = [0] },
        new("Gelu", x => x.Gelu(), Gelu)
        {
            Points =
            [
                (-40, 0, 0), (-10, -7.619853024160526e-23, -7.618400096464814e-22), (-5, -1.4332578593959695e-06, -7.146946001792295e-06), (0, 0, 0.5), (10, 10, 1), (40, 40, 1), (-Inf, 0, 0), (Inf, Inf, 1),
            ],
        },
        new("GeluTanh", x => x.GeluTanh(), x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))) { Points = [(0, 0, 0.5), (-Inf, 0, 0), (40, 40, 1), (24, 24, 1), (-24.5, 0, 0), (1e200, 1e200, 1), (-1e200, 0, 0), (Inf, Inf, 1), (NaN, NaN, NaN)] },
        new("Silu", x => x.Silu(), x => x * Sigmoid(x)) { Points = [(0, 0, 0.5), (-Inf, 0, 0), (-800, 0, 0), (800, 800, 1), (-40, -1.6993417021166355e-16, -1.6568581595637196e-16), (Inf, Inf, 1)] },
        new("Mish", x => x.Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))) { Points = [(0, 0, 0.6), (-Inf, 0, 0), (-40, -1.6993417021166355e-16, -1.6568581595637196e-16), (40, 40, 1), (Inf, Inf, 1)] },
        new("Softplus: beta", x => x.Softplus(N(2)), x => Math.Log(1 + Math.Exp(2 * x)) / 2) { Points = [(1e308, 1e308, 1), (-1e308, 0, 0), (0, 0.34657359027997264, 0.5)], Bad = [Throws<ArgumentException>(on => on(2).Softplus(N(0)))] },
        new("Softplus: threshold", x => x.Softplus(N(2), N(3)), x => 2 * x > 3 ? x : Math.Log(1 + Math.Exp(2 * x)) / 2) { Avoid = [1.5], Points = [(2, 2, 1)] },
        new("Squareplus", x => x.Squareplus(), x => (x + Math.Sqrt((x * x) + 4)) / 2) { Points = [(0, 1, 0.5), (-1e8, 1e-8, 1e-16), (Inf, Inf, 1), (-Inf, 0, 0)], Bad = [Throws<ArgumentException>(on => on(2).Squareplus(N(0)))] },
        new("Softsign", x => x.Softsign(), x => x / (1 + Math.Abs(x))) { Avoid = [0], Points = [(0, 0, 1), (Inf, 1, 0), (-Inf, -1, 0)] },
        new("Softshrink", x => x.Softshrink(), x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0) { Avoid = [-0.5, 0.5], Points = [(0.5, 0, 0), (-0.5, 0, 0), (0, 0, 0), (0.75, 0.25, 1), (NaN, NaN, NaN)], Bad = [Throws<ArgumentException>(on => on(2).Softshrink(N(-1)))] },
        new("Hardshrink", x => x.Hardshrink(), x => Math.Abs(x) > 0.5 ? x : 0) { Avoid = [-0.5, 0.5], Points = [(0.5, 0, 0), (-0.5, 0, 0), (0.75, 0.75, 1), (NaN, NaN, NaN)], Bad = [Throws<ArgumentException>(on => on(2).Hardshrink(N(-1)))] },
        new("Softshrink: threshold 0", x => x.Softshrink(N(0)), x => x) { Exact = true, Points = [(0, 0, 1), (-2, -2, 1)] },
        new("Hardshrink: threshold 0", x => x.Hardshrink(N(0)), x => x) { Exact = true, Points = [(0, 0, 1), (-2, -2, 1)] },
        new("Hardsigmoid", x => x.Hardsigmoid(), x => Math.Clamp((x + 3) / 6, 0, 1)) { Domain = (-4, 4), Avoid = [-3, 3], Points = [(-3, 0, 0), (3, 1, 0), (0, 0.5, 1 / 6.0), (NaN, NaN, NaN)] },
        new("Hardswish", x => x.Hardswish(), x => x * Math.Clamp((x + 3) / 6, 0, 1)) { Domain = (-4, 4), Avoid = [-3, 3], Points = [(-3, 0, 0), (3, 3, 1), (-2, -1 / 3.0, -1 / 6.0), (2, 5 / 3.0, 7 / 6.0), (-Inf, 0, 0)] },
        new("Tanhshrink", x => x.Tanhshrink(), x => x - Math.Tanh(x)) { Avoid = [0], Points = [(0, 0, 0), (1e-3, 3.3333320000005399e-10, 9.9999933333368889e-7), (Inf, Inf, 1)] },
        new("Threshold", x => x.Threshold(N(0.5), N(7)), x => x > 0.5 ? x : 7) { Avoid = [0.5], Points = [(0.5, 7, 0), (1, 1, 1), (NaN, NaN, NaN)] },
        new("Glu", x => x.Glu(0)) { Shapes = "2 | 4 | 8x2 | 2x0", Reference = GatedBy(Sigmoid), Bad = [Throws<TensorShapeException>(on => on(3).Glu()), Throws<ArgumentException>(on => on(2).Glu(1))] },
        new("Glu: last axis", x => x.Glu(), null) { Shapes = "2x4 | 0x2", Reference = xs => Plain.Build([xs[0].Shape[0], xs[0].Shape[1] / 2], i => xs[0][i] * Sigmoid(xs[0][i[0], i[1] + (xs[0].Shape[1] / 2)])) },
        new("GeGlu", x => x.GeGlu(0)) { Shapes = "2 | 4 | 8x2", Reference = GatedBy(Gelu), Bad = [Throws<TensorShapeException>(on => on(3).GeGlu())] },
        new("SwiGlu", x => x.SwiGlu(0)) { Shapes = "2 | 4 | 8x2", Reference = GatedBy(x => x * Sigmoid(x)), Bad = [Throws<TensorShapeException>(on => on(3).SwiGlu())] },
        new("Softmin", x => x.Softmin(-1)) { Shapes = "3 | 2x3", Reference = Plain.Along(row => row.Select(x => Math.Exp(-x) / row.Sum(y => Math.Exp(-y))).ToArray(), -1), Bad = [Throws<ArgumentException>(on => on(2).Softmin(1))] },
        new("Softmin: last axis", x => x.Softmin()) { Shapes = "3 | 2x3", Composed = x => x[0].Softmin(-1) },
        new("Softmin: axes", x => x.Softmin([0, 1])) { Shapes = "2x3", Composed = x => (-x[0]).Softmax([0, 1]) },
        new("Sparsemax: axes", x => x.Sparsemax([0, 1]).Sum(0) * N(3)) { Shapes = "2x1", Avoid = [0], Order = 1, Composed = x => x[0].Sparsemax(0).Sum(0) * N(3) },
        new("Sparsemax", x => x.Sparsemax(-1))
        {
            Shapes = "3 | 2x3 | 2x3x5", Reference = Plain.Along(Sparsemax, -1), Points = [new([[3, 0, 0]], [1, 0, 0], [[0, 0, 0]], [1, 2, 3]), new([[0.5, 0.25, -2]], [0.625, 0.375, 0], [[-0.5, 0.5, 0]], [1, 2, 3])],
            Bad = [Throws<ArgumentException>(on => on(2).Sparsemax(1))],
        },
    ];

    private static Func<Plain[], Plain> GatedBy(Func<double, double> gate) => xs =>
        Plain.Build([xs[0].Shape[0] / 2, .. xs[0].Shape[1..]], i => xs[0][i] * gate(xs[0][[i[0] + (xs[0].Shape[0] / 2), .. i[1..]]]));

    /// <summary>The threshold by bisection: the sum of max(x - τ, 0) falls in τ.</summary>
    private static double[] Sparsemax(double[] row)
    {
        (double low, double high) = (row.Max() - 1, row.Max());
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = row.Sum(x => Math.Max(x - middle, 0)) > 1 ? (middle, high) : (low, middle);
        }

        return row.Select(x => Math.Max(x - low, 0)).ToArray();
    }
}
