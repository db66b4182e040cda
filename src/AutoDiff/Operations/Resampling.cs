namespace AutoDiff;

// Resampling of the spatial axes to other sizes: separable linear maps of few weights.
public sealed partial class Tensor<T>
{
    /// <summary>The spatial axes resampled to other lengths. dy = dx, resampled in the same way.</summary>
    /// <param name="size">The new lengths, one for each axis that is resampled: these are the last axes, all others are channels and samples.</param>
    /// <param name="mode">How elements between the places are found.</param>
    /// <param name="alignCorners">Whether the first and last elements keep their places, rather than the edges of the pixels; for linear and cubic interpolation.</param>
    /// <param name="antialias">Whether the kernel is widened by the scale where an axis becomes shorter, so that every element counts; for linear and cubic interpolation. Cubic then has the slope -0.5.</param>
    /// <returns>A tensor with the new lengths in place of the last axes.</returns>
    /// <remarks>Elements with a weight of zero take no part: a NaN there does not spread. Beyond the border the cubic kernel sees the border repeated.</remarks>
    /// <exception cref="TensorShapeException">There are too few axes, or a resampled axis is empty.</exception>
    /// <exception cref="ArgumentException">A size is below 1, or an option does not go with the mode.</exception>
    public Tensor<T> Interpolate(ReadOnlySpan<int> size, Interpolation mode = Interpolation.Nearest, bool alignCorners = false, bool antialias = false) =>
        Resample(size.ToArray(), null, mode, alignCorners, antialias);

    /// <summary>The spatial axes resampled by factors: the new length is ⌊factor · L⌋, and places are scaled by the factor itself, not by the ratio of the lengths.</summary>
    /// <param name="factors">The factors, one for each axis that is resampled: these are the last axes.</param>
    /// <param name="mode">How elements between the places are found.</param>
    /// <param name="alignCorners">Whether the first and last elements keep their places; the factors then give the lengths only.</param>
    /// <param name="antialias">Whether the kernel is widened where an axis becomes shorter.</param>
    /// <returns>A tensor with the new lengths in place of the last axes.</returns>
    /// <exception cref="TensorShapeException">There are too few axes, or a resampled axis is empty.</exception>
    /// <exception cref="ArgumentException">A factor is not positive or leaves nothing, or an option does not go with the mode.</exception>
    public Tensor<T> Interpolate(ReadOnlySpan<double> factors, Interpolation mode = Interpolation.Nearest, bool alignCorners = false, bool antialias = false)
    {
        var size = new int[factors.Length];
        CheckSpatial(factors.Length, nameof(Interpolate));
        for (int axis = 0; axis < size.Length; axis++)
        {
            double length = Math.Floor(shape[Rank - size.Length + axis] * factors[axis]);
            size[axis] = length is >= 1 and <= int.MaxValue ? (int)length
                : throw Errors.Argument(nameof(Interpolate), nameof(factors), FormattableString.Invariant($"the factor {factors[axis]} makes an axis of length {length}"), "a length of at least 1",
                    "use a larger factor");
        }

        return Resample(size, factors.ToArray(), mode, alignCorners, antialias);
    }

    private Tensor<T> Resample(int[] size, double[]? factors, Interpolation mode, bool alignCorners, bool antialias)
    {
        const string name = nameof(Interpolate);
        CheckSpatial(size.Length, name);
        if (size.Length == 0 || size.AsSpan().IndexOfAnyInRange(int.MinValue, 0) >= 0)
        {
            throw Errors.Argument(name, factors is null ? nameof(size) : nameof(factors), $"the size is {Shapes.Format(size)}", "lengths of 1 or more, for at least one axis", "name the new lengths of the last axes");
        }

        if ((alignCorners || antialias) && mode is not (Interpolation.Linear or Interpolation.Cubic))
        {
            throw Errors.Argument(name, alignCorners ? nameof(alignCorners) : nameof(antialias), $"the mode {mode} has no such option", "linear or cubic interpolation", "leave the option out");
        }

        if (mode == Interpolation.Area)
        {
            return AdaptiveAvgPool(size, name);
        }

        return Separable(size.Length, size, name, (axis, i) =>
        {
            int extent = shape[Rank - size.Length + axis];
            double scale = alignCorners ? (size[axis] > 1 ? (extent - 1.0) / (size[axis] - 1) : 0) : factors is null ? (double)extent / size[axis] : 1 / factors[axis];
            return mode switch
            {
                // Without a factor the places are quotients of integers, rounded down exactly.
                Interpolation.Nearest when factors is null => [((int)((long)i * extent / size[axis]), 1.0)],
                Interpolation.NearestExact when factors is null => [((int)(((2L * i) + 1) * extent / (2L * size[axis])), 1.0)],
                Interpolation.Nearest => [(Math.Min((int)(i * scale), extent - 1), 1.0)],
                Interpolation.NearestExact => [(Math.Min((int)((i + 0.5) * scale), extent - 1), 1.0)],
                _ when antialias => WideWeights(i, extent, scale, alignCorners, mode == Interpolation.Cubic),
                Interpolation.Linear => LinearWeights(alignCorners ? i * scale : Math.Max(((i + 0.5) * scale) - 0.5, 0), extent),
                _ => CubicWeights(alignCorners ? i * scale : ((i + 0.5) * scale) - 0.5, extent),
            };
        });
    }

    private static IEnumerable<(int Place, double Weight)> LinearWeights(double place, int extent)
    {
        int first = Math.Min((int)place, extent - 1);
        double t = Math.Clamp(place - first, 0, 1);
        return [(first, 1 - t), (Math.Min(first + 1, extent - 1), t)];
    }

    private static IEnumerable<(int Place, double Weight)> CubicWeights(double place, int extent)
    {
        int first = (int)Math.Floor(place);
        double t = place - first;
        return Enumerable.Range(-1, 4).Select(k => (Math.Clamp(first + k, 0, extent - 1), Cubic(t - k, -0.75)));
    }

    /// <summary>The weights of a kernel that is as wide as the scale, normalized to the sum 1.</summary>
    private static IEnumerable<(int Place, double Weight)> WideWeights(int i, int extent, double scale, bool alignCorners, bool cubic)
    {
        double width = Math.Max(scale, 1);
        double reach = (cubic ? 2 : 1) * width;
        double center = alignCorners ? i * scale : ((i + 0.5) * scale) - 0.5;
        int first = Math.Max((int)Math.Ceiling(center - reach), 0);
        int last = Math.Min((int)Math.Floor(center + reach), extent - 1);
        (int Place, double Weight)[] weights =
            [.. Enumerable.Range(first, last - first + 1).Select(place => (place, cubic ? Cubic((place - center) / width, -0.5) : Math.Max(1 - Math.Abs((place - center) / width), 0)))];
        double sum = weights.Sum(w => w.Weight);
        return weights.Select(w => (w.Place, w.Weight / sum));
    }

    /// <summary>The kernel of cubic convolution: Keys, "Cubic convolution interpolation for digital image processing" (IEEE Trans. ASSP 29, 1981), eq. 4 with the slope a at 1.</summary>
    private static double Cubic(double x, double a)
    {
        x = Math.Abs(x);
        return x <= 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? ((((((x - 5) * x) + 8) * x) - 4) * a)
            : 0;
    }
}
