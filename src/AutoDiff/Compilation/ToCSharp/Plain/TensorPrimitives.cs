using System.Numerics;

namespace AutoDiff.Plain;

internal static class TensorPrimitives
{
    // Where the largest magnitude is: the first NaN, else of equal ones the first that is not negative.
    public static int IndexOfMaxMagnitude<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (T.IsNaN(x[i]))
            {
                return i;
            }
            T own = T.Abs(x[i]), largest = T.Abs(x[best]);
            if (own > largest || own == largest && T.IsNegative(x[best]) && !T.IsNegative(x[i]))
            {
                best = i;
            }
        }
        return best;
    }
}
