using System.Numerics;

namespace AutoDiff;

/// <summary>What is to know of many numbers at a glance.</summary>
internal readonly record struct ValueSummary(int Count, double Min, double Max, int NaNs, int Infinities)
{
    public static ValueSummary Of<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T min = T.PositiveInfinity;
        T max = T.NegativeInfinity;
        int nans = 0;
        int infinities = 0;
        foreach (T x in values)
        {
            if (T.IsNaN(x))
            {
                nans++;
                continue;
            }

            infinities += T.IsInfinity(x) ? 1 : 0;
            min = T.Min(min, x);
            max = T.Max(max, x);
        }

        return new ValueSummary(values.Length, double.CreateChecked(min), double.CreateChecked(max), nans, infinities);
    }

    /// <summary>As in "0.5", "between -1 and 2", or "between -1 and inf, 3 NaN".</summary>
    public override string ToString() =>
        Count == 0 ? "nothing"
        : Count == NaNs ? (Count == 1 ? "nan" : $"nan ({Printable.Count(Count)} elements)")
        : (Min == Max ? Printable.Number(Min) : $"between {Printable.Number(Min)} and {Printable.Number(Max)}") + (NaNs == 0 ? "" : $", {Printable.Count(NaNs)} NaN");
}
