using System.Numerics;

namespace AutoDiff.Benchmarks;

/// <summary>Inputs for benchmarks: the same random numbers in every run.</summary>
internal static class Data
{
    public static Tensor<T> Random<T>(int seed, params int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        var values = new T[shape.Aggregate(1, (product, extent) => product * extent)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateChecked((2 * random.NextDouble()) - 1);
        }

        return Tensor.Create(values, shape);
    }
}
