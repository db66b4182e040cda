using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// exp(A) by scaling and squaring with diagonal Padé approximants (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).
/// Of his degrees 9 is left out: it costs as many products here as 13.
/// </summary>
internal static class MatrixExponential
{
    // The largest 1-norm for which the approximant of each degree has a backward error below the unit roundoff (Higham, tables 2.3 and 2.4),
    // computed anew to all digits from the power series of log(exp(-x) r(x)).
    private static ReadOnlySpan<double> DoubleBounds => [1.495585217958292e-2, 2.539398330063232e-1, 9.504178996162932e-1, 5.371920351148152];

    private static ReadOnlySpan<double> SingleBounds => [4.258730034897931e-1, 1.880152698533769, 3.925724846433284];

    private static ReadOnlySpan<int> Degrees => [3, 5, 7, 13];

    /// <summary>
    /// Fills <paramref name="result"/> with the exponential of <paramref name="a"/>, both n×n. NaN throughout where a holds NaN or where its norm is infinite;
    /// where elements of the result overflow, others may become NaN.
    /// </summary>
    public static void Compute<T>(ReadOnlySpan<T> a, int n, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        T norm = Rows.OneNorm(a, n, n);
        if (!T.IsFinite(norm))
        {
            result[..size].Fill(T.NaN);
            return;
        }
        ReadOnlySpan<double> bounds = typeof(T) == typeof(float) ? SingleBounds : DoubleBounds;
        int choice = 0;
        while (choice < bounds.Length - 1 && norm > T.CreateTruncating(bounds[choice]))
        {
            choice++;
        }
        T bound = T.CreateTruncating(bounds[choice]);
        int squarings = norm > bound ? T.ILogB(norm / bound) + 1 : 0;

        using Scratch<T> scaled = new(size), product = new(size);
        a[..size].CopyTo(scaled.Span);
        Rows.ScaleByPowerOfTwo(scaled.Span, -squarings);
        Approximate(scaled.Span, n, Degrees[choice], result);
        for (int i = 0; i < squarings; i++)
        {
            Rows.Multiply<T>(result, result, product.Span, n, n, n);
            product.Span.CopyTo(result);
        }
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the Fréchet derivative L(A, E) of the exponential at <paramref name="a"/> in the direction
    /// <paramref name="e"/>, all n×n: the upper right block of exp([A E; 0 A]). The adjoint of L(A, ·) is L(A^T, ·).
    /// </summary>
    public static void Derivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> block = new(4 * n * n), exponential = new(4 * n * n);
        int exponent = BlockFunction.Fill(a, e, n, block.Span);
        Compute<T>(block.Span, 2 * n, exponential.Span);
        BlockFunction.Extract<T>(exponential.Span, n, exponent, derivative);
    }

    /// <summary>The diagonal Padé approximant of the given degree: (V - U)^-1 (V + U), where V holds the even and U the odd powers.</summary>
    private static void Approximate<T>(ReadOnlySpan<T> a, int n, int degree, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // c_0 = 1, c_j = c_(j-1) (m - j + 1) / ((2m - j + 1) j).
        Span<T> coefficients = stackalloc T[degree + 1];
        coefficients[0] = T.One;
        for (int j = 1; j <= degree; j++)
        {
            coefficients[j] = coefficients[j - 1] * T.CreateTruncating(degree - j + 1) / T.CreateTruncating((2 * degree - j + 1) * j);
        }
        int size = n * n;
        int powers = Math.Min(degree / 2, 3);
        using Scratch<T> squares = new(powers * size), even = new(size), odd = new(size), denominator = new(size);
        using Scratch<int> pivots = new(n);
        Span<T> x = squares.Span;
        Rows.Multiply(a, a, x[..size], n, n, n);
        for (int p = 1; p < powers; p++)
        {
            Rows.Multiply<T>(x.Slice((p - 1) * size, size), x[..size], x.Slice(p * size, size), n, n, n);
        }
        EvenPolynomial(x, powers, coefficients, 0, n, even.Span);
        EvenPolynomial(x, powers, coefficients, 1, n, denominator.Span);
        Rows.Multiply(a, denominator.Span, odd.Span, n, n, n);

        even.Span.CopyTo(denominator.Span);
        Rows.AddScaled(denominator.Span, -T.One, odd.Span);
        even.Span.CopyTo(result);
        Rows.AddScaled(result, T.One, odd.Span);
        LuDecomposition.Factor(denominator.Span, n, n, pivots.Span);
        LuDecomposition.Solve(denominator.Span, n, pivots.Span, result[..size], n);
    }

    /// <summary>The sum of coefficients[first + 2i] X^i, X = A², from the powers X, X², X³ at hand: the terms from X⁴ on share a factor X³.</summary>
    private static void EvenPolynomial<T>(ReadOnlySpan<T> x, int powers, ReadOnlySpan<T> coefficients, int first, int n, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        sum.Clear();
        if (coefficients.Length > 8)
        {
            using Scratch<T> high = new(size);
            high.Span.Clear();
            for (int p = 1; p <= powers; p++)
            {
                Rows.AddScaled(high.Span, coefficients[first + 2 * (powers + p)], x.Slice((p - 1) * size, size));
            }
            Rows.Multiply(x.Slice((powers - 1) * size, size), high.Span, sum, n, n, n);
        }
        for (int p = powers; p >= 1; p--)
        {
            Rows.AddScaled(sum, coefficients[first + 2 * p], x.Slice((p - 1) * size, size));
        }
        for (int i = 0; i < n; i++)
        {
            sum[i * n + i] += coefficients[first];
        }
    }
}
