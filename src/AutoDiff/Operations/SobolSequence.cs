using System.Globalization;
using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Sobol's sequence: points that fill the unit cube more evenly than random ones. The mean of a smooth function over n of them is off by about 1/n, up to powers of log n, not by 1/√n.
/// </summary>
/// <remarks>
/// The direction numbers are those of Joe and Kuo (2008), the order is that of the Gray code (Antonov and Saleev 1979). Take powers of two of them: 2^k points hit every binary interval of length 2^-k of each
/// coordinate once. With a key, the points are scrambled by a random matrix and a random shift of binary digits (Matoušek 1998): each is then uniform, means over them are unbiased, and several keys estimate the error.
/// Points are constants. Functions of them are differentiated as usual: quantiles of points, such as <see cref="Tensor{T}.Ndtri"/>, are random draws for a derivative.
/// </remarks>
public sealed class SobolSequence
{
    /// <summary>The largest dimension for which there are direction numbers.</summary>
    public const int MaxDimension = 1111;

    private const int Bits = 32;
    private const ulong Matrices = 4;
    private const ulong Shifts = 5;

    private static readonly Lazy<string[]> Table = new(ReadTable);

    /// <summary>For each dimension the numbers that the bits of a place switch on.</summary>
    private readonly uint[] directions;
    private readonly uint[] shifts;
    private readonly bool scrambled;

    /// <summary>Makes a sequence.</summary>
    /// <param name="dimension">The number of coordinates, from 1 to <see cref="MaxDimension"/>.</param>
    /// <param name="scrambling">The key of the scrambling; none for the points as they are, of which the first is the origin.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no direction numbers for the dimension.</exception>
    public SobolSequence(int dimension, RandomKey? scrambling = null)
    {
        if (dimension is < 1 or > MaxDimension)
        {
            throw Errors.OutOfRange(nameof(SobolSequence), nameof(dimension), $"the dimension is {dimension}", $"from 1 to {MaxDimension}", "take fewer coordinates from the sequence, and random numbers for the others");
        }

        Dimension = dimension;
        directions = new uint[dimension * Bits];
        shifts = new uint[dimension];
        scrambled = scrambling is not null;
        for (int d = 0; d < dimension; d++)
        {
            Span<uint> own = directions.AsSpan(d * Bits, Bits);
            Fill(d, own);
            if (scrambling is { } key)
            {
                Scramble(key.Seed, d, own);
                shifts[d] = (uint)CounterRandom.Bits(key.Seed, (uint)d, Shifts);
            }
        }
    }

    /// <summary>The number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>Consecutive points of the sequence.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="count">How many points; powers of two are the most even.</param>
    /// <param name="start">The place of the first in the sequence.</param>
    /// <returns>
    /// A constant of shape [count, dimension]. Scrambled points lie inside the cube, in the middle of cells of 2⁻³² (of 2⁻²³ for floats); others are multiples of these.
    /// </returns>
    /// <exception cref="TensorShapeException">The count is negative, or there are too many elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The places are not all from 0 to below 2³².</exception>
    public Tensor<T> Points<T>(int count, long start = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> points = Tensor.Zeros<T>(count, Dimension);
        if (start < 0 || start > (1L << Bits) - count)
        {
            throw Errors.OutOfRange(nameof(Points), nameof(start), $"{count} points from place {start} are asked for", $"places from 0 to below {1L << Bits}", "take other keys of scrambling for more points");
        }

        // Of a float, 23 digits and the middle of the cell fit.
        int dropped = typeof(T) == typeof(float) ? 9 : 0;
        T cell = T.ScaleB(T.One, dropped - Bits);
        T middle = scrambled ? T.ScaleB(T.One, -1) : T.Zero;
        var at = new uint[Dimension];
        Place((uint)start, at);
        Span<T> x = points.Writable;
        for (int i = 0; i < count; i++)
        {
            for (int d = 0; d < at.Length; d++)
            {
                x[(i * at.Length) + d] = (T.CreateTruncating(at[d] >> dropped) + middle) * cell;
            }

            // The next place differs in one digit of its Gray code: the first that is 0 in the number.
            int digit = BitOperations.TrailingZeroCount(~(uint)(start + i));
            for (int d = 0; d < at.Length && digit < Bits; d++)
            {
                at[d] ^= directions[(d * Bits) + digit];
            }
        }

        return points;
    }

    /// <summary>Consecutive points of the sequence, of doubles.</summary>
    /// <inheritdoc cref="Points{T}(int, long)"/>
    public Tensor<double> Points(int count, long start = 0) => Points<double>(count, start);

    /// <summary>The coordinates of the point at a place: the sum, digit by digit, of the directions of its Gray code.</summary>
    private void Place(uint place, Span<uint> at)
    {
        uint gray = place ^ (place >> 1);
        for (int d = 0; d < at.Length; d++)
        {
            uint x = shifts[d];
            for (uint rest = gray; rest != 0; rest &= rest - 1)
            {
                x ^= directions[(d * Bits) + BitOperations.TrailingZeroCount(rest)];
            }

            at[d] = x;
        }
    }

    /// <summary>The directions of a dimension: the first ones of the table, the others by the recurrence of the primitive polynomial (Joe and Kuo 2003, eq. 2).</summary>
    private static void Fill(int dimension, Span<uint> v)
    {
        if (dimension == 0)
        {
            for (int i = 0; i < Bits; i++)
            {
                v[i] = 1u << (Bits - 1 - i);
            }

            return;
        }

        uint[] row = [.. Table.Value[dimension - 1].Split(' ').Select(number => uint.Parse(number, CultureInfo.InvariantCulture))];
        (uint coefficients, int degree) = (row[0], row.Length - 1);
        for (int i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = row[i + 1] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (int k = 1; k < degree; k++)
            {
                v[i] ^= ((coefficients >> (degree - 1 - k)) & 1) * v[i - k];
            }
        }
    }

    /// <summary>Each digit plus a random sum of the digits before it, modulo 2.</summary>
    private static void Scramble(ulong seed, int dimension, Span<uint> v)
    {
        // Row r of the matrix: random digits before its own.
        Span<uint> rows = stackalloc uint[Bits];
        for (int r = 0; r < Bits; r++)
        {
            uint own = 1u << (Bits - 1 - r);
            uint before = r == 0 ? 0 : ~0u << (Bits - r);
            rows[r] = ((uint)CounterRandom.Bits(seed, (uint)((dimension * Bits) + r), Matrices) & before) | own;
        }

        for (int i = 0; i < Bits; i++)
        {
            uint image = 0;
            for (int r = 0; r < Bits; r++)
            {
                image |= ((uint)BitOperations.PopCount(rows[r] & v[i]) & 1) << (Bits - 1 - r);
            }

            v[i] = image;
        }
    }

    private static string[] ReadTable()
    {
        using var reader = new StreamReader(typeof(SobolSequence).Assembly.GetManifestResourceStream("SobolDirections.txt")!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }
}
