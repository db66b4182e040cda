using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>Keeps gradients from growing too large.</summary>
public static class GradientClipping
{
    /// <summary>Scales gradients so that their common norm, over all tensors, is at most a bound; their direction stays (Pascanu, Mikolov and Bengio, 2013).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="gradients">The gradients.</param>
    /// <param name="maxNorm">The bound on the Euclidean norm.</param>
    /// <returns>The gradients themselves where they are within the bound; scaled ones otherwise.</returns>
    /// <exception cref="ArgumentNullException">gradients is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static Tensor<T>[] ByNorm<T>(Tensor<T>[] gradients, double maxNorm) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Array.ForEach(gradients, gradient => ArgumentNullException.ThrowIfNull(gradient, nameof(gradients)));
        Setting.Positive(maxNorm, nameof(GradientClipping), nameof(maxNorm), infinite: true);
        var norm = new CommonNorm();
        foreach (Tensor<T> gradient in gradients)
        {
            norm.Add(gradient.AsSpan());
        }

        double factor = maxNorm / norm.Value;
        return norm.Value <= maxNorm ? gradients : Array.ConvertAll(gradients, gradient => gradient * T.CreateSaturating(factor));
    }

    /// <summary>The number by which the gradients in a workspace, its results from the second on, have to be multiplied; 1 within the bound.</summary>
    internal static double ScaleFor<T>(Workspace<T> workspace, int count, double maxNorm) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var norm = new CommonNorm();
        for (int i = 1; i <= count; i++)
        {
            norm.Add(workspace.Output(i));
        }

        return norm.Value <= maxNorm ? 1 : maxNorm / norm.Value;
    }

    /// <summary>A norm that neither overflows nor underflows: the largest magnitude, times the root of the sum of the squares of the others as parts of it.</summary>
    private struct CommonNorm()
    {
        private double largest;
        private double sum = 0;

        public readonly double Value => largest * Math.Sqrt(sum);

        public void Add<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (T element in x)
            {
                double magnitude = Math.Abs(double.CreateTruncating(element));
                if (magnitude > largest)
                {
                    sum = 1 + (sum * (largest / magnitude) * (largest / magnitude));
                    largest = magnitude;
                }
                else if (magnitude > 0 || double.IsNaN(magnitude))
                {
                    sum += magnitude / largest * (magnitude / largest);
                }
            }
        }
    }
}
