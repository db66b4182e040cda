using System.Numerics;
using AutoDiff.Kernels;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Continuous distributions, whose samples are differentiable in the parameters. The parameters broadcast with each other, and their common shape is that of the samples: broadcast them to draw more.
public readonly partial record struct RandomKey
{
    /// <summary>Numbers uniformly distributed over intervals: low + (high - low) u with u uniform over (0, 1).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="low">The lower ends.</param>
    /// <param name="high">The upper ends.</param>
    /// <returns>Samples in the common shape. dx = (1 - u) dlow + u dhigh.</returns>
    /// <exception cref="ArgumentNullException">low or high is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Uniform<T>(Tensor<T> low, Tensor<T> high) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> u = Uniform<T>(Common(low, high, nameof(Uniform)));
        return (low * (T.One - u)) + (high * u);
    }

    /// <summary>Normally distributed numbers, mean + deviation · z with z of mean 0 and standard deviation 1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mean">The means.</param>
    /// <param name="deviation">The standard deviations.</param>
    /// <returns>Samples in the common shape. dx = dmean + z ddeviation.</returns>
    /// <exception cref="ArgumentNullException">mean or deviation is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Normal<T>(Tensor<T> mean, Tensor<T> deviation) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        mean + (deviation * Normal<T>(Common(mean, deviation, nameof(Normal))));

    /// <summary>Numbers whose logarithms are normally distributed, x = e^(mean + deviation · z) with z of mean 0 and standard deviation 1. dx = x (dmean + z ddeviation).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mean">The means of the logarithms.</param>
    /// <param name="deviation">The standard deviations of the logarithms.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">mean or deviation is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> LogNormal<T>(Tensor<T> mean, Tensor<T> deviation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Common(mean, deviation, nameof(LogNormal));
        return Normal(mean, deviation).Exp();
    }

    /// <summary>Magnitudes of normally distributed numbers with mean 0, scale · |z| with z of standard deviation 1. dx = |z| dscale.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="scale">The standard deviations before taking the magnitude.</param>
    /// <returns>Samples in the same shape.</returns>
    /// <exception cref="ArgumentNullException">scale is null.</exception>
    public Tensor<T> HalfNormal<T>(Tensor<T> scale) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.NotNull(scale, nameof(HalfNormal), nameof(scale)) * Normal<T>(scale.Dimensions).Abs();

    /// <summary>Normally distributed vectors with mean vectors and the lower Cholesky factors L of their covariances, mean + L z with independent z of mean 0 and standard deviation 1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mean">The means, [..., d].</param>
    /// <param name="choleskyFactor">The factors, [..., d, d].</param>
    /// <returns>Samples [..., d]; the leading axes broadcast. dx = dmean + dL z.</returns>
    /// <exception cref="ArgumentNullException">mean or choleskyFactor is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public Tensor<T> MultivariateNormal<T>(Tensor<T> mean, Tensor<T> choleskyFactor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(mean, nameof(MultivariateNormal), nameof(mean));
        Errors.NotNull(choleskyFactor, nameof(MultivariateNormal), nameof(choleskyFactor));
        if (mean.Rank < 1 || choleskyFactor.Rank < 2 || choleskyFactor.Shape[^1] != mean.Shape[^1] || choleskyFactor.Shape[^2] != mean.Shape[^1])
        {
            throw Errors.Shape(nameof(MultivariateNormal), $"the shapes are {Shapes.Format(mean.Shape)} and {Shapes.Format(choleskyFactor.Shape)}", "a mean [..., d] and a factor [..., d, d]",
                "give the Cholesky factor of the covariance");
        }

        int[] common = Shapes.Broadcast(mean.Dimensions, choleskyFactor.Dimensions[..^1], nameof(MultivariateNormal));
        Tensor<T>.TapeOf([mean, choleskyFactor], nameof(MultivariateNormal));
        return mean + choleskyFactor.MatMul(Normal<T>(common).ExpandDims(-1)).Squeeze(-1);
    }

    /// <summary>Normally distributed numbers inside intervals, by the inverse of their distribution function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="mean">The means before truncation.</param>
    /// <param name="deviation">The standard deviations before truncation.</param>
    /// <param name="low">The lower ends, which may be -∞.</param>
    /// <param name="high">The upper ends, which may be ∞.</param>
    /// <returns>Samples in the common shape, differentiable in all four; right in both tails.</returns>
    /// <exception cref="ArgumentNullException">mean, deviation, low or high is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> TruncatedNormal<T>(Tensor<T> mean, Tensor<T> deviation, Tensor<T> low, Tensor<T> high) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Common(mean, deviation, nameof(TruncatedNormal));
        Common(low, high, nameof(TruncatedNormal));
        int[] common = Shapes.Broadcast(Shapes.Broadcast(mean.Dimensions, deviation.Dimensions, nameof(TruncatedNormal)), Shapes.Broadcast(low.Dimensions, high.Dimensions, nameof(TruncatedNormal)),
            nameof(TruncatedNormal));
        Tensor<T>.TapeOf([mean, deviation, low, high], nameof(TruncatedNormal));
        return mean + (deviation * Tensor<T>.TruncatedNormalSample(Bound(low), Bound(high), Uniform<T>(common)));

        // An infinite bound stays where it is, whatever mean and deviation do.
        Tensor<T> Bound(Tensor<T> end) => Tensor.Where(Tensor<T>.Mask(end, end, "IsFinite", static (x, _) => T.IsFinite(x)), (end - mean) / deviation, end).BroadcastTo(common);
    }

    /// <summary>Exponentially distributed numbers, x = -log(u) / rate with u uniform over (0, 1). dx = -x / rate drate.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="rate">The rates: the means are their reciprocals.</param>
    /// <returns>Samples in the same shape.</returns>
    /// <exception cref="ArgumentNullException">rate is null.</exception>
    public Tensor<T> Exponential<T>(Tensor<T> rate) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        StandardExponential<T>(Errors.NotNull(rate, nameof(Exponential), nameof(rate)).Dimensions) / rate;

    /// <summary>Numbers of the Laplace (double exponential) distribution, location + scale · w, where w is exponentially distributed and has either sign. dx = dlocation + w dscale.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="location">The means.</param>
    /// <param name="scale">The mean distances from it.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">location or scale is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Laplace<T>(Tensor<T> location, Tensor<T> scale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The inverse of the distribution function: the logarithm of the smaller tail, with the sign of the side.
        Tensor<T> u = Uniform<T>(Common(location, scale, nameof(Laplace)));
        Tensor<T> tail = u.Minimum(T.One - u) * T.CreateChecked(2);
        return location + (scale * ((T.CreateChecked(0.5) - u).Sign() * tail.Log()));
    }

    /// <summary>Numbers of the logistic distribution, location + scale · log(u / (1 - u)) with u uniform over (0, 1). dx = dlocation + log(u / (1 - u)) dscale.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="location">The means.</param>
    /// <param name="scale">The scales.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">location or scale is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Logistic<T>(Tensor<T> location, Tensor<T> scale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> u = Uniform<T>(Common(location, scale, nameof(Logistic)));
        return location + (scale * (u.Log() - (-u).Log1p()));
    }

    /// <summary>Numbers of the Gumbel distribution of largest values, location - scale · log(-log u) with u uniform over (0, 1). dx = dlocation - log(-log u) dscale.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="location">The modes.</param>
    /// <param name="scale">The scales.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">location or scale is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Gumbel<T>(Tensor<T> location, Tensor<T> scale) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        location + (scale * StandardGumbel<T>(Common(location, scale, nameof(Gumbel))));

    /// <summary>Numbers of the Cauchy distribution, location + scale · tan(π (u - 1/2)) with u uniform over (0, 1). dx = dlocation + tan(π (u - 1/2)) dscale.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="location">The medians.</param>
    /// <param name="scale">Half the distances of the quartiles.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">location or scale is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Cauchy<T>(Tensor<T> location, Tensor<T> scale) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> u = Uniform<T>(Common(location, scale, nameof(Cauchy)));
        return location + (scale * ((u - T.CreateChecked(0.5)) * T.Pi).Tan());
    }

    /// <summary>Numbers of the Weibull distribution, x = scale · w^(1 / concentration) with w exponentially distributed. dx = x (dscale / scale - log(w) / concentration² dconcentration).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="scale">The scales.</param>
    /// <param name="concentration">The shapes.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">scale or concentration is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Weibull<T>(Tensor<T> scale, Tensor<T> concentration) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        scale * StandardExponential<T>(Common(scale, concentration, nameof(Weibull))).Pow(concentration.Reciprocal());

    /// <summary>Numbers of the Pareto distribution, x = scale · u^(-1 / concentration) with u uniform over (0, 1). dx = x (dscale / scale + log(u) / concentration² dconcentration).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="scale">The least values.</param>
    /// <param name="concentration">The exponents of the tails.</param>
    /// <returns>Samples in the common shape.</returns>
    /// <exception cref="ArgumentNullException">scale or concentration is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Pareto<T>(Tensor<T> scale, Tensor<T> concentration) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        scale * (StandardExponential<T>(Common(scale, concentration, nameof(Pareto))) / concentration).Exp();

    /// <summary>Gamma-distributed numbers with scale 1 and shape parameter k (the concentration): the x with P(k, x) = u, where P is the distribution function and u uniform over (0, 1). dx = -(∂P/∂k) / p(x) dk, with the density p.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="concentration">The shapes, above 0; NaN elsewhere.</param>
    /// <returns>Samples in the same shape. Divide by a rate, or multiply by a scale.</returns>
    /// <remarks>
    /// The inverse of the distribution function moves without jumps with its parameter, unlike sampling by rejection, so that the samples are the function that is differentiated. The derivative
    /// is the implicit one of Figurnov, Mohamed and Mnih (2018); it goes to third order.
    /// </remarks>
    /// <exception cref="ArgumentNullException">concentration is null.</exception>
    public Tensor<T> Gamma<T>(Tensor<T> concentration) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor<T>.GammaSample(Errors.NotNull(concentration, nameof(Gamma), nameof(concentration)), Uniform<T>(concentration.Dimensions));

    /// <summary>Numbers of the χ² distribution: twice those of the gamma distribution with half the degrees of freedom.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="freedom">The degrees of freedom, above 0.</param>
    /// <returns>Samples in the same shape, differentiable as those of <see cref="Gamma"/>.</returns>
    /// <exception cref="ArgumentNullException">freedom is null.</exception>
    public Tensor<T> ChiSquare<T>(Tensor<T> freedom) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Gamma(Errors.NotNull(freedom, nameof(ChiSquare), nameof(freedom)) * T.CreateChecked(0.5)) * T.CreateChecked(2);

    /// <summary>Numbers of Student's t distribution: z / √(χ² / freedom) with a normal z.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="freedom">The degrees of freedom, above 0.</param>
    /// <returns>Samples in the same shape.</returns>
    /// <exception cref="ArgumentNullException">freedom is null.</exception>
    public Tensor<T> StudentT<T>(Tensor<T> freedom) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(freedom, nameof(StudentT), nameof(freedom));
        return Derive(0).Normal<T>(freedom.Dimensions) * (freedom / Derive(1).ChiSquare(freedom)).Sqrt();
    }

    /// <summary>Beta-distributed numbers: x / (x + y) for gamma-distributed x and y, computed from their logarithms.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="alpha">The first shapes, above 0.</param>
    /// <param name="beta">The second shapes, above 0.</param>
    /// <returns>Samples in the common shape, differentiable in both.</returns>
    /// <exception cref="ArgumentNullException">alpha or beta is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    public Tensor<T> Beta<T>(Tensor<T> alpha, Tensor<T> beta) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] common = Common(alpha, beta, nameof(Beta));
        return (Derive(0).LogGamma(alpha.BroadcastTo(common)) - Derive(1).LogGamma(beta.BroadcastTo(common))).Sigmoid();
    }

    /// <summary>Vectors of the Dirichlet distribution: gamma-distributed numbers divided by their sum, computed from their logarithms.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="concentration">The shapes along the last axis, above 0.</param>
    /// <returns>Samples in the same shape, which sum to 1 along the last axis.</returns>
    /// <exception cref="ArgumentNullException">concentration is null.</exception>
    /// <exception cref="ArgumentException">The tensor is a scalar.</exception>
    public Tensor<T> Dirichlet<T>(Tensor<T> concentration) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Axis(-1, Errors.NotNull(concentration, nameof(Dirichlet), nameof(concentration)).Rank, nameof(Dirichlet), nameof(concentration));
        return LogGamma(concentration).Softmax(-1);
    }

    /// <summary>A smooth stand-in for one-hot samples of classes: softmax((logits + Gumbel noise) / temperature) (Jang et al. 2017, Maddison et al. 2017).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="logits">The logarithms of the probabilities, up to a constant.</param>
    /// <param name="temperature">The temperature, above 0: the lower, the closer to one-hot.</param>
    /// <param name="axis">The axis of the classes; negative ones count from the end.</param>
    /// <returns>Samples in the same shape, which sum to 1 along the axis.</returns>
    /// <exception cref="ArgumentNullException">logits is null.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or the temperature is not above 0.</exception>
    public Tensor<T> GumbelSoftmax<T>(Tensor<T> logits, T temperature, int axis = -1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(logits, nameof(GumbelSoftmax), nameof(logits));
        int a = Shapes.Axis(axis, logits.Rank, nameof(GumbelSoftmax));
        return temperature > T.Zero ? ((logits + StandardGumbel<T>(logits.Dimensions)) / temperature).Softmax(a)
            : throw Errors.Argument(nameof(GumbelSoftmax), nameof(temperature), $"the temperature is {temperature}", "a temperature above 0", "draw one-hot samples with Categorical");
    }

    /// <summary>Logarithms of gamma-distributed numbers, which do not underflow: a sample for shape + 1, times u^(1 / shape), is one for the shape (Marsaglia and Tsang 2000).</summary>
    private Tensor<T> LogGamma<T>(Tensor<T> concentration) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor<T>.GammaSample(concentration + T.One, Derive(0).Uniform<T>(concentration.Dimensions)).Log() - (Derive(1).StandardExponential<T>(concentration.Dimensions) / concentration);

    private Tensor<T> StandardExponential<T>(int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> => -Uniform<T>(shape).Log();

    private Tensor<T> StandardGumbel<T>(int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> => -StandardExponential<T>(shape).Log();

    /// <summary>The common shape of two parameters.</summary>
    private static int[] Common<T>(Tensor<T> x, Tensor<T> y, string operation, [CallerArgumentExpression(nameof(x))] string first = "", [CallerArgumentExpression(nameof(y))] string second = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] common = Shapes.Broadcast(Errors.NotNull(x, operation, first).Dimensions, Errors.NotNull(y, operation, second).Dimensions, operation);
        Tensor<T>.TapeOf([x, y], operation);
        return common;
    }
}
