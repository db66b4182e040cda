using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>Makes tensors, and holds the operations that have no single receiver.</summary>
public static partial class Tensor
{
    /// <summary>A tensor whose values are written by a function into its own memory, without a copy.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TState">What is passed on to the function.</typeparam>
    /// <param name="state">What is passed on.</param>
    /// <param name="fill">Writes all values, row-major. What it does not write is undefined. It must not keep the span.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public static Tensor<T> Create<T, TState>(TState state, System.Buffers.SpanAction<T, TState> fill, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(fill, nameof(Create), nameof(fill));
        Shapes.Length(shape, nameof(Create));
        Tensor<T> result = Tensor<T>.Allocate(shape.ToArray());
        fill(result.Writable, state);
        return result;
    }

    /// <summary>A vector with the given values.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([1.0, 2.0, 3.0])); // => [1, 2, 3]
    /// </code>
    /// </example>
    public static Tensor<T> Create<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create(values, [values.Length]);

    /// <summary>A tensor with the given values, row-major, and shape.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <param name="shape">The length of each axis; an empty shape makes a scalar.</param>
    /// <returns>A constant of the given shape.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create([1.0, 2.0, 3.0, 4.0], 2, 2)); // => [[1, 2], [3, 4]]
    /// </code>
    /// </example>
    public static Tensor<T> Create<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = Shapes.Length(shape, nameof(Create));
        if (length != values.Length)
        {
            throw Errors.Shape(nameof(Create), $"{values.Length} values were given for the shape {Shapes.Format(shape)}", $"{length} values",
                "make the product of the shape equal to the number of values");
        }

        Tensor<T> result = Tensor<T>.Allocate(shape.ToArray());
        values.CopyTo(result.Writable);
        return result;
    }

    /// <summary>A vector with the values of an array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    public static Tensor<T> Create<T>(T[] values) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(Errors.NotNull(values, nameof(Create), nameof(values)).AsSpan());

    /// <summary>A tensor with the values of an array, row-major, and shape.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <param name="shape">The length of each axis; an empty shape makes a scalar.</param>
    /// <returns>A constant of the given shape.</returns>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static Tensor<T> Create<T>(T[] values, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(Errors.NotNull(values, nameof(Create), nameof(values)).AsSpan(), shape);

    /// <summary>A vector with the values of a list or of any other sequence: <c>Tensor.Create(prices.Select(p => p.Close))</c>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="ArgumentNullException">The sequence is null.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(Enumerable.Range(1, 3).Select(i => 0.5 * i))); // => [0.5, 1, 1.5]
    /// </code>
    /// </example>
    [OverloadResolutionPriority(-2)] // Arrays and spans have forms of their own.
    public static Tensor<T> Create<T>(IEnumerable<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>([.. Errors.NotNull(values, nameof(Create), nameof(values))]);

    /// <summary>A matrix with the given rows: <c>Tensor.Create([[1.0, 2.0], [3.0, 4.0]])</c>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="rows">The rows, equally long; their values are copied.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">A row is null.</exception>
    /// <exception cref="TensorShapeException">There is no row, or the rows differ in length.</exception>
    [OverloadResolutionPriority(-1)] // An empty list is a vector.
    public static Tensor<T> Create<T>(ReadOnlySpan<T[]> rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.IsEmpty)
        {
            throw Errors.Shape(nameof(Create), "no row was given", "at least one row", "give values and a shape, such as Create([], 0, 3), for a matrix without rows");
        }

        int columns = Errors.NotNull(rows[0], nameof(Create), nameof(rows)).Length;
        Tensor<T> result = Tensor<T>.Allocate([rows.Length, columns]);
        for (int i = 0; i < rows.Length; i++)
        {
            int length = Errors.NotNull(rows[i], nameof(Create), nameof(rows)).Length;
            if (length != columns)
            {
                throw Errors.Shape(nameof(Create), $"row {i} has {length} values, row 0 has {columns}", "rows of the same length", "fill up the shorter rows");
            }

            rows[i].CopyTo(result.Writable[(i * columns)..]);
        }

        return result;
    }

    /// <summary>A matrix with the rows of a jagged array.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="rows">The rows, equally long; their values are copied.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">The array or a row is null.</exception>
    /// <exception cref="TensorShapeException">There is no row, or the rows differ in length.</exception>
    [OverloadResolutionPriority(-1)]
    public static Tensor<T> Create<T>(T[][] rows) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(Errors.NotNull(rows, nameof(Create), nameof(rows)).AsSpan());

    /// <summary>A matrix with the rows of a list or of any other sequence: <c>Tensor.Create(lines.Select(line => line.Cells))</c>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="rows">The rows, equally long; their values are copied.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">The sequence or a row is null.</exception>
    /// <exception cref="TensorShapeException">There is no row, or the rows differ in length.</exception>
    [OverloadResolutionPriority(-3)] // Arrays have a form of their own.
    public static Tensor<T> Create<T>(IEnumerable<T[]> rows) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create(Errors.NotNull(rows, nameof(Create), nameof(rows)).ToArray());

    /// <summary>A matrix with the values of a two-dimensional array: <c>Tensor.Create(new[,] { { 1.0, 2.0 }, { 3.0, 4.0 } })</c>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The values; they are copied.</param>
    /// <returns>A constant of shape [rows, columns].</returns>
    /// <exception cref="ArgumentNullException">The array is null.</exception>
    public static Tensor<T> Create<T>(T[,] values) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Create<T>(Elements(Errors.NotNull(values, nameof(Create), nameof(values))), values.GetLength(0), values.GetLength(1));

    /// <summary>A vector with the numbers that are listed: <c>Tensor.Create(1f, 2f, 3f)</c>. A single number is a <see cref="Scalar{T}(T)"/>.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="first">The first number.</param>
    /// <param name="second">The second number.</param>
    /// <param name="others">The numbers after it.</param>
    /// <returns>A constant of shape [n].</returns>
    public static Tensor<T> Create<T>(T first, T second, params ReadOnlySpan<T> others) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>([first, second, .. others]);

    /// <summary>A tensor of rank 0 that holds one number.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="value">The number.</param>
    /// <returns>A constant of rank 0.</returns>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Scalar(2.0).Rank); // => 0
    /// </code>
    /// </example>
    public static Tensor<T> Scalar<T>(T value) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Tensor<T>.Allocate([]);
        result.Writable[0] = value;
        return result;
    }

    /// <summary>A tensor of zeros.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public static Tensor<T> Zeros<T>(params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill(nameof(Zeros), T.Zero, shape);

    /// <summary>A tensor of ones.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public static Tensor<T> Ones<T>(params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill(nameof(Ones), T.One, shape);

    /// <summary>A tensor that holds one value everywhere.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>A constant of that shape.</returns>
    /// <exception cref="TensorShapeException">An extent is negative, or there are too many elements.</exception>
    public static Tensor<T> Full<T>(T value, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fill(nameof(Full), value, shape);

    /// <summary>The identity matrix of order n.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="n">The number of rows and columns.</param>
    /// <returns>A constant of shape [n, n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    public static Tensor<T> Identity<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Fill(nameof(Identity), T.Zero, [n, n]);
        for (int i = 0; i < n; i++)
        {
            result.Writable[(i * n) + i] = T.One;
        }

        return result;
    }

    /// <summary>The numbers 0, 1, ..., n - 1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="n">How many.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    public static Tensor<T> Range<T>(int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Fill(nameof(Range), T.Zero, [n]);
        for (int i = 0; i < n; i++)
        {
            result.Writable[i] = T.CreateChecked(i);
        }

        return result;
    }

    /// <summary>The numbers start, start + step, start + 2 step, ... before <paramref name="end"/>, which is not one of them.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="start">The first number.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="step">The step, negative for numbers that fall; 1 unless given.</param>
    /// <returns>A constant vector of ⌈(end - start) / step⌉ numbers; empty where the step leads away from the end.</returns>
    /// <remarks>Where rounding decides whether the last number still comes before the end, take <see cref="LinearSpace{T}(T, T, int)"/>, which is told how many there are.</remarks>
    /// <exception cref="ArgumentException">The step is 0, or a number is not finite.</exception>
    /// <exception cref="TensorShapeException">There are more numbers than a tensor holds.</exception>
    public static Tensor<T> Range<T>(T start, T end, T? step = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T by = step ?? T.One;
        if (by == T.Zero || !T.IsFinite(by))
        {
            throw Errors.Argument(nameof(Range), nameof(step), $"the step is {by}", "a number that is finite and not 0", "check the step");
        }

        if (!T.IsFinite(start) || !T.IsFinite(end))
        {
            throw Errors.Argument(nameof(Range), T.IsFinite(start) ? nameof(end) : nameof(start), $"the numbers go from {start} to {end}", "finite numbers", "check where they start and end");
        }

        (double first, double stride) = (double.CreateChecked(start), double.CreateChecked(by));
        double count = Math.Max(Math.Ceiling((double.CreateChecked(end) - first) / stride), 0);
        int n = count <= Array.MaxLength ? (int)count : throw Errors.Shape(nameof(Range), $"there are {count} numbers from {start} to {end} by {by}", $"at most {Array.MaxLength}", "take larger steps");
        Tensor<T> result = Fill(nameof(Range), start, [n]);
        Span<T> values = result.Writable;
        for (int i = 1; i < n; i++)
        {
            values[i] = T.CreateChecked(first + (i * stride));
        }

        return result;
    }

    /// <summary>n numbers evenly spaced from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="start">The first number.</param>
    /// <param name="end">The last number.</param>
    /// <param name="n">How many; for n = 1 the result is the start.</param>
    /// <returns>A constant of shape [n].</returns>
    /// <exception cref="TensorShapeException">n is negative.</exception>
    public static Tensor<T> LinearSpace<T>(T start, T end, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Fill(nameof(LinearSpace), start, [n]);
        Span<T> values = result.Writable;
        for (int i = 1; i < n; i++)
        {
            // Interpolating from both ends keeps the last number exact.
            T s = T.CreateChecked(i) / T.CreateChecked(n - 1);
            values[i] = i == n - 1 ? end : (start * (T.One - s)) + (end * s);
        }

        return result;
    }

    /// <summary>The elements of a two-dimensional array, row-major, as they lie in memory.</summary>
    private static ReadOnlySpan<T> Elements<T>(T[,] values) => values.Length == 0 ? [] : MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length);

    private static Tensor<T> Fill<T>(string operation, T value, ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Length(shape, operation);
        Tensor<T> result = Tensor<T>.Allocate(shape.ToArray());
        result.Writable.Fill(value);
        return result;
    }
}
