using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011): the numbers are a keyed mixture of a counter, so that each depends on
/// its own place alone, and not on what was drawn before, on the number of threads, or on the machine.
/// </summary>
internal static class CounterRandom
{
    /// <summary>Four words for a key and a counter of 128 bits.</summary>
    public static (uint, uint, uint, uint) Words(ulong key, ulong low, ulong high)
    {
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        (uint c0, uint c1, uint c2, uint c3) = ((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0;
            ulong p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>64 random bits for a place in a stream of a key.</summary>
    public static ulong Bits(ulong key, ulong place, ulong stream)
    {
        (uint a, uint b, _, _) = Words(key, place, stream);
        return ((ulong)a << 32) | b;
    }

    /// <summary>
    /// Numbers uniformly distributed over the open interval (0, 1): the midpoints of 2⁵² equal parts, so that neither 0 nor 1 occurs and u and 1 - u are alike. In single precision they are the midpoints of 2²³
    /// parts, by the same bits.
    /// </summary>
    public static void Uniform<T>(ulong key, Span<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Uniform(key, 0, u);

    /// <summary>Likewise, from the counters whose upper half is <paramref name="high"/>.</summary>
    private static void Uniform<T>(ulong key, ulong high, Span<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < u.Length; i += 2)
        {
            (uint a, uint b, uint c, uint d) = Words(key, (ulong)i / 2, high);
            u[i] = Fraction(a, b);
            if (i + 1 < u.Length)
            {
                u[i + 1] = Fraction(c, d);
            }
        }

        static T Fraction(uint high, uint low) => typeof(T) == typeof(float)
            ? T.CreateChecked(((high >> 9) + 0.5) * (1.0 / (1 << 23)))
            : T.CreateChecked(((((ulong)high << 20) | (low >> 12)) + 0.5) * (1.0 / (1L << 52)));
    }

    /// <summary>Of a counter for rows, the bit of its upper half that sets it apart from all others; the rest is the number of the row.</summary>
    private const ulong OfRow = 1UL << 63;

    /// <summary>Numbers uniformly distributed over (0, 1) for rows, each of which has counters of its own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="firstRow">The number of the first row.</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="u">The rows.</param>
    public static void UniformRows<T>(ulong key, int firstRow, int length, Span<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0, row = firstRow; start < u.Length; start += length, row++)
        {
            Uniform(key, OfRow | (uint)row, u.Slice(start, length));
        }
    }

    /// <summary>Standard normal numbers for rows: the pairs (2i, 2i + 1) of a row by the method of Box and Muller, from the pairs of uniform numbers of that row.</summary>
    /// <param name="key">The key.</param>
    /// <param name="firstRow">The number of the first row.</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="z">The rows.</param>
    public static void NormalRows<T>(ulong key, int firstRow, int length, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (z.IsEmpty)
        {
            return;
        }

        int pairs = (length + 1) / 2;
        int rows = z.Length / length;
        int count = rows * pairs;
        T[] rented = Pool<T>.Shared.Rent((3 * count) + (2 * pairs));
        Span<T> radius = rented.AsSpan(0, count), angle = rented.AsSpan(count, count), sine = rented.AsSpan(2 * count, count), row = rented.AsSpan(3 * count, 2 * pairs);
        for (int i = 0; i < rows; i++)
        {
            Uniform(key, OfRow | (uint)(firstRow + i), row);
            for (int j = 0; j < pairs; j++)
            {
                (radius[(i * pairs) + j], angle[(i * pairs) + j]) = (row[2 * j], row[(2 * j) + 1]);
            }
        }

        VectorMath.Log<T>(radius, radius);
        VectorMath.Multiply(radius, T.CreateChecked(-2), radius);
        VectorMath.Sqrt<T>(radius, radius);
        VectorMath.Multiply(angle, T.CreateChecked(2 * Math.PI), angle);
        VectorMath.Sin<T>(angle, sine);
        VectorMath.Cos<T>(angle, angle);
        for (int i = 0; i < rows; i++)
        {
            Span<T> target = z.Slice(i * length, length);
            for (int j = 0; j < length; j++)
            {
                int pair = (i * pairs) + (j / 2);
                target[j] = radius[pair] * (j % 2 == 0 ? angle[pair] : sine[pair]);
            }
        }

        Pool<T>.Shared.Return(rented);
    }

    /// <summary>Standard normal numbers, by the method of Box and Muller (1958): r = √(-2 log u), times the cosine and the sine of 2π v.</summary>
    public static void Normal<T>(ulong key, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pairs = (z.Length + 1) / 2;
        var uniform = new T[2 * pairs];
        Uniform<T>(key, uniform);
        Span<T> radius = uniform.AsSpan(0, pairs);
        Span<T> angle = uniform.AsSpan(pairs);
        VectorMath.Log<T>(radius, radius);
        VectorMath.Multiply(radius, T.CreateChecked(-2), radius);
        VectorMath.Sqrt<T>(radius, radius);
        VectorMath.Multiply(angle, T.CreateChecked(2 * Math.PI), angle);
        var sine = new T[pairs];
        VectorMath.Sin<T>(angle, sine);
        VectorMath.Cos<T>(angle, angle);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = i < pairs ? radius[i] * angle[i] : radius[i - pairs] * sine[i - pairs];
        }
    }
}
