namespace AutoDiff.Tests.Operations;

internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] Interpolants =>
    [
        new("Interp", (x, t, f) => x.Interp(t, f)) { Shapes = "5 4 4 | 2x3 2 2 | () 3 3 | 0 3 3", Prepare = Rising, Reference = xs => At(xs, Linear), Points = [new([[1], [0, 1, 2], [0, 1, 3]], [1], [[2], [0, -2, 0], [0, 1, 0]]), new([[3], [0, 1, 2], [0, 1, 3]], [3], [[0], [0, 0, 0], [0, 0, 1]]), new([[NaN], [0, 1], [0, 1]], [NaN], [[1], [NaN, NaN], [NaN, NaN]])], Bad = BadInterpolant((x, t, f) => x.Interp(t, f)) },
        new("CubicSpline", (x, t, f) => x.CubicSpline(t, f)) { Shapes = "5 4 4 | 2x3 2 2 | () 3 3 | 7 5 5", Prepare = Rising, Tolerance = 10, Reference = xs => At(xs, Natural), Bad = BadInterpolant((x, t, f) => x.CubicSpline(t, f)) },
        new("MonotoneSpline", (x, t, f) => x.MonotoneSpline(t, f)) { Shapes = "5 4 4 | 2x3 2 2 | () 3 3 | 7 5 5", Prepare = Rising, Tolerance = 10, Reference = xs => At(xs, Monotone), Bad = BadInterpolant((x, t, f) => x.MonotoneSpline(t, f)) },
    ];

    private static BadInput<T>[] BadInterpolant(Func<Tensor<T>, Tensor<T>, Tensor<T>, Tensor<T>> f) =>
    [
        Throws<TensorShapeException>(on => f(on(2), on(2, 2), on(2, 2))), Throws<TensorShapeException>(on => f(on(2), on(1), on(1))), Throws<TensorShapeException>(on => f(on(2), on(3), on(2))),
        Throws<ArgumentException>(on => f(on(2), on(3), on(3))), Throws<ArgumentNullException>(on => f(on(2), null!, on(2))), Throws<ArgumentNullException>(on => f(on(2), on(2), null!)),
    ];

    /// <summary>Points rise from about -1.5 by steps of about 1. (Places and values are spread as well, which does no harm.)</summary>
    private static Plain Rising(Plain x) => x.Shape.Length != 1 ? x : new([.. x.Values.Select((value, i) => (value / 8) + i - 1.5)], x.Shape);

    /// <summary>The values at the places xs[0] of a function that is given by points, values, and a place.</summary>
    private static Plain At(Plain[] xs, Func<double[], double[], double, double> f) => new([.. xs[0].Values.Select(x => f(xs[1].Values, xs[2].Values, x))], xs[0].Shape);

    private static int PieceOf(double[] t, double x) => Math.Clamp(Array.FindLastIndex(t, point => point <= x), 0, t.Length - 2);

    private static double Linear(double[] t, double[] f, double x) => x <= t[0] ? f[0] : x >= t[^1] ? f[^1] : PieceOf(t, x) is var k ? f[k] + ((x - t[k]) * (f[k + 1] - f[k]) / (t[k + 1] - t[k])) : 0;

    /// <summary>The natural spline by its second derivatives, which solve a full system of equations.</summary>
    private static double Natural(double[] t, double[] f, double x)
    {
        int n = t.Length;
        double H(int i) => t[i + 1] - t[i];
        double D(int i) => (f[i + 1] - f[i]) / H(i);
        double[,] a = PlainMatrices.New(n, n, (i, j) => i == 0 || i == n - 1 ? (i == j ? 1 : 0) : j == i - 1 ? H(i - 1) : j == i ? 2 * (H(i - 1) + H(i)) : j == i + 1 ? H(i) : 0);
        double[,] s = PlainMatrices.Solve(a, PlainMatrices.New(n, 1, (i, _) => i == 0 || i == n - 1 ? 0 : 6 * (D(i) - D(i - 1))));
        int k = PieceOf(t, x);
        if (x < t[0] || x > t[^1])
        {
            int end = x < t[0] ? 0 : n - 1;
            double slope = end == 0 ? D(0) - (H(0) * s[1, 0] / 6) : D(n - 2) + (H(n - 2) * s[n - 2, 0] / 6);
            return f[end] + (slope * (x - t[end]));
        }

        (double p, double q) = ((t[k + 1] - x) / H(k), (x - t[k]) / H(k));
        return (p * f[k]) + (q * f[k + 1]) + (((((p * p * p) - p) * s[k, 0]) + (((q * q * q) - q) * s[k + 1, 0])) * H(k) * H(k) / 6);
    }

    /// <summary>The monotone interpolant by the powers of each piece.</summary>
    private static double Monotone(double[] t, double[] f, double x)
    {
        int n = t.Length;
        double H(int i) => t[i + 1] - t[i];
        double D(int i) => (f[i + 1] - f[i]) / H(i);
        double End(int own, int next)
        {
            double slope = (((2 * H(own)) + H(next)) * D(own) / (H(own) + H(next))) - (H(own) * D(next) / (H(own) + H(next)));
            return Math.Sign(slope) != Math.Sign(D(own)) ? 0 : Math.Sign(D(own)) != Math.Sign(D(next)) && Math.Abs(slope) > 3 * Math.Abs(D(own)) ? 3 * D(own) : slope;
        }

        double Slope(int i) => n == 2 ? D(0) : i == 0 ? End(0, 1) : i == n - 1 ? End(n - 2, n - 3) : D(i - 1) * D(i) <= 0 ? 0
            : 3 * (H(i - 1) + H(i)) / ((((2 * H(i)) + H(i - 1)) / D(i - 1)) + ((H(i) + (2 * H(i - 1))) / D(i)));
        if (x < t[0] || x >= t[^1])
        {
            int end = x < t[0] ? 0 : n - 1;
            return f[end] + (Slope(end) * (x - t[end]));
        }

        int k = PieceOf(t, x);
        double s = x - t[k];
        double c = ((3 * D(k)) - (2 * Slope(k)) - Slope(k + 1)) / H(k);
        double b = (Slope(k) - (2 * D(k)) + Slope(k + 1)) / (H(k) * H(k));
        return f[k] + (s * (Slope(k) + (s * (c + (s * b)))));
    }
}
