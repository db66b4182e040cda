using System.Numerics;

namespace AutoDiff;

/// <summary>Convolutions and their transposes in double-double: each product of the trilinear form of output, input and kernel, added to the slot that is open.</summary>
internal static class ShadowConvolutions<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The open slot for the operands of the two that follow it; null if the operands are batches.</summary>
    public static DoubleDouble[]? Apply(ConvolutionForm<T> form, int open, DoubleDouble[] x, DoubleDouble[] y)
    {
        int[] output = form.Shape(0), input = form.Shape(1), kernel = form.Shape(2);
        var slots = new DoubleDouble[3][];
        (slots[open], slots[(open + 1) % 3], slots[(open + 2) % 3]) = (new DoubleDouble[Shapes.Length(form.Shape(open))], x, y);
        if (x.Length != Shapes.Length(form.Shape((open + 1) % 3)) || y.Length != Shapes.Length(form.Shape((open + 2) % 3)))
        {
            return null;
        }

        int axes = kernel.Length - 2, outputs = kernel[0] / form.Convolution.Groups, windows = Shapes.Length(output.AsSpan(2)), places = Shapes.Length(input.AsSpan(2)), window = Shapes.Length(kernel.AsSpan(2));
        int[] sources = Sources(form, axes, windows, window);
        for (int i = 0; i < output[0] * output[1] * windows; i++)
        {
            (int sample, int o, int p) = (i / (output[1] * windows), i / windows % output[1], i % windows);
            for (int j = 0; j < kernel[1] * window; j++)
            {
                (int channel, int source) = ((o / outputs * kernel[1]) + (j / window), sources[(p * window) + (j % window)]);
                if (source >= 0)
                {
                    Span<int> at = [i, (((sample * input[1]) + channel) * places) + source, (o * kernel[1] * window) + j];
                    slots[open][at[open]] += slots[(open + 1) % 3][at[(open + 1) % 3]] * slots[(open + 2) % 3][at[(open + 2) % 3]];
                }
            }
        }

        return slots[open];
    }

    /// <summary>The place of the input under each place of each window; -1 in the padding.</summary>
    private static int[] Sources(ConvolutionForm<T> form, int axes, int windows, int window)
    {
        (int[] stride, int[] dilation, int[] padding) = form.Convolution.Windows.Along(axes);
        int[] counts = form.Shape(0)[2..], extents = form.Shape(1)[2..], lengths = form.Shape(2)[2..], sources = new int[windows * window];
        for (int i = 0; i < sources.Length; i++)
        {
            int[] p = Structure.Indices(i / window, counts), k = Structure.Indices(i % window, lengths);
            for (int axis = 0; axis < axes && sources[i] >= 0; axis++)
            {
                int place = (p[axis] * stride[axis]) - padding[axis] + (k[axis] * dilation[axis]);
                sources[i] = place < 0 || place >= extents[axis] ? -1 : (sources[i] * extents[axis]) + place;
            }
        }

        return sources;
    }
}
