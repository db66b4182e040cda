using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Gradient descent with momentum: v ← μ v + g, x ← x - rate · v (Polyak, 1964); with Nesterov's look ahead x ← x - rate · (g + μ v) (Sutskever, Martens, Dahl and Hinton, 2013).
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="rate">The learning rate.</param>
/// <param name="momentum">μ, the part of the velocity that is kept; 0 for plain gradient descent.</param>
/// <param name="nesterov">Whether to look ahead.</param>
/// <exception cref="ArgumentNullException">rate is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">The momentum is not from 0 to below 1.</exception>
public sealed class GradientDescent<T>(Schedule rate, double momentum = 0, bool nesterov = false) : GradientOptimizer<T>(rate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double momentum = Setting.Part(momentum, nameof(GradientDescent<>), nameof(momentum));

    private protected override void Update(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step)
    {
        (T keep, T size) = (T.CreateChecked(momentum), T.CreateChecked(rate));
        (T limit, var limits) = (Remembered<T>.Smallest, new Vector<T>(Remembered<T>.Smallest));
        int i = 0;
        for (; i <= next.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var slope = new Vector<T>(g[i..]);
            Vector<T> velocity = Remembered<T>.Settled((new Vector<T>(first[i..]) * keep) + slope, limits);
            velocity.CopyTo(first[i..]);
            (new Vector<T>(x[i..]) - ((nesterov ? slope + (velocity * keep) : velocity) * size)).CopyTo(next[i..]);
        }

        for (; i < next.Length; i++)
        {
            first[i] = Remembered<T>.Settled((keep * first[i]) + g[i], limit);
            next[i] = x[i] - (size * (nesterov ? g[i] + (keep * first[i]) : first[i]));
        }
    }
}
