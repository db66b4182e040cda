using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Tests.Compilation;

/// <summary>Integers that change from run to run of a compiled function: labels, rows of a table, segments.</summary>
public class IndexInputTests
{
    public static TheoryData<string> Programs => [.. All<double>().Keys];

    [Theory, MemberData(nameof(Programs))]
    public void Operations_read_the_indices_of_each_run(string program)
    {
        Check(All<double>()[program]);
        Check(All<float>()[program]);
    }

    /// <summary>What an operation makes of indices has the bits of what it makes of the same integers as a list.</summary>
    [Fact]
    public void Indices_and_lists_of_integers_give_the_same_bits()
    {
        Tensor<float> x = new RandomKey(3).Normal<float>(6, 5);
        int[] i = [4, 0, 4, 5, 4];
        Indices<float> same = Indices.Create<float>(i);
        Gradients(z => z.Take(i), z => z.Take(same));
        Gradients(z => z.Take([4, 1, 4], 1), z => z.Take(Indices.Create<float>([4, 1, 4]), 1));
        Gradients(z => z.Embedding(i, [5], paddingIndex: 4), z => z.Embedding(same, paddingIndex: 4));
        Gradients(z => z.Gather([1, 0, 1, 5], [2, 2], 0), z => z.Gather(Indices.Create<float>([1, 0, 1, 5], 2, 2), 0));
        Gradients(z => z.ScatterAdd([1, 1, 0], z[..3]), z => z.ScatterAdd(Indices.Create<float>([1, 1, 0]), z[..3]));
        Gradients(z => z.SegmentSum([1, 1, 0, 2, 0, 1], 3), z => z.SegmentSum(Indices.Create<float>([1, 1, 0, 2, 0, 1]), 3));
        Gradients(z => Loss.CrossEntropy(z, [1, -100, 0, 2, 0, 1], null, 0.125f, -100), z => Loss.CrossEntropy(z, Indices.Create<float>([1, -100, 0, 2, 0, 1]), null, 0.125f, -100));
        Gradients(z => Loss.NegativeLogLikelihood(z, [1, 4, 0, 2, 0, 1]), z => Loss.NegativeLogLikelihood(z, Indices.Create<float>([1, 4, 0, 2, 0, 1])));

        void Gradients(Func<Tensor<float>, Tensor<float>> byList, Func<Tensor<float>, Tensor<float>> byIndices)
        {
            (Tensor<float> value, Tensor<float> gradient) = Differentiate.ValueAndGradient(z => byList(z).Sin().Sum(), x);
            (Tensor<float> other, Tensor<float> otherGradient) = Differentiate.ValueAndGradient(z => byIndices(z).Sin().Sum(), x);
            Same(value, other);
            Same(gradient, otherGradient);
        }
    }

    [Fact]
    public void A_label_that_does_not_exist_is_the_error_of_the_plain_run_and_the_workspace_goes_on()
    {
        Tensor<double> scores = new RandomKey(1).Normal(3, 4);
        Func<Tensor<double>[], Tensor<double>[]> f = p => [Differentiate.Gradient(z => Loss.CrossEntropy(z, p[1].AsIndices()), p[0])];
        CompiledFunction<double> compiled = Differentiate.Compile(f, [scores, Indices.Create<double>([0, 1, 2])]);
        using Workspace<double> work = compiled.CreateWorkspace();
        scores.CopyTo(work.Input(0));
        foreach (double[] wrong in new double[][] { [0, 1, 4], [-1, 0, 0], [0.5, 0, 0], [double.NaN, 0, 0] })
        {
            Tensor<double> labels = Tensor.Create(wrong);
            ArgumentException plain = FluentActions.Invoking(() => f([scores, labels])).Should().Throw<ArgumentException>().Which;
            plain.Message.Should().StartWith("CrossEntropy: ");
            labels.CopyTo(work.Input(1));
            work.Invoking(w => w.Run()).Should().Throw<ArgumentException>().WithMessage(plain.Message.Replace("*", "?", StringComparison.Ordinal));
            compiled.Invoking(c => c.Invoke([scores, labels])).Should().Throw<ArgumentException>();

            work.SetInput(1, [3, 2, 1]);
            work.Run();
            MemoryMarshal.AsBytes(work.Output(0)).SequenceEqual(MemoryMarshal.AsBytes(f([scores, Indices.Create<double>([3, 2, 1])])[0].AsSpan())).Should().BeTrue();
        }

        compiled.Recordings.Should().Be(1);
    }

    [Fact]
    public void Rows_of_a_sum_may_be_labels()
    {
        Tensor<double> x = new RandomKey(2).Normal(3000, 4);
        int[] labels = new RandomKey(5).Integers(0, 3, 3000);
        Tensor<double> w = new RandomKey(4).Normal(4, 3);
        CompiledSum<double> sum = Differentiate.CompileSum<double>((p, rows) => Loss.CrossEntropy(rows[0].MatMul(p[0]), rows[1].AsIndices(), reduction: Reduction.Sum), [w], [x, Indices.Create<double>(labels)]);
        int[] others = [.. labels.Select(label => 2 - label)];
        foreach (int[] own in new[] { labels, others })
        {
            (double value, Tensor<double>[] gradients) = sum.ValueAndGradient([w], [x, Indices.Create<double>(own)]);
            (Tensor<double> expected, Tensor<double> gradient) = Differentiate.ValueAndGradient(w => Loss.CrossEntropy(x.MatMul(w), own, reduction: Reduction.Sum), w);
            value.Should().BeApproximately(expected.ToScalar(), 1e-9 * expected.ToScalar());
            (gradients[0] - gradient).Norm().ToScalar().Should().BeLessThan(1e-9 * gradient.Norm().ToScalar());
        }
    }

