namespace AutoDiff.Tests.Operations;

/// <summary>Convolutions and windows by plain loops, for the references of the operation table.</summary>
internal static class PlainWindows
{
    /// <summary>The convolution of [N, C, ...] with [O, C / groups, ...]: every output adds its products one by one.</summary>
    public static Func<Plain[], Plain> Convolve(int axes, int[]? stride = null, int[]? padding = null, int[]? dilation = null, int groups = 1) => xs =>
    {
        (Plain x, Plain w) = (xs[0], xs[1]);
        bool single = x.Shape.Length == axes + 1;
        x = single ? new(x.Values, [1, .. x.Shape]) : x;
        (int[] s, int[] p, int[] d) = (All(stride, axes, 1), All(padding, axes, 0), All(dilation, axes, 1));
        int[] counts = Enumerable.Range(0, axes).Select(a => (int)Math.Floor((x.Shape[a + 2] + (2 * p[a]) - (d[a] * (w.Shape[a + 2] - 1)) - 1) / (double)s[a]) + 1).ToArray();
        int channelsIn = w.Shape[1];
        int channelsOut = w.Shape[0] / groups;
        Plain y = Plain.Build([x.Shape[0], w.Shape[0], .. counts], at =>
        {
            double sum = xs.Length > 2 ? xs[2].Values[at[1]] : 0;
            foreach (int[] k in Plain.Indices(w.Shape[1..]))
            {
                int[] place = Enumerable.Range(0, axes).Select(a => (at[a + 2] * s[a]) - p[a] + (k[a + 1] * d[a])).ToArray();
                if (place.Select((i, a) => i >= 0 && i < x.Shape[a + 2]).All(inside => inside))
                {
                    sum += w[[at[1], .. k]] * x[[at[0], (at[1] / channelsOut * channelsIn) + k[0], .. place]];
                }
            }

            return sum;
        });
        return single ? new(y.Values, y.Shape[1..]) : y;
    };

    /// <summary>The transposed convolution of [N, C, ...] with [C, O / groups, ...]: every input adds its products into their places.</summary>
    public static Func<Plain[], Plain> ConvolveTransposed(int axes, int[]? stride = null, int[]? padding = null, int[]? more = null, int[]? dilation = null, int groups = 1) => xs =>
    {
        (Plain x, Plain w) = (xs[0], xs[1]);
        bool single = x.Shape.Length == axes + 1;
        x = single ? new(x.Values, [1, .. x.Shape]) : x;
        (int[] s, int[] p, int[] o, int[] d) = (All(stride, axes, 1), All(padding, axes, 0), All(more, axes, 0), All(dilation, axes, 1));
        int[] extents = Enumerable.Range(0, axes).Select(a => ((x.Shape[a + 2] - 1) * s[a]) - (2 * p[a]) + (d[a] * (w.Shape[a + 2] - 1)) + o[a] + 1).ToArray();
        int[] shape = [x.Shape[0], w.Shape[1] * groups, .. extents];
        Plain y = Plain.Build(shape, at => xs.Length > 2 ? xs[2].Values[at[1]] : 0);
        int[] strides = shape.Select((_, a) => Plain.Count(shape[(a + 1)..])).ToArray();
        foreach (int[] at in Plain.Indices(x.Shape))
        {
            foreach (int[] k in Plain.Indices(w.Shape[1..]))
            {
                int[] place = Enumerable.Range(0, axes).Select(a => (at[a + 2] * s[a]) - p[a] + (k[a + 1] * d[a])).ToArray();
                if (place.Select((i, a) => i >= 0 && i < extents[a]).All(inside => inside))
                {
                    int channel = (at[1] / (x.Shape[1] / groups) * w.Shape[1]) + k[0];
                    int[] target = [at[0], channel, .. place];
                    y.Values[target.Select((i, a) => i * strides[a]).Sum()] += x[at] * w[[at[1], .. k]];
                }
            }
        }

        return single ? new(y.Values, y.Shape[1..]) : y;
    };

