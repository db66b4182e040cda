namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private const string SmallPairs = "() () | 3 3 | 2x3 3 | 2x1 1x3 | () 2x2 | 3 1 | 0 1";

    private static OperationRow<T>[] Binary =>
    [
        new("Addition", (x, y) => x + y, (x, y) => x + y) { Exact = true, Bad = BadPair((x, y) => x + y) },
        new("Subtraction", (x, y) => x - y, (x, y) => x - y) { Exact = true, Bad = BadPair((x, y) => x - y) },
        new("Multiply", (x, y) => x * y, (x, y) => x * y) { Exact = true, Points = [(0, 0, 0, 0, 0), (0, 5, 0, 5, 0)], Bad = BadPair((x, y) => x * y) },
        new("Multiply: by itself", x => x * x, x => x * x) { Exact = true },
        new("Division", (x, y) => x / y, (x, y) => x / y) { Domains = [(-2, 2), (0.4, 3)], Points = [(1, 0, Inf, Inf, -Inf), (0, 2, 0, 0.5, 0)], Bad = BadPair((x, y) => x / y) },
        new("Pow", (x, y) => x.Pow(y), Math.Pow)
        {
            Domains = [(0.3, 2), (-2, 2)],
            Points = [(0, 0, 1, 0, 0), (0, 2, 0, 0, 0), (0, 1, 0, 1, 0), (2, 0, 1, 0, 0.6931471805599453), (NaN, 0, 1, 0, NaN), (0, -1, Inf, -Inf, -Inf), (-2, 2, 4, -4, NaN)],
            Bad = BadPair((x, y) => x.Pow(y)),
        },
        new("Pow: negative base, whole exponent", x => x.Pow(V(3, 2, 1, 0))) { Shapes = "4 | 2x4 | 1", Reference = PowersOf(3, 2, 1, 0) },
        new("Maximum", (x, y) => x.Maximum(y), Math.Max) { Shapes = SmallPairs, Points = [(1, 1, 1, 0.5, 0.5), (2, 1, 2, 1, 0), (NaN, 1, NaN, NaN, NaN), (Inf, Inf, Inf, 0.5, 0.5)], Bad = BadPair((x, y) => x.Maximum(y)) },
        new("Minimum", (x, y) => x.Minimum(y), Math.Min) { Shapes = SmallPairs, Points = [(1, 1, 1, 0.5, 0.5), (2, 1, 1, 0, 1), (1, NaN, NaN, NaN, NaN)], Bad = BadPair((x, y) => x.Minimum(y)) },
        new("Maximum: with itself", x => x.Maximum(x), x => x) { Exact = true, Points = [(1, 1, 1)] },
        new("Where", (x, y) => Tensor.Where(V(1, 0, 2), x, y)) { Shapes = "3 3 | 2x3 3 | 3 2x1 | () 3 | 1 ()", Exact = true, Reference = xs => Plain.Elementwise(x => x[2] != 0 ? x[0] : x[1])([.. xs, new([1, 0, 2], [3])]), Bad = [Throws<TensorShapeException>(on => Tensor.Where(V(1, 0, 2), on(2), on(3))), Throws<ArgumentNullException>(on => Tensor.Where(null!, on(2), on(2)))] },
        new("Where: number in place of y", x => Tensor.Where(V(1, 0, 2), x, N(7))) { Shapes = "3 | 2x3 | ()", Exact = true, Reference = xs => Plain.Elementwise(x => x[1] != 0 ? x[0] : 7)([.. xs, new([1, 0, 2], [3])]) },
        new("Where: number in place of x", x => Tensor.Where(V(1, 0, 2), N(7), x)) { Shapes = "3 | 2x3 | ()", Exact = true, Reference = xs => Plain.Elementwise(x => x[1] != 0 ? 7 : x[0])([.. xs, new([1, 0, 2], [3])]) },
        new("Where: two numbers", x => Tensor.Where(x, N(7), N(-1)) * x) { Shapes = "() | 3 | 2x3", Avoid = [0], Exact = true, Reference = Plain.Elementwise(x => 7 * x[0]) },
        new("Where: by its own sign", (x, y) => Tensor.Where(x > N(0), x, y), (x, y) => x > 0 ? x : y) { Avoid = [0], Several = true },
        new("GreaterThan", (x, y) => x > y, (x, y) => x > y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x > y) },
        new("LessThan", (x, y) => x < y, (x, y) => x < y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x < y) },
        new("GreaterThanOrEqual", (x, y) => x >= y, (x, y) => x >= y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x >= y) },
        new("LessThanOrEqual", (x, y) => x <= y, (x, y) => x <= y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x <= y) },
        new("GreaterThan: number", x => x > N(0.5), x => x > 0.5 ? 1 : 0) { Constant = true },
        new("LessThan: number", x => x < N(0.5), x => x < 0.5 ? 1 : 0) { Constant = true },
        new("GreaterThanOrEqual: number", x => x >= N(0.5), x => x >= 0.5 ? 1 : 0) { Constant = true },
        new("LessThanOrEqual: number", x => x <= N(0.5), x => x <= 0.5 ? 1 : 0) { Constant = true },
        new("GreaterThan: number on the left", x => N(0.5) > x, x => 0.5 > x ? 1 : 0) { Constant = true },
        new("LessThan: number on the left", x => N(0.5) < x, x => 0.5 < x ? 1 : 0) { Constant = true },
        new("GreaterThanOrEqual: number on the left", x => N(0.5) >= x, x => 0.5 >= x ? 1 : 0) { Constant = true },
        new("LessThanOrEqual: number on the left", x => N(0.5) <= x, x => 0.5 <= x ? 1 : 0) { Constant = true },
        new("EqualTo", (x, y) => x.EqualTo(y), (x, y) => x == y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x.EqualTo(y)) },
        new("NotEqualTo", (x, y) => x.NotEqualTo(y), (x, y) => x != y ? 1 : 0) { Constant = true, Bad = BadPair((x, y) => x.NotEqualTo(y)) },
        new("EqualTo: number", x => x.EqualTo(N(0.5)), x => x == 0.5 ? 1 : 0) { Constant = true, Points = [(0.5, 1, 0), (1, 0, 0), (NaN, 0, 0)] },
        new("NotEqualTo: number", x => x.NotEqualTo(N(0.5)), x => x != 0.5 ? 1 : 0) { Constant = true, Points = [(0.5, 0, 0), (1, 1, 0), (NaN, 1, 0)] },
    ];

    private static Func<Plain[], Plain> PowersOf(params double[] exponents) => xs => Plain.Elementwise(x => Math.Pow(x[0], x[1]))([.. xs, new(exponents, [exponents.Length])]);
}
