using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

// Windows above one another read the same rows of places. Gathered along the last axis only, as a line for each of the window's places along that axis, a row serves all of them: window row i
// at the place (h, w) of a window is line i + h of the copies for w, and windows that follow one another, also from row to row, follow one another in the lines.
internal sealed partial class Windows
{
    /// <summary>Whether rows of windows share lines: there are two axes, and the windows of a row begin one place below those of the row before.</summary>
    public bool ShareLines => extent[0] == 1 && count[0] == 1 && window[0] == 1 && padding[0] == 0 && stride[1] == 1 && window[1] > 1;

    /// <summary>The number of copies of a line: one for each place of a window along the last axis.</summary>
    public int Copies => window[2];

    /// <summary>The lines that a row of windows reads below its first.</summary>
    public int LinesBelow => (window[1] - 1) * dilation[1];

    /// <summary>Where line h of a copy begins for a place of a window.</summary>
    public nint StartOfLine(int copy, int down, int channels, int channel, nint pitch) => ((((nint)copy * channels) + channel) * pitch) + ((nint)down * dilation[1] * RowLength);

    /// <summary>The lines that some rows of windows read. Those of a channel are <paramref name="pitch"/> numbers from those of the next; all channels of a copy come before the next copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void GatherLines<T>(T* x, int channels, int firstRow, int rows, nint pitch, T* lines) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = RowLength, step = stride[2], top = firstRow - padding[1];
        for (int c = 0; c < channels; c++, x += (nint)extent[1] * extent[2])
        {
            for (int w = 0; w < window[2]; w++)
            {
                // The first place, and the windows of a row that read one.
                int before = (w * dilation[2]) - padding[2];
                int begin = Math.Clamp((step - 1 - before) / step, 0, length), end = Math.Clamp((extent[2] - before + step - 1) / step, begin, length);
                T* line = lines + StartOfLine(w, 0, channels, c, pitch);
                for (int y = top; y < top + rows + LinesBelow; y++, line += length)
                {
                    bool isInside = (uint)y < (uint)extent[1];
                    (int from, int to) = isInside ? (begin, end) : (length, length);
                    for (int o = 0; o < from; o++)
                    {
                        line[o] = T.Zero;
                    }

                    GatherRow.Take(x + ((nint)y * extent[2]) + ((nint)from * step) + before, step, line + from, to - from);
                    for (int o = to; o < length; o++)
                    {
                        line[o] = T.Zero;
                    }
                }
            }
        }
    }

    /// <summary>The steps in the lines from each place of the windows of all channels to the next.</summary>
    public int[] Steps(int channels, nint pitch)
    {
        int[] steps = new int[channels * WindowLength];
        for (int i = 0; i < steps.Length - 1; i++)
        {
            steps[i] = (int)(Start(i + 1) - Start(i));
        }

        return steps;

        nint Start(int place)
        {
            (int channel, int k) = Math.DivRem(place, WindowLength);
            return StartOfLine(k % window[2], k / window[2], channels, channel, pitch);
        }
    }
}