    [Fact]
    public void Indices_serve_as_lists_arrays_and_tensors()
    {
        Indices<double> i = Indices.Create<double>([2, 0, 1, 2], 2, 2);
        int[] array = i;
        array.Should().Equal(2, 0, 1, 2);
        (i.Length, i[3], i.Shape.ToArray().Length, i.ToString()).Should().Be((4, 2, 2, "[2, 0, 1, 2]"));
        i.Reshape(-1).Shape.ToArray().Should().Equal(4);
        i.AsTensor().ToArray().Should().Equal(2.0, 0, 1, 2);
        i.Sum().Should().Be(5);
        int total = 0;
        foreach (int number in i)
        {
            total += number;
        }

        total.Should().Be(5);
        Tensor.Create([5.0, 6, 7])[i].Shape.ToArray().Should().Equal(2, 2);
        Tensor.Create([5.0, 6, 7]).AsIndices().Should().Equal(5, 6, 7);
        FluentActions.Invoking(() => Tensor.Create([0.5]).AsIndices().ToArray()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Indices.Create<float>([(1 << 24) + 1])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Indices.Create<double>([1, 2], 3)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Differentiate.Compile(x => x, Tensor.Zeros<float>(2)).CreateWorkspace().SetInput(0, [1])).Should().Throw<ArgumentException>();
    }

    /// <summary>Programs of a matrix [6, 5] and six indices from 0 to 4.</summary>
    private static Dictionary<string, Func<Tensor<T>, Indices<T>, Tensor<T>>> All<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
    {
        ["take"] = (x, i) => x.Take(i).Sin() + x[i],
        ["take along the second axis"] = (x, i) => x.Take(i.Reshape(2, 3), 1).Square(),
        ["gather"] = (x, i) => x.Gather(i.Reshape(6, 1), 1).Exp(),
        ["take along an axis"] = (x, i) => x.TakeAlongAxis(i.Reshape(1, 6), 1).Sin(),
        ["embedding"] = (x, i) => x.Embedding(i, paddingIndex: 2).Sin(),
        ["one-hot"] = (x, i) => (Tensor.OneHot(i, 5) * x).Sin(),
        ["cross-entropy"] = (x, i) => Loss.CrossEntropy(x, i),
        ["cross-entropy, weighted and ignored"] = (x, i) => Loss.CrossEntropy(x, i, x[0].Abs(), T.CreateChecked(0.125), ignoreIndex: 1),
        ["likelihood"] = (x, i) => Loss.NegativeLogLikelihood(x.LogSoftmax(1), i, reduction: Reduction.None),
        ["likelihood, weighted and ignored"] = (x, i) => Loss.NegativeLogLikelihood(x.LogSoftmax(1), i, x[0].Abs(), ignoreIndex: 4),
        ["scatter"] = (x, i) => x.ScatterAdd(i, x.Sin()),
        ["segments"] = (x, i) => x.SegmentSum(i, 5).Square(),
        ["numbers"] = (x, i) => x * i.AsTensor().Reshape(6, 1),
        ["a look at one"] = (x, i) => i[0] == 0 ? x.Sin() : x.Cos(),
    };

    private static void Check<T>(Func<Tensor<T>, Indices<T>, Tensor<T>> program) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] F(Tensor<T>[] p)
        {
            Tensor<T> Sum(Tensor<T> x) => (program(x, p[1].AsIndices()) * T.CreateChecked(0.5)).Sum();
            return [program(p[0], p[1].AsIndices()), Differentiate.Gradient(Sum, p[0]), Differentiate.Hvp(Sum, p[0], p[0].Detach()), Differentiate.Jvp(Sum, p[0], p[0].Detach())];
        }

        int[][] lists = [[0, 1, 2, 3, 4, 0], [0, 4, 4, 4, 4, 4], [0, 0, 0, 0, 0, 0], [0, 3, 1, 2, 1, 3]];
        Tensor<T> x = new RandomKey(8).Normal<T>(6, 5);
        CompiledFunction<T> compiled = Differentiate.Compile(F, [x, Indices.Create<T>(lists[0])]);
        using Workspace<T> work = compiled.CreateWorkspace();
        foreach (int[] list in lists)
        {
            Tensor<T>[] expected = F([x, Indices.Create<T>(list)]);
            Tensor<T>[] actual = compiled.Invoke([x, Indices.Create<T>(list)]);
            x.CopyTo(work.Input(0));
            work.SetInput(1, list);
            work.Run();
            for (int k = 0; k < expected.Length; k++)
            {
                Same(expected[k], actual[k]);
                MemoryMarshal.AsBytes(work.Output(k)).SequenceEqual(MemoryMarshal.AsBytes(expected[k].AsSpan())).Should().BeTrue();
            }
        }

        compiled.Recordings.Should().Be(1, "{0}", compiled.Explain());
    }

    private static void Same<T>(Tensor<T> x, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        y.Shape.ToArray().Should().Equal(x.Shape.ToArray());
        MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan())).Should().BeTrue("{0} and {1} have the same bits", x, y);
    }
}
