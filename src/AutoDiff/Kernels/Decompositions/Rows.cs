using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>
/// The row operations of which the decompositions are made. Products and sums are rounded one by one (no fused multiply-add), in an order that depends
/// on the length alone, so that a result depends neither on alignment nor on which element is left to the scalar remainder.
/// </summary>
internal static class Rows
{
    /// <summary>The inner product of <paramref name="x"/> with as many leading elements of <paramref name="y"/>.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y = y[..x.Length];
        ref T p = ref MemoryMarshal.GetReference(x);
        ref T q = ref MemoryMarshal.GetReference(y);
        int width = Vector<T>.Count;
        int i = 0;
        T sum = T.Zero;
        if (x.Length >= width)
        {
            Vector<T> s0 = Vector<T>.Zero, s1 = s0, s2 = s0, s3 = s0;
            for (; i <= x.Length - 4 * width; i += 4 * width)
            {
                s0 += Load(ref p, i) * Load(ref q, i);
                s1 += Load(ref p, i + width) * Load(ref q, i + width);
                s2 += Load(ref p, i + 2 * width) * Load(ref q, i + 2 * width);
                s3 += Load(ref p, i + 3 * width) * Load(ref q, i + 3 * width);
            }
            for (; i <= x.Length - width; i += width)
            {
                s0 += Load(ref p, i) * Load(ref q, i);
            }
            sum = Vector.Sum((s0 + s1) + (s2 + s3));
        }
        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /// <summary>y += factor · x, over the length of <paramref name="x"/>.</summary>
    public static void AddScaled<T>(Span<T> y, T factor, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y = y[..x.Length];
        ref T p = ref MemoryMarshal.GetReference(x);
        ref T q = ref MemoryMarshal.GetReference(y);
        int width = Vector<T>.Count;
        Vector<T> factors = new(factor);
        int i = 0;
        for (; i <= x.Length - 2 * width; i += 2 * width)
        {
            Vector<T> first = Load(ref q, i) + factors * Load(ref p, i);
            Vector<T> second = Load(ref q, i + width) + factors * Load(ref p, i + width);
            Vector.StoreUnsafe(first, ref q, (nuint)i);
            Vector.StoreUnsafe(second, ref q, (nuint)(i + width));
        }
        for (; i < x.Length; i++)
        {
            y[i] += factor * x[i];
        }
    }

    /// <summary>
    /// The plane rotation (x, y) := (c·x - s·y, s·x + c·y) for c of at least 0, in Rutishauser's form ("The Jacobi method for real symmetric matrices", 1966):
    /// with c = 1 - s·tau, the rounding of c touches only the change, so that many rotations by small angles do not drift from orthogonality.
    /// </summary>
    public static void Rotate<T>(Span<T> x, Span<T> y, T c, T s)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y = y[..x.Length];
        T tau = s / (T.One + c);
        ref T p = ref MemoryMarshal.GetReference(x);
        ref T q = ref MemoryMarshal.GetReference(y);
        int width = Vector<T>.Count;
        Vector<T> sines = new(s), taus = new(tau);
        int i = 0;
        for (; i <= x.Length - width; i += width)
        {
            Vector<T> a = Load(ref p, i), b = Load(ref q, i);
            Vector.StoreUnsafe(a - sines * (b + taus * a), ref p, (nuint)i);
            Vector.StoreUnsafe(b + sines * (a - taus * b), ref q, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            T a = x[i], b = y[i];
            x[i] = a - s * (b + tau * a);
            y[i] = b + s * (a - tau * b);
        }
    }

