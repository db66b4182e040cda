using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// Square matrices over the hyper-dual numbers: A plus products of ε_1 … ε_p with matrices, ε_i² = 0 (Fike and Alonso, "The development of hyper-dual numbers for exact second-derivative
/// calculations", 2011). A function of A + Σ ε_i E_i has for coefficient of ε_1 … ε_p its Fréchet derivative of order p at A in the directions E_i. A block triangular matrix of 2^p times the order
/// gives the same (Higham and Relton, "Higher order Fréchet derivatives of matrix functions and the level-2 condition number", 2014), by 8^p products where these need 3^p.
/// </summary>
/// <remarks>The coefficient of the ε_i for which bit i of s is set lies at s n².</remarks>
internal static class HyperDual
{
    /// <summary>A function of a hyper-dual matrix, which may be overwritten. False, with NaN throughout, where there is no value.</summary>
    public delegate bool Function<T>(Span<T> x, int n, int directions, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Fills <paramref name="derivative"/> (n×n) with the derivative of f at <paramref name="a"/> in as many directions as <paramref name="directions"/> has matrices, one after the other.</summary>
    public static bool Derivative<T>(Function<T> f, ReadOnlySpan<T> a, ReadOnlySpan<T> directions, int n, Span<T> derivative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        if (size == 0)
        {
            return true;
        }
        int count = directions.Length / size;
        using Scratch<T> x = new(Length(n, count)), value = new(Length(n, count));
        x.Span.Clear();
        a[..size].CopyTo(x.Span);

        // The derivative is linear in each direction: brought to the size of A (but clear of subnormal numbers), none leaves the range.
        T norm = Rows.OneNorm(a, n, n);
        bool finite = T.IsFinite(norm);
        int lowest = T.ILogB(Rows.SmallestNormal<T>()) + 60, exponent = 0;
        for (int i = 0; i < count; i++)
        {
            Span<T> direction = x.Span.Slice(size << i, size);
            directions.Slice(i * size, size).CopyTo(direction);
            T length = Rows.OneNorm<T>(direction, n, n);
            finite &= T.IsFinite(length);
            if (norm > T.Zero && length > T.Zero && finite)
            {
                int steps = T.ILogB(length) - Math.Max(T.ILogB(norm), lowest);
                Rows.ScaleByPowerOfTwo(direction, -steps);
                exponent += steps;
            }
        }
        if (!finite || !f(x.Span, n, count, value.Span))
        {
            derivative[..size].Fill(T.NaN);
            return false;
        }
        value.Span[^size..].CopyTo(derivative);
        Rows.ScaleByPowerOfTwo(derivative[..size], exponent);
        return true;
    }

    public static int Length(int n, int directions) => checked(n * n << directions);

    /// <summary>c := a b.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int n, int directions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        for (int s = 0; s < 1 << directions; s++)
        {
            Span<T> sum = c.Slice(s * size, size);
            Rows.Multiply(a.Slice(s * size, size), b[..size], sum, n, n, n);
            for (int r = s; r > 0;)
            {
                r = (r - 1) & s;
                Rows.Multiply(a.Slice(r * size, size), b.Slice((s ^ r) * size, size), sum, n, n, n, accumulate: true);
            }
        }
    }

    /// <summary>x := a^-1 x; the factors of A itself take its place in <paramref name="a"/>. Returns what the factorization says.</summary>
    public static (int Sign, int FirstZeroPivot) Solve<T>(Span<T> a, Span<T> x, int n, int directions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = n * n;
        using Scratch<int> pivots = new(n);
        using Scratch<T> product = new(size);
        (int, int) outcome = LuDecomposition.Factor(a[..size], n, n, pivots.Span);
        for (int s = 0; s < 1 << directions; s++)
        {
            Span<T> solution = x.Slice(s * size, size);
            for (int r = s; r > 0; r = (r - 1) & s)
            {
                Rows.Multiply<T>(a.Slice(r * size, size), x.Slice((s ^ r) * size, size), product.Span, n, n, n);
                Rows.AddScaled(solution, -T.One, product.Span);
            }
            LuDecomposition.Solve(a[..size], n, pivots.Span, solution, n);
        }
        return outcome;
    }

    /// <summary>a += factor I.</summary>
    public static void AddIdentity<T>(Span<T> a, int n, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] += factor;
        }
    }
}
