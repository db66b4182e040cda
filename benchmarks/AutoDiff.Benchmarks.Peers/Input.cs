using System.Numerics;
using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>The same numbers as a tensor of each library.</summary>
/// <param name="Ours">AutoDiff's tensor.</param>
/// <param name="Theirs">TorchSharp's tensor; a leaf that gradients can be taken of, for variables.</param>
internal readonly record struct Input<T>(Tensor<T> Ours, torch.Tensor Theirs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers that gradients are taken of, evenly distributed between two bounds; the same for the same seed.</summary>
    public static Input<T> Variable(int seed, double from, double to, params int[] shape)
    {
        Input<T> input = Constant(seed, from, to, shape);
        input.Theirs.requires_grad_();
        return input;
    }

    /// <summary>Numbers that no gradient is taken of.</summary>
    public static Input<T> Constant(int seed, double from, double to, params int[] shape)
    {
        Random random = new(seed);
        T[] values = new T[shape.Aggregate(1, (product, extent) => product * extent)];
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateChecked(from + ((to - from) * random.NextDouble()));
        return new(Tensor.Create(values, shape), torch.from_array(values).reshape([.. shape.Select(extent => (long)extent)]));
    }
}
