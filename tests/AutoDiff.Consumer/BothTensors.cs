using System.Numerics.Tensors;
using AutoDiff;
using AutoDiff.Interop;
using DoubleTensor = AutoDiff.Tensor<double>;

namespace Consumer;

/// <summary>A file that imports both namespaces, each of which has a Tensor and a Tensor&lt;T&gt;: an alias or the full name says which one is meant.</summary>
internal static class BothTensors
{
    /// <summary>The gradient of |x|², with the numbers on their way through a tensor of System.Numerics.Tensors.</summary>
    public static DoubleTensor Gradient(double[] x)
    {
        System.Numerics.Tensors.Tensor<double> theirs = System.Numerics.Tensors.Tensor.Create(x, [x.Length]);
        DoubleTensor gradient = Differentiate.Gradient(static x => x.Square().Sum(), theirs.ToTensor());

        // Their functions take our numbers as spans.
        double norm = TensorPrimitives.Norm<double>(gradient.AsSpan());
        return norm == 2 * TensorPrimitives.Norm<double>(x) && gradient.AsReadOnlyTensorSpan()[0] == 2 * x[0] ? gradient : throw new InvalidOperationException($"The norm of the gradient is {norm}.");
    }
}
