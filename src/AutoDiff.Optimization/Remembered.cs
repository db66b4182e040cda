using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Optimization;

/// <summary>
/// Numbers that are remembered between steps and shrink by a factor at each. Those of a parameter that no longer learns (behind a dead unit, say) would shrink to below the normal numbers and stay there
/// for ever, and a processor takes a hundred times as long for numbers there: they become 0.
/// </summary>
internal static class Remembered<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The smallest normal number.</summary>
    public static T Smallest { get; } = typeof(T) == typeof(float) ? T.CreateTruncating(1.17549435e-38f) : T.CreateTruncating(2.2250738585072014e-308);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Settled(Vector<T> x, Vector<T> smallest) => Vector.AndNot(x, Vector.LessThan(Vector.Abs(x), smallest));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Settled(T x, T smallest) => T.Abs(x) < smallest ? T.Zero : x;
}
