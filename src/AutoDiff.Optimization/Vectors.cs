using System.Numerics;
using System.Runtime.Intrinsics;

namespace AutoDiff.Optimization;

/// <summary>The arithmetic of the minimizers: plain vectors of double, summed in an order that depends on nothing but the length, so that a run is the same everywhere it is repeated.</summary>
internal static class Vectors
{
    /// <summary>So many numbers of long vectors are summed side by side, on every machine; short ones from the front.</summary>
    private const int Lanes = 16;
    private const int Long = 64;

    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        int i = 0;
        if (x.Length >= Long)
        {
            y = y[..x.Length];
            Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (; i <= x.Length - Lanes; i += Lanes)
            {
                s0 += Vector256.Create(x[i..]) * Vector256.Create(y[i..]);
                s1 += Vector256.Create(x[(i + 4)..]) * Vector256.Create(y[(i + 4)..]);
                s2 += Vector256.Create(x[(i + 8)..]) * Vector256.Create(y[(i + 8)..]);
                s3 += Vector256.Create(x[(i + 12)..]) * Vector256.Create(y[(i + 12)..]);
            }

            Vector256<double> total = (s0 + s1) + (s2 + s3);
            sum = (total[0] + total[1]) + (total[2] + total[3]);
        }

        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>|x|, free of overflow.</summary>
    public static double Norm(ReadOnlySpan<double> x)
    {
        // Squares that are far from the ends of the range need no scaling.
        double squares = x.Length >= Long ? Dot(x, x) : 0;
        if (squares is > 1e-250 and < 1e250)
        {
            return Math.Sqrt(squares);
        }

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
        int i = 0;
        if (x.Length >= Long)
        {
            Vector256<double> lanes = default;
            for (; i <= x.Length - 4; i += 4)
            {
                lanes = Vector256.Max(lanes, Vector256.Abs(Vector256.Create(x[i..])));
            }

            largest = Math.Max(Math.Max(lanes[0], lanes[1]), Math.Max(lanes[2], lanes[3]));
        }

        for (; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        return largest;
    }

    /// <summary>x + a y, as a new vector.</summary>
    public static double[] Add(ReadOnlySpan<double> x, double a, ReadOnlySpan<double> y)
    {
        double[] sum = x.ToArray();
        AddTo(sum, a, y);
        return sum;
    }

    /// <summary>y += a x.</summary>
    public static void AddTo(Span<double> y, double a, ReadOnlySpan<double> x)
    {
        x = x[..y.Length];
        var factor = new Vector<double>(a);
        int i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(y[i..]) + (factor * new Vector<double>(x[i..]))).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
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
