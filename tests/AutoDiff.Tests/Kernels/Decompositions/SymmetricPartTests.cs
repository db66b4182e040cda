using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class SymmetricPartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(50)]
    public void The_lower_half_is_the_mean_and_the_rest_stays(int n)
    {
        Check<double>();
        Check<float>();

        void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] a = Matrices.Random<T>(n, n, n), y = new T[n * n];
            T half = T.CreateChecked(0.5);
            for (int i = 0; i < n; i += 2)
            {
                // Equal numbers whose halves would be rounded, or would not fit, are taken as they are.
                a[(n * n) - 1 - i] = a[((n - 1 - i) * n) + n - 1] = T.BitIncrement(T.Zero);
            }

            a[0] = T.BitDecrement(T.PositiveInfinity);
            Array.Fill(y, T.NaN);
            SymmetricPart.Lower<T>(a, n, y);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    (T lower, T upper) = (a[(i * n) + j], a[(j * n) + i]);
                    y[(i * n) + j].Should().Be(j > i ? T.NaN : lower == upper ? lower : (half * lower) + (half * upper), "at {0}, {1} of {2}", i, j, n);
                }
            }
        }
    }
}
