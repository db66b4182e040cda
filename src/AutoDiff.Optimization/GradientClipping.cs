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
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public static Tensor<T>[] ByNorm<T>(Tensor<T>[] gradients, double maxNorm) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Array.ForEach(gradients, gradient => ArgumentNullException.ThrowIfNull(gradient, nameof(gradients)));
        Setting.Positive(maxNorm, nameof(GradientClipping), nameof(maxNorm), infinite: true);
        double norm = Vectors.Norm(Array.ConvertAll(gradients, gradient => Vectors.Norm(Problem<T>.ToVector(gradient))));
        return norm <= maxNorm ? gradients : Array.ConvertAll(gradients, gradient => gradient * T.CreateSaturating(maxNorm / norm));
    }
}
