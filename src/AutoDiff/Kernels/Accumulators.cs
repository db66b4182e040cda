using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Kernels;

/// <summary>
/// Sums that are kept while terms come in any order: of floats in double, rounded once when they are disposed, of doubles in their place. A sum of n floats is then off by no more than half a
/// spacing and n 2⁻⁵³ Σ|x|, where one float after the other would lose all that is below 2⁻²⁴ of the sum so far.
/// </summary>
internal readonly ref struct Accumulators<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Span<T> y;
    private readonly double[]? rented;

    /// <param name="y">Where the sums begin, and where they go.</param>
    public Accumulators(Span<T> y)
    {
        this.y = y;
        if (typeof(T) == typeof(float))
        {
            rented = Pool<double>.Shared.Rent(y.Length);
            for (int i = 0; i < y.Length; i++)
            {
                rented[i] = Wide(y[i]);
            }
        }
    }

    /// <summary>y_i += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int i, T x)
    {
        if (typeof(T) == typeof(float))
        {
            rented![i] += Wide(x);
        }
        else
        {
            y[i] += x;
        }
    }

    /// <summary>y_i += a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int i, T a, T b)
    {
        if (typeof(T) == typeof(float))
        {
            rented![i] += Wide(a) * Wide(b);
        }
        else
        {
            y[i] += a * b;
        }
    }

    /// <summary>y_i += x_i from the first place on.</summary>
    public void Add(ReadOnlySpan<T> x) => Add(x, T.One);

    /// <summary>y_i += x_i w from the first place on.</summary>
    public void Add(ReadOnlySpan<T> x, T weight)
    {
        if (typeof(T) != typeof(float))
        {
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(x, weight, y[..x.Length], y);
            return;
        }

        var factor = new Vector<double>(Wide(weight));
        ReadOnlySpan<float> terms = MemoryMarshal.Cast<T, float>(x);
        Span<double> sums = rented.AsSpan(0, x.Length);
        int i = 0;
        for (; i <= terms.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(terms[i..]), out Vector<double> low, out Vector<double> high);
            (new Vector<double>(sums[i..]) + (low * factor)).CopyTo(sums[i..]);
            (new Vector<double>(sums[(i + Vector<double>.Count)..]) + (high * factor)).CopyTo(sums[(i + Vector<double>.Count)..]);
        }

        for (; i < terms.Length; i++)
        {
            sums[i] += terms[i] * Wide(weight);
        }
    }

    /// <summary>z_i = y_i so far.</summary>
    public void Read(Span<T> z)
    {
        if (typeof(T) == typeof(float))
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, T>(rented.AsSpan(0, y.Length), z);
        }
        else if (y != z)
        {
            y.CopyTo(z);
        }
    }

    /// <summary>Rounds the sums.</summary>
    public void Dispose()
    {
        if (rented is not null)
        {
            Read(y);
            Pool<double>.Shared.Return(rented);
        }
    }

    /// <summary>The number in double; a cast, which the compiler sees through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Wide(T x) => typeof(T) == typeof(float) ? Unsafe.As<T, float>(ref x) : Unsafe.As<T, double>(ref x);
}
