namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Elementwise =>
    [
        new("Exp", x => x.Exp(), Math.Exp) { Points = [(0, 1, 1), (-Inf, 0, 0), (Inf, Inf, Inf), (NaN, NaN, NaN)] },
        new("Expm1", x => x.Expm1(), x => Math.Exp(x) - 1) { Avoid = [0], Points = [(0, 0, 1), (1e-10, 1.00000000005e-10, 1.0000000001), (-50, -1, 1.9287498479639178e-22), (-Inf, -1, 0)] },
        new("Log", x => x.Log(), Math.Log) { Domain = (0.3, 3), Avoid = [1], Points = [(1, 0, 1), (0, -Inf, Inf), (Inf, Inf, 0), (-2, NaN, -0.5)] },
        new("Log1p", x => x.Log1p(), x => Math.Log(1 + x)) { Domain = (-0.7, 2), Avoid = [0], Points = [(0, 0, 1), (1e-10, 9.9999999995e-11, 0.9999999999), (-1, -Inf, Inf)] },
        new("Sqrt", x => x.Sqrt(), Math.Sqrt) { Domain = (0.3, 3), Points = [(4, 2, 0.25), (0, 0, Inf), (-0.0, 0, Inf), (-1, NaN, NaN)] },
        new("Abs", x => x.Abs(), Math.Abs) { Avoid = [0], Points = [(0, 0, 0), (-3, 3, -1), (-Inf, Inf, -1), (NaN, NaN, NaN)] },
        new("Sign", x => x.Sign(), x => Math.Sign(x)) { Avoid = [0], Points = [(0, 0, 0), (-3, -1, 0), (Inf, 1, 0)] },
        new("Sin", x => x.Sin(), Math.Sin) { Points = [(0, 0, 1), (1e6, -0.34999350217129294, 0.9367521275331448)] },
        new("Cos", x => x.Cos(), Math.Cos) { Points = [(0, 1, 0), (1e6, 0.9367521275331448, 0.34999350217129294)] },
        new("Tan", x => x.Tan(), Math.Tan) { Domain = (-1.2, 1.2), Points = [(0, 0, 1)] },
        new("Tanh", x => x.Tanh(), Math.Tanh) { Points = [(0, 0, 1), (20, 1, 1.6993417021166355e-17), (-Inf, -1, 0), (Inf, 1, 0)] },
        new("Sigmoid", x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x))) { Points = [(0, 0.5, 0.25), (40, 1, 4.248354255291589e-18), (-40, 4.248354255291589e-18, 4.248354255291589e-18), (-Inf, 0, 0), (Inf, 1, 0)] },
        new("Relu", x => x.Relu(), x => Math.Max(x, 0)) { Avoid = [0], Points = [(0, 0, 0), (-1, 0, 0), (2, 2, 1), (Inf, Inf, 1), (NaN, NaN, NaN)] },
        new("Softplus", x => x.Softplus(), x => Math.Log(1 + Math.Exp(x))) { Points = [(0, 0.6931471805599453, 0.5), (-40, 4.248354255291589e-18, 4.248354255291589e-18), (1000, 1000, 1), (-Inf, 0, 0), (Inf, Inf, 1)] },
        new("Square", x => x.Square(), x => x * x) { Exact = true, Points = [(0, 0, 0), (-3, 9, -6)] },
        new("Reciprocal", x => x.Reciprocal(), x => 1 / x) { Domain = (0.4, 3), Points = [(0, Inf, -Inf), (-2, -0.5, -0.25), (Inf, 0, 0)] },
        new("Clamp", x => x.Clamp(N(-1), N(0.5)), x => Math.Min(Math.Max(x, -1), 0.5)) { Avoid = [-1, 0.5], Points = [(-1, -1, 0), (0.5, 0.5, 0), (0, 0, 1), (3, 0.5, 0), (NaN, NaN, NaN)] },
        new("Clamp: lower bound", x => x.Clamp(min: N(0.5)), x => Math.Max(x, 0.5)) { Avoid = [0.5], Points = [(0.5, 0.5, 0), (0, 0.5, 0), (1, 1, 1), (Inf, Inf, 1), (NaN, NaN, NaN)], Bad = [Throws<ArgumentException>(on => on(2).Clamp((T?)null))] },
        new("Clamp: upper bound", x => x.Clamp(max: N(-0.5)), x => Math.Min(x, -0.5)) { Avoid = [-0.5], Points = [(-0.5, -0.5, 0), (0, -0.5, 0), (-1, -1, 1), (-Inf, -Inf, 1), (NaN, NaN, NaN)] },
        new("Clamp: crossed bounds", x => x.Clamp(N(1), N(-1)), x => -1) { Points = [(0, -1, 0)] },
        new("UnaryNegation", x => -x, x => -x) { Exact = true, Bad = [Throws<ArgumentNullException>(_ => -(Tensor<T>)null!)] },
        new("Addition: number on the right", x => x + N(1.5), x => x + 1.5) { Exact = true, Bad = [Throws<ArgumentNullException>(_ => (Tensor<T>)null! + N(1))] },
        new("Addition: number on the left", x => N(1.5) + x, x => 1.5 + x) { Exact = true },
        new("Subtraction: number on the right", x => x - N(1.5), x => x - 1.5) { Exact = true },
        new("Subtraction: number on the left", x => N(1.5) - x, x => 1.5 - x) { Exact = true },
        new("Multiply: number on the right", x => x * N(1.5), x => x * 1.5) { Exact = true },
        new("Multiply: number on the left", x => N(-3) * x, x => -3 * x) { Exact = true },
        new("Division: number on the right", x => x / N(1.5), x => x / 1.5) { Exact = true },
        new("Division: number on the left", x => N(1.5) / x, x => 1.5 / x) { Domain = (0.4, 3), Points = [(0, Inf, -Inf)] },
        new("Pow: number", x => x.Pow(N(2.5)), x => Math.Pow(x, 2.5)) { Domain = (0.3, 2), Points = [(0, 0, 0), (4, 32, 20), (-1, NaN, NaN)] },
        new("Pow: 0", x => x.Pow(N(0)), x => 1) { Points = [(0, 1, 0), (NaN, 1, 0), (Inf, 1, 0)] },
        new("Pow: 1", x => x.Pow(N(1)), x => x) { Exact = true, Points = [(0, 0, 1), (-2, -2, 1)] },
        new("Pow: 2", x => x.Pow(N(2)), x => x * x) { Exact = true, Points = [(0, 0, 0), (-2, 4, -4)] },
        new("Pow: 3", x => x.Pow(N(3)), x => x * x * x) { Points = [(0, 0, 0), (-2, -8, 12)] },
        new("Pow: 1/2", x => x.Pow(N(0.5)), Math.Sqrt) { Domain = (0.3, 3), Points = [(0, 0, Inf), (4, 2, 0.25)] },
        new("Pow: -2", x => x.Pow(N(-2)), x => 1 / (x * x)) { Domain = (0.4, 3), Points = [(0, Inf, -Inf), (-2, 0.25, 0.25)] },
    ];
}
