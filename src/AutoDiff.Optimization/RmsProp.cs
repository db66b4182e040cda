using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>RMSProp: gradient descent where each element is divided by the root of a running mean of its squares, v ← α v + (1 - α) g², x ← x - rate · g / (√v + ε) (Hinton, lecture 6e, 2012).</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="rate">The learning rate.</param>
/// <param name="decay">α, the part of the mean that is kept.</param>
/// <param name="epsilon">ε, which keeps the quotient finite.</param>
/// <exception cref="ArgumentNullException">rate is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">α is not from 0 to below 1, or ε is negative or not finite.</exception>
public sealed class RmsProp<T>(Schedule rate, double decay = 0.99, double epsilon = 1e-8) : GradientOptimizer<T>(rate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double decay = Setting.Part(decay, nameof(RmsProp<>), nameof(decay));
    private readonly double epsilon = Setting.NotNegative(epsilon, nameof(RmsProp<>), nameof(epsilon));

    private protected override void Update(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step)
    {
        (T keep, T add, T floor, T size) = (T.CreateChecked(decay), T.CreateChecked(1 - decay), T.CreateChecked(epsilon), T.CreateChecked(rate));
        (T limit, var limits) = (Remembered<T>.Smallest, new Vector<T>(Remembered<T>.Smallest));
        int i = 0;
        for (; i <= next.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var slope = new Vector<T>(g[i..]);
            Vector<T> square = Remembered<T>.Settled((new Vector<T>(second[i..]) * keep) + (slope * add * slope), limits);
            square.CopyTo(second[i..]);
            (new Vector<T>(x[i..]) - (slope * size / (Vector.SquareRoot(square) + new Vector<T>(floor)))).CopyTo(next[i..]);
        }

        for (; i < next.Length; i++)
        {
            second[i] = Remembered<T>.Settled((keep * second[i]) + (add * g[i] * g[i]), limit);
            next[i] = x[i] - (size * g[i] / (T.Sqrt(second[i]) + floor));
        }
    }
}
