namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Resampling =>
    [
        new("Interpolate", x => x.Interpolate([7, 5])) { Shapes = "1x2x3x4 | 2x3 | 4x8", Exact = true, Reference = PlainWindows.Separable([7, 5], (i, n, m) => OneAt(n, i * n / m)), Bad = [Throws<TensorShapeException>(on => on(3).Interpolate([2, 2])), Throws<TensorShapeException>(on => on(1, 0).Interpolate([2])), Throws<ArgumentException>(on => on(1, 2).Interpolate([0])), Throws<ArgumentException>(on => on(1, 2).Interpolate(ReadOnlySpan<int>.Empty)), Throws<ArgumentException>(on => on(1, 2).Interpolate([2], alignCorners: true)), Throws<ArgumentException>(on => on(1, 2).Interpolate([2], Interpolation.Area, antialias: true))] },
        new("Interpolate: factors", x => x.Interpolate((ReadOnlySpan<double>)[1.5, 2])) { Shapes = "1x3x4 | 5x2", Exact = true, Reference = xs => PlainWindows.Separable([(int)(xs[0].Shape[^2] * 1.5), xs[0].Shape[^1] * 2], (i, n, m) => OneAt(n, (int)(i / (m == 2 * n ? 2 : 1.5))))(xs), Bad = [Throws<ArgumentException>(on => on(1, 2).Interpolate((ReadOnlySpan<double>)[0.4])), Throws<ArgumentException>(on => on(1, 2).Interpolate((ReadOnlySpan<double>)[double.NaN])), Throws<TensorShapeException>(on => on(2).Interpolate((ReadOnlySpan<double>)[1, 1]))] },
        new("Interpolate: nearest exact", x => x.Interpolate([2, 3], Interpolation.NearestExact)) { Shapes = "1x2x3x4 | 5x7 | 1x1", Exact = true, Reference = PlainWindows.Separable([2, 3], (i, n, m) => OneAt(n, (int)Math.Floor((i + 0.5) * n / m + 1e-9))) },
        new("Interpolate: linear", x => x.Interpolate([7, 5], Interpolation.Linear)) { Shapes = "1x2x3x4 | 2x3 | 9x8 | 1x1", Exact = true, Reference = PlainWindows.Separable([7, 5], (i, n, m) => Tent(n, ((i + 0.5) * n / m) - 0.5)) },
        new("Interpolate: linear, corners aligned", x => x.Interpolate([7, 5], Interpolation.Linear, alignCorners: true)) { Shapes = "1x2x3x4 | 2x3 | 9x8 | 1x1", Exact = true, Reference = PlainWindows.Separable([7, 5], (i, n, m) => Tent(n, i * (n - 1.0) / (m - 1))) },
        new("Interpolate: trilinear", x => x.Interpolate((ReadOnlySpan<int>)[3, 2, 1], Interpolation.Linear)) { Shapes = "1x1x2x3x2", Exact = true, Reference = PlainWindows.Separable([3, 2, 1], (i, n, m) => Tent(n, ((i + 0.5) * n / m) - 0.5)) },
        new("Interpolate: linear, factors", x => x.Interpolate((ReadOnlySpan<double>)[1.7], Interpolation.Linear)) { Shapes = "1x1x4 | 3", Exact = true, Reference = xs => PlainWindows.Separable([(int)(xs[0].Shape[^1] * 1.7)], (i, n, m) => Tent(n, ((i + 0.5) / 1.7) - 0.5))(xs) },
        new("Interpolate: cubic", x => x.Interpolate([7, 5], Interpolation.Cubic)) { Shapes = "1x2x3x4 | 2x3 | 9x8 | 1x1", Exact = true, Reference = PlainWindows.Separable([7, 5], (i, n, m) => Keys(n, ((i + 0.5) * n / m) - 0.5)) },
        new("Interpolate: cubic, corners aligned", x => x.Interpolate([7, 5], Interpolation.Cubic, alignCorners: true)) { Shapes = "1x2x3x4 | 2x3 | 9x8 | 1x1", Exact = true, Reference = PlainWindows.Separable([7, 5], (i, n, m) => Keys(n, i * (n - 1.0) / (m - 1))) },
        new("Interpolate: linear, antialias", x => x.Interpolate([2, 3], Interpolation.Linear, antialias: true)) { Shapes = "1x2x5x7 | 2x2", Exact = true, Reference = PlainWindows.Separable([2, 3], (i, n, m) => Wide(i, n, m, x => Math.Max(0, 1 - Math.Abs(x)))) },
        new("Interpolate: cubic, antialias", x => x.Interpolate([2, 3], Interpolation.Cubic, antialias: true)) { Shapes = "1x2x5x7 | 2x2", Exact = true, Reference = PlainWindows.Separable([2, 3], (i, n, m) => Wide(i, n, m, x => KeysAt(x, -0.5))) },
        new("Interpolate: area", x => x.Interpolate([2, 3], Interpolation.Area)) { Shapes = "1x2x5x7 | 2x2", Exact = true, Reference = PlainWindows.Adaptive([2, 3], values => values.Average()) },
        new("GridSample", (x, g) => x.GridSample(g)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2 | 1x1x1x1 1x2x2x2", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(TentAt, 0, false), Bad = [Throws<TensorShapeException>(on => on(1, 1, 2, 2).GridSample(on(1, 2, 2, 3))), Throws<TensorShapeException>(on => on(2, 1, 2, 2).GridSample(on(1, 2, 2, 2))), Throws<TensorShapeException>(on => on(1, 1, 0, 2).GridSample(on(1, 2, 2, 2))), Throws<TensorShapeException>(on => on(1, 1, 2).GridSample(on(1, 2, 2))), Throws<ArgumentException>(on => on(1, 1, 2, 2).GridSample(on(1, 2, 2, 2), Interpolation.Area)), Throws<ArgumentException>(on => on(1, 1, 2, 2, 2).GridSample(on(1, 2, 2, 2, 3), Interpolation.Cubic)), Throws<ArgumentNullException>(on => on(1, 1, 2, 2).GridSample(null!))] },
        new("GridSample: corners aligned", (x, g) => x.GridSample(g, alignCorners: true)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(TentAt, 0, true) },
        new("GridSample: border", (x, g) => x.GridSample(g, padding: GridPadding.Border)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(TentAt, 1, false) },
        new("GridSample: reflection", (x, g) => x.GridSample(g, padding: GridPadding.Reflection)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2", Domains = [(-2, 2), (-2.9, 2.9)], Avoid = Kinks, Reference = Sampled(TentAt, 2, false) },
        new("GridSample: reflection, corners aligned", (x, g) => x.GridSample(g, padding: GridPadding.Reflection, alignCorners: true)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2", Domains = [(-2, 2), (-2.9, 2.9)], Avoid = Kinks, Reference = Sampled(TentAt, 2, true) },
        new("GridSample: nearest", x => x.GridSample(Grid, Interpolation.Nearest)) { Shapes = "1x2x3x4", Exact = true, Reference = xs => Sampled(x => x is >= -0.5 and < 0.5 ? 1 : 0, 0, false)([xs[0], PlainGrid]) },
        new("GridSample: cubic", (x, g) => x.GridSample(g, Interpolation.Cubic)) { Shapes = "1x2x3x4 1x2x3x2 | 2x1x2x2 2x1x4x2", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(x => KeysAt(x, -0.75), 0, false) },
        new("GridSample: cubic, border", (x, g) => x.GridSample(g, Interpolation.Cubic, GridPadding.Border)) { Shapes = "1x2x3x4 1x2x3x2", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(x => KeysAt(x, -0.75), 1, false) },
        new("GridSample: cubic, reflection", (x, g) => x.GridSample(g, Interpolation.Cubic, GridPadding.Reflection)) { Shapes = "1x2x3x4 1x2x3x2", Domains = [(-2, 2), (-1.9, 1.9)], Avoid = Kinks, Reference = Sampled(x => KeysAt(x, -0.75), 2, false) },
        new("GridSample: three axes", (x, g) => x.GridSample(g)) { Shapes = "1x2x2x3x2 1x1x2x2x3", Domains = [(-2, 2), (-1.4, 1.4)], Avoid = Kinks, Reference = Sampled(TentAt, 0, false) },
        new("AffineGrid", x => x.AffineGrid((ReadOnlySpan<int>)[2, 1, 3, 2])) { Shapes = "2x2x3", Exact = true, Reference = Affine([3, 2], (i, n) => (((2.0 * i) + 1) / n) - 1), Bad = [Throws<TensorShapeException>(on => on(1, 2, 3).AffineGrid((ReadOnlySpan<int>)[2, 1, 3, 3])), Throws<TensorShapeException>(on => on(2, 3).AffineGrid((ReadOnlySpan<int>)[2, 1, 3, 3]))] },
        new("AffineGrid: corners aligned, three axes", x => x.AffineGrid((ReadOnlySpan<int>)[1, 1, 3, 2, 1], alignCorners: true)) { Shapes = "1x3x4", Exact = true, Reference = Affine([3, 2, 1], (i, n) => n == 1 ? 0 : ((2.0 * i) / (n - 1)) - 1) },
    ];

    /// <summary>Places where the pixels of axes of length 1 to 4 meet, for either meaning of the corners.</summary>
    private static double[] Kinks => [.. Enumerable.Range(-24, 49).Select(i => i / 4.0).Concat(Enumerable.Range(-18, 37).Select(i => i / 3.0)).Distinct().Where(x => Math.Abs(x) < 3)];

    private static Tensor<T> Grid => Tensor.Create<T>(Array.ConvertAll(PlainGrid.Values, N), PlainGrid.Shape);

    private static Plain PlainGrid => new([0.1, -0.3, 0.7, 0.9, -0.95, 0.2, 1.4, 0, -0.6, -1.2, 0.45, 0.55], [1, 2, 3, 2]);

    private static double[] OneAt(int n, int place) => [.. Enumerable.Range(0, n).Select(k => k == place ? 1.0 : 0)];

    private static double TentAt(double x) => Math.Max(0, 1 - Math.Abs(x));

    private static double[] Tent(int n, double place) => [.. Enumerable.Range(0, n).Select(k => TentAt(k - Math.Clamp(place, 0, n - 1)))];

    private static double KeysAt(double x, double a) => Math.Abs(x) switch
    {
        < 1 and var s => ((a + 2) * s * s * s) - ((a + 3) * s * s) + 1,
        < 2 and var s => (a * s * s * s) - (5 * a * s * s) + (8 * a * s) - (4 * a),
        _ => 0,
    };

    private static double[] Keys(int n, double place)
    {
        var weights = new double[n];
        for (int k = -3; k < n + 3; k++)
        {
            weights[Math.Clamp(k, 0, n - 1)] += KeysAt(k - place, -0.75);
        }

        return weights;
    }

    private static double[] Wide(int i, int n, int m, Func<double, double> kernel)
    {
        double scale = (double)n / m;
        double[] weights = [.. Enumerable.Range(0, n).Select(k => kernel((k + 0.5 - ((i + 0.5) * scale)) / Math.Max(scale, 1)))];
        return Array.ConvertAll(weights, w => w / weights.Sum());
    }

    /// <summary>Samples by a kernel that is applied to the distance from every element, and every element beyond the border that the padding (0 zeros, 1 border, 2 reflection) makes up.</summary>
    private static Func<Plain[], Plain> Sampled(Func<double, double> kernel, int padding, bool alignCorners) => xs =>
    {
        (Plain x, Plain g) = (xs[0], xs[1]);
        int axes = x.Shape.Length - 2;
        return Plain.Build([x.Shape[0], x.Shape[1], .. g.Shape[1..^1]], at => Plain.Indices([.. x.Shape[2..].Select(n => padding == 0 ? n : n + 24)]).Sum(k =>
        {
            double weight = 1;
            var place = new int[axes];
            for (int a = 0; a < axes; a++)
            {
                int n = x.Shape[a + 2];
                double c = g[[at[0], .. at[2..], axes - 1 - a]];
                double u = alignCorners ? (c + 1) / 2 * (n - 1) : (((c + 1) * n) - 1) / 2;
                int i = padding == 0 ? k[a] : k[a] - 12;
                weight *= kernel(i - u);
                int period = alignCorners ? 2 * (n - 1) : 2 * n;
                int rest = padding == 2 ? ((i % period) + period) % period : 0;
                place[a] = padding == 0 ? i : padding == 1 ? Math.Clamp(i, 0, n - 1) : rest < n ? rest : (alignCorners ? period : period - 1) - rest;
            }

            return weight == 0 ? 0 : weight * x[[at[0], at[1], .. place]];
        }));
    };

    private static Func<Plain[], Plain> Affine(int[] spatial, Func<int, int, double> coordinate) => xs =>
        Plain.Build([xs[0].Shape[0], .. spatial, spatial.Length], at => Enumerable.Range(0, spatial.Length + 1).Sum(k =>
            xs[0][at[0], at[^1], k] * (k == spatial.Length ? 1 : coordinate(at[spatial.Length - k], spatial[spatial.Length - 1 - k]))));
}
