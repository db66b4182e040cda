using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The exponential function and its relatives.</content>
internal static partial class VectorMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.6931471805599453;
    private const double Ln2Low = 2.3190468138462996e-17;

    /// <summary>y = e^x.</summary>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<ExpFunction, T>(x, y);

    internal readonly struct ExpFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            // Beyond these limits the result is 0 or infinity in any case.
            x = V.AtMost(V.AtLeast(x, -746.0), 710.0);
            V n = Round(x * V.Create(Log2E), out _);
            V r = V.Fma(-n, V.Create(Ln2High), x);
            r = V.Fma(-n, V.Create(Ln2Low), r);
            return V.Scale(V.Create(1.0) + ExpMinusOneReduced<V, T>(r), n);
        }
    }

    /// <summary>e^r - 1 for |r| up to ln(2) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinusOneReduced<V, T>(V r) where V : struct, ILanes<V>
    {
        // (e^r - 1 - r) / r^2
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(0.0013814481647740388);
            q = Horner(q, r, 0.00836871409464711);
            q = Horner(q, r, 0.04166839021426029);
            q = Horner(q, r, 0.16666520652658534);
            q = Horner(q, r, 0.49999993437703594);
        }
        else
        {
            q = V.Create(2.4999819220118453e-08);
            q = Horner(q, r, 2.7630243168120484e-07);
            q = Horner(q, r, 2.755758711908504e-06);
            q = Horner(q, r, 2.4801493113952942e-05);
            q = Horner(q, r, 0.00019841269505785063);
            q = Horner(q, r, 0.0013888888943615002);
            q = Horner(q, r, 0.008333333333494794);
            q = Horner(q, r, 0.04166666666653022);
            q = Horner(q, r, 0.16666666666666413);
            q = Horner(q, r, 0.5000000000000011);
        }
        return V.Fma(r * r, q, r);
    }
}
