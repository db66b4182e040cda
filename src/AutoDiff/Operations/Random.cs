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
    internal static Tensor<T> GammaSample(Tensor<T> a, Tensor<T> u) => General("Gamma", [a], a.shape,
        value: (inputs, x) => Apply(static (a, u) => u <= 0.5 ? IncompleteGamma.InverseP(a, u) : IncompleteGamma.InverseQ(a, 1 - u), inputs[0].Values, u.Values, x.Writable),
        vjp: static (g, _, operands) => -g.TimesLocal(ShapeSlope(1, operands[0], operands.Output)),
        jvp: static (t, _, operands) => -t.TimesLocal(ShapeSlope(1, operands[0], operands.Output)),
        axes: _ => [.. Enumerable.Range(0, a.Rank)]);

    /// <summary>
    /// E_n = (∂ⁿP/∂aⁿ) / p, with the density p = x^(a-1) e^-x / Γ(a). With L = log x - ψ(a): ∂E_n/∂a = E_(n+1) - E_n L and ∂E_n/∂x = (∂ⁿp/∂aⁿ) / p - E_n ((a - 1) / x - 1).
    /// </summary>
    private static Tensor<T> ShapeSlope(int n, Tensor<T> a, Tensor<T> x) => Binary(
        (a, x, z) => Apply((a, x) => n == 1 ? -IncompleteGamma.SampleDerivative(a, x) : IncompleteGamma.ShapeDerivative(n, a, x) / IncompleteGamma.Density(a, x), a, x, z),
        a, x, "GammaShapeSlope",
        dx: (a, x, e) => n < 3 ? ShapeSlope(n + 1, a, x) - (e * LogSlope(a, x))
            : throw Errors.Argument("Gamma", "order", "a derivative of fourth order by the shape was asked for", "derivatives up to third order", "lower the order"),
        dy: (a, x, e) => DensitySlope(n, a, x) - (e * (((a - T.One) / x) - T.One)));

    /// <summary>L = log x - ψ(a), the derivative of the logarithm of the density by the shape.</summary>
    private static Tensor<T> LogSlope(Tensor<T> a, Tensor<T> x) => x.Log() - a.PolygammaOf(0);

    /// <summary>(∂ⁿp/∂aⁿ) / p: the complete Bell polynomials of L, -ψ', -ψ''.</summary>
    private static Tensor<T> DensitySlope(int n, Tensor<T> a, Tensor<T> x)
    {
        Tensor<T> slope = LogSlope(a, x);
        return n switch
        {
            1 => slope,
            2 => slope.Square() - a.PolygammaOf(1),
            _ => (slope * (slope.Square() - (a.PolygammaOf(1) * T.CreateChecked(3)))) - a.PolygammaOf(2),
        };
    }

    /// <summary>ψ⁽ⁿ⁾, the derivatives of log Γ.</summary>
    private Tensor<T> PolygammaOf(int n) => Elementwise(n,
        static (x, n, y) =>
        {
            for (int i = 0; i < x.Length; i++)
            {
                double value = double.CreateChecked(x[i]);
                y[i] = T.CreateSaturating(n == 0 ? GammaFunctions.Digamma(value) : GammaFunctions.Polygamma(n, value));
            }
        },
        ofInput: static (x, n) => x.PolygammaOf(n + 1), name: "Polygamma");

    /// <summary>
    /// The z between a and b with Φ(z) = (1 - u) Φ(a) + u Φ(b). dz = (1 - u) e^((z² - a²)/2) da + u e^((z² - b²)/2) db.
    /// </summary>
    internal static Tensor<T> TruncatedNormalSample(Tensor<T> a, Tensor<T> b, Tensor<T> u)
    {
        return General("TruncatedNormal", [a, b], a.shape,
            value: (inputs, z) =>
            {
                ReadOnlySpan<T> low = inputs[0].Values;
                ReadOnlySpan<T> high = inputs[1].Values;
                ReadOnlySpan<T> level = u.Values;
                for (int i = 0; i < z.length; i++)
                {
                    z.Writable[i] = T.CreateSaturating(TruncatedNormal.Quantile(double.CreateChecked(low[i]), double.CreateChecked(high[i]), double.CreateChecked(level[i])));
                }
            },
            vjp: (g, i, operands) => g.TimesLocal(Weight(i, operands)),
            jvp: (t, i, operands) => t.TimesLocal(Weight(i, operands)),
            axes: _ => [.. Enumerable.Range(0, a.Rank)]);

        Tensor<T> Weight(int i, Operands<T> operands)
        {
            Tensor<T> z = operands.Output;
            Tensor<T> end = operands[i];
            return ((z - end) * (z + end) * T.CreateChecked(0.5)).Exp() * (i == 0 ? T.One - u : u);
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
