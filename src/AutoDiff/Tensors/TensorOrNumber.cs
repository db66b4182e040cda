using System.Numerics;

namespace AutoDiff;

/// <summary>An entry of a list that takes tensors and plain numbers side by side, as in <c>Tensor.Stack([x[0] * x[1], 0.0])</c>. Both convert by themselves.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly record struct TensorOrNumber<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T number;

    private TensorOrNumber(Tensor<T>? tensor, T number) => (Tensor, this.number) = (tensor, number);

    /// <summary>The tensor, or null where the entry is a number.</summary>
    internal Tensor<T>? Tensor { get; }

    /// <summary>A tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorOrNumber<T>(Tensor<T> tensor) => new(tensor ?? throw new ArgumentNullException(nameof(tensor)), default);

    /// <summary>A tensor where one is given, and nothing where it is null: for settings that need not be there, as in <c>Lower = known ? bound : null</c>.</summary>
    /// <param name="tensor">The tensor, or null.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorOrNumber<T>?(Tensor<T>? tensor) => tensor is null ? default(TensorOrNumber<T>?) : new TensorOrNumber<T>(tensor, default);

    /// <summary>A number, which stands for a constant of the shape of the tensors beside it.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator TensorOrNumber<T>(T number) => new(null, number);

    /// <summary>The entry as a tensor; a number as a scalar.</summary>
    /// <returns>A tensor.</returns>
    public Tensor<T> ToTensor() => Tensor ?? AutoDiff.Tensor.Full<T>(number);

    /// <summary>The entries as tensors, the numbers in the shape of the first tensor; scalars where there is none.</summary>
    internal static Tensor<T>[] AsTensors(ReadOnlySpan<TensorOrNumber<T>> entries)
    {
        int[] shape = [];
        foreach (TensorOrNumber<T> entry in entries)
        {
            if (entry.Tensor is { } first)
            {
                shape = first.Dimensions;
                break;
            }
        }

        var tensors = new Tensor<T>[entries.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = entries[i].Tensor ?? AutoDiff.Tensor.Full<T>(entries[i].number, shape);
        }

        return tensors;
    }
}
