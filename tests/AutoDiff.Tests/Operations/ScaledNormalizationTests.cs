using System.Numerics;
using AutoDiff.Tests.Kernels;

namespace AutoDiff.Tests.Operations;

/// <summary>Rows standardized, scaled and shifted in one pass, of several blocks of rows: the bits of the operations one by one, however they are asked for.</summary>
[Collection(nameof(ThreadCount))]
public class ScaledNormalizationTests
{
    public static TheoryData<int, int, bool> Sizes()
    {
        TheoryData<int, int, bool> sizes = [];
        foreach (int rows in (int[])[1, 31, 32, 33, 65, 224, 1000])
        {
            foreach (int columns in (int[])[1, 7, 16, 100])
            {
                sizes.Add(rows, columns, true);
                sizes.Add(rows, columns, false);
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Value_and_cotangents_have_the_bits_of_the_steps(int rows, int columns, bool centered)
    {
        Check<float>(rows, columns, centered);
        Check<double>(rows, columns, centered);
    }

    [Fact]
    public void Numbers_that_are_none_stay_where_the_steps_have_them()
    {
        Tensor<double> x = Numbers<double>(1, 70, 9), g = Numbers<double>(2, 70, 9), w = Numbers<double>(3, 9), b = Numbers<double>(4, 9);
        x = With(With(x, 5 * 9, double.NaN), 40 * 9, double.PositiveInfinity);
        g = With(g, 13 * 9, double.NegativeInfinity);
        Same(Gradients<double>(x, w, b, g, centered: true, fused: true), Gradients<double>(x, w, b, g, centered: true, fused: false));
    }

    [Fact]
    public void Rows_that_were_not_chosen_give_exactly_nothing()
    {
        Tensor<double> x = With(Numbers<double>(1, 70, 9), 5 * 9, double.NaN), w = With(Numbers<double>(3, 9), 2, double.PositiveInfinity), b = Numbers<double>(4, 9);
        Tensor<double> keep = Tensor.Create<double>([.. Enumerable.Range(0, 70 * 9).Select(i => i / 9 != 5 && i % 9 != 2 ? 1.0 : 0.0)], [70, 9]);
        Tensor<double>[] gradients = Differentiate.Gradient(v => Tensor.Where(keep, v[0].LayerNorm(v[1], v[2]), 0.0).Sum(), [x, w, b]);
        (Tensor<double> dx, Tensor<double> dw, Tensor<double> db) = (gradients[0], gradients[1], gradients[2]);
        dx.ToArray().Should().OnlyContain(number => double.IsFinite(number));
        dx[5].ToArray().Should().OnlyContain(number => number == 0);
        dw.ToArray().Should().OnlyContain(number => double.IsFinite(number));
        dw.At(2).Should().Be(0);
        db.ToArray().Should().Equal(Enumerable.Range(0, 9).Select(i => i == 2 ? 0.0 : 69.0));
    }

    private static void Check<T>(int rows, int columns, bool centered) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> x = Numbers<T>(1, rows, columns), g = Numbers<T>(2, rows, columns), w = Numbers<T>(3, columns), b = Numbers<T>(4, columns);
        Same([Value(x, w, b, centered, fused: true)], [Value(x, w, b, centered, fused: false)]);
        Tensor<T>[] steps = Gradients(x, w, b, g, centered, fused: false);
        int threads = Parallelism.MaxThreads;
        try
        {
            foreach (int count in (int[])[1, 3])
            {
                Parallelism.MaxThreads = count;
                Same(Gradients(x, w, b, g, centered, fused: true), steps);
            }
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }

        CompiledFunction<T> compiled = Differentiate.Compile(v => Gradients(v[0], v[1], v[2], v[3], centered, fused: true), [x + T.One, w, b, g]);
        Same(compiled.Invoke(x, w, b, g), steps);

        // What does not vary has no cotangent, and changes nothing in the others.
        Same([Differentiate.Gradient(w => (Value(x, w, b, centered, fused: true) * g).Sum(), w)], [steps[1]]);
        Same([Differentiate.Gradient(x => (Value(x, w, b, centered, fused: true) * g).Sum(), x)], [steps[0]]);
    }

    private static Tensor<T> Value<T>(Tensor<T> x, Tensor<T> w, Tensor<T> b, bool centered, bool fused) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (centered, fused) switch
        {
            (true, true) => x.LayerNorm(w, b, epsilon: 0.01),
            (true, false) => (x.LayerNorm(epsilon: 0.01) * w) + b,
            (false, true) => x.RmsNorm(w, epsilon: 0.01),
            (false, false) => x.RmsNorm(epsilon: 0.01) * w,
        };

    private static Tensor<T>[] Gradients<T>(Tensor<T> x, Tensor<T> w, Tensor<T> b, Tensor<T> g, bool centered, bool fused) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] xs = centered ? [x, w, b] : [x, w];
        return Differentiate.Gradient(v => (Value(v[0], v[1], v.Length > 2 ? v[2] : b, centered, fused) * g).Sum(), xs);
    }

    private static void Same<T>(Tensor<T>[] actual, Tensor<T>[] expected) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        actual.Length.Should().Be(expected.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            actual[i].Shape.ToArray().Should().Equal(expected[i].Shape.ToArray());
            actual[i].ToArray().Zip(expected[i].ToArray()).Should().OnlyContain(pair => pair.First.Equals(pair.Second), "tensor {0} has the same bits", i);
        }
    }

    private static Tensor<double> With(Tensor<double> x, int place, double number)
    {
        double[] numbers = x.ToArray().ToArray();
        numbers[place] = number;
        return Tensor.Create<double>(numbers, x.Shape.ToArray());
    }

    private static Tensor<T> Numbers<T>(int seed, params int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return Tensor.Create<T>([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => T.CreateChecked((2 * random.NextDouble()) - 1))], shape);
    }
}
