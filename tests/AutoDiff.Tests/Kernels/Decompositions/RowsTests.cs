using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels.Decompositions;

public class RowsTests
{
    [Fact]
    public void Elements_do_not_depend_on_their_place_in_the_row()
    {
        Check<double>();
        Check<float>();
    }

    [Fact]
    public void Dot_sums_every_element_once()
    {
        for (int n = 0; n < 70; n++)
        {
            int[] count = [.. Enumerable.Range(1, n)];
            Rows.Dot<double>(Array.ConvertAll(count, i => (double)i), Array.ConvertAll(count, i => (double)i)).Should().Be(n * (n + 1) * (2 * n + 1) / 6);
            Rows.Dot<float>(Array.ConvertAll(count, i => (float)i), Array.ConvertAll(count, i => 2f)).Should().Be(n * (n + 1));
        }
    }

    [Fact]
    public void Norm_neither_overflows_nor_underflows()
    {
        Rows.Norm<double>([3e300, 4e300]).Should().BeApproximately(5e300, 1e285);
        Rows.Norm<double>([3e-310, 4e-310]).Should().BeApproximately(5e-310, 1e-323);
        Rows.Norm<double>([3, 4, 1e-200]).Should().Be(5);
        Rows.Norm<float>([3e30f, 4e30f]).Should().BeApproximately(5e30f, 1e24f);
        Rows.Norm<double>([]).Should().Be(0);
        Rows.Norm<double>([1, double.NegativeInfinity]).Should().Be(double.PositiveInfinity);
        Rows.Norm<double>([1, double.NaN]).Should().Be(double.NaN);
    }

    [Fact]
    public void The_first_of_the_largest_magnitudes_is_found_and_the_first_NaN_before_them()
    {
        Check<double>();
        Check<float>();

        static void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int n = 1; n < 70; n++)
            {
                T[] x = Matrices.Random<T>(1, n, n);
                for (int i = 0; i < n; i++)
                {
                    T[] y = [.. x];
                    (y[i], y[^1]) = (-T.CreateChecked(100), T.CreateChecked(100));
                    Rows.IndexOfMaxMagnitude<T>(y).Should().Be(i);
                    Rows.MaxMagnitude<T>(y).Should().Be(T.CreateChecked(100));
                    y[n / 2] = T.PositiveInfinity;
                    (y[i], y[^1]) = (T.NaN, T.NaN);
                    Rows.IndexOfMaxMagnitude<T>(y).Should().Be(i);
                    T.IsNaN(Rows.MaxMagnitude<T>(y)).Should().BeTrue();
                }
            }

            Rows.IndexOfMaxMagnitude<T>(new T[40]).Should().Be(0);
            Rows.MaxMagnitude<T>([]).Should().Be(T.Zero);
        }
    }

    [Fact]
    public void OneNorm_is_the_largest_column_sum()
    {
        Rows.OneNorm<double>([1, -2, 3, -4, 5, 0], 2, 3).Should().Be(7);
        Rows.OneNorm<double>([], 0, 3).Should().Be(0);
        Rows.OneNorm<double>([5, 1, double.NaN, 1], 2, 2).Should().Be(double.NaN);
    }

    [Fact]
    public void Multiply_and_Transpose_agree_with_MathNet()
    {
        double[] a = Matrices.Random<double>(18, 35, 1), b = Matrices.Random<double>(35, 21, 2), c = new double[18 * 21], t = new double[35 * 18];
        Rows.Multiply<double>(a, b, c, 18, 35, 21);
        Matrices.RelativeError<double>(Matrices.Dense(c, 18, 21), Matrices.Dense(a, 18, 35) * Matrices.Dense(b, 35, 21)).Should().BeLessThan(10);
        Rows.Transpose<double>(a, 18, 35, t);
        Matrices.Dense(t, 35, 18).Should().Be(Matrices.Dense(a, 18, 35).Transpose());
    }

    private static void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int n = 37;
        T[] x = Matrices.Random<T>(1, n, 1), y = Matrices.Random<T>(1, n, 2);
        T c = T.CreateChecked(0.6), s = T.CreateChecked(0.8);
        T[] added = [.. y], divided = [.. y], first = [.. x], second = [.. y];
        Rows.AddScaled<T>(added, c, x);
        Rows.Divide<T>(divided, c);
        Rows.Rotate<T>(first, second, c, s);
        for (int i = 0; i < n; i++)
        {
            T[] one = [y[i]], p = [x[i]], q = [y[i]];
            Rows.AddScaled<T>(one, c, [x[i]]);
            one[0].Should().Be(added[i]);
            one[0] = y[i];
            Rows.Divide<T>(one, c);
            one[0].Should().Be(divided[i]);
            Rows.Rotate<T>(p, q, c, s);
            (p[0], q[0]).Should().Be((first[i], second[i]));
            double.CreateChecked(p[0] - (c * x[i] - s * y[i])).Should().BeApproximately(0, 4 * Matrices.Epsilon<T>());
            double.CreateChecked(q[0] - (s * x[i] + c * y[i])).Should().BeApproximately(0, 4 * Matrices.Epsilon<T>());
        }
    }
}
