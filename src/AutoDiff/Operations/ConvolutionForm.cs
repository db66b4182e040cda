using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The convolution as a trilinear form of output (slot 0), input (slot 1) and kernel (slot 2): each of the three is a contraction of the other two.</summary>
internal sealed class ConvolutionForm<T>(string[] names, int[] output, int[] input, int[] kernel, Convolution convolution)
    : TrilinearForm<T>(names, [output, input, kernel]) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Convolution Convolution => convolution;

    /// <summary>Samples of output and input go together, and so do the channels of output and kernel.</summary>
    public override int Matching(int slot, int axis, int other) => (slot, axis, other) switch
    {
        (0, 0, 1) or (1, 0, 0) => 0,
        (0, 1, 2) => 0,
        (2, 0, 0) => 1,
        _ => -1,
    };

    public override void Contract(int open, int batch, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> context, Span<T> z)
    {
        int xLength = Shapes.Length(Shape((open + 1) % 3));
        int yLength = Shapes.Length(Shape((open + 2) % 3));
        int zLength = Shapes.Length(Shape(open));

        // With one kernel for the whole batch, the batch is so many more samples.
        if (open == 0 && y.Length == yLength && x.Length == batch * xLength)
        {
            convolution.Forward(x, y, z, batch);
            return;
        }

        if (open == 1 && x.Length == xLength && y.Length == batch * yLength)
        {
            convolution.InputGradient(y, x, z, batch);
            return;
        }

        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<T> first = x.Slice(x.Length == xLength ? 0 : b * xLength, xLength);
            ReadOnlySpan<T> second = y.Slice(y.Length == yLength ? 0 : b * yLength, yLength);
            Span<T> result = z.Slice(b * zLength, zLength);
            switch (open)
            {
                case 0:
                    convolution.Forward(first, second, result, 1);
                    break;
                case 1:
                    convolution.InputGradient(second, first, result, 1);
                    break;
                default:
                    convolution.KernelGradient(second, first, result);
                    break;
            }
        }
    }
}
