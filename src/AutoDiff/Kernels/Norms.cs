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

        // A power of two scales without rounding.
        T scale = T.ScaleB(T.One, -T.ILogB(largest));
        bool rescale = T.Abs(T.CreateChecked(T.ILogB(largest))) * T.Max(T.One, T.Abs(order)) > T.CreateChecked(T.ILogB(T.CreateSaturating(double.MaxValue)) / 4);
        T[] powers = Pool<T>.Shared.Rent(x.Length);
        Span<T> p = powers.AsSpan(0, x.Length);
        if (rescale)
        {
            VectorMath.Multiply(x, scale, p);
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
        return rescale ? norm / scale : norm;
    }
}
