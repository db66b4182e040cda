using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The key of a stream of random numbers. A key is a value: it holds no state, and the same key always gives the same numbers, for any number of threads. Draw from different
/// keys what is to be independent: <see cref="Split"/> a key, and use each part once.
/// </summary>
/// <remarks>
/// The generator is Philox4x32-10 (Salmon et al. 2011). Uniform numbers and integers have the same bits on every machine; what logarithms, sines and the like make of them has
/// them on x64 processors with AVX2 or AVX-512, and may differ by rounding elsewhere. Samplers that take tensors of parameters are differentiable in them, as if a fixed draw were moved by the parameters (the
/// reparameterization of Kingma and Welling 2014, implicit where needed, Figurnov et al. 2018); what is discrete has no derivative, and is a constant.
/// </remarks>
/// <param name="Seed">The number that is the key.</param>
public readonly partial record struct RandomKey(ulong Seed)
{
    /// <summary>The stream of the numbers of a tensor has number 0.</summary>
    private const ulong Keys = 1;
    private const ulong Draws = 2;

    /// <summary>Makes independent keys from this one. Do not draw from this key as well.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="ArgumentException">The count is negative.</exception>
    /// <example>
    /// <code>
    /// RandomKey[] keys = new RandomKey(42).Split(2);
    /// Tensor&lt;double> weights = keys[0].Normal(3), noise = keys[1].Normal(3);
    /// Console.WriteLine(weights.AllClose(noise)); // => False
    /// </code>
    /// </example>
    public RandomKey[] Split(int count)
    {
        if (count < 0)
        {
            throw Errors.Argument(nameof(Split), nameof(count), $"{count} keys were asked for", "0 or more", "check the count");
        }

        var keys = new RandomKey[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = Derive(i);
        }

        return keys;
    }

    /// <summary>The i-th key that is derived from this one, such as the key of a step of a loop; <see cref="Split"/> returns the same keys.</summary>
    /// <param name="index">The number.</param>
    /// <returns>A key.</returns>
    /// <example>
    /// <code>
    /// RandomKey key = new(42);
    /// Console.WriteLine(key.Derive(7) == key.Derive(7)); // => True
    /// </code>
    /// </example>
    public RandomKey Derive(int index) => new(CounterRandom.Bits(Seed, (uint)index, Keys));

    /// <summary>Numbers uniformly distributed over the open interval (0, 1). They are a constant.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public Tensor<T> Uniform<T>(params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> u = Tensor.Zeros<T>(shape);
        CounterRandom.Uniform(Seed, u.Writable);
        return u;
    }

    /// <summary>Normally distributed numbers with mean 0 and standard deviation 1. They are a constant.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public Tensor<T> Normal<T>(params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> z = Tensor.Zeros<T>(shape);
        CounterRandom.Normal(Seed, z.Writable);
        return z;
    }

    /// <summary>Doubles uniformly distributed over the open interval (0, 1). They are a constant.</summary>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(new RandomKey(1).Uniform(2, 3).Max() &lt; 1); // => 1
    /// </code>
    /// </example>
    public Tensor<double> Uniform(params ReadOnlySpan<int> shape) => Uniform<double>(shape);

    /// <summary>Normally distributed doubles with mean 0 and standard deviation 1. They are a constant.</summary>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> z = new RandomKey(1).Normal(100_000);
    /// Console.WriteLine($"{z.StandardDeviation():0.00}"); // => 1.00
    /// </code>
    /// </example>
    public Tensor<double> Normal(params ReadOnlySpan<int> shape) => Normal<double>(shape);

    /// <summary>Integers uniformly distributed from a lower bound to below an upper one.</summary>
    /// <param name="low">The lower bound, which may occur.</param>
    /// <param name="high">The upper bound, which does not.</param>
    /// <param name="count">How many integers.</param>
    /// <remarks>Each of the r possible integers has the probability 1/r to within 2⁻⁶⁴.</remarks>
    /// <returns>As many integers as were asked for.</returns>
    /// <exception cref="ArgumentException">The bounds are not in order, or the count is negative.</exception>
    public int[] Integers(int low, int high, int count)
    {
        if (low >= high || count < 0)
        {
            throw Errors.Argument(nameof(Integers), nameof(high), $"{count} integers from {low} to below {high} were asked for", "bounds in order, and 0 or more integers", "check the arguments");
        }

        var integers = new int[count];
        for (int i = 0; i < count; i++)
        {
            integers[i] = (int)(low + (long)Below((ulong)((long)high - low), i));
        }

        return integers;
    }

    /// <summary>The numbers 0, 1, ..., n - 1 in random order, all orders being equally likely.</summary>
    /// <param name="n">How many numbers.</param>
    /// <returns>An array of length n.</returns>
    /// <exception cref="ArgumentException">n is negative.</exception>
    /// <example>
    /// <code>
    /// int[] order = new RandomKey(1).Permutation(10);
    /// Console.WriteLine(order.Order().SequenceEqual(Enumerable.Range(0, 10))); // => True
    /// </code>
    /// </example>
    public int[] Permutation(int n)
    {
        if (n < 0)
        {
            throw Errors.Argument(nameof(Permutation), nameof(n), $"n is {n}", "0 or more", "check the number");
        }

        int[] order = [.. Enumerable.Range(0, n)];
        for (int i = n - 1; i > 0; i--)
        {
            int j = (int)Below((ulong)i + 1, i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>Ones with the given probabilities, zeros otherwise. It has no derivative, and is a constant.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="probabilities">The probabilities of a one.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentNullException">probabilities is null.</exception>
    public Tensor<T> Bernoulli<T>(Tensor<T> probabilities) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(probabilities, nameof(Bernoulli), nameof(probabilities));
        return Uniform<T>(probabilities.Dimensions) < probabilities;
    }

    /// <summary>For each row of unnormalized log-probabilities the number of a class, drawn with these probabilities (by the largest of the logits with Gumbel noise).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="logits">The logarithms of the probabilities, up to a constant, of the classes along the last axis.</param>
    /// <returns>The numbers, row-major in the shape without the last axis. They have no derivative.</returns>
    /// <exception cref="ArgumentNullException">logits is null.</exception>
    /// <exception cref="TensorShapeException">There are no classes.</exception>
    /// <exception cref="ArgumentException">The tensor is a scalar.</exception>
    public Indices<T> Categorical<T>(Tensor<T> logits) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(logits, nameof(Categorical), nameof(logits));
        return (logits.Detach() + StandardGumbel<T>(logits.Dimensions)).ArgMax(-1);
    }

    /// <summary>A number below a bound, from the high bits of the product with 64 random bits (Lemire 2019).</summary>
    private ulong Below(ulong bound, int place) => Math.BigMul(CounterRandom.Bits(Seed, (uint)place, Draws), bound, out _);
}
