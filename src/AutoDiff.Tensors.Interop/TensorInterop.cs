using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Interop;

/// <summary>
/// From AutoDiff's tensors to the spans and tensors of System.Numerics.Tensors, and back. Numbers only: a derivative does not flow through another library's tensors. (<see cref="CustomOperation{T}"/>
/// makes a differentiable operation of code that works on them.)
/// </summary>
public static class TensorInterop
{
    /// <summary>The values as a span with a shape, without a copy. Reading is not recorded.</summary>
    /// <remarks>The span must not be used after the tensor, or the tape that recorded it, has been disposed. A scalar becomes a span of one axis of length 1, for a span without axes is empty.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <returns>A dense span of the tensor's shape.</returns>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public static ReadOnlyTensorSpan<T> AsReadOnlyTensorSpan<T>(this AutoDiff.Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new ReadOnlyTensorSpan<T>(tensor.AsSpan(), Lengths(tensor));
    }

    /// <summary>The values as a tensor of System.Numerics.Tensors, copied.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <returns>A dense tensor of the same shape; of a scalar, one axis of length 1.</returns>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public static System.Numerics.Tensors.Tensor<T> ToNumericsTensor<T>(this AutoDiff.Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return System.Numerics.Tensors.Tensor.Create(tensor.ToArray(), Lengths(tensor));
    }

    /// <summary>A tensor with the values of a span, copied row-major whatever the span's strides are: of slices, transposes and repetitions too.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="span">The span.</param>
    /// <returns>A constant of the span's shape.</returns>
    /// <exception cref="TensorShapeException">There are more elements or axes than a tensor can have.</exception>
    public static AutoDiff.Tensor<T> ToTensor<T>(this in ReadOnlyTensorSpan<T> span) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = new int[span.Rank];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = span.Lengths[axis] <= int.MaxValue ? (int)span.Lengths[axis]
                : throw new TensorShapeException($"ToTensor: the span has an axis of length {span.Lengths[axis]}. Expected fewer than 2,147,483,648 elements. To fix it, take a slice.");
        }

        long length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
            if (length > Array.MaxLength)
            {
                throw new TensorShapeException($"ToTensor: the span of shape [{string.Join(", ", shape)}] has too many elements. Expected fewer than 2,147,483,592. To fix it, take a slice.");
            }
        }

        var copy = new T[length];
        if (length > 0)
        {
            span.FlattenTo(copy);
        }

        return AutoDiff.Tensor.Create<T>(copy, shape);
    }

    /// <summary>A tensor with the values of a tensor of System.Numerics.Tensors, copied row-major whatever its strides are.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <returns>A constant of the same shape.</returns>
    /// <exception cref="ArgumentNullException">The tensor is null.</exception>
    /// <exception cref="TensorShapeException">There are more elements or axes than a tensor can have.</exception>
    public static AutoDiff.Tensor<T> ToTensor<T>(this System.Numerics.Tensors.Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.AsReadOnlyTensorSpan().ToTensor();
    }

    private static nint[] Lengths<T>(AutoDiff.Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tensor.Rank == 0 ? [1] : Array.ConvertAll(tensor.Shape.ToArray(), static extent => (nint)extent);
}
