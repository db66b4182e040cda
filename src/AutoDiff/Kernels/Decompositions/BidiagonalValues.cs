using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>
/// The singular value decomposition of a matrix with two diagonals by implicit QR steps: with the shift that the last two columns suggest, or without one where it would change nothing or a diagonal
/// element is zero (Demmel and Kahan, "Accurate singular values of bidiagonal matrices", 1990).
/// </summary>
internal static class BidiagonalValues
{
    // Two steps a value are usual; the cap only guards the loop.
    private const int StepsPerValue = 40;

    /// <summary>
    /// Makes d the singular values, not negative and in no order, of the matrix with diagonal d and superdiagonal e; what is done from the left is done to the rows of <paramref name="left"/> (n×n), from
    /// the right to those of <paramref name="right"/>, either of which may be empty.
    /// </summary>
    public static bool Iterate<T>(Span<T> d, Span<T> e, int n, Span<T> left, Span<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Rotations<T> fromLeft = left.IsEmpty ? default : new(n), fromRight = right.IsEmpty ? default : new(n);
        T epsilon = Rows.Epsilon<T>();
        int last = n - 1;
        for (int remaining = StepsPerValue * n; last > 0;)
        {
            int first = last;
            bool singular = d[last] == T.Zero;
            for (; first > 0; first--)
            {
                T size = T.Abs(e[first - 1]);
                if (size <= epsilon * (T.Abs(d[first - 1]) + T.Abs(d[first])) || size < Rows.SmallestNormal<T>())
                {
                    e[first - 1] = T.Zero;
                    break;
                }
                singular |= d[first - 1] == T.Zero;
            }
            if (first == last)
            {
                last--;
                continue;
            }
            if (remaining-- == 0)
            {
                return false;
            }
            T shift = singular ? T.Zero : Shift(d[last - 1], e[last - 1], d[last]);
            T ratio = singular ? T.Zero : shift / d[first];
            if (ratio * ratio <= epsilon)
            {
                StepWithoutShift(d, e, first, last, fromLeft, fromRight);
            }
            else
            {
                Step(d, e, first, last, shift, fromLeft, fromRight);
            }
            if (fromLeft.IsFull)
            {
                fromLeft.Apply(left, n);
            }
            if (fromRight.IsFull)
            {
                fromRight.Apply(right, n);
            }
        }
        fromLeft.Apply(left, n);
        fromRight.Apply(right, n);
        for (int i = 0; i < n; i++)
        {
            if (T.IsNegative(d[i]))
            {
                d[i] = -d[i];
                Span<T> row = right.IsEmpty ? right : right.Slice(i * n, n);
                VectorMath.Negate<T>(row, row);
            }
        }
        return true;
    }

    /// <summary>The smaller singular value of [f g; 0 h]: the larger one and it have the sum ‖(f + h, g)‖, the difference ‖(f - h, g)‖ and the product f h, all but the signs.</summary>
    private static T Shift<T>(T f, T g, T h)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (f, h) = (T.Abs(f), T.Abs(h));
        T larger = (T.Hypot(f + h, g) + T.Hypot(f - h, g)) / (T.One + T.One);
        return T.Max(f, h) / larger * T.Min(f, h);
    }

    private static void Step<T>(Span<T> d, Span<T> e, int first, int last, T shift, Rotations<T> left, Rotations<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The first column of B^T B - shift² I, divided by d[first].
        T f = (T.Abs(d[first]) - shift) * (T.CopySign(T.One, d[first]) + shift / d[first]), g = e[first];
        for (int i = first; i < last; i++)
        {
            (T c, T s, T r) = Rotation(f, g);
            if (i > first)
            {
                e[i - 1] = r;
            }
            f = c * d[i] + s * e[i];
            e[i] = c * e[i] - s * d[i];
            g = s * d[i + 1];
            d[i + 1] = c * d[i + 1];
            right.Add(i, c, -s);

            (c, s, d[i]) = Rotation(f, g);
            f = c * e[i] + s * d[i + 1];
            d[i + 1] = c * d[i + 1] - s * e[i];
            if (i < last - 1)
            {
                g = s * e[i + 1];
                e[i + 1] = c * e[i + 1];
            }
            left.Add(i, c, -s);
        }
        e[last - 1] = f;
    }

    /// <summary>Without a shift all is products, which keeps the digits of small values; one step brings a zero on the diagonal to the end of the superdiagonal.</summary>
    private static void StepWithoutShift<T>(Span<T> d, Span<T> e, int first, int last, Rotations<T> left, Rotations<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T c, T leftC, T leftS) = (T.One, T.One, T.Zero);
        for (int i = first; i < last; i++)
        {
            (c, T s, T r) = Rotation(d[i] * c, e[i]);
            right.Add(i, c, -s);
            if (i > first)
            {
                e[i - 1] = leftS * r;
            }
            (leftC, leftS, d[i]) = Rotation(leftC * r, d[i + 1] * s);
            left.Add(i, leftC, -leftS);
        }
        T end = d[last] * c;
        d[last] = end * leftC;
        e[last - 1] = end * leftS;
    }

    /// <summary>c, s and r with c f + s g = r and c g = s f, by at most a quarter turn.</summary>
    private static (T C, T S, T R) Rotation<T>(T f, T g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T r = T.IsNegative(f) ? -T.Hypot(f, g) : T.Hypot(f, g);
        return r == T.Zero ? (T.One, T.Zero, T.Zero) : (f / r, g / r, r);
    }
}
