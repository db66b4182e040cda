using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Tests.Tensors;

/// <summary>Kernels know two element types. Any other is refused at the first touch, before it meets a kernel.</summary>
public class ElementTypeTests
{
    [Fact]
    public void Half_is_refused_wherever_a_tensor_or_a_tape_is_made() => Refused<Half>();

    [Fact]
    public void NFloat_is_refused_wherever_a_tensor_or_a_tape_is_made() => Refused<NFloat>();

    private static void Refused<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StoredArray stored = StoredArray.Create([1, 2], 2);
        Action[] calls =
        [
            () => Tensor.Create<T>(new T[64]), () => Tensor.Create<T>([[T.One]]), () => Tensor.Scalar(T.One), () => Tensor.Zeros<T>(0), () => Tensor.Ones<T>(2), () => Tensor.Full(T.One, 2),
            () => Tensor.Identity<T>(2), () => Tensor.Range<T>(2), () => Tensor.LinearSpace(T.Zero, T.One, 3), () => Tensor.OneHot<T>([0], 1), () => Tensor.BinCount<T>([0], 1),
            () => Tensor.Create([1.0]).ConvertTo<T>(), () => stored.ToTensor<T>(), () => new RandomKey(1).Normal<T>(2), () => new RandomKey(1).Uniform<T>(2),
            () => new Tape<T>().Dispose(), () => new Tape<T>().Variable(T.One), () => Differentiate.Derivative(static x => x, T.One), () => new Parameters<T>().Flatten(),
        ];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i].Should().Throw<NotSupportedException>("call {0}", i).WithMessage($"*{typeof(T).Name}*float or double*");
        }
    }
}
