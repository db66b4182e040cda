using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>Integers of a model: indices, shapes, axes. They are no tensors, and no derivative flows through them.</summary>
internal sealed record IntegerArray(long[] Values, int[] Shape);

/// <summary>A value of a model that runs: numbers (truth values are 1 and 0), or integers.</summary>
internal readonly record struct Item<T>(Tensor<T>? Numbers, IntegerArray? Integers) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static implicit operator Item<T>(Tensor<T> numbers) => new(numbers, null);

    public static implicit operator Item<T>(IntegerArray integers) => new(null, integers);

    public int[] Shape => Numbers?.Dimensions ?? Integers!.Shape;

    public int Rank => Shape.Length;
}
