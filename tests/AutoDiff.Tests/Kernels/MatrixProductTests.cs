using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

/// <summary>Tests that change the number of threads; they run alone.</summary>
[CollectionDefinition(nameof(ThreadCount), DisableParallelization = true)]
public sealed class ThreadCount;

[Collection(nameof(ThreadCount))]
public sealed class MatrixProductTests
{
    private static readonly bool[] s_both = [false, true];

    private static readonly (int M, int N, int K)[] s_shapes =
    [
        (63, 64, 65), (65, 63, 64), (64, 65, 63), (64, 64, 64), (127, 130, 128), (130, 127, 129), (96, 32, 256), (97, 33, 257), (12, 32, 512), (300, 300, 300),
        (1, 300, 300), (300, 1, 300), (300, 300, 1), (1, 1, 300), (1, 300, 1), (300, 1, 1), (2, 500, 1000), (500, 2, 1000), (3, 3, 3000), (1000, 40, 3),
        (1, 2000, 700), (2000, 1, 700), (200, 700, 40), (700, 10, 130), (1, 1, 40_000),
        (3, 1500, 270), (4, 1030, 300), (500, 517, 2), (400, 700, 7), (400, 601, 8), (1, 1100, 3), (23, 45, 600), (1100, 5, 19),
    ];

