namespace AutoDiff.Kernels;

/// <summary>Computes y from x, element by element. Both spans have the same length and may be the same memory.</summary>
internal delegate void UnaryKernel<T>(ReadOnlySpan<T> x, Span<T> y);

/// <summary>Computes y from x, element by element, with parameters.</summary>
internal delegate void UnaryKernel<T, TParameters>(ReadOnlySpan<T> x, TParameters parameters, Span<T> y);

/// <summary>Computes z from x and y, element by element. The spans have the same length; z may be the same memory as x or y.</summary>
internal delegate void BinaryKernel<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z);

/// <summary>Computes y = f(x) and its slope f'(x), element by element, where neither lies where x is.</summary>
internal delegate void KernelWithSlope<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> slope);

/// <summary>Computes z = v J for each row, where the Jacobian J is stated in terms of x. There may be more rows of v, for which those of x repeat.</summary>
internal delegate void JacobianProductOfRows<T>(ReadOnlySpan<T> v, ReadOnlySpan<T> x, int columns, Span<T> z);

/// <summary>Computes one number from each row of a matrix: y_i from x_i0 ... x_i,columns-1.</summary>
internal delegate void RowKernel<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y);

/// <summary>
/// Computes whole rows of the output, each from the same row of the operands, of which there are up to three. An operand that is one row is read whole for each. Of the output, or of an operand that
/// is not the last, a row may be one number.
/// </summary>
internal delegate void KernelOfRows<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, int columns, Span<T> output);
