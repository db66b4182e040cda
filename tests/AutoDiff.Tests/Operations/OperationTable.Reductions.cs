namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private const string Matrices = "2x3 | 3x1 | 1x4 | 2x3x2 | 0x2";

    private static OperationRow<T>[] Reductions =>
    [
        new("Sum", x => x.Sum()) { Exact = true, Reference = Plain.Reduce(Enumerable.Sum) },
        new("Sum: axis 1", x => x.Sum(1)) { Shapes = Matrices + " | 3x0", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [1]), Bad = [Throws<ArgumentException>(on => on(2).Sum(1)), Throws<ArgumentException>(on => on(2, 3).Sum(1, -1)), Throws<ArgumentException>(on => on().Sum(1))] },
        new("Sum: axis of a scalar", x => x.Sum(0) + x.Sum([-1], keepDims: true)) { Shapes = "()", Exact = true, Reference = xs => new([2 * xs[0].Values[0]], []) },
        new("Sum: axes 0 and 2", x => x.Sum(0, -1)) { Shapes = "2x3x4 | 1x3x1 | 2x0x3 | 0x3x2", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [0, 2]) },
        new("Sum: axes kept", x => x.Sum([1, 2], keepDims: true)) { Shapes = "2x3x2 | 2x1x2x2 | 2x0x3", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [1, 2], keep: true) },
        new("Sum: axis kept", x => x.Sum(-1, keepDims: true)) { Shapes = "3 | 2x3 | 2x0", Exact = true, Reference = Plain.Reduce(Enumerable.Sum, [-1], keep: true) },
        new("Mean", x => x.Mean()) { Shapes = "() | 1 | 5 | 2x3", Exact = true, Reference = Plain.Reduce(Enumerable.Average) },
        new("Mean: axis 0", x => x.Mean(0)) { Shapes = "3 | 2x3 | 4x1 | 2x0", Exact = true, Reference = Plain.Reduce(Enumerable.Average, [0]), Bad = [Throws<ArgumentException>(on => on(2).Mean(1))] },
        new("Mean: axis kept", x => x.Mean([-1], keepDims: true)) { Shapes = Matrices, Exact = true, Reference = Plain.Reduce(Enumerable.Average, [-1], keep: true) },
        new("Mean: last axis kept", x => x.Mean(-1, keepDims: true)) { Shapes = Matrices, Exact = true, Reference = Plain.Reduce(Enumerable.Average, [-1], keep: true) },
        new("Max", x => x.Max()) { Shapes = "() | 1 | 5 | 2x3", Reference = Plain.Reduce(Enumerable.Max), Points = [new([[3, 1, 3]], [3], [[0.5, 0, 0.5]]), new([[Inf, 1]], [Inf], [[1, 0]]), new([[-Inf, -Inf]], [-Inf], [[0.5, 0.5]])], Bad = [Throws<TensorShapeException>(on => on(0).Max()), Throws<TensorShapeException>(on => on(2, 0).Max())] },
        new("Max: axis 1", x => x.Max(1)) { Shapes = Matrices, Reference = Plain.Reduce(Enumerable.Max, [1]), Bad = [Throws<TensorShapeException>(on => on(2, 0).Max(1)), Throws<ArgumentException>(on => on(2).Max(1))] },
        new("Max: axes kept", x => x.Max([0, -1], keepDims: true)) { Shapes = "2x3x2 | 3x4", Reference = Plain.Reduce(Enumerable.Max, [0, -1], keep: true) },
        new("Max: axis kept", x => x.Max(0, keepDims: true)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(Enumerable.Max, [0], keep: true), Bad = [Throws<TensorShapeException>(on => on(0, 2).Max(0, keepDims: true))] },
        new("Min", x => x.Min()) { Shapes = "() | 1 | 5 | 2x3", Reference = Plain.Reduce(Enumerable.Min), Points = [new([[3, 1, 1]], [1], [[0, 0.5, 0.5]])], Bad = [Throws<TensorShapeException>(on => on(0).Min())] },
        new("Min: axis 0", x => x.Min(0)) { Shapes = "3 | 2x3 | 1x2 | 2x0", Reference = Plain.Reduce(Enumerable.Min, [0]), Bad = [Throws<ArgumentException>(on => on(2).Min(1))] },
        new("Min: axes kept", x => x.Min([0, -1], keepDims: true)) { Shapes = "2x3x2 | 3x4", Reference = Plain.Reduce(Enumerable.Min, [0, -1], keep: true) },
        new("Min: axis kept", x => x.Min(0, keepDims: true)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(Enumerable.Min, [0], keep: true) },
        new("Prod", x => x.Prod())
        {
            Shapes = "() | 1 | 2 | 3 | 5 | 7 | 2x3 | 0",
            Reference = Plain.Reduce(Product),
            Points = [new([[0, 2, 3]], [0], [[6, 0, 0]]), new([[0, 2, 0]], [0], [[0, 0, 0]]), new([[1e200, 1e200, 1e-200, 1e-200]], [1], [[1e-200, 1e-200, 1e200, 1e200]])],
        },
        new("Prod: axis 1", x => x.Prod(1)) { Shapes = Matrices + " | 2x0", Reference = Plain.Reduce(Product, [1]), Bad = [Throws<ArgumentException>(on => on(2).Prod(1))] },
        new("Prod: axes kept", x => x.Prod([0, 2], keepDims: true)) { Shapes = "2x3x2 | 1x2x3", Reference = Plain.Reduce(Product, [0, 2], keep: true) },
        new("Prod: axis kept", x => x.Prod(-1, keepDims: true)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(Product, [-1], keep: true) },
        new("Norm", x => x.Norm())
        {
            Shapes = "() | 1 | 5 | 2x3 | 1030", Avoid = [0], Reference = Plain.Reduce(row => Math.Sqrt(row.Sum(x => x * x))), Composed = x => x[0].Square().Sum().Sqrt(),
            Points = [new([[0, 0]], [0], [[0, 0]]), new([[3, -4]], [5], [[0.6, -0.8]]), new([[3e200, 4e200]], [5e200], [[0.6, 0.8]]), new([[3e-200, 4e-200]], [5e-200], [[0.6, 0.8]]), new([[]], [0], [[]]),
                new([[Inf, 0]], [Inf], [[1, 0]]), new([[2, -Inf, Inf]], [Inf], [[0, -Math.Sqrt(0.5), Math.Sqrt(0.5)]]), new([[1.5e308, -1.5e308]], [Inf], [[Math.Sqrt(0.5), -Math.Sqrt(0.5)]]),
                new([[30 * double.Epsilon, -40 * double.Epsilon]], [50 * double.Epsilon], [[0.6, -0.8]])],
        },
        new("Norm: 2, axis 1, kept", x => x.Norm(N(2), [1], keepDims: true)) { Shapes = "2x3 | 3x1 | 0x2", Avoid = [0], Reference = Plain.Reduce(row => Math.Sqrt(row.Sum(x => x * x)), [1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).Norm(N(2), 1))] },
        new("Norm: 1, axis 0", x => x.Norm(N(1), 0)) { Shapes = "3 | 2x3", Avoid = [0], Reference = Plain.Reduce(row => row.Sum(Math.Abs), [0]), Points = [new([[0, -2]], [2], [[0, -1]])] },
        new("Norm: 3, axis 1", x => x.Norm(N(3), 1)) { Shapes = "2x3 | 3x1 | 0x2", Avoid = [0], Reference = Plain.Reduce(row => Math.Cbrt(row.Sum(x => Math.Pow(Math.Abs(x), 3))), [1]), Composed = x => x[0].Abs().Pow(N(3)).Sum(1).Pow(N(1 / 3.0)), Points = [] },
        new("Norm: 2, last axis kept", x => x.Norm(N(2), -1, keepDims: true)) { Shapes = "2x3 | 3x1", Avoid = [0], Reference = Plain.Reduce(row => Math.Sqrt(row.Sum(x => x * x)), [-1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).Norm(N(2), 1, keepDims: true))] },
        new("Norm: 3", x => x.Norm(N(3), [])) { Shapes = "3 | 2x2", Avoid = [0], Reference = Plain.Reduce(row => Math.Cbrt(row.Sum(x => Math.Pow(Math.Abs(x), 3)))), Points = [new([[Inf, 0]], [Inf], [[1, 0]]), new([[-Inf, 3, Inf]], [Inf], [[-Math.Pow(2, -2 / 3.0), 0, Math.Pow(2, -2 / 3.0)]]), new([[1.5e308, 1.5e308]], [Inf], [[Math.Pow(2, -2 / 3.0), Math.Pow(2, -2 / 3.0)]])] },
        new("Norm: 1.5", x => x.Norm(N(1.5), [])) { Shapes = "3 | 2x2", Avoid = [0], Reference = Plain.Reduce(row => Math.Pow(row.Sum(x => Math.Pow(Math.Abs(x), 1.5)), 1 / 1.5)), Points = [new([[0, 0]], [0], [[0, 0]]), new([[0, -2]], [2], [[0, -1]])] },
        new("Norm: infinity", x => x.Norm(T.PositiveInfinity, [])) { Shapes = "3 | 2x2", Avoid = [0], Reference = Plain.Reduce(row => row.Max(Math.Abs)), Points = [new([[2, -2, 1]], [2], [[0.5, -0.5, 0]]), new([[0, 0]], [0], [[0, 0]])] },
        new("Norm: 0", x => x.Norm(N(0), [])) { Shapes = "3 | 2x2", Avoid = [0], Reference = Plain.Reduce(row => row.Count(x => x != 0)), Points = [new([[0, -2]], [1], [[0, 0]])] },
        new("LogSumExp", x => x.LogSumExp())
        {
            Shapes = "() | 1 | 5 | 2x3", Reference = Plain.Reduce(row => Math.Log(row.Sum(Math.Exp))), Composed = x => x[0].Exp().Sum().Log(),
            Points = [new([[1000, 1000]], [1000.6931471805599], [[0.5, 0.5]]), new([[-Inf, 0]], [0], [[0, 1]]), new([[-Inf, -Inf]], [-Inf], [[0, 0]]), new([[Inf, 0]], [Inf], [[1, 0]]), new([[Inf, -Inf, Inf, 3]], [Inf], [[0.5, 0, 0.5, 0]])],
        },
        new("LogSumExp: axis 1", x => x.LogSumExp(1)) { Shapes = Matrices, Reference = Plain.Reduce(row => Math.Log(row.Sum(Math.Exp)), [1]), Bad = [Throws<ArgumentException>(on => on(2).LogSumExp(1))] },
        new("LogSumExp: axes kept", x => x.LogSumExp([0, 2], keepDims: true)) { Shapes = "2x3x2 | 1x2x3", Reference = Plain.Reduce(row => Math.Log(row.Sum(Math.Exp)), [0, 2], keep: true) },
        new("LogSumExp: axis kept", x => x.LogSumExp(-1, keepDims: true)) { Shapes = "3 | 2x3", Reference = Plain.Reduce(row => Math.Log(row.Sum(Math.Exp)), [-1], keep: true) },
        new("Softmax", x => x.Softmax()) { Shapes = "1 | 5 | 2x3 | 0 | 2x3x2", Reference = Plain.Along(Softmax, -1), Composed = x => x[0].Exp() / x[0].Exp().Sum([-1], keepDims: true) },
        new("Softmax: all axes", x => x.Softmax([])) { Shapes = "() | 1 | 5 | 2x3 | 0", Reference = Plain.Along(Softmax), Composed = x => x[0].Exp() / x[0].Exp().Sum(), Points = [new([[-Inf, 0]], [0, 1], [[0, 0]]), new([[1000, 1000]], [0.5, 0.5], [[0.25, -0.25]], [1, 0]), new([[Inf, 0, Inf]], [0.5, 0, 0.5], [[-0.5, 0, 0.5]], [1, 2, 3])] },
        new("Softmax: axis 1", x => x.Softmax(1)) { Shapes = Matrices, Reference = Plain.Along(Softmax, 1), Bad = [Throws<ArgumentException>(on => on(2).Softmax(1))] },
        new("Softmax: axes 0 and 2", x => x.Softmax(0, -1)) { Shapes = "2x3x2 | 1x2x3", Reference = Plain.Along(Softmax, 0, 2) },
        new("LogSoftmax", x => x.LogSoftmax()) { Shapes = "1 | 5 | 2x3 | 0 | 2x3x2", Reference = Plain.Along(row => Array.ConvertAll(Softmax(row), Math.Log), -1), Composed = x => x[0] - x[0].LogSumExp([-1], keepDims: true) },
        new("LogSoftmax: all axes", x => x.LogSoftmax([])) { Shapes = "() | 1 | 5 | 2x3 | 0", Reference = Plain.Along(row => Array.ConvertAll(Softmax(row), Math.Log)), Composed = x => x[0] - x[0].LogSumExp(), Points = [new([[0, -1000]], [0, -1000], [[-1, 1]]), new([[1000, 0]], [0, -1000], [[1, -1]], [0, -1]), new([[Inf, 0]], [0, -Inf], [[-2, 2]], [1, 2])] },
        new("LogSoftmax: axis 0", x => x.LogSoftmax(0)) { Shapes = "3 | 2x3 | 2x3x2 | 1x2", Reference = Plain.Along(row => Array.ConvertAll(Softmax(row), Math.Log), 0), Bad = [Throws<ArgumentException>(on => on(2).LogSoftmax(1))] },
    ];


    private static double[] Softmax(double[] row) => Array.ConvertAll(row, x => Math.Exp(x) / row.Sum(Math.Exp));
}
