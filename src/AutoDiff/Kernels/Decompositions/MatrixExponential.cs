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
        using Scratch<T> copy = new(n * n);
        a[..(n * n)].CopyTo(copy.Span);
        Evaluate(copy.Span, n, 0, result);
    }

    /// <summary>
    /// Fills <paramref name="derivative"/> with the Fréchet derivative L(A, E) of the exponential at <paramref name="a"/> in the direction <paramref name="e"/>, all n×n, or in several directions
    /// (Al-Mohy and Higham, "Computing the Fréchet derivative of the matrix exponential", 2009: the method differentiated, of which value and derivative share all powers). The adjoint of L(A, ·) is
    /// L(A^T, ·).
    /// </summary>
    public static void Derivative<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> e, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HyperDual.Derivative(Evaluate, a, e, n, derivative);

    /// <summary>The exponential of a hyper-dual matrix, whose directions are no larger than the matrix itself.</summary>
    public static bool Evaluate<T>(Span<T> x, int n, int directions, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = HyperDual.Length(n, directions);
        // The backward error of the derivatives is that of a block triangular matrix of A and the directions, whose norm is that of A times (1 + p) at most.
        T norm = Rows.OneNorm<T>(x, n, n) * T.CreateTruncating(1 + directions);
        if (!T.IsFinite(norm))
        {
            result[..length].Fill(T.NaN);
            return false;
        }
        ReadOnlySpan<double> bounds = typeof(T) == typeof(float) ? SingleBounds : DoubleBounds;
        int choice = 0;
        while (choice < bounds.Length - 1 && norm > T.CreateTruncating(bounds[choice]))
        {
            choice++;
        }
        T bound = T.CreateTruncating(bounds[choice]);
        int squarings = norm > bound ? T.ILogB(norm / bound) + 1 : 0;

        Rows.ScaleByPowerOfTwo(x[..length], -squarings);
        Approximate<T>(x[..length], n, directions, Degrees[choice], result);
        for (int i = 0; i < squarings; i++)
        {
            HyperDual.Multiply<T>(result, result, x, n, directions);
            x[..length].CopyTo(result);
        }
        return true;
    }

    /// <summary>The diagonal Padé approximant of the given degree: (V - U)^-1 (V + U), where V holds the even and U the odd powers.</summary>
    private static void Approximate<T>(ReadOnlySpan<T> a, int n, int directions, int degree, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // c_0 = 1, c_j = c_(j-1) (m - j + 1) / ((2m - j + 1) j).
        Span<T> coefficients = stackalloc T[degree + 1];
        coefficients[0] = T.One;
        for (int j = 1; j <= degree; j++)
        {
            coefficients[j] = coefficients[j - 1] * T.CreateTruncating(degree - j + 1) / T.CreateTruncating((2 * degree - j + 1) * j);
        }
        int size = a.Length;
        int powers = Math.Min(degree / 2, 3);
        using Scratch<T> squares = new(powers * size), even = new(size), odd = new(size), denominator = new(size);
        Span<T> x = squares.Span;
        HyperDual.Multiply(a, a, x[..size], n, directions);
        for (int p = 1; p < powers; p++)
        {
            HyperDual.Multiply<T>(x.Slice((p - 1) * size, size), x[..size], x.Slice(p * size, size), n, directions);
        }
        EvenPolynomial(x, powers, coefficients, 0, n, directions, even.Span);
        EvenPolynomial(x, powers, coefficients, 1, n, directions, denominator.Span);
        HyperDual.Multiply(a, denominator.Span, odd.Span, n, directions);

        even.Span.CopyTo(denominator.Span);
        Rows.AddScaled(denominator.Span, -T.One, odd.Span);
        even.Span.CopyTo(result);
        Rows.AddScaled(result, T.One, odd.Span);
        HyperDual.Solve(denominator.Span, result, n, directions);
    }

    /// <summary>The sum of coefficients[first + 2i] X^i, X = A², from the powers X, X², X³ at hand: the terms from X⁴ on share a factor X³.</summary>
    private static void EvenPolynomial<T>(ReadOnlySpan<T> x, int powers, ReadOnlySpan<T> coefficients, int first, int n, int directions, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = sum.Length;
        sum.Clear();
        if (coefficients.Length > 8)
        {
            using Scratch<T> high = new(size);
            high.Span.Clear();
            for (int p = 1; p <= powers; p++)
            {
                Rows.AddScaled(high.Span, coefficients[first + 2 * (powers + p)], x.Slice((p - 1) * size, size));
            }
            HyperDual.Multiply(x.Slice((powers - 1) * size, size), high.Span, sum, n, directions);
        }
        for (int p = powers; p >= 1; p--)
        {
            Rows.AddScaled(sum, coefficients[first + 2 * p], x.Slice((p - 1) * size, size));
        }
        HyperDual.AddIdentity(sum, n, coefficients[first]);
    }
}
