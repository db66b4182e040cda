using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>Transposition of parts of matrices: every number at its place, and none beside it touched.</summary>
public class TransposedCopyTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int> { { 70, 33 }, { 33, 70 }, { 64, 64 }, { 100, 1 }, { 1, 100 } };
            for (int m = 0; m <= 9; m++)
            {
                for (int n = 0; n <= 9; n++)
                {
                    shapes.Add(m, n);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Numbers_of_every_width_are_transposed(int m, int n)
    {
        Check(static i => (byte)(i % 251));
        Check(static i => (short)i);
        Check(static i => (float)i);
        Check(static i => (double)i);
        Check(static i => (decimal)i);

        unsafe void Check<T>(Func<int, T> number) where T : unmanaged
        {
            (int from, int to) = (n + 3, m + 2);
            T[] source = [.. Enumerable.Range(1, m * from).Select(number)], target = new T[n * to], expected = new T[n * to];
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    expected[(j * to) + i] = source[(i * from) + j];
                }
            }

            fixed (T* x = source, y = target)
            {
                TransposedCopy.Run(x, from, m, n, y, to);
            }

            target.Should().Equal(expected, "{0} × {1} of {2}", m, n, typeof(T).Name);
        }
    }

    [Fact]
    public void Bits_of_NaN_stay()
    {
        float[] x = [.. Enumerable.Range(0, 36).Select(static i => BitConverter.Int32BitsToSingle(0x7F800001 + i))];
        float[] y = new float[36];
        Strided.Run<float>([6, 6], [1, 6], [6, 1], x, 0, y, 0, accumulate: false);
        y.Select(BitConverter.SingleToInt32Bits).Should().Equal(Enumerable.Range(0, 36).Select(static i => 0x7F800001 + (6 * (i % 6)) + (i / 6)));
    }

    [Fact]
    public void Runs_that_go_backwards_are_transposed_and_places_outside_refused()
    {
        double[] x = [.. Enumerable.Range(0, 12).Select(static i => (double)i)], y = new double[12];
        Strided.Run<double>([4, 3], [1, -4], [3, 1], x, 8, y, 0, accumulate: false);
        y.Should().Equal(8, 4, 0, 9, 5, 1, 10, 6, 2, 11, 7, 3);
        ((Action)(() => Strided.Run<double>([4, 3], [1, -4], [3, 1], x, 7, y, 0, accumulate: false))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => Strided.Run<double>([4, 3], [1, 4], [3, 1], x, 1, y, 0, accumulate: false))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => Strided.Run<double>([4, 3], [1, 4], [3, 1], x, 0, y, 1, accumulate: false))).Should().Throw<ArgumentOutOfRangeException>();
    }
}
