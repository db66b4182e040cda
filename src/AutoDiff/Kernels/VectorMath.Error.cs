using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <content>The error function and its complement.</content>
internal static partial class VectorMath
{
    /// <summary>y = erf x = 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x (DLMF 7.2.1).</summary>
    public static void Erf<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<ErfFunction, T>(x, y);

    /// <summary>y = erfc x = 1 - erf x (DLMF 7.2.2), accurate in its right tail.</summary>
    public static void Erfc<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<ErfcFunction, T>(x, y);

    internal readonly struct ErfFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V a = V.Abs(x);
            V y = V.Create(1.0) - ErfcTail<V, T>(a);
            return V.Select(V.Less(a, V.Create(0.5)), ErfNearZero<V, T>(x), WithSignOf(y, x));
        }
    }

    internal readonly struct ErfcFunction : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V, T>(V x) where V : struct, ILanes<V>
        {
            V a = V.Abs(x);
            V tail = ErfcTail<V, T>(a);
            V y = V.Select(V.Less(x, V.Create(0.0)), V.Create(2.0) - tail, tail);
            return V.Select(V.Less(a, V.Create(0.5)), V.Create(1.0) - ErfNearZero<V, T>(x), y);
        }
    }

    /// <summary>erf x for |x| up to 1/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfNearZero<V, T>(V x) where V : struct, ILanes<V>
    {
        V z = x * x;
        // erf(x) / x - 1
        V q;
        if (typeof(T) == typeof(float))
        {
            q = V.Create(0.0047199406203626134);
            q = Horner(q, z, -0.02675816009419384);
            q = Horner(q, z, 0.1128283806560718);
            q = Horner(q, z, -0.37612609335514957);
            q = Horner(q, z, 0.12837916562639096);
        }
        else
        {
            q = V.Create(1.4726897763229439e-06);
            q = Horner(q, z, -1.4845952448273563e-05);
            q = Horner(q, z, 0.00012053339314527939);
            q = Horner(q, z, -0.0008548297842264482);
            q = Horner(q, z, 0.005223977374058866);
            q = Horner(q, z, -0.02686617063295387);
            q = Horner(q, z, 0.11283791670925558);
            q = Horner(q, z, -0.37612638903183476);
            q = Horner(q, z, 0.12837916709551256);
        }
        return V.MultiplyAdd(x, q, x);
    }

    /// <summary>
    /// erfc x for x from 1/2 on, as e^(-x^2) p(t) / (1 + 2 x) with t = (x - 3) / (x + 3): this scaling of e^(x^2) erfc x and this change of variable
    /// make it almost flat (M. M. Shepherd and J. G. Laframboise, Mathematics of Computation 36 (1981), 249-253).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfcTail<V, T>(V x) where V : struct, ILanes<V>
    {
        // From 27.3 on the result is 0.
        x = V.AtMost(x, 28.0);
        V three = V.Create(3.0);
        V t = (x - three) / (x + three);
        // (1 + 2 x) e^(x^2) erfc(x)
        V p;
        if (typeof(T) == typeof(float))
        {
            p = V.Create(-4.976452414345491e-05);
            p = Horner(p, t, -0.0006207284305165071);
            p = Horner(p, t, 0.001823132974870825);
            p = Horner(p, t, 0.0024476685443376453);
            p = Horner(p, t, -0.02374221874974796);
            p = Horner(p, t, 0.06832709683024313);
            p = Horner(p, t, -0.11927866363155526);
            p = Horner(p, t, 0.1296432982582695);
            p = Horner(p, t, -0.04756198756246728);
            p = Horner(p, t, -0.13562105431466778);
            p = Horner(p, t, 1.2530080553064855);
        }
        else
        {
            p = V.Create(-3.879795546644616e-09);
            p = Horner(p, t, -1.1134059037924596e-08);
            p = Horner(p, t, 3.305428807853394e-08);
            p = Horner(p, t, 1.000744125373711e-07);
            p = Horner(p, t, -1.329863856342038e-07);
            p = Horner(p, t, -6.161642649308502e-07);
            p = Horner(p, t, 3.51843452660023e-07);
            p = Horner(p, t, 3.472625944942038e-06);
            p = Horner(p, t, -7.297225553524606e-07);
            p = Horner(p, t, -2.010078521285649e-05);
            p = Horner(p, t, 4.9490886179084685e-06);
            p = Horner(p, t, 0.00012509943250102384);
            p = Horner(p, t, -0.00010515974695387015);
            p = Horner(p, t, -0.000779832288387948);
            p = Horner(p, t, 0.0018886903551100947);
            p = Horner(p, t, 0.0025293918179736317);
            p = Horner(p, t, -0.02377051491846257);
            p = Horner(p, t, 0.06830802734385687);
            p = Horner(p, t, -0.11927366341531397);
            p = Horner(p, t, 0.1296451587027642);
            p = Horner(p, t, -0.04756229435345067);
            p = Horner(p, t, -0.1356211061245812);
            p = Horner(p, t, 1.2530080582697296);
        }
        V square = x * x;
        V n = Round(square * V.Create(-Log2E), out _);
        V r = ReduceByLn2(-square, n) - V.Fma(x, x, -square);
        p /= V.MultiplyAdd(V.Create(2.0), x, V.Create(1.0));
        return V.Scale(V.MultiplyAdd(p, ExpMinusOneReduced<V, T>(r), p), n);
    }
}
