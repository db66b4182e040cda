using AutoDiff;

namespace Company.AutoDiffTraining1;

/// <summary>Points to learn from.</summary>
internal static class Data
{
    /// <summary>Noisy points on two rings, one around the other: [count, 2], and the ring of each.</summary>
    public static (Tensor<float> Points, int[] Classes) Rings(int count, RandomKey key)
    {
        int[] classes = [.. Enumerable.Range(0, count).Select(i => i % 2)];
        Tensor<float> radii = Tensor.Create<float>([.. classes.Select(ring => 1f + ring)]) + (0.2f * key.Derive(0).Normal<float>(count));
        Tensor<float> angles = float.Tau * key.Derive(1).Uniform<float>(count);
        return (Tensor.Stack([radii * angles.Cos(), radii * angles.Sin()], axis: 1), classes);
    }
}
