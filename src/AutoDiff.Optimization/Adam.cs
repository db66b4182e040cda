using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Optimization;

/// <summary>
/// Adam, the usual first choice for networks: each number moves against the running mean of its gradients, divided by their running size, so that units do not matter.
/// m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², x ← x - rate · m̂ / (√v̂ + ε), where m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) undo the start from zero (Kingma and Ba, ICLR 2015, algorithm 1).
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="rate">The learning rate.</param>
/// <param name="beta1">β₁, the part of the mean gradient that is kept.</param>
/// <param name="beta2">β₂, the part of the mean square that is kept.</param>
/// <param name="epsilon">ε, which keeps the quotient finite.</param>
/// <exception cref="ArgumentNullException">rate is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">β₁ or β₂ is not from 0 to below 1, or ε is negative or not finite.</exception>
public sealed class Adam<T>(Schedule rate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : GradientOptimizer<T>(rate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double beta1 = Setting.Part(beta1, nameof(Adam<>), nameof(beta1));
    private readonly double beta2 = Setting.Part(beta2, nameof(Adam<>), nameof(beta2));
    private readonly double epsilon = Setting.NotNegative(epsilon, nameof(Adam<>), nameof(epsilon));

    private protected override void Update(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step) =>
        Apply(x, g, next, first, second, rate, step, beta1, beta2, epsilon, 0);

    /// <summary>The step of Adam from x (1 - rate · decay).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step, double beta1, double beta2, double epsilon, double decay)
    {
        (T keep1, T add1, T keep2, T add2) = (T.CreateChecked(beta1), T.CreateChecked(1 - beta1), T.CreateChecked(beta2), T.CreateChecked(1 - beta2));
        T size = T.CreateChecked(rate / (1 - Math.Pow(beta1, step)));
        T unbias = T.CreateChecked(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        T floor = T.CreateChecked(epsilon);
        T shrink = T.CreateChecked(1 - (rate * decay));
        // By references: a loop over slices takes three times as long.
        ref T from = ref MemoryMarshal.GetReference(x), slopes = ref MemoryMarshal.GetReference(g), to = ref MemoryMarshal.GetReference(next);
        ref T means = ref MemoryMarshal.GetReference(first), squares = ref MemoryMarshal.GetReference(second);
        int length = next.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(Math.Min(x.Length, g.Length), Math.Min(first.Length, second.Length)), length);
        (T limit, var limits, var floors) = (Remembered<T>.Smallest, new Vector<T>(Remembered<T>.Smallest), new Vector<T>(floor));
        int i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> slope = Vector.LoadUnsafe(ref slopes, (nuint)i);
            Vector<T> mean = Remembered<T>.Settled((Vector.LoadUnsafe(ref means, (nuint)i) * keep1) + (slope * add1), limits);
            Vector<T> square = Remembered<T>.Settled((Vector.LoadUnsafe(ref squares, (nuint)i) * keep2) + (slope * add2 * slope), limits);
            mean.StoreUnsafe(ref means, (nuint)i);
            square.StoreUnsafe(ref squares, (nuint)i);
            ((Vector.LoadUnsafe(ref from, (nuint)i) * shrink) - (mean * size / ((Vector.SquareRoot(square) * unbias) + floors))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < length; i++)
        {
            first[i] = Remembered<T>.Settled((keep1 * first[i]) + (add1 * g[i]), limit);
            second[i] = Remembered<T>.Settled((keep2 * second[i]) + (add2 * g[i] * g[i]), limit);
            next[i] = (shrink * x[i]) - (size * first[i] / ((unbias * T.Sqrt(second[i])) + floor));
        }
    }
}

/// <summary>AdamW: Adam with weight decay apart from the gradient, x ← (1 - rate · decay) x before the step of Adam (Loshchilov and Hutter, ICLR 2019, algorithm 2).</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="rate">The learning rate.</param>
/// <param name="decay">The weight decay.</param>
/// <param name="beta1">β₁, the part of the mean gradient that is kept.</param>
/// <param name="beta2">β₂, the part of the mean square that is kept.</param>
/// <param name="epsilon">ε, which keeps the quotient finite.</param>
/// <exception cref="ArgumentNullException">rate is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">β₁ or β₂ is not from 0 to below 1, or the decay or ε is negative or not finite.</exception>
public sealed class AdamW<T>(Schedule rate, double decay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : GradientOptimizer<T>(rate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double decay = Setting.NotNegative(decay, nameof(AdamW<>), nameof(decay));
    private readonly double beta1 = Setting.Part(beta1, nameof(AdamW<>), nameof(beta1));
    private readonly double beta2 = Setting.Part(beta2, nameof(AdamW<>), nameof(beta2));
    private readonly double epsilon = Setting.NotNegative(epsilon, nameof(AdamW<>), nameof(epsilon));

    private protected override void Update(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step) =>
        Adam<T>.Apply(x, g, next, first, second, rate, step, beta1, beta2, epsilon, decay);
}
