using AutoDiff.Kernels;

namespace AutoDiff;

// Dropout, and the samplers that are inverse distribution functions: samples at fixed probabilities, with implicit derivatives.
public sealed partial class Tensor<T>
{
    /// <summary>Elements dropped at random, and the others divided by 1 - rate, so that the mean stays (Srivastava et al. 2014). The derivative goes to the elements that are kept.</summary>
    /// <param name="rate">The probability of dropping an element, from 0 to 1.</param>
    /// <param name="key">The key of the random numbers: the same key drops the same elements.</param>
    /// <param name="training">Whether to drop anything; where not, the tensor is returned as it is.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The rate is outside [0, 1].</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Ones(1000).Dropout(0.5, new RandomKey(1)).Max()); // => 2
    /// </code>
    /// </example>
    public Tensor<T> Dropout(T rate, RandomKey key, bool training = true)
    {
        if (!(rate >= T.Zero && rate <= T.One))
        {
            throw Errors.Argument(nameof(Dropout), nameof(rate), $"the rate is {rate}", "a number from 0 to 1", "check the rate");
        }

        if (!training || rate == T.Zero)
        {
            return this;
        }

        Tensor<T> kept = Linear(new SelectMap<T>(key.Uniform<T>(shape) >= Tensor.Scalar(rate)), nameof(Dropout));
        return rate == T.One ? kept : kept / (T.One - rate);
    }

    /// <summary>The x with P(a, x) = u for a gamma distribution of shape a.</summary>
    internal static Tensor<T> GammaSample(Tensor<T> a, Tensor<T> u) => General("Gamma", [a, u], a.shape,
        value: static (inputs, x) => Apply(static (a, u) => u <= 0.5 ? IncompleteGamma.InverseP(a, u) : IncompleteGamma.InverseQ(a, 1 - u), inputs[0].Values, inputs[1].Values, x.Writable),
        vjp: static (g, i, operands) => i == 0 ? g.TimesLocal(GammaSampleDerivative(operands[0], operands.Output)) : null,
        jvp: static (t, i, operands) => i == 0 ? t.TimesLocal(GammaSampleDerivative(operands[0], operands.Output)) : null,
        axes: i => i == 0 ? [.. Enumerable.Range(0, a.Rank)] : null);

    /// <summary>
    /// The z between a and b with Φ(z) = (1 - u) Φ(a) + u Φ(b). dz = (1 - u) e^((z² - a²)/2) da + u e^((z² - b²)/2) db.
    /// </summary>
    internal static Tensor<T> TruncatedNormalSample(Tensor<T> a, Tensor<T> b, Tensor<T> u)
    {
        return General("TruncatedNormal", [a, b, u], a.shape,
            value: static (inputs, z) =>
            {
                ReadOnlySpan<T> low = inputs[0].Values;
                ReadOnlySpan<T> high = inputs[1].Values;
                ReadOnlySpan<T> level = inputs[2].Values;
                for (int i = 0; i < z.length; i++)
                {
                    z.Writable[i] = T.CreateSaturating(TruncatedNormal.Quantile(double.CreateChecked(low[i]), double.CreateChecked(high[i]), double.CreateChecked(level[i])));
                }
            },
            vjp: static (g, i, operands) => i < 2 ? g.TimesLocal(Weight(i, operands)) : null,
            jvp: static (t, i, operands) => i < 2 ? t.TimesLocal(Weight(i, operands)) : null,
            axes: i => i < 2 ? [.. Enumerable.Range(0, a.Rank)] : null,
            slices: static (reads, record, slices) => record.Spread(reads, slices) is [var a, var b, var u] ? TruncatedNormalSample(a, b, u) : null);

        static Tensor<T> Weight(int i, Operands<T> operands)
        {
            Tensor<T> z = operands.Output;
            Tensor<T> end = operands[i];
            return ((z - end) * (z + end) * T.CreateChecked(0.5)).Exp() * (i == 0 ? T.One - operands[2] : operands[2]);
        }
    }

    /// <summary>Applies a function of two numbers in double precision.</summary>
    private static void Apply(Func<double, double, double> f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = T.CreateSaturating(f(double.CreateChecked(x[i]), double.CreateChecked(y[i])));
        }
    }
}