    /// <summary>x := x / divisor, every quotient rounded once.</summary>
    public static void Divide<T>(Span<T> x, T divisor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T p = ref MemoryMarshal.GetReference(x);
        int width = Vector<T>.Count;
        Vector<T> divisors = new(divisor);
        int i = 0;
        for (; i <= x.Length - width; i += width)
        {
            Vector.StoreUnsafe(Load(ref p, i) / divisors, ref p, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            x[i] /= divisor;
        }
    }

    /// <summary>x := x · 2^exponent.</summary>
    public static void ScaleByPowerOfTwo<T>(Span<T> x, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (exponent != 0)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = T.ScaleB(x[i], exponent);
            }
        }
    }

    /// <summary>Exchanges two rows of equal length.</summary>
    public static void Swap<T>(Span<T> x, Span<T> y)
        where T : unmanaged
    {
        y = y[..x.Length];
        Span<byte> bytes = MemoryMarshal.AsBytes(x);
        ref byte p = ref MemoryMarshal.GetReference(bytes);
        ref byte q = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(y));
        int done = bytes.Length / Vector<byte>.Count * Vector<byte>.Count;
        for (int i = 0; i < done; i += Vector<byte>.Count)
        {
            (Vector<byte> first, Vector<byte> second) = (Load(ref p, i), Load(ref q, i));
            Vector.StoreUnsafe(second, ref p, (nuint)i);
            Vector.StoreUnsafe(first, ref q, (nuint)i);
        }
        for (int i = done / Unsafe.SizeOf<T>(); i < x.Length; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }

    /// <summary>The largest magnitude in <paramref name="x"/>; NaN where there is a NaN, 0 where there is nothing.</summary>
    public static T MaxMagnitude<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T p = ref MemoryMarshal.GetReference(x);
        int width = Vector<T>.Count;
        int i = 0;
        T largest = T.Zero;
        if (x.Length >= width)
        {
            Vector<T> first = Vector<T>.Zero, second = first;
            for (; i <= x.Length - 2 * width; i += 2 * width)
            {
                first = Vector.Max(first, Vector.Abs(Load(ref p, i)));
                second = Vector.Max(second, Vector.Abs(Load(ref p, i + width)));
            }
            first = Vector.Max(first, second);
            for (int lane = 0; lane < width; lane++)
            {
                largest = T.Max(largest, first[lane]);
            }
        }
        for (; i < x.Length; i++)
        {
            largest = T.Max(largest, T.Abs(x[i]));
        }
        return largest;
    }

    /// <summary>Where the first number of the largest magnitude is, or the first NaN: it must not hide behind others.</summary>
    public static int IndexOfMaxMagnitude<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = MaxMagnitude(x);
        ref T p = ref MemoryMarshal.GetReference(x);
        int width = Vector<T>.Count;
        int i = 0;
        Vector<T> wanted = new(largest);
        while (i <= x.Length - width && Vector.LessThanAll(Vector.Abs(Load(ref p, i)), wanted))
        {
            i += width;
        }
        while (T.Abs(x[i]) < largest || (T.IsNaN(largest) && !T.IsNaN(x[i])))
        {
            i++;
        }
        return i;
    }

    /// <summary>
    /// The Euclidean norm, free of overflow and of harmful underflow: where the plain sum of squares might suffer, it is taken of scaled elements.
    /// </summary>
    public static T Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T squares = Dot(x, x);
        if (squares > SmallestSafeSquare<T>() && T.IsFinite(squares))
        {
            return T.Sqrt(squares);
        }
        T largest = MaxMagnitude(x);
        if (largest == T.Zero || !T.IsFinite(largest))
        {
            return largest;
        }
        int exponent = T.ILogB(largest);
        T sum = T.Zero;
        foreach (T value in x)
        {
            T scaled = T.ScaleB(value, -exponent);
            sum += scaled * scaled;
        }
        return T.ScaleB(T.Sqrt(sum), exponent);
    }

    /// <summary>The 1-norm of an m×n matrix, its largest column sum of magnitudes; NaN where there is a NaN.</summary>
    public static T OneNorm<T>(ReadOnlySpan<T> a, int m, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> sums = new(n);
        sums.Span.Clear();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                sums.Span[j] += T.Abs(a[i * n + j]);
            }
        }
        return MaxMagnitude<T>(sums.Span);
    }

    /// <summary>target (n×m) := the transpose of source (m×n).</summary>
    public static void Transpose<T>(ReadOnlySpan<T> source, int m, int n, Span<T> target)
        where T : unmanaged => TransposedCopy.Run(source[..(m * n)], m, n, target[..(m * n)]);

    /// <summary>From this size on products go by the blocked kernel.</summary>
    private const int SmallestProduct = 32;

    /// <summary>c (m×n) := a (m×k) · b (k×n), or c += a · b.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int m, int k, int n, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Math.Min(m, Math.Min(k, n)) >= SmallestProduct)
        {
            MatrixProduct.Multiply(m, n, k, a, transposeA: false, b, transposeB: false, c, accumulate);
            return;
        }
        if (!accumulate)
        {
            c[..(m * n)].Clear();
        }
        for (int i = 0; i < m; i++)
        {
            Span<T> row = c.Slice(i * n, n);
            for (int l = 0; l < k; l++)
            {
                AddScaled(row, a[i * k + l], b.Slice(l * n, n));
            }
        }
    }

    /// <summary>The unit roundoff times two: the distance from 1 to the next larger number.</summary>
    public static T Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.BitIncrement(T.One) - T.One;

    /// <summary>The smallest positive number with a full significand.</summary>
    public static T SmallestNormal<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? T.ScaleB(T.One, -126) : T.ScaleB(T.One, -1022);

    private static T SmallestSafeSquare<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Squares that fall below the smallest normal number are then less than a rounding error of the sum, even 2^20 of them.
        T epsilon = Epsilon<T>();
        return SmallestNormal<T>() / epsilon * T.CreateTruncating(1 << 20);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ref T start, int index) => Vector.LoadUnsafe(ref start, (nuint)index);
}
