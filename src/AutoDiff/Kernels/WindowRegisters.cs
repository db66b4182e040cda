using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>A row of the input of a pooling, and where the input ends.</summary>
internal readonly unsafe struct WindowRow<T>(T* start, T* end) where T : unmanaged
{
    public readonly T* Start = start;
    public readonly T* End = end;
}

/// <summary>The largest elements of neighboring windows, side by side in a register: the first place of all of them, then the second, without a branch that a random number decides.</summary>
internal static unsafe class WindowRegisters
{
    /// <summary>Whether registers can be filled with neighboring windows of an axis: they begin at neighbors, or at every second place.</summary>
    public static bool CanLoad<T>(AxisWindows width, int first, int end) =>
        Vector256.IsHardwareAccelerated && end - first > 1 && width.Begin[first + 1] - width.Begin[first] is 1 or 2;

    /// <summary>
    /// The places of the winners, from window <paramref name="first"/> of a line on, at least up to <paramref name="end"/> unless a register would reach behind the last input or result. Gives the
    /// number of those that are done.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Winners<T>(WindowRow<T> row, ReadOnlySpan<AxisWindows> axes, int d, int h, int first, int end, int* winners, int* endOfWinners) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (AxisWindows depth, AxisWindows height, AxisWindows width) = (axes[0], axes[1], axes[2]);
        int stride = width.Begin[first + 1] - width.Begin[first], length = width.End[first] - width.Begin[first];
        int i0 = depth.Begin[d], i1 = depth.End[d], j0 = height.Begin[h], j1 = height.End[h];
        nint lastLine = (((nint)(i1 - 1) * height.Extent) + j1 - 1) * width.Extent;
        int done = 0;
        for (; done < end - first; done += Vector256<T>.Count)
        {
            int begin = width.Begin[first] + (done * stride);
            if (row.Start + lastLine + begin + length - 1 + (stride * Vector256<T>.Count) > row.End || winners + first + done + Vector256<T>.Count > endOfWinners)
            {
                return done;
            }

            Vector256<T> largest = default, places = default;
            bool isFirst = true;
            for (int i = i0; i < i1; i += depth.Step)
            {
                for (int j = j0; j < j1; j += height.Step)
                {
                    int line = (((i * height.Extent) + j) * width.Extent) + begin;
                    for (int k = 0; k < length; k += width.Step)
                    {
                        Vector256<T> value = stride == 1 ? Vector256.Load(row.Start + line + k) : EverySecond(row.Start + line + k);
                        Vector256<T> place = Count<T>(line + k + 1, stride);
                        Vector256<T> wins = isFirst ? Vector256<T>.AllBitsSet : Vector256.AndNot(Vector256.Equals(largest, largest), Vector256.LessThanOrEqual(value, largest));
                        largest = Vector256.ConditionalSelect(wins, value, largest);
                        places = Vector256.ConditionalSelect(wins, place, places);
                        isFirst = false;
                    }
                }
            }

            Store(places, winners + first + done);
        }

        return end - first;
    }

    /// <summary>The numbers at every second place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> EverySecond<T>(T* x) where T : unmanaged
    {
        Vector256<T> low = Vector256.Load(x), high = Vector256.Load(x + Vector256<T>.Count);
        if (typeof(T) == typeof(float))
        {
            Vector256<int> even = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6);
            return Vector256.Create(Vector256.Shuffle(low.AsSingle(), even).GetLower(), Vector256.Shuffle(high.AsSingle(), even).GetLower()).As<float, T>();
        }

        Vector256<long> two = Vector256.Create(0L, 2, 0, 2);
        return Vector256.Create(Vector256.Shuffle(low.AsDouble(), two).GetLower(), Vector256.Shuffle(high.AsDouble(), two).GetLower()).As<double, T>();
    }

    /// <summary>Integers a stride apart, as wide as the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Count<T>(int from, int stride) => typeof(T) == typeof(float)
        ? (Vector256.Create(from) + (Vector256<int>.Indices * stride)).As<int, T>()
        : (Vector256.Create((long)from) + (Vector256<long>.Indices * stride)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector256<T> places, int* winners)
    {
        if (typeof(T) == typeof(float))
        {
            places.AsInt32().Store(winners);
        }
        else
        {
            Vector256.Narrow(places.AsInt64(), places.AsInt64()).GetLower().Store(winners);
        }
    }
}
