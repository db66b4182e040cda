using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Weights to start training from, random and of a size that keeps the spread of values from layer to layer. A matrix of shape [inputs, outputs] is that of <c>x.MatMul(w)</c>; a kernel of shape
/// [outputs, inputs, ..window] is that of a convolution.
/// </summary>
public static class Initialize
{
    /// <summary>Normally distributed weights with the standard deviation gain / √inputs (He, Zhang, Ren and Sun, ICCV 2015): for layers that are followed by Relu.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">√2 by default, which makes up for the half that Relu takes away.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<T> KaimingNormal<T>(RandomKey key, ReadOnlySpan<int> shape, double gain = Root2) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        key.Normal<T>(shape) * T.CreateChecked(gain / Math.Sqrt(Fans(shape).Inputs));

    /// <summary>Uniformly distributed weights with the standard deviation gain / √inputs (He, Zhang, Ren and Sun, ICCV 2015): for layers that are followed by Relu.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">√2 by default, which makes up for the half that Relu takes away.</param>
    /// <returns>A constant, between ± gain √(3 / inputs).</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<T> KaimingUniform<T>(RandomKey key, ReadOnlySpan<int> shape, double gain = Root2) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Even<T>(key, shape, gain * Math.Sqrt(3.0 / Fans(shape).Inputs));

    /// <summary>Normally distributed weights with the standard deviation gain √(2 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010): for layers that are followed by Tanh, Sigmoid or nothing.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the deviation is multiplied by.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<T> XavierNormal<T>(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double inputs, double outputs) = Fans(shape);
        return key.Normal<T>(shape) * T.CreateChecked(gain * Math.Sqrt(2 / (inputs + outputs)));
    }

    /// <summary>Uniformly distributed weights with the standard deviation gain √(2 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010): for layers that are followed by Tanh, Sigmoid or nothing.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the deviation is multiplied by.</param>
    /// <returns>A constant, between ± gain √(6 / (inputs + outputs)).</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<T> XavierUniform<T>(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double inputs, double outputs) = Fans(shape);
        return Even<T>(key, shape, gain * Math.Sqrt(6 / (inputs + outputs)));
    }

    /// <summary>
    /// A matrix with orthonormal rows or columns, whichever are fewer, evenly distributed among them (Saxe, McClelland and Ganguli, ICLR 2014; by the QR factorization of a normally distributed matrix with the
    /// signs of Mezzadri, Notices of the AMS 54, 2007). Of a kernel, the matrix of the first axis by all others.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the matrix is multiplied by.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<T> Orthogonal<T>(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Fans(shape);
        int rows = shape[0];
        int columns = 1;
        foreach (int extent in shape[1..])
        {
            columns *= extent;
        }

        (Tensor<T> q, Tensor<T> r) = key.Normal<T>(Math.Max(rows, columns), Math.Min(rows, columns)).Qr();
        Tensor<T> orthogonal = q * Tensor.Where(r.Diagonal() < T.Zero, -T.One, T.One);
        return (rows < columns ? orthogonal.Transpose() : orthogonal).Reshape(shape) * T.CreateChecked(gain);
    }

    /// <summary>Normally distributed weights of doubles with the standard deviation gain / √inputs: for layers that are followed by Relu.</summary>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">√2 by default, which makes up for the half that Relu takes away.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<double> KaimingNormal(RandomKey key, ReadOnlySpan<int> shape, double gain = Root2) => KaimingNormal<double>(key, shape, gain);

    /// <summary>Uniformly distributed weights of doubles with the standard deviation gain / √inputs: for layers that are followed by Relu.</summary>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">√2 by default, which makes up for the half that Relu takes away.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<double> KaimingUniform(RandomKey key, ReadOnlySpan<int> shape, double gain = Root2) => KaimingUniform<double>(key, shape, gain);

    /// <summary>Normally distributed weights of doubles with the standard deviation gain √(2 / (inputs + outputs)): for layers that are followed by Tanh, Sigmoid or nothing.</summary>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the deviation is multiplied by.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<double> XavierNormal(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) => XavierNormal<double>(key, shape, gain);

    /// <summary>Uniformly distributed weights of doubles with the standard deviation gain √(2 / (inputs + outputs)): for layers that are followed by Tanh, Sigmoid or nothing.</summary>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the deviation is multiplied by.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<double> XavierUniform(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) => XavierUniform<double>(key, shape, gain);

    /// <summary>A matrix of doubles with orthonormal rows or columns, whichever are fewer; of a kernel, the matrix of the first axis by all others.</summary>
    /// <param name="key">The key of the draw.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="gain">What the matrix is multiplied by.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentException">The shape has fewer than two axes.</exception>
    public static Tensor<double> Orthogonal(RandomKey key, ReadOnlySpan<int> shape, double gain = 1) => Orthogonal<double>(key, shape, gain);

    private const double Root2 = 1.4142135623730951;

    private static Tensor<T> Even<T>(RandomKey key, ReadOnlySpan<int> shape, double bound) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (key.Uniform<T>(shape) * T.CreateChecked(2 * bound)) - T.CreateChecked(bound);

    private static (double Inputs, double Outputs) Fans(ReadOnlySpan<int> shape)
    {
        if (shape.Length < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Initialize: the shape [{string.Join(", ", shape.ToArray().Select(static extent => extent.ToString(CultureInfo.InvariantCulture)))}] has {shape.Length} axes. Expected two or more. To fix it, start vectors and numbers with Tensor.Zeros."), nameof(shape));
        }

        if (shape.Length == 2)
        {
            return (shape[0], shape[1]);
        }

        double window = 1;
        foreach (int extent in shape[2..])
        {
            window *= extent;
        }

        return (shape[1] * window, shape[0] * window);
    }
}
