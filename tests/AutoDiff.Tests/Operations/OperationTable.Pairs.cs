namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Pairs =>
    [
        new("Hypot", (x, y) => x.Hypot(y), (x, y) => Math.Sqrt((x * x) + (y * y)))
        {
            Avoid = [0], Tolerance = 10, Points = [(0, 0, 0, 0, 0), (3e200, 4e200, 5e200, 0.6, 0.8), (3, 4, 5, 0.6, 0.8), (0, 2, 2, 0, 1), (Inf, 1, Inf, 1, 0)], Bad = BadPair((x, y) => x.Hypot(y)),
        },
        new("Atan2", (y, x) => y.Atan2(x), Math.Atan2)
        {
            Domains = [(-2, 2), (0.4, 2)],
            Points = [(0, 0, 0, 0, 0), (0, -1, Math.PI, -1, 0), (-0.0, -1, -Math.PI, -1, 0), (1, 0, Math.PI / 2, 0, -1), (1e-200, 1e-200, Math.PI / 4, 5e199, -5e199), (Inf, 1, Math.PI / 2, 0, 0)],
            Bad = BadPair((x, y) => x.Atan2(y)),
        },
        new("Remainder", (x, y) => x.Remainder(y), (x, y) => x - (y * Math.Floor(x / y)))
        {
            Domains = [(-0.9, -0.1), (1, 2)], Points = [(-7, 3, 2, 1, 3), (7, -3, -2, 1, 3), (-7.5, 2, 0.5, 1, 4), (6, 3, 0, 1, -2)], Bad = BadPair((x, y) => x.Remainder(y)),
        },
        new("Fmod", (x, y) => x.Fmod(y), (x, y) => x % y) { Domains = [(2.2, 2.9), (1.5, 2.1)], Points = [(-7, 3, -1, 1, 2), (7, -3, 1, 1, 2), (6, 3, 0, 1, -2)], Bad = BadPair((x, y) => x.Fmod(y)) },
        new("FloorDivide", (x, y) => x.FloorDivide(y), (x, y) => Math.Floor(x / y))
        {
            Domains = [(2.2, 2.9), (1.5, 2.1)], Points = [(-7, 3, -3, 0, 0), (7, -3, -3, 0, 0), (6, 3, 2, 0, 0), (1, 0.1, 9, 0, 0), (1, 0, Inf, 0, 0)], Bad = BadPair((x, y) => x.FloorDivide(y)),
        },
        new("CopySign", (x, y) => x.CopySign(y), Math.CopySign) { Avoid = [0], Points = [(0, 1, 0, 0, 0), (2, -0.0, -2, -1, 0), (-2, -3, -2, 1, 0)], Bad = BadPair((x, y) => x.CopySign(y)) },
        new("Ldexp", (x, y) => x.Ldexp(y), (x, y) => x * Math.Pow(2, y)) { Points = [(3, 4, 48, 16, 33.27106466687737), (1e-300, 1030, 11505236063.118822, Inf, 7974821938.8274165), (0, 1, 0, 2, 0)], Bad = BadPair((x, y) => x.Ldexp(y)) },
        new("LogAddExp", (x, y) => x.LogAddExp(y), (x, y) => Math.Log(Math.Exp(x) + Math.Exp(y)))
        {
            Points = [(1000, 0, 1000, 1, 0), (-1000, -1000, -999.3068528194401, 0.5, 0.5), (-Inf, -Inf, -Inf, 0, 0), (Inf, 1, Inf, 1, 0), (Inf, Inf, Inf, 0.5, 0.5), (-Inf, 2, 2, 0, 1)], Bad = BadPair((x, y) => x.LogAddExp(y)),
        },
        new("LogAddExp2", (x, y) => x.LogAddExp2(y), (x, y) => Math.Log2(Math.Pow(2, x) + Math.Pow(2, y))) { Points = [(1, 1, 2, 0.5, 0.5), (-Inf, -Inf, -Inf, 0, 0), (Inf, Inf, Inf, 0.5, 0.5), (2000, 0, 2000, 1, 0)], Bad = BadPair((x, y) => x.LogAddExp2(y)) },
        new("LogSubExp", (x, y) => x.LogSubExp(y), (x, y) => Math.Log(Math.Exp(x) - Math.Exp(y))) { Domains = [(1, 2), (-1, 0.5)], Tolerance = 10, Points = [(1000, -Inf, 1000, 1, 0), (1, 1, -Inf, Inf, -Inf)], Bad = BadPair((x, y) => x.LogSubExp(y)) },
        new("XLogY", (x, y) => x.XLogY(y), (x, y) => x * Math.Log(y)) { Domains = [(-2, 2), (0.4, 3)], Points = [(0, 0, 0, 0, NaN), (2, 3, 2.1972245773362196, 1.0986122886681098, 2 / 3.0), (0, 2, 0, 0.6931471805599453, 0), (0, NaN, NaN, NaN, NaN)], Bad = BadPair((x, y) => x.XLogY(y)) },
        new("XLog1pY", (x, y) => x.XLog1pY(y), (x, y) => x * Math.Log(1 + y)) { Domains = [(-2, 2), (-0.6, 2)], Points = [(0, -1, 0, 0, NaN), (2, 2, 2.1972245773362196, 1.0986122886681098, 2 / 3.0)], Bad = BadPair((x, y) => x.XLog1pY(y)) },
        new("RelativeEntropy", (x, y) => x.RelativeEntropy(y), (x, y) => x * Math.Log(x / y)) { Domain = (0.3, 2), Points = [(0, 1, 0, -Inf, 0), (1, 1, 0, 1, -1), (1, 0, Inf, Inf, -Inf)], Bad = BadPair((x, y) => x.RelativeEntropy(y)) },
        new("FMax", (x, y) => x.FMax(y), Math.Max) { Shapes = "() () | 3 3 | 2x3 3 | 2x1 1x3 | 2x1x2 3x1 | 0 1", Points = [(NaN, 1, 1, 0, 1), (1, NaN, 1, 1, 0), (2, 2, 2, 1, 0)], Bad = BadPair((x, y) => x.FMax(y)) },
        new("FMin", (x, y) => x.FMin(y), Math.Min) { Shapes = "() () | 3 3 | 2x3 3 | 2x1 1x3 | 2x1x2 3x1 | 0 1", Points = [(NaN, 1, 1, 0, 1), (1, NaN, 1, 1, 0), (2, 2, 2, 1, 0)], Bad = BadPair((x, y) => x.FMin(y)) },
        new("Clamp: tensors", (x, low, high) => x.Clamp(low, high), (x, low, high) => Math.Min(Math.Max(x, low), high))
        {
            Points =
            [
                new([[-1, 0.5, 2], [0, 0, 0], [1, 1, 1]], [0, 0.5, 1], [[0, 2, 0], [1, 0, 0], [0, 0, 3]], [1, 2, 3]),
                new([[0, 1, 5], [0, 0, 3], [1, 1, 1]], [0, 1, 1], [[0.5, 0.5, 0], [0.5, 0, 0], [0, 0.5, 1]]),
            ],
            Bad = [Throws<TensorShapeException>(on => on(2).Clamp(on(3), on(2))), Throws<TensorShapeException>(on => on(2).Clamp(on(2), on(3))), Throws<ArgumentNullException>(on => on(2).Clamp((Tensor<T>?)null, null))],
        },
        new("Clamp: lower tensor", (x, low) => x.Clamp(low, null), Math.Max) { Points = [(1, 1, 1, 0.5, 0.5)] },
        new("Clamp: upper tensor", (x, high) => x.Clamp(null, high), Math.Min) { Points = [(1, 1, 1, 0.5, 0.5)] },
        new("Lerp: number", (x, y) => x.Lerp(y, N(0.25)), (x, y) => (0.75 * x) + (0.25 * y)) { Exact = true, Bad = BadPair((x, y) => x.Lerp(y, N(0.25))) },
        new("Lerp", (x, y, w) => x.Lerp(y, w), (x, y, w) => ((1 - w) * x) + (w * y)) { Exact = true, Bad = [Throws<TensorShapeException>(on => on(2).Lerp(on(2), on(3))), Throws<ArgumentNullException>(on => on(2).Lerp(on(2), null!))] },
        new("AddProduct", (x, a, b) => x.AddProduct(a, b, N(1.5)), (x, a, b) => x + (1.5 * a * b)) { Exact = true, Bad = [Throws<TensorShapeException>(on => on(2).AddProduct(on(2), on(3), N(1)))] },
        new("AddQuotient", (x, a, b) => x.AddQuotient(a, b, N(1.5)), (x, a, b) => x + (1.5 * a / b)) { Domains = [(-2, 2), (-2, 2), (0.4, 3)], Bad = [Throws<TensorShapeException>(on => on(2).AddQuotient(on(2), on(3), N(1)))] },
        new("FusedMultiplyAdd", (x, y, z) => x.FusedMultiplyAdd(y, z), Math.FusedMultiplyAdd) { Exact = true, Bad = [Throws<TensorShapeException>(on => on(2).FusedMultiplyAdd(on(2), on(3)))] },
        new("BitwiseAnd", (x, y) => (x > N(0)) & (y > N(0)), (x, y) => x > 0 && y > 0 ? 1 : 0) { Constant = true, Avoid = [0], Bad = BadPair((x, y) => x & y) },
        new("BitwiseOr", (x, y) => (x > N(0)) | (y > N(0)), (x, y) => x > 0 || y > 0 ? 1 : 0) { Constant = true, Avoid = [0], Bad = BadPair((x, y) => x | y) },
        new("ExclusiveOr", (x, y) => (x > N(0)) ^ (y > N(0)), (x, y) => x > 0 != y > 0 ? 1 : 0) { Constant = true, Avoid = [0], Bad = BadPair((x, y) => x ^ y) },
        new("MaskedFill", (x, y) => x.MaskedFill(V(1, 0, 2), y)) { Shapes = "3 () | 2x3 3 | () 1", Exact = true, Reference = xs => Plain.Elementwise(x => x[2] != 0 ? x[1] : x[0])([.. xs, new([1, 0, 2], [3])]), Bad = [Throws<TensorShapeException>(on => on(2).MaskedFill(V(1, 0, 2), on(2)))] },
        new("MaskedFill: number", x => x.Log().MaskedFill(V(0, 1, 0), N(7))) { Shapes = "3 | 2x3", Domain = (0.3, 2), Avoid = [1], Reference = xs => Plain.Elementwise(x => x[1] != 0 ? 7 : Math.Log(x[0]))([.. xs, new([0, 1, 0], [3])]), Points = [new([[1, 0, 2]], [0, 7, 0.6931471805599453], [[1, 0, 0.5]])] },
    ];
}
