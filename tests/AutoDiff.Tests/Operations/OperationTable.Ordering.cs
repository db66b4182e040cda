namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Ordering =>
    [
        new("Sort", x => x.Sort().Values) { Shapes = "1 | 5 | 2x3 | 0", Reference = Plain.Along(row => [.. row.Order()], -1), Points = [new([[3, NaN, 1]], [1, 3, NaN], [[2, 3, 1]], [1, 2, 3]), new([[2, 2]], [2, 2], [[1, 2]], [1, 2])], Bad = [Throws<ArgumentException>(on => on().Sort(1).Values), Throws<ArgumentException>(on => on(2).Sort(1).Values)] },
        new("Sort: descending, axis 0", x => x.Sort(0, descending: true).Values) { Shapes = "5 | 3x2 | 2x2x2", Reference = Plain.Along(row => [.. row.OrderDescending()], 0), Points = [new([[3, NaN, 1]], [NaN, 3, 1], [[2, 1, 3]], [1, 2, 3]), new([[2, 2]], [2, 2], [[1, 2]], [1, 2])] },
        new("TopK", x => x.TopK(2).Values) { Shapes = "2 | 5 | 2x3", Reference = xs => Along(xs[0], row => [.. row.OrderDescending().Take(2)]), Points = [new([[3, 3, 1, 3]], [3, 3], [[1, 1, 0, 0]])], Bad = [Throws<ArgumentException>(on => on(2).TopK(3).Values), Throws<ArgumentException>(on => on(2).TopK(-1).Values), Throws<ArgumentException>(on => on().TopK(1, 1).Values), Throws<ArgumentException>(on => on().TopK(2).Values)] },
        new("TopK: smallest, axis 0", x => x.TopK(1, 0, largest: false).Values) { Shapes = "3x2 | 4", Reference = xs => xs[0].Shape.Length == 1 ? Along(xs[0], row => [row.Min()]) : Swapped(Along(Swapped(xs[0]), row => [row.Min()])) },
        new("MaxWithIndices", x => x.MaxWithIndices(-1).Values) { Shapes = "1 | 5 | 2x3 | 0x2", Reference = Plain.Reduce(Enumerable.Max, [-1]), Points = [new([[3, 5, 5]], [5], [[0, 1, 0]]), new([[3, NaN, NaN]], [NaN], [[0, 1, 0]])], Bad = [Throws<TensorShapeException>(on => on(2, 0).MaxWithIndices(1).Values), Throws<ArgumentException>(on => on(2).MaxWithIndices(1).Values)] },
        new("MinWithIndices", x => x.MinWithIndices(0, keepDims: true).Values) { Shapes = "5 | 2x3", Reference = Plain.Reduce(Enumerable.Min, [0], keep: true), Points = [new([[3, 1, 1]], [1], [[0, 1, 0]])], Bad = [Throws<TensorShapeException>(on => on(0, 2).MinWithIndices(0).Values)] },
        new("KthValue", x => x.KthValue(2)) { Shapes = "2 | 5 | 2x3", Reference = Plain.Reduce(row => row.Order().ElementAt(1), [-1]), Points = [new([[1, 2, 2, 3]], [2], [[0, 1, 0, 0]])], Bad = [Throws<ArgumentException>(on => on(2).KthValue(0)), Throws<ArgumentException>(on => on(2).KthValue(3))] },
        new("KthValue: axis kept", x => x.KthValue(1, 0, keepDims: true)) { Shapes = "2x3", Reference = Plain.Reduce(Enumerable.Min, [0], keep: true) },
        new("KthValueWithIndices", x => x.KthValueWithIndices(2).Values) { Shapes = "2 | 5 | 2x3", Reference = Plain.Reduce(row => row.Order().ElementAt(1), [-1]), Bad = [Throws<ArgumentException>(on => on(2).KthValueWithIndices(3).Values)] },
        new("ModeWithIndices", x => x.ModeWithIndices(0, keepDims: true).Values) { Shapes = "5 | 3x2", Reference = Plain.Reduce(Enumerable.Min, [0], keep: true), Bad = [Throws<TensorShapeException>(on => on(0, 2).ModeWithIndices(0).Values)] },
        new("MedianWithIndices", x => x.MedianWithIndices().Values) { Shapes = "4 | 5 | 2x3", Reference = Plain.Reduce(LowerMedian, [-1]), Points = [new([[4, 1, 3, 2]], [2], [[0, 0, 0, 1]]), new([[1, NaN, 3]], [NaN], [[0, 1, 0]])], Bad = [Throws<TensorShapeException>(on => on(2, 0).MedianWithIndices().Values), Throws<ArgumentException>(on => on(2).MedianWithIndices(1).Values)] },
        new("Mode", x => x.Mode()) { Shapes = "5 | 2x3", Reference = Plain.Reduce(Enumerable.Min, [-1]), Points = [new([[1, 2, 2, 3]], [2], [[0, 0, 1, 0]]), new([[3, 3, 1, 1]], [1], [[0, 0, 0, 1]])], Bad = [Throws<TensorShapeException>(on => on(2, 0).Mode())] },
        new("Median", x => x.Median()) { Shapes = "() | 4 | 5 | 2x3", Reference = Plain.Reduce(LowerMedian), Points = [new([[4, 1, 3, 2]], [2], [[0, 0, 0, 1]]), new([[2, 2, 2, 5]], [2], [[0, 1, 0, 0]]), new([[1, NaN, 3]], [NaN], [[0, 1, 0]])], Bad = [Throws<TensorShapeException>(on => on(0).Median())] },
        new("Median: axis kept", x => x.Median([0], keepDims: true)) { Shapes = "3x2 | 4", Reference = Plain.Reduce(LowerMedian, [0], keep: true), Bad = [Throws<ArgumentException>(on => on(2).Median(1))] },
        new("Median: last axis kept", x => x.Median(-1, keepDims: true)) { Shapes = "4 | 2x3", Reference = Plain.Reduce(LowerMedian, [-1], keep: true), Bad = [Throws<TensorShapeException>(on => on(2, 0).Median(1, keepDims: true))] },
        new("NanMedian", x => x.NanMedian()) { Shapes = "4 | 2x3", Reference = Plain.Reduce(LowerMedian), Points = [new([[NaN, 1, 3, 2]], [2], [[0, 0, 0, 1]]), new([[NaN]], [NaN], [[1]])], Bad = [Throws<TensorShapeException>(on => on(0).NanMedian())] },
        new("NanMedian: axes kept", x => x.NanMedian([0, 2], keepDims: true)) { Shapes = "2x3x2", Reference = Plain.Reduce(LowerMedian, [0, 2], keep: true) },
        new("NanMedian: last axis", x => x.NanMedian(-1)) { Shapes = "4 | 2x3", Reference = Plain.Reduce(LowerMedian, [-1]) },
        new("Quantile", x => x.Quantile(N(0.4))) { Shapes = "1 | 4 | 5 | 2x3", Reference = Plain.Reduce(row => Quantile(row, 0.4)), Points = [new([[1, 2, 4, 8]], [2.4], [[0, 0.8, 0.2, 0]]), new([[1, NaN]], [NaN], [[0, 1]]), new([[-Inf, 1, Inf]], [0.8 * -Inf], [[0.2, 0.8, 0]])], Bad = [Throws<ArgumentException>(on => on(2).Quantile(N(1.5))), Throws<ArgumentException>(on => on(2).Quantile(T.NaN)), Throws<TensorShapeException>(on => on(0).Quantile(N(0.5)))] },
        new("Quantile: lower", x => x.Quantile(N(0.4), [1], QuantileInterpolation.Lower)) { Shapes = "2x4", Reference = Plain.Reduce(row => row.Order().ElementAt(1), [1]) },
        new("Quantile: higher", x => x.Quantile(N(0.4), [1], QuantileInterpolation.Higher)) { Shapes = "2x4", Reference = Plain.Reduce(row => row.Order().ElementAt(2), [1]) },
        new("Quantile: nearest", x => x.Quantile(N(0.5), [1], QuantileInterpolation.Nearest)) { Shapes = "2x4 | 2x6", Reference = Plain.Reduce(row => row.Order().ElementAt(2), [1]) },
        new("Quantile: midpoint", x => x.Quantile(N(0.4), [1], QuantileInterpolation.Midpoint, keepDims: true)) { Shapes = "2x4", Reference = Plain.Reduce(row => (row.Order().ElementAt(1) + row.Order().ElementAt(2)) / 2, [1], keep: true) },
        new("Quantile: last axis kept", x => x.Quantile(N(0.4), -1, keepDims: true)) { Shapes = "4 | 2x3", Reference = Plain.Reduce(row => Quantile(row, 0.4), [-1], keep: true), Bad = [Throws<ArgumentException>(on => on(2).Quantile(N(0.5), 1))] },
        new("NanQuantile", x => x.NanQuantile(N(0.5))) { Shapes = "4 | 2x3", Reference = Plain.Reduce(row => Quantile(row, 0.5)), Points = [new([[NaN, 2, 1, 3]], [2], [[0, 1, 0, 0]]), new([[NaN, Inf, 1]], [Inf], [[0, 0.5, 0.5]]), new([[NaN, NaN]], [NaN], [[1, 0]])], Bad = [Throws<ArgumentException>(on => on(2).NanQuantile(N(-1)))] },
        new("NanQuantile: last axis", x => x.NanQuantile(N(0.4), -1)) { Shapes = "4 | 2x3", Reference = Plain.Reduce(row => Quantile(row, 0.4), [-1]) },
    ];

    private static double LowerMedian(double[] row) => row.Order().ElementAt((row.Length - 1) / 2);

    private static double Quantile(double[] row, double q)
    {
        double place = q * (row.Length - 1);
        double[] sorted = [.. row.Order()];
        int lower = (int)Math.Floor(place);
        return sorted[lower] + ((place - lower) * (sorted[Math.Min(lower + 1, row.Length - 1)] - sorted[lower]));
    }

    /// <summary>Rows along the last axis, of another length.</summary>
    private static Plain Along(Plain x, Func<double[], double[]> f)
    {
        double[][] rows = [.. Enumerable.Range(0, x.Shape[..^1].Aggregate(1, (a, b) => a * b)).Select(i => f(x.Values[(i * x.Shape[^1])..((i + 1) * x.Shape[^1])]))];
        return new([.. rows.SelectMany(row => row)], [.. x.Shape[..^1], rows[0].Length]);
    }
}
