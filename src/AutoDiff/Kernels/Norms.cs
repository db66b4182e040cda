using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff.Kernels;

/// <summary>Vector norms that neither overflow nor underflow: the elements are scaled by a power of two near the largest magnitude.</summary>
internal static class Norms
{
    /// <summary>(Σ |x|^p)^(1/p); the number of nonzeros for p = 0, the largest or smallest magnitude for p = ±∞.</summary>
    public static T Norm<T>(ReadOnlySpan<T> x, T order) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (order == T.Zero)
        {
            int count = 0;
            foreach (T value in x)
            {
                count += value == T.Zero ? 0 : 1;
            }

            return T.CreateTruncating(count);
        }

        if (x.IsEmpty)
        {
            return order > T.Zero ? T.Zero : T.PositiveInfinity;
        }

        if (order == Range<T>.Two)
        {
            // Well within the range nothing overflowed, and what underflowed does not count.
            T squares = Reductions.SumOfSquares(x);
            if (squares > T.Zero && T.IsFinite(squares) && T.Abs(T.CreateChecked(T.ILogB(squares))) <= Range<T>.Quarter)
            {
                return T.Sqrt(squares);
            }
        }

        T largest = T.Abs(TensorPrimitives.MaxMagnitude(x));
        if (T.IsPositiveInfinity(order) || T.IsNaN(largest))
        {
            return largest;
        }

        if (T.IsNegativeInfinity(order))
        {
            return T.Abs(TensorPrimitives.MinMagnitude(x));
        }

        if (largest == T.Zero || T.IsInfinity(largest))
        {
            return order > T.Zero ? largest : T.Zero;
        }

        bool rescale = T.Abs(T.CreateChecked(T.ILogB(largest))) * T.Max(T.One, T.Abs(order)) > Range<T>.Quarter;
        T[] powers = Pool<T>.Shared.Rent(x.Length);
        Span<T> p = powers.AsSpan(0, x.Length);
        (T first, T second) = rescale ? Scales(largest) : (T.One, T.One);
        if (rescale)
        {
            VectorMath.Multiply(x, first, p);
            VectorMath.Multiply(p, second, p);
        }
        else
        {
            x.CopyTo(p);
        }

        T two = T.CreateChecked(2);
        T norm;
        if (order == two)
        {
            VectorMath.Square<T>(p, p);
            norm = T.Sqrt(Reductions.Sum<T>(p));
        }
        else
        {
            VectorMath.Abs<T>(p, p);
            if (order != T.One)
            {
                VectorMath.Pow<T>(p, order, p);
            }

            T sum = Reductions.Sum<T>(p);
            norm = order == T.One ? sum : order == T.CreateChecked(0.5) ? sum * sum : T.Pow(sum, T.One / order);
        }

        Pool<T>.Shared.Return(powers);
        return norm / first / second;
    }

    /// <summary>u = x / y for the norms y of the rows of x, by rows that are scaled where y is infinite or has lost digits. Infinite elements count as equal, and outweigh all others.</summary>
    public static void Normalize<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, T order, Span<T> u) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = y.IsEmpty ? 0 : x.Length / y.Length;
        for (int i = 0; i < y.Length; i++)
        {
            ReadOnlySpan<T> row = x.Slice(i * columns, columns);
            Span<T> result = u.Slice(i * columns, columns);
            T largest = T.IsNormal(y[i]) || row.IsEmpty ? T.Zero : T.Abs(TensorPrimitives.MaxMagnitude(row));
            if (largest == T.Zero || T.IsNaN(largest))
            {
                VectorMath.Divide(row, y[i], result);
                continue;
            }

            if (T.IsInfinity(largest))
            {
                for (int j = 0; j < columns; j++)
                {
                    result[j] = T.IsInfinity(row[j]) ? T.CopySign(T.One, row[j]) : T.Zero;
                }
            }
            else
            {
                (T first, T second) = Scales(largest);
                VectorMath.Multiply(row, first, result);
                VectorMath.Multiply(result, second, result);
            }

            VectorMath.Divide(result, Norm<T>(result, order), result);
        }
    }

    private static class Range<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly T Two = T.CreateChecked(2);

        /// <summary>The fourth part of the largest exponent.</summary>
        public static readonly T Quarter = T.CreateChecked(T.ILogB(T.CreateSaturating(double.MaxValue)) / 4);
    }

    /// <summary>Two factors, powers of two, whose product brings a number near to 1. One alone may be out of range; they scale without rounding.</summary>
    private static (T First, T Second) Scales<T>(T largest) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int exponent = -T.ILogB(largest);
        return (T.ScaleB(T.One, exponent / 2), T.ScaleB(T.One, exponent - (exponent / 2)));
    }
}
