using System.Numerics;

namespace AutoDiff.GradBench.Problems;

/// <summary>Two of the problems written in numbers, as a program against generic math would be: the determinant by minors, and the cost of k-means clustering.</summary>
internal static class InNumbers
{
    /// <summary>The determinant of a matrix of order n, row-major, by expansion along the first row, and of every minor again.</summary>
    public static T Determinant<T>(ReadOnlySpan<T> a, int n) where T : IFloatingPointIeee754<T> => Minor(a, n, 0, (1 << n) - 1);

    /// <summary>The minor of the rows from one on, and of the columns of a set.</summary>
    private static T Minor<T>(ReadOnlySpan<T> a, int n, int row, int columns) where T : IFloatingPointIeee754<T>
    {
        int first = BitOperations.TrailingZeroCount(columns);
        if (row == n - 1)
        {
            return a[(row * n) + first];
        }

        T sum = a[(row * n) + first] * Minor(a, n, row + 1, columns & ~(1 << first));
        bool odd = true;
        for (int rest = columns & (columns - 1); rest != 0; rest &= rest - 1)
        {
            int j = BitOperations.TrailingZeroCount(rest);
            T term = a[(row * n) + j] * Minor(a, n, row + 1, columns & ~(1 << j));
            sum = odd ? sum - term : sum + term;
            odd = !odd;
        }

        return sum;
    }

    /// <summary>Σ_i min_j |c_j - p_i|² over points and centroids of d coordinates.</summary>
    public static T Cost<T>(double[] points, ReadOnlySpan<T> centroids, int d) where T : IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < points.Length; i += d)
        {
            T least = T.PositiveInfinity;
            for (int j = 0; j < centroids.Length; j += d)
            {
                T distance = T.Zero;
                for (int k = 0; k < d; k++)
                {
                    T difference = centroids[j + k] - T.CreateChecked(points[i + k]);
                    distance += difference * difference;
                }

                least = distance < least ? distance : least;
            }

            sum += least;
        }

        return sum;
    }

    public static double[] DeterminantGradient(ActiveTape<double> tape, double[] a, int n)
    {
        tape.Rewind(0);
        Active<double>[] x = tape.Variables(a);
        return tape.Gradient(Determinant<Active<double>>(x, n), x);
    }

    /// <summary>The gradient divided by the diagonal of the Hessian, which is its product with a vector of ones: an active number of duals gives both at once.</summary>
    public static double[] Direction(ActiveTape<Dual<double>> tape, double[] points, double[] centroids, int d)
    {
        tape.Rewind(0);
        Active<Dual<double>>[] x = tape.Variables(Array.ConvertAll(centroids, c => new Dual<double>(c, 1)));
        return Array.ConvertAll(tape.Gradient(Cost<Active<Dual<double>>>(points, x, d), x), g => g.Value / g.Tangent);
    }
}
