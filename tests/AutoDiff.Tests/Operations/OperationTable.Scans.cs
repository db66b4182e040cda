namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Scans =>
    [
        new("CumSum", x => x.CumSum(-1)) { Shapes = "1 | 5 | 2x3 | 0 | 2x0", Exact = true, Reference = Plain.Along(row => Scan(row, (y, x) => y + x), -1), Bad = [Throws<ArgumentException>(on => on().CumSum(1)), Throws<ArgumentException>(on => on(2).CumSum(1))] },
        new("CumSum: reverse, axis 0", x => x.CumSum(0, reverse: true)) { Shapes = "5 | 3x2 | 2x3x2", Exact = true, Reference = Plain.Along(row => Reversed(row, (y, x) => y + x), 0) },
        new("CumSum: axis of a scalar", x => x.CumSum(0) + x.CumProd(-1) + x.CumMax(0) + x.CumMin(-1) + x.LogCumSumExp(0) + x.Sort().Values + x.TopK(1, 0).Values + x.Roll(3, -1))
        {
            Shapes = "()", Reference = xs => new([8 * xs[0].Values[0]], []),
        },
        new("CumProd", x => x.CumProd(-1))
        {
            Shapes = "1 | 5 | 2x3 | 0 | 2x0", Reference = Plain.Along(row => Scan(row, (y, x) => y * x), -1), Bad = [Throws<ArgumentException>(on => on().CumProd(1))],
            Points = [new([[0, 2, 3]], [0, 0, 0], [[9, 0, 0]]), new([[2, 0, 3, 4]], [2, 0, 0, 0], [[1, 32, 0, 0]]), new([[2, 3, 0]], [2, 6, 0], [[4, 2, 6]]), new([[0, 0]], [0, 0], [[1, 0]]), new([[Inf, 2]], [Inf, Inf], [[3, Inf]])],
        },
        new("CumProd: reverse, axis 0", x => x.CumProd(0, reverse: true)) { Shapes = "4 | 3x2", Reference = Plain.Along(row => Reversed(row, (y, x) => y * x), 0), Points = [new([[3, 2, 0]], [0, 0, 0], [[0, 0, 9]])] },
        new("CumMax", x => x.CumMax(-1)) { Shapes = "1 | 5 | 2x3 | 0", Reference = Plain.Along(row => Scan(row, Math.Max), -1), Points = [new([[2, 2, 1]], [2, 2, 2], [[1, 5, 0]], [1, 2, 3]), new([[2, NaN, 3]], [2, NaN, NaN], [[1, 5, 0]], [1, 2, 3])], Bad = [Throws<ArgumentException>(on => on().CumMax(1))] },
        new("CumMin", x => x.CumMin(0)) { Shapes = "5 | 3x2", Reference = Plain.Along(row => Scan(row, Math.Min), 0), Points = [new([[2, NaN, 1]], [2, NaN, NaN], [[1, 5, 0]], [1, 2, 3])], Bad = [Throws<ArgumentException>(on => on().CumMin(1))] },
        new("CumMaxWithIndices", x => x.CumMaxWithIndices(-1).Values) { Shapes = "1 | 5 | 2x3 | 0", Reference = Plain.Along(row => Scan(row, Math.Max), -1), Bad = [Throws<ArgumentException>(on => on(2).CumMaxWithIndices(1).Values)] },
        new("CumMinWithIndices", x => x.CumMinWithIndices(0).Values) { Shapes = "5 | 3x2", Reference = Plain.Along(row => Scan(row, Math.Min), 0), Bad = [Throws<ArgumentException>(on => on(2).CumMinWithIndices(1).Values)] },
        new("LogCumSumExp", x => x.LogCumSumExp(-1))
        {
            Shapes = "1 | 5 | 2x3 | 0", Reference = Plain.Along(row => Scan(row, LogAdd), -1), Composed = x => x[0].Exp().CumSum(-1).Log(), Bad = [Throws<ArgumentException>(on => on().LogCumSumExp(1))],
            Points = [new([[0, Inf, 1]], [0, Inf, Inf], [[1, 2, 0]]), new([[Inf, Inf]], [Inf, Inf], [[1.5, 0.5]]), new([[-Inf, -Inf, 0, 0]], [-Inf, -Inf, 0, Math.Log(2)], [[0, 0, 1.5, 0.5]]), new([[1000, 1000]], [1000, 1000 + Math.Log(2)], [[1.5, 0.5]]), new([[0, -50]], [0, 1.9287498479639178e-22], [[2, 1.9287498479639178e-22]]), new([[-900, -900]], [-900, Math.Log(2) - 900], [[1.5, 0.5]])],
        },
        new("LogCumSumExp: reverse, axis 0", x => x.LogCumSumExp(0, reverse: true)) { Shapes = "4 | 3x2", Reference = Plain.Along(row => Reversed(row, LogAdd), 0) },
        new("LinearRecurrence", (a, b) => Tensor.LinearRecurrence(a, b)) { Shapes = "1 1 | 4 4 | 2x3 3 | () 4 | 0 0", Reference = xs => Recurrence(xs, false), Bad = [Throws<TensorShapeException>(on => Tensor.LinearRecurrence(on(2), on(3))), Throws<ArgumentNullException>(on => Tensor.LinearRecurrence(on(2), null!)), Throws<ArgumentException>(on => Tensor.LinearRecurrence(on(2), on(2), 1))], Points = [new([[Inf, 2], [1, 1]], [1, 3], [[0, 1], [3, 1]])] },
        new("LinearRecurrence: reverse, axis 0", (a, b) => Tensor.LinearRecurrence(a, b, 0, reverse: true)) { Shapes = "4 4 | 3x2 3x2", Reference = xs => xs[0].Shape.Length == 1 ? Recurrence(xs, true) : Swapped(Recurrence([Swapped(xs[0]), Swapped(xs[1])], true)) },
        new("AssociativeScan", x => Tensor.AssociativeScan(x, (a, b) => a * b + a + b, -1)) { Shapes = "1 | 5 | 2x3 | 0", Reference = Plain.Along(row => Scan(row, (y, x) => (y * x) + y + x), -1), Bad = [Throws<ArgumentNullException>(on => Tensor.AssociativeScan(on(2), null!))] },
        new("Diff", x => x.Diff()) { Shapes = "1 | 4 | 2x3", Exact = true, Reference = xs => Along(xs[0], Differences), Bad = [Throws<ArgumentException>(on => on().Diff()), Throws<ArgumentException>(on => on(2).Diff(order: 3)), Throws<ArgumentException>(on => on(2).Diff(order: -1))] },
        new("Diff: twice, axis 0", x => x.Diff(0, 2)) { Shapes = "4 | 3x2", Exact = true, Reference = xs => xs[0].Shape.Length == 1 ? Along(xs[0], row => Differences(Differences(row))) : Swapped(Along(Swapped(xs[0]), row => Differences(Differences(row)))) },
        new("FiniteDifferences", x => x.FiniteDifferences()) { Shapes = "2 | 5 | 2x3", Exact = true, Reference = xs => Along(xs[0], row => Slopes(row, Steps(row.Length, 1))), Bad = [Throws<TensorShapeException>(on => on(1).FiniteDifferences()), Throws<ArgumentException>(on => on().FiniteDifferences())] },
        new("FiniteDifferences: spacing", x => x.FiniteDifferences(N(0.5), 0)) { Shapes = "3 | 4x2", Exact = true, Reference = xs => Plain.Along(row => Slopes(row, Steps(row.Length, 0.5)), 0)(xs) },
        new("FiniteDifferences: points", (x, t) => x.FiniteDifferences(t)) { Shapes = "2 2 | 5 5 | 2x3 3", Prepare = x => new([.. x.Values.Select((value, i) => value + (5 * i))], x.Shape), Reference = xs => Along(xs[0], row => Slopes(row, xs[1].Values)), Bad = [Throws<TensorShapeException>(on => on(3).FiniteDifferences(on(2))), Throws<ArgumentNullException>(on => on(3).FiniteDifferences((Tensor<T>)null!))] },
        new("FiniteDifferences: second order at the ends", x => x.FiniteDifferences(edgeOrder: 2)) { Shapes = "3 | 5 | 2x3", Exact = true, Reference = xs => Along(xs[0], row => OfParabolas(row, Steps(row.Length, 1))), Bad = [Throws<TensorShapeException>(on => on(2).FiniteDifferences(edgeOrder: 2)), Throws<ArgumentException>(on => on(3).FiniteDifferences(edgeOrder: 3))] },
        new("FiniteDifferences: spacing, second order at the ends", x => x.FiniteDifferences(N(0.5), 0, 2)) { Shapes = "3 | 4x2", Exact = true, Reference = xs => Plain.Along(row => OfParabolas(row, Steps(row.Length, 0.5)), 0)(xs) },
        new("FiniteDifferences: points, second order at the ends", (x, t) => x.FiniteDifferences(t, 0, edgeOrder: 2)) { Shapes = "3 3 | 5 5 | 3x2 3", Prepare = x => new([.. x.Values.Select((value, i) => value + (5 * i))], x.Shape), Reference = xs => Plain.Along(row => OfParabolas(row, xs[1].Values), 0)([xs[0]]) },
        new("Trapezoid", x => x.Trapezoid()) { Shapes = "1 | 5 | 2x3 | 0", Exact = true, Reference = Plain.Reduce(row => Areas(row, Steps(row.Length, 1)).Sum(), [-1]), Bad = [Throws<ArgumentException>(on => on().Trapezoid())] },
        new("Trapezoid: spacing", x => x.Trapezoid(N(0.5), 0)) { Shapes = "3 | 4x2", Exact = true, Reference = Plain.Reduce(row => Areas(row, Steps(row.Length, 0.5)).Sum(), [0]) },
        new("Trapezoid: points", (x, t) => x.Trapezoid(t)) { Shapes = "3 3 | 2x4 4 | 1 1", Exact = true, Reference = xs => Plain.Reduce(row => Areas(row, xs[1].Values).Sum(), [-1])([xs[0]]), Bad = [Throws<TensorShapeException>(on => on(3).Trapezoid(on(2))), Throws<ArgumentNullException>(on => on(3).Trapezoid((Tensor<T>)null!))] },
        new("CumulativeTrapezoid", x => x.CumulativeTrapezoid()) { Shapes = "1 | 5 | 2x3", Exact = true, Reference = xs => Along(xs[0], row => Scan(Areas(row, Steps(row.Length, 1)), (y, x) => y + x)), Bad = [Throws<ArgumentException>(on => on().CumulativeTrapezoid())] },
        new("CumulativeTrapezoid: spacing", x => x.CumulativeTrapezoid(N(2))) { Shapes = "5 | 2x3", Exact = true, Reference = xs => Along(xs[0], row => Scan(Areas(row, Steps(row.Length, 2)), (y, x) => y + x)) },
        new("CumulativeTrapezoid: points", (x, t) => x.CumulativeTrapezoid(t)) { Shapes = "3 3 | 2x4 4 | 2x4 1x4", Exact = true, Reference = xs => Along(xs[0], row => Scan(Areas(row, xs[1].Values), (y, x) => y + x)), Bad = [Throws<TensorShapeException>(on => on(3).CumulativeTrapezoid(on(2)))] },
    ];

    private static double[] Scan(double[] row, Func<double, double, double> f)
    {
        double[] y = [.. row];
        for (int i = 1; i < y.Length; i++)
        {
            y[i] = f(y[i - 1], y[i]);
        }

        return y;
    }

    private static double[] Reversed(double[] row, Func<double, double, double> f) => [.. Scan([.. row.AsEnumerable().Reverse()], f).AsEnumerable().Reverse()];

    private static double LogAdd(double x, double y) => Math.Log(Math.Exp(x) + Math.Exp(y));

    private static Plain Recurrence(Plain[] xs, bool reverse)
    {
        Plain a = Plain.Elementwise(x => x[0] + (0 * x[1]))(xs);
        Plain b = Plain.Elementwise(x => x[1] + (0 * x[0]))(xs);
        int n = a.Shape[^1];
        var y = new double[a.Length];
        for (int k = 0; k < y.Length; k++)
        {
            int t = (k / n * n) + (reverse ? n - 1 - (k % n) : k % n);
            y[t] = k % n == 0 ? b.Values[t] : (a.Values[t] * y[reverse ? t + 1 : t - 1]) + b.Values[t];
        }

        return new(y, a.Shape);
    }

    private static double[] Steps(int n, double spacing) => [.. Enumerable.Range(0, n).Select(i => i * spacing)];

    private static double[] Differences(double[] x) => [.. x.Skip(1).Zip(x, (after, before) => after - before)];

    private static double[] Areas(double[] y, double[] x) => [.. Enumerable.Range(0, Math.Max(0, y.Length - 1)).Select(i => (y[i] + y[i + 1]) / 2 * (x[i + 1] - x[i]))];

    /// <summary>The slopes of the parabolas through three points, by Lagrange's polynomials: the middle one, at the ends the first and the last.</summary>
    private static double[] OfParabolas(double[] y, double[] x) => [.. Enumerable.Range(0, y.Length).Select(i =>
    {
        int first = Math.Clamp(i - 1, 0, y.Length - 3);
        double slope = 0;
        for (int k = first; k < first + 3; k++)
        {
            double[] others = [.. Enumerable.Range(first, 3).Where(j => j != k).Select(j => x[j])];
            slope += y[k] * ((2 * x[i]) - others[0] - others[1]) / ((x[k] - others[0]) * (x[k] - others[1]));
        }

        return slope;
    })];

    private static double[] Slopes(double[] y, double[] x)
    {
        double Slope(int i) => (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        return [.. Enumerable.Range(0, y.Length).Select(i => i == 0 ? Slope(0) : i == y.Length - 1 ? Slope(i - 1)
            : ((Slope(i - 1) * (x[i + 1] - x[i])) + (Slope(i) * (x[i] - x[i - 1]))) / (x[i + 1] - x[i - 1]))];
    }
}
