namespace AutoDiff.Kernels;

/// <summary>Gauss-Legendre quadrature with 32 nodes (DLMF 3.5(v)).</summary>
internal static class GaussLegendre
{
    private const int Count = 32;

    private static readonly double[] Nodes = new double[Count / 2];
    private static readonly double[] Weights = new double[Count / 2];

    static GaussLegendre()
    {
        for (int i = 0; i < Nodes.Length; i++)
        {
            // Newton from the asymptotic position of the zero (DLMF 18.16.6).
            double x = Math.Cos(Math.PI * (i + 0.75) / (Count + 0.5)), derivative = 1;
            for (int step = 0; step < 6; step++)
            {
                double p = x, previous = 1;
                for (int n = 1; n < Count; n++)
                {
                    (p, previous) = (((((2 * n) + 1) * x * p) - (n * previous)) / (n + 1), p);
                }

                derivative = Count * ((x * p) - previous) / ((x - 1) * (x + 1));
                x -= p / derivative;
            }

            Nodes[i] = x;
            Weights[i] = 2 / ((1 - x) * (1 + x) * derivative * derivative);
        }
    }

    /// <summary>The integral of f(t, parameter) over t from 0 to the given end.</summary>
    public static double Integrate(Func<double, double, double> f, double parameter, double end)
    {
        double sum = 0, half = end / 2;
        for (int i = 0; i < Nodes.Length; i++)
        {
            sum += Weights[i] * (f(half - (half * Nodes[i]), parameter) + f(half + (half * Nodes[i]), parameter));
        }

        return half * sum;
    }
}
