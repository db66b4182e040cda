using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The faces of the trilinear form Σ y[n, c, p] w[n, k, p] x[n, c, place[n, k, p]]: samples taken from each channel at places that the channels share, with weights. Places are stored as in
/// <see cref="Pooling"/>: their number plus one, 0 for none.
/// </summary>
internal readonly struct GridSampling(int samples, int channels, int places, int taps, int points)
{
    /// <summary>y[n, c, p] = Σ_k w[n, k, p] x[n, c, place[n, k, p]].</summary>
    public void Sample<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<int> marks, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Clear();
        for (int n = 0; n < samples; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                ReadOnlySpan<T> channel = x.Slice(((n * channels) + c) * places, places);
                Span<T> target = y.Slice(((n * channels) + c) * points, points);
                for (int k = 0; k < taps; k++)
                {
                    ReadOnlySpan<T> weights = w.Slice(((n * taps) + k) * points, points);
                    ReadOnlySpan<int> at = marks.Slice(((n * taps) + k) * points, points);
                    for (int p = 0; p < points; p++)
                    {
                        if (at[p] != 0)
                        {
                            target[p] += weights[p] * channel[at[p] - 1];
                        }
                    }
                }
            }
        }
    }

    /// <summary>x[n, c, place[n, k, p]] += Σ w[n, k, p] y[n, c, p], on zeros.</summary>
    public void Spread<T>(ReadOnlySpan<T> w, ReadOnlySpan<T> y, ReadOnlySpan<int> marks, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x.Clear();
        for (int n = 0; n < samples; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                using var channel = new Accumulators<T>(x.Slice(((n * channels) + c) * places, places));
                ReadOnlySpan<T> source = y.Slice(((n * channels) + c) * points, points);
                for (int k = 0; k < taps; k++)
                {
                    ReadOnlySpan<T> weights = w.Slice(((n * taps) + k) * points, points);
                    ReadOnlySpan<int> at = marks.Slice(((n * taps) + k) * points, points);
                    for (int p = 0; p < points; p++)
                    {
                        if (at[p] != 0)
                        {
                            channel.Add(at[p] - 1, weights[p], source[p]);
                        }
                    }
                }
            }
        }
    }

    /// <summary>w[n, k, p] = Σ_c y[n, c, p] x[n, c, place[n, k, p]], 0 where there is no place.</summary>
    public void Weigh<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> x, ReadOnlySpan<int> marks, Span<T> w) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        w.Clear();
        for (int n = 0; n < samples; n++)
        {
            for (int k = 0; k < taps; k++)
            {
                using var weights = new Accumulators<T>(w.Slice(((n * taps) + k) * points, points));
                ReadOnlySpan<int> at = marks.Slice(((n * taps) + k) * points, points);
                for (int c = 0; c < channels; c++)
                {
                    ReadOnlySpan<T> channel = x.Slice(((n * channels) + c) * places, places);
                    ReadOnlySpan<T> source = y.Slice(((n * channels) + c) * points, points);
                    for (int p = 0; p < points; p++)
                    {
                        if (at[p] != 0)
                        {
                            weights.Add(p, source[p], channel[at[p] - 1]);
                        }
                    }
                }
            }
        }
    }
}
