namespace AutoDiff.Optimization;

/// <summary>The arithmetic of the minimisers: plain vectors of double, summed from the front, so that a run is the same everywhere it is repeated.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>|x|, free of overflow.</summary>
    public static double Norm(ReadOnlySpan<double> x)
    {
        double largest = Largest(x);
        if (largest == 0 || !double.IsFinite(largest))
        {
            return largest;
        }

        double sum = 0;
        foreach (double value in x)
        {
            sum += value / largest * (value / largest);
        }

        return largest * Math.Sqrt(sum);
    }

    /// <summary>The largest magnitude; NaN if there is one.</summary>
    public static double Largest(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double value in x)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary>x + a y, as a new vector.</summary>
    public static double[] Add(ReadOnlySpan<double> x, double a, ReadOnlySpan<double> y)
    {
        var sum = new double[x.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = x[i] + (a * y[i]);
        }

        return sum;
    }

    /// <summary>y += a x.</summary>
    public static void AddTo(Span<double> y, double a, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += a * x[i];
        }
    }

    public static double[] Scale(double a, ReadOnlySpan<double> x)
    {
        var scaled = new double[x.Length];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = a * x[i];
        }

        return scaled;
    }
}
