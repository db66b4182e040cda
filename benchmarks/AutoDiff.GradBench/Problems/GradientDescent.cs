namespace AutoDiff.GradBench.Problems;

/// <summary>A gradient of a scalar function at a point.</summary>
internal delegate Tensor<double> GradientOf(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x);

/// <summary>
/// The minimizer of Pearlmutter and Siskind, "Using programming language theory to make automatic differentiation sound and efficient" (2008): gradient descent whose step grows after ten
/// successes and shrinks after a failure. The minimum found depends on what f captured, and can be differentiated by it.
/// </summary>
internal static class GradientDescent
{
    private const double Tolerance = 1e-5;

    /// <summary>The gradient by one backward sweep.</summary>
    public static Tensor<double> Reverse(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x) => Differentiate.Gradient(f, x);

    /// <summary>The gradient by one forward sweep with a batch of unit tangents.</summary>
    public static Tensor<double> Forward(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x) =>
        Differentiate.Jvp(f, x, Tensor.Identity<double>(x.Length).Reshape([x.Length, .. x.Shape])).Reshape(x.Shape);

    /// <summary>Where f is least.</summary>
    public static Tensor<double> ArgMin(Func<Tensor<double>, Tensor<double>> f, Tensor<double> start, GradientOf gradientOf)
    {
        Tensor<double> x = start;
        Tensor<double> value = f(x);
        Tensor<double> gradient = gradientOf(f, x);
        double step = 1e-5;
        int successes = 0;
        while (gradient.Norm().ToScalar() > Tolerance)
        {
            if (successes == 10)
            {
                step *= 2;
                successes = 0;
                continue;
            }

            Tensor<double> next = x - (gradient * step);
            if ((x - next).Norm().ToScalar() <= Tolerance)
            {
                break;
            }

            Tensor<double> nextValue = f(next);
            if (nextValue.ToScalar() < value.ToScalar())
            {
                (x, value, gradient) = (next, nextValue, gradientOf(f, next));
                successes++;
            }
            else
            {
                step /= 2;
                successes = 0;
            }
        }

        return x;
    }

    /// <summary>Where f is largest.</summary>
    public static Tensor<double> ArgMax(Func<Tensor<double>, Tensor<double>> f, Tensor<double> start, GradientOf gradientOf) => ArgMin(x => -f(x), start, gradientOf);
}
