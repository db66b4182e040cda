using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <content>
/// Two sums at a time, each along its own tree. A sum of a row waits for its own additions most of the time: another one in between costs next to nothing.
/// </content>
internal static partial class Reductions
{
    /// <summary>The sums of two rows of the same length.</summary>
    public static (T X, T Y) SumsOfTwo<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AccumulateTwo<Term, Term, T>(x, x, T.Zero, y, y, T.Zero);

    /// <summary>The sums of the squared deviations of two rows of the same length, each from its own mean, each deviation rounded to T.</summary>
    public static (T X, T Y) SumsOfSquaredDeviations<T>(ReadOnlySpan<T> x, T meanOfX, ReadOnlySpan<T> y, T meanOfY) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AccumulateTwo<SquaredDeviation, SquaredDeviation, T>(x, x, meanOfX, y, y, meanOfY);

    /// <summary>The inner product of x and y, and the sum of x.</summary>
    public static (T Dot, T Sum) DotAndSum<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AccumulateTwo<Product, Term, T>(x, y, T.Zero, x, x, T.Zero);

    private static (T First, T Second) AccumulateTwo<F, G, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, T parameter, ReadOnlySpan<T> u, ReadOnlySpan<T> v, T other)
        where F : struct, ITerm
        where G : struct, ITerm
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double first, double second) = (double.CreateTruncating(parameter), double.CreateTruncating(other));
        if (x.Length is <= SequentialLength or > BlockLength)
        {
            return (T.CreateTruncating(Accumulate<F, T>(x, y, first)), T.CreateTruncating(Accumulate<G, T>(u, v, second)));
        }

        (first, second) = Vector512.IsHardwareAccelerated ? AccumulateTwo<F, G, Lanes512, T>(x, y, first, u, v, second)
            : Vector256.IsHardwareAccelerated ? AccumulateTwo<F, G, Lanes256, T>(x, y, first, u, v, second)
            : AccumulateTwo<F, G, Lanes128, T>(x, y, first, u, v, second);
        return (T.CreateTruncating(first), T.CreateTruncating(second));
    }

    /// <summary>Two blocks of the same length, as <see cref="AccumulateBlock{F, V, T}"/> takes one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static (double First, double Second) AccumulateTwo<F, G, V, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double parameter, ReadOnlySpan<T> u, ReadOnlySpan<T> v, double other)
        where F : struct, ITerm
        where G : struct, ITerm
        where V : struct, ILanes<V>
        where T : unmanaged
    {
        int whole = x.Length - x.Length % PartialSums;
        bool hasRest = whole < x.Length;
        Unsafe.SkipInit(out PartialSumBuffer<T> restOfX);
        Unsafe.SkipInit(out PartialSumBuffer<T> restOfY);
        Unsafe.SkipInit(out PartialSumBuffer<T> restOfU);
        Unsafe.SkipInit(out PartialSumBuffer<T> restOfV);
        if (hasRest)
        {
            Pad<F, T>(x[whole..], parameter, restOfX);
            Pad<F, T>(y[whole..], parameter, restOfY);
            Pad<G, T>(u[whole..], other, restOfU);
            Pad<G, T>(v[whole..], other, restOfV);
        }

        Unsafe.SkipInit(out PartialSumBuffer<double> sums);
        Unsafe.SkipInit(out PartialSumBuffer<double> others);
        ref T firstX = ref MemoryMarshal.GetReference(x);
        ref T firstY = ref MemoryMarshal.GetReference(y);
        ref T firstU = ref MemoryMarshal.GetReference(u);
        ref T firstV = ref MemoryMarshal.GetReference(v);
        for (int lane = 0; lane < PartialSums; lane += 4 * V.Count)
        {
            V a = V.Create(0.0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (int i = lane; i < whole; i += PartialSums)
            {
                Add<F, V, T>(ref Unsafe.Add(ref firstX, i), ref Unsafe.Add(ref firstY, i), parameter, ref a, ref b, ref c, ref d);
                Add<G, V, T>(ref Unsafe.Add(ref firstU, i), ref Unsafe.Add(ref firstV, i), other, ref e, ref f, ref g, ref h);
            }

            if (hasRest)
            {
                Add<F, V, T>(ref restOfX[lane], ref restOfY[lane], parameter, ref a, ref b, ref c, ref d);
                Add<G, V, T>(ref restOfU[lane], ref restOfV[lane], other, ref e, ref f, ref g, ref h);
            }

            if (4 * V.Count == PartialSums)
            {
                return (V.SumOfHalves((a + c) + (b + d)), V.SumOfHalves((e + g) + (f + h)));
            }

            Store(a, b, c, d, ref sums[lane]);
            Store(e, f, g, h, ref others[lane]);
        }

        return (SumOfHalves<V>(sums), SumOfHalves<V>(others));
    }
}