    [Fact]
    public void Every_size_up_to_40_agrees_with_the_triple_loop()
    {
        Random random = new(1);
        for (int size = 1; size <= 40; size++)
        {
            for (int sample = 0; sample < 12; sample++)
            {
                (int m, int n, int k) = (random.Next(1, 41), random.Next(1, 41), random.Next(1, 41));
                (m, n, k) = (sample % 3) switch { 0 => (size, n, k), 1 => (m, size, k), _ => (m, n, size) };
                foreach (bool transposeA in s_both)
                {
                    foreach (bool transposeB in s_both)
                    {
                        AgreesWithTripleLoop<float>(m, n, k, transposeA, transposeB, sample % 2 == 0, random);
                        AgreesWithTripleLoop<double>(m, n, k, transposeA, transposeB, sample % 2 == 1, random);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Larger_shapes_agree_with_the_triple_loop(bool transposeA, bool transposeB)
    {
        Random random = new(2);
        foreach ((int m, int n, int k) in s_shapes)
        {
            AgreesWithTripleLoop<float>(m, n, k, transposeA, transposeB, accumulate: false, random);
            AgreesWithTripleLoop<double>(m, n, k, transposeA, transposeB, accumulate: true, random);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Result_is_bitwise_the_same_for_any_number_of_threads(bool transposeA, bool transposeB)
    {
        foreach ((int m, int n, int k) in s_shapes.Append((513, 1000, 300)))
        {
            SameForAllThreadCounts<float>(1, m, n, k, transposeA, transposeB);
            SameForAllThreadCounts<double>(1, m, n, k, transposeA, transposeB);
        }

        SameForAllThreadCounts<float>(9, 90, 70, 110, transposeA, transposeB);
        SameForAllThreadCounts<double>(2, 200, 130, 210, transposeA, transposeB);
        SameForAllThreadCounts<float>(5000, 1, 1, 333, transposeA, transposeB);
        SameForAllThreadCounts<double>(500, 40, 1, 70, transposeA, transposeB);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_block_of_rows_and_columns_is_bitwise_the_same_alone(bool transposeA, bool transposeB)
    {
        Random random = new(3);
        foreach ((int m, int n, int k) in new[] { (130, 90, 600), (70, 300, 300), (40, 40, 40), (9, 5, 257), (500, 530, 3) })
        {
            float[] a = Numbers<float>(random, m * k), b = Numbers<float>(random, k * n), whole = new float[m * n];
            MatrixProduct.Multiply<float>(m, n, k, a, transposeA, b, transposeB, whole);
            foreach ((int rows, int columns) in new[] { (1, n), (m, 1), (2, 3), (5, n), (m, 33 % n), (13 % m, 17 % n) })
            {
                int i = random.Next(m - rows + 1), j = random.Next(n - columns + 1);
                float[] partA = new float[rows * k], partB = new float[k * columns], part = new float[rows * columns];
                for (int p = 0; p < k; p++)
                {
                    for (int row = 0; row < rows; row++)
                        partA[transposeA ? p * rows + row : row * k + p] = a[transposeA ? p * m + i + row : (i + row) * k + p];
                    for (int column = 0; column < columns; column++)
                        partB[transposeB ? column * k + p : p * columns + column] = b[transposeB ? (j + column) * k + p : p * n + j + column];
                }

                MatrixProduct.Multiply<float>(rows, columns, k, partA, transposeA, partB, transposeB, part);
                for (int row = 0; row < rows; row++)
                    part.AsSpan(row * columns, columns).ToArray().Should().Equal(whole.AsSpan((i + row) * n + j, columns).ToArray(), "shape {0}x{1}x{2}, block {3}x{4}", m, n, k, rows, columns);
            }
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Every_width_of_register_gives_bitwise_the_same(bool transposeA, bool transposeB)
    {
        foreach ((int m, int n, int k) in new[] { (3, 5, 7), (13, 33, 20), (31, 9, 300), (70, 100, 270), (1, 50, 20), (100, 70, 64) })
        {
            SameForAllWidths<float>(m, n, k, transposeA, transposeB);
            SameForAllWidths<double>(m, n, k, transposeA, transposeB);
        }
    }

    [Fact]
    public void Batch_agrees_with_single_products_for_every_sharing_of_operands()
    {
        Random random = new(4);
        foreach ((int batch, int m, int n, int k) in new[] { (1, 5, 6, 7), (3, 1, 9, 4), (5, 12, 32, 40), (4, 33, 1, 17), (6, 1, 1, 50), (7, 3, 3, 3), (2, 100, 90, 300), (3, 7, 5, 0), (9, 4, 4, 4), (5, 6, 8, 3), (3, 16, 5, 256), (4, 17, 4, 4), (3, 2, 2, 257), (6, 4, 9, 4) })
        {
            foreach (bool transposeA in s_both)
            {
                foreach (bool transposeB in s_both)
                {
                    foreach ((int strideA, int strideB) in new[] { (m * k, k * n), (0, k * n), (m * k, 0), (0, 0), (m * k + 3, k * n + 1), (m * k + 2, 0) })
                    {
                        foreach (bool accumulate in s_both)
                        {
                            double[] a = Numbers<double>(random, m * k + (batch - 1) * strideA), b = Numbers<double>(random, k * n + (batch - 1) * strideB);
                            double[] c = Numbers<double>(random, batch * m * n), expected = (double[])c.Clone();
                            for (int i = 0; i < batch; i++)
                                MatrixProduct.Multiply<double>(m, n, k, a.AsSpan(i * strideA, m * k), transposeA, b.AsSpan(i * strideB, k * n), transposeB, expected.AsSpan(i * m * n, m * n), accumulate);
                            MatrixProduct.MultiplyBatch<double>(batch, m, n, k, a, strideA, transposeA, b, strideB, transposeB, c, accumulate);
                            c.Should().Equal(expected);
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 4, 5)]
    [InlineData(70, 80, 90)]
    [InlineData(1, 40, 300)]
    [InlineData(40, 1, 300)]
    [InlineData(1, 1, 300)]
    public void Infinity_and_NaN_go_through_as_IEEE_754_has_it(int m, int n, int k)
    {
        float[] a = new float[m * k], b = new float[k * n], c = new float[m * n];
        Array.Fill(b, 1f);
        a[(m - 1) * k + k / 2] = float.NaN;
        MatrixProduct.Multiply<float>(m, n, k, a, false, b, false, c);
        c.AsSpan(0, (m - 1) * n).ToArray().Should().Equal(new float[(m - 1) * n]);
        c.AsSpan((m - 1) * n).ToArray().Should().OnlyContain(v => float.IsNaN(v));

        // 0 · ∞ is NaN: no zero of A is skipped.
        Array.Clear(a);
        b[(k - 1) * n + n - 1] = float.PositiveInfinity;
        MatrixProduct.Multiply<float>(m, n, k, a, false, b, false, c);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                float.IsNaN(c[i * n + j]).Should().Be(j == n - 1);
        }

        Array.Fill(a, 1f);
        MatrixProduct.Multiply<float>(m, n, k, a, false, b, false, c);
        c[m * n - 1].Should().Be(float.PositiveInfinity);
        if (n > 1)
            c[0].Should().Be(k);
    }

    [Fact]
    public void NaN_in_C_is_overwritten_unless_it_accumulates()
    {
        double[] c = [double.NaN, double.NaN];
        MatrixProduct.Multiply<double>(1, 2, 1, [2.0], false, [3.0, 4.0], false, c);
        c.Should().Equal(6.0, 8.0);
        c[0] = double.NaN;
        MatrixProduct.Multiply<double>(1, 2, 1, [2.0], false, [3.0, 4.0], false, c, accumulate: true);
        c.Should().Equal(double.NaN, 16.0);
    }

    [Fact]
    public void Empty_shapes()
    {
        double[] c = [1, 2, 3, 4, 5, 6];
        MatrixProduct.Multiply<double>(2, 3, 0, [], false, [], true, c, accumulate: true);
        c.Should().Equal(1, 2, 3, 4, 5, 6);
        MatrixProduct.Multiply<double>(2, 3, 0, [], true, [], false, c);
        c.Should().OnlyContain(v => v == 0.0);
        MatrixProduct.Multiply<double>(0, 3, 2, [], false, new double[6], false, []);
        MatrixProduct.Multiply<double>(3, 0, 2, new double[6], false, [], false, []);
        MatrixProduct.MultiplyBatch<double>(0, 3, 3, 3, [], 9, false, [], 9, false, []);
        Array.Fill(c, 7.0);
        MatrixProduct.MultiplyBatch<double>(2, 1, 3, 0, [], 0, false, [], 0, false, c);
        c.Should().OnlyContain(v => v == 0.0);
    }

    [Fact]
    public void Nothing_outside_C_is_written()
    {
        Random random = new(5);
        foreach (int m in new[] { 1, 2, 5, 13 })
        {
            foreach (int n in new[] { 1, 3, 17, 31, 33, 50 })
            {
                float[] guarded = new float[m * n + 64];
                Array.Fill(guarded, 42f);
                MatrixProduct.Multiply<float>(m, n, 20, Numbers<float>(random, m * 20), false, Numbers<float>(random, 20 * n), false, guarded.AsSpan(32, m * n));
                guarded.AsSpan(0, 32).ToArray().Should().OnlyContain(v => v == 42f);
                guarded.AsSpan(32 + m * n).ToArray().Should().OnlyContain(v => v == 42f);
            }
        }
    }

    [Fact]
    public void Operands_that_are_too_short_are_refused()
    {
        FluentActions.Invoking(() => MatrixProduct.Multiply<double>(2, 2, 2, new double[3], false, new double[4], false, new double[4])).Should().Throw<ArgumentException>().WithParameterName("a");
        FluentActions.Invoking(() => MatrixProduct.Multiply<double>(2, 2, 2, new double[4], false, new double[3], false, new double[4])).Should().Throw<ArgumentException>().WithParameterName("b");
        FluentActions.Invoking(() => MatrixProduct.Multiply<double>(2, 2, 2, new double[4], false, new double[4], false, new double[3])).Should().Throw<ArgumentException>().WithParameterName("c");
        FluentActions.Invoking(() => MatrixProduct.MultiplyBatch<double>(2, 2, 2, 2, new double[7], 4, false, new double[8], 4, false, new double[8])).Should().Throw<ArgumentException>();
    }

    private static void AgreesWithTripleLoop<T>(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Numbers<T>(random, m * k), b = Numbers<T>(random, k * n), c = Numbers<T>(random, m * n), before = (T[])c.Clone();
        MatrixProduct.Multiply<T>(m, n, k, a, transposeA, b, transposeB, c, accumulate);

        // Numbers are below 1: each of k roundings is at most epsilon times the sum of magnitudes, and sums grow no faster than their count.
        double tolerance = (typeof(T) == typeof(float) ? Math.ScaleB(1, -24) : Math.ScaleB(1, -53)) * 4 * Math.Min(k, 300) * Math.Sqrt(k);
        double[] row = new double[n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                row[j] = accumulate ? double.CreateTruncating(before[i * n + j]) : 0;
            for (int p = 0; p < k; p++)
            {
                double x = double.CreateTruncating(a[transposeA ? p * m + i : i * k + p]);
                for (int j = 0; j < n; j++)
                    row[j] += x * double.CreateTruncating(b[transposeB ? j * k + p : p * n + j]);
            }

            for (int j = 0; j < n; j++)
            {
                double error = Math.Abs(double.CreateTruncating(c[i * n + j]) - row[j]);
                if (!(error <= tolerance))
                    Assert.Fail($"{typeof(T).Name} {m}x{n}x{k}, transposed {transposeA}/{transposeB}, accumulate {accumulate}: C[{i}, {j}] is off by {error}, tolerance {tolerance}");
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 9, 3)]
    [InlineData(40, 40, 300)]
    [InlineData(130, 130, 64)]
    [InlineData(64, 200, 33)]
    [InlineData(200, 64, 257)]
    public void A_difference_has_the_bits_of_the_sum_with_the_opposite_and_rows_are_right_as_far_as_they_are_wanted(int m, int n, int k)
    {
        Check<float>();
        Check<double>();

        unsafe void Check<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Random random = new(8);
            T[] a = Numbers<T>(random, m * k), b = Numbers<T>(random, k * n), start = Numbers<T>(random, m * n);
            T[] opposite = Array.ConvertAll(a, static x => -x), expected = [.. start];
            MatrixProduct.Multiply<T>(m, n, k, opposite, false, b, false, expected, accumulate: true);
            foreach (int reach in (int[])[0, -7, 3, 50, n])
            {
                T[] c = [.. start];
                fixed (T* startA = a, startB = b, startC = c)
                {
                    MatrixProduct.Subtract(m, n, k, new MatrixView<T>(startA, k, 1), new MatrixView<T>(startB, n, 1), startC, n, reach);
                }

                for (int i = 0; i < m; i++)
                {
                    int wanted = Math.Clamp(i + reach + 1, 0, n);
                    c.AsSpan(i * n, wanted).SequenceEqual(expected.AsSpan(i * n, wanted)).Should().BeTrue("row {0} up to {1} of {2}x{3}x{4}", i, wanted, m, n, k);
                }
            }
        }
    }

    private static unsafe void SameForAllWidths<T>(int m, int n, int k, bool transposeA, bool transposeB)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(7);
        T[] a = Numbers<T>(random, m * k), b = Numbers<T>(random, k * n), expected = new T[m * n], c = new T[m * n];
        MatrixProduct.Multiply<T>(m, n, k, a, transposeA, b, transposeB, expected);
        fixed (T* startA = a, startB = b, startC = c)
        {
            MatrixView<T> operandA = transposeA ? new(startA, 1, m) : new(startA, k, 1), operandB = transposeB ? new(startB, 1, k) : new(startB, n, 1);
            MatrixProduct.Block<Register128<T>, T>(m, n, k, operandA, operandB, startC, n, false);
            c.Should().Equal(expected, "{0}x{1}x{2} in 128 bits", m, n, k);
            MatrixProduct.Block<Register256<T>, T>(m, n, k, operandA, operandB, startC, n, false);
            c.Should().Equal(expected, "{0}x{1}x{2} in 256 bits", m, n, k);
            MatrixProduct.Block<Register512<T>, T>(m, n, k, operandA, operandB, startC, n, false);
            c.Should().Equal(expected, "{0}x{1}x{2} in 512 bits", m, n, k);
        }
    }

    private static void SameForAllThreadCounts<T>(int batch, int m, int n, int k, bool transposeA, bool transposeB)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(6);
        T[] a = Numbers<T>(random, batch * m * k), b = Numbers<T>(random, batch * k * n);
        int before = Threading.MaxThreads;
        try
        {
            T[]? first = null;
            foreach (int threads in new[] { 1, 2, 3, 7 })
            {
                Threading.MaxThreads = threads;
                T[] c = new T[batch * m * n];
                MatrixProduct.MultiplyBatch<T>(batch, m, n, k, a, m * k, transposeA, b, k * n, transposeB, c);
                first ??= c;
                c.AsSpan().SequenceEqual(first).Should().BeTrue("{0}x {1}x{2}x{3} on {4} threads", batch, m, n, k, threads);
            }
        }
        finally
        {
            Threading.MaxThreads = before;
        }
    }

    private static T[] Numbers<T>(Random random, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] numbers = new T[length];
        for (int i = 0; i < length; i++)
            numbers[i] = T.CreateTruncating(2 * random.NextDouble() - 1);
        return numbers;
    }
}