    /// <summary>The windows of [N, C, ...] as columns, or (<paramref name="back"/>) columns added into their places.</summary>
    public static Func<Plain[], Plain> Columns(int[] window, int[]? stride = null, int[]? padding = null, int[]? dilation = null, int[]? back = null) => xs =>
    {
        int axes = back?.Length ?? xs[0].Shape.Length - 2;
        (int[] k, int[] s, int[] p, int[] d) = (All(window, axes, 1), All(stride, axes, 1), All(padding, axes, 0), All(dilation, axes, 1));
        int[] extents = back ?? xs[0].Shape[2..];
        int[] counts = Enumerable.Range(0, axes).Select(a => (int)Math.Floor((extents[a] + (2 * p[a]) - (d[a] * (k[a] - 1)) - 1) / (double)s[a]) + 1).ToArray();
        int channels = back is null ? xs[0].Shape[1] : xs[0].Shape[1] / Plain.Count(k);
        Plain places = new(new double[xs[0].Shape[0] * channels * Plain.Count(extents)], [xs[0].Shape[0], channels, .. extents]);
        Plain columns = new(new double[xs[0].Shape[0] * channels * Plain.Count(k) * Plain.Count(counts)], [xs[0].Shape[0], channels * Plain.Count(k), Plain.Count(counts)]);
        int at = 0;
        foreach (int[] i in Plain.Indices([xs[0].Shape[0], channels, .. k, .. counts]))
        {
            int[] place = Enumerable.Range(0, axes).Select(a => (i[2 + axes + a] * s[a]) - p[a] + (i[2 + a] * d[a])).ToArray();
            if (place.Select((j, a) => j >= 0 && j < extents[a]).All(inside => inside))
            {
                int target = place.Select((j, a) => j * Plain.Count(extents[(a + 1)..])).Sum() + (((i[0] * channels) + i[1]) * Plain.Count(extents));
                if (back is null)
                {
                    columns.Values[at] = xs[0].Values[target];
                }
                else
                {
                    places.Values[target] += xs[0].Values[at];
                }
            }

            at++;
        }

        return back is null ? columns : places;
    };

    /// <summary>One number from each window of the last axes: from its places inside the input, in order, and from how many places the window has short of the end of the padding.</summary>
    public static Func<Plain[], Plain> Pool(int axes, int[] window, int[]? stride, int[]? padding, int[]? dilation, bool ceiling, Func<double[], int, double> f) => xs =>
    {
        Plain x = xs[0];
        int lead = x.Shape.Length - axes;
        (int[] k, int[] p, int[] d) = (All(window, axes, 0), All(padding, axes, 0), All(dilation, axes, 1));
        int[] s = stride is null ? k : All(stride, axes, 0);
        int[] counts = Enumerable.Range(0, axes).Select(a =>
        {
            double room = (x.Shape[lead + a] + (2 * p[a]) - (d[a] * (k[a] - 1)) - 1) / (double)s[a];
            int count = (int)(ceiling ? Math.Ceiling(room) : Math.Floor(room)) + 1;
            return ceiling && (count - 1) * s[a] >= x.Shape[lead + a] + p[a] ? count - 1 : count;
        }).ToArray();
        return Plain.Build([.. x.Shape[..lead], .. counts], at =>
        {
            var inside = new List<double>();
            int padded = 0;
            foreach (int[] i in Plain.Indices(k))
            {
                int[] place = Enumerable.Range(0, axes).Select(a => (at[lead + a] * s[a]) - p[a] + (i[a] * d[a])).ToArray();
                padded += place.Select((j, a) => j < x.Shape[lead + a] + p[a]).All(holds => holds) ? 1 : 0;
                if (place.Select((j, a) => j >= 0 && j < x.Shape[lead + a]).All(holds => holds))
                {
                    inside.Add(x[[.. at[..lead], .. place]]);
                }
            }

            return f(inside.ToArray(), padded);
        });
    };

    /// <summary>One number from each of the parts that the last axes are divided into.</summary>
    public static Func<Plain[], Plain> Adaptive(int[] sizes, Func<double[], double> f) => xs =>
    {
        Plain x = xs[0];
        int lead = x.Shape.Length - sizes.Length;
        return Plain.Build([.. x.Shape[..lead], .. sizes], at => f(Plain.Indices(x.Shape[lead..])
            .Where(place => place.Select((j, a) => j >= Math.Floor(at[lead + a] * (double)x.Shape[lead + a] / sizes[a]) && j < Math.Ceiling((at[lead + a] + 1) * (double)x.Shape[lead + a] / sizes[a])).All(holds => holds))
            .Select(place => x[[.. at[..lead], .. place]]).ToArray()));
    };

    /// <summary>A linear map along each of the last axes: for output i of m from an axis of length n, the weights of the inputs.</summary>
    public static Func<Plain[], Plain> Separable(int[] sizes, Func<int, int, int, double[]> weights) => xs =>
    {
        Plain x = xs[0];
        int lead = x.Shape.Length - sizes.Length;
        int[] spatial = x.Shape[lead..];
        return Plain.Build([.. x.Shape[..lead], .. sizes], at =>
        {
            double[][] w = spatial.Select((n, a) => weights(at[lead + a], n, sizes[a])).ToArray();
            return Plain.Indices(spatial).Sum(k => k.Select((i, a) => w[a][i]).Aggregate(1.0, (product, factor) => product * factor) is var weight && weight != 0 ? weight * x[[.. at[..lead], .. k]] : 0);
        });
    };

    private static int[] All(int[]? values, int axes, int standard) => values is null ? Enumerable.Repeat(standard, axes).ToArray() : values.Length == 1 ? Enumerable.Repeat(values[0], axes).ToArray() : values;
}
