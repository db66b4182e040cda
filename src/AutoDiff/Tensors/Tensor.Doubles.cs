using System.Runtime.CompilerServices;

namespace AutoDiff;

// What is made without naming an element type holds doubles: integers become numbers, truth values a mask of ones and zeros.
public static partial class Tensor
{
    /// <summary>A vector of doubles with the given integers.</summary>
    /// <param name="values">The values.</param>
    /// <returns>A constant of shape [n].</returns>
    public static Tensor<double> Create(ReadOnlySpan<int> values) => Create(values, [values.Length]);

    /// <summary>A tensor of doubles with the given integers, row-major, and shape.</summary>
    /// <param name="values">The values.</param>
    /// <param name="shape">The length of each axis; an empty shape makes a scalar.</param>
    /// <returns>A constant of the given shape.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static Tensor<double> Create(ReadOnlySpan<int> values, params ReadOnlySpan<int> shape) => Create<double>(Numbers(values, static value => (double)value), shape);

    /// <summary>A matrix of doubles with the given rows of integers.</summary>
    /// <param name="rows">The rows, equally long.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">A row is null.</exception>
    /// <exception cref="TensorShapeException">There is no row, or the rows differ in length.</exception>
    [OverloadResolutionPriority(-1)] // An empty list is a vector.
    public static Tensor<double> Create(ReadOnlySpan<int[]> rows) => Create<double>(Numbers(rows, static row => Numbers(Errors.NotNull<int[]>(row, nameof(Create), nameof(rows)), static value => (double)value)));

    /// <summary>A matrix of doubles with the values of a two-dimensional array of integers.</summary>
    /// <param name="values">The values.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    public static Tensor<double> Create(int[,] values) => Create(Elements(Errors.NotNull(values, nameof(Create), nameof(values))), values.GetLength(0), values.GetLength(1));

    /// <summary>A vector of doubles with the numbers that are listed: <c>Tensor.Create(1, 2, 3)</c>. A single number is a <see cref="Scalar(double)"/>.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="second">The second number.</param>
    /// <param name="others">The numbers after it.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3) * 2); // => [2, 4, 6]
    /// </code>
    /// </example>
    public static Tensor<double> Create(double first, double second, params ReadOnlySpan<double> others) => Create<double>(first, second, others);

    /// <summary>A vector of doubles with ones for true and zeros for false: a mask.</summary>
    /// <param name="values">The truth values.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([true, false, true])); // => [1, 0, 1]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(-1)] // An empty list is one of numbers.
    public static Tensor<double> Create(ReadOnlySpan<bool> values) => Create(values, [values.Length]);

    /// <summary>A tensor of doubles with ones for true and zeros for false, row-major, and shape: a mask.</summary>
    /// <param name="values">The truth values.</param>
    /// <param name="shape">The length of each axis; an empty shape makes a scalar.</param>
    /// <returns>A constant of the given shape.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<double> Create(ReadOnlySpan<bool> values, params ReadOnlySpan<int> shape) => Create<double>(Numbers(values, static value => value ? 1.0 : 0.0), shape);

    /// <summary>A tensor of rank 0 that holds one double.</summary>
    /// <param name="value">The number.</param>
    /// <returns>A constant of rank 0.</returns>
    public static Tensor<double> Scalar(double value) => Scalar<double>(value);

    /// <summary>A tensor of zeros, of doubles.</summary>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Zeros(2, 3)); // => [[0, 0, 0], [0, 0, 0]]
    /// </code>
    /// </example>
    public static Tensor<double> Zeros(params ReadOnlySpan<int> shape) => Zeros<double>(shape);

    /// <summary>A tensor of ones, of doubles.</summary>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Ones(3)); // => [1, 1, 1]
    /// </code>
    /// </example>
    public static Tensor<double> Ones(params ReadOnlySpan<int> shape) => Ones<double>(shape);

    /// <summary>A tensor that holds one double everywhere.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Full(0.5, 2)); // => [0.5, 0.5]
    /// </code>
    /// </example>
    public static Tensor<double> Full(double value, params ReadOnlySpan<int> shape) => Full<double>(value, shape);

    /// <summary>The identity matrix of order n, of doubles.</summary>
    /// <param name="n">The number of rows and columns.</param>
    /// <returns>A constant of shape [n, n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Identity(2)); // => [[1, 0], [0, 1]]
    /// </code>
    /// </example>
    public static Tensor<double> Identity(int n) => Identity<double>(n);

    /// <summary>The numbers 0, 1, ..., n - 1, as doubles.</summary>
    /// <param name="n">How many.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Range(4)); // => [0, 1, 2, 3]
    /// </code>
    /// </example>
    public static Tensor<double> Range(int n) => Range<double>(n);

    /// <summary>The doubles start, start + step, start + 2 step, ... before <paramref name="end"/>, which is not one of them.</summary>
    /// <inheritdoc cref="Range{T}(T, T, T?)"/>
    public static Tensor<double> Range(double start, double end, double step = 1) => Range<double>(start, end, step);

    /// <summary>n doubles evenly spaced from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The last number.</param>
    /// <param name="n">How many; for n = 1 the result is the start.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.LinearSpace(0, 1, 5)); // => [0, 0.25, 0.5, 0.75, 1]
    /// </code>
    /// </example>
    public static Tensor<double> LinearSpace(double start, double end, int n) => LinearSpace<double>(start, end, n);

    private static TTo[] Numbers<TFrom, TTo>(ReadOnlySpan<TFrom> values, Func<TFrom, TTo> number)
    {
        var numbers = new TTo[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = number(values[i]);
        }

        return numbers;
    }
}
