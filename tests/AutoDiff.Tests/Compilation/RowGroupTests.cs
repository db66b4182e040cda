using System.Numerics;
using AutoDiff.Tests.Operations;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Compilation;

/// <summary>Operations by rows run in groups of compiled functions, block by block, whatever the length of their rows: with the bits of the plain run.</summary>
public class RowGroupTests
{
    private static readonly RandomKey Key = new(41);

    public static TheoryData<string> Names => [.. Of<double>.Programs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_program_gives_the_bits_of_the_plain_run_for_any_number_of_threads(string name)
    {
        Check(Of<double>.Programs[name], BitConverter.DoubleToInt64Bits);
        Check(Of<float>.Programs[name], static x => BitConverter.SingleToInt32Bits(x));
    }

    private static void Check<T>(Of<T>.Program program, Func<T, long> bits) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] At(int point) => [.. program.Shapes.Select((shape, i) => Key.Derive((10 * point) + i).Normal<T>(shape))];
        CompiledFunction<T> compiled = Differentiate.Compile(program.F, At(0));
        using Workspace<T> work = compiled.CreateWorkspace();
        int threads = Parallelism.MaxThreads;
        try
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                Parallelism.MaxThreads = count;
                Tensor<T>[] x = At(count);
                if (count == 5)
                {
                    // A row with infinities, and one without a number.
                    T[] numbers = x[0].ToArray();
                    (numbers[0], numbers[2], numbers[^1]) = (T.PositiveInfinity, T.PositiveInfinity, T.NaN);
                    x[0] = Tensor.Create(numbers, x[0].Shape.ToArray());
                }

                Tensor<T>[] expected = program.F(x);
                work.Run(x);
                for (int i = 0; i < expected.Length; i++)
                {
                    work.Output(i).ToArray().Select(bits).Should().Equal(expected[i].ToArray().Select(bits), "result {0} with {1} threads: {2}", i, count, compiled.Explain());
                }
            }
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }

        compiled.Recordings.Should().Be(1);
        string report = compiled.Explain().ToString();
        string[] groups = [.. report.Split('\n').Where(static line => line.Contains("group of", StringComparison.Ordinal))];
        groups.Any(group => group.Contains(program.Grouped, StringComparison.Ordinal)).Should().BeTrue("a group holds {0}: {1}", program.Grouped, report);
    }

    [Fact]
    public void A_block_is_of_whole_rows()
    {
        Blocks(60, 96).Should().Contain("in blocks of 2016:");
        Blocks(60, 64).Should().Contain("in blocks of 2048:");
        Blocks(3, 3000).Should().Contain("in blocks of 3000:");
        Blocks(3, 5000).Should().NotMatchRegex("group.*Softmax", "rows of 5,000 are steps of their own");
        static string Blocks(int rows, int columns) =>
            Differentiate.Compile(static (Tensor<float>[] p) => [(p[0] + 1f).Softmax(-1).Exp()], [Key.Normal<float>(rows, columns)]).Explain().ToString();
    }

    [Fact]
    public void Rows_of_two_lengths_share_a_group_where_a_block_holds_both()
    {
        Groups(30, 120, 40).Should().MatchRegex("in blocks of 2040:.*Softmax,.*Softmax");
        Groups(30, 150, 100).Should().MatchRegex("in blocks of 1800:.*Softmax,.*Softmax");
        Groups(2, 3000, 1000).Should().MatchRegex("in blocks of 3000:.*Softmax,.*Softmax");
        Groups(2, 3003, 1001).Should().MatchRegex("in blocks of 3003:.*Softmax,.*Softmax");
        Groups(100, 201, 100).Should().NotMatchRegex("Softmax,.*Softmax");
        static string Groups(int rows, int columns, int others)
        {
            Func<Tensor<double>[], Tensor<double>[]> f = p => [((p[0] + 1).Softmax(-1) * p[0]).Reshape(-1, others).Softmax(-1).Square().Sum()];
            Tensor<double> x = Key.Normal<double>(rows, columns);
            CompiledFunction<double> compiled = Differentiate.Compile(f, [x]);
            compiled.Invoke([x])[0].ToScalar().Should().Be(f([x])[0].ToScalar());
            return compiled.Explain().ToString();
        }
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        Tensor<float>[] inputs = [Key.Normal<float>(70, 128), Key.Normal<float>(128), Key.Normal<float>(128)];
        CompiledFunction<float> compiled = Differentiate.Compile(Of<float>.Programs["a block of a transformer"].F, [.. inputs, Key.Normal<float>(70, 128)]);
        using Workspace<float> work = compiled.CreateWorkspace();
        Tensor<float>[] all = [.. inputs, Key.Normal<float>(70, 128)];
        AllocationTests.Least(() => work.Run(all), 200).Should().Be(0, "{0}", compiled.Explain());
    }

    private static class Of<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>A function of tensors of some shapes, and the operation that a group has to hold.</summary>
        public sealed record Program(int[][] Shapes, Func<Tensor<T>[], Tensor<T>[]> F, string Grouped);

        public static readonly Dictionary<string, Program> Programs = new()
        {
            ["softmax, weighted"] = new([[130, 64], [130, 64]], x => Gradients(p => (p[0].Softmax(-1) * p[1]).Sum(), x), "Softmax,"),
            ["its derivative in the same group"] = new([[130, 64], [130, 64]], x => Gradients(p => (p[0].Softmax(-1) * p[1]).Sum(), x), "SoftmaxProduct"),
            ["log-softmax between others"] = new([[33, 256]], x => Gradients(p => (p[0] * p[0]).LogSoftmax(-1).Tanh().Sum(), x), "LogSoftmax,"),
            ["layer norm without weights"] = new([[9, 512], [9, 512]], x => Gradients(p => ((p[0] + p[1]).LayerNorm() * p[1]).Square().Sum(), x), "LayerNorm"),
            ["a block of a transformer"] = new([[70, 128], [128], [128], [70, 128]], x => Gradients(p => (p[0] + p[3]).LayerNorm(p[1], p[2]).Gelu().Square().Sum(), x), "LayerNorm"),
            ["root mean square norm with weights"] = new([[5, 2048], [2048]], x => Gradients(p => p[0].Sin().RmsNorm(p[1]).Sum(), x), "RmsNorm"),
            ["more axes than two"] = new([[3, 11, 128]], x => Gradients(p => p[0].Exp().Softmax(-1).Sqrt().Sum(), x), "Softmax,"),
            ["rows of two"] = new([[1500, 2]], x => [(x[0] - x[0].Exp()).Softmax(-1) * x[0]], "Softmax,"),
            ["a result that others read"] = new([[40, 64]], x => x[0].Tanh().Softmax(-1) is var y ? [y, y.Square(), y.LogSoftmax(-1)] : x, "LogSoftmax"),
            ["rows of three, and sums of them"] = new([[1700, 3], [1700, 3]], x => Gradients(p => (p[0].Softmax(-1) * p[1]).Sum() + p[0].Exp().Softmax(-1).Square().Sum(), x), "Softmax, Multiply, Sum"),
            ["rows of ten"] = new([[2000, 10], [10]], x => Gradients(p => (p[0] + p[0] + p[1]).LogSoftmax(-1).Square().Sum(), x), "LogSoftmaxProduct"),
            ["rows of a hundred, scaled and masked"] = new([[300, 100], [], [300, 100], [300, 100]], x => Gradients(p => ((p[0] * p[1] + x[2]).MaskedFill(x[3].Relu().Sign(), T.NegativeInfinity).Softmax(-1) * x[3]).Sum(), x[..2]), "SoftmaxProduct"),
            ["layer norm of 784 numbers"] = new([[30, 784], [784], [784]], x => Gradients(p => p[0].Sin().LayerNorm(p[1], p[2]).Gelu().Sum(), x), "LayerNorm, "),
            ["a norm of rows of 1100"] = new([[9, 1100], [1100]], x => Gradients(p => (p[0] + p[1]).RmsNorm().Square().Sum(), x), "RmsNormProduct"),
            ["rows longer than a leaf"] = new([[7, 3001]], x => Gradients(p => p[0].Tanh().Softmax(-1).Square().Sum(), x), "Sum"),
            ["one row"] = new([[1, 3333], [3333]], x => Gradients(p => (p[0].Tanh() + p[1]).Softmax(-1).Square().Sum(), x), "Softmax, "),
            ["many rows, for many threads"] = new([[4000, 100]], x => Gradients(p => p[0].Sin().Softmax(-1).Square().Sum(), x), "Sum"),
            ["softmax by hand"] = new([[300, 12], [300, 12]], x => Gradients(p => { Tensor<T> e = (p[0] - p[0].Max([-1], keepDims: true)).Exp(); return (e / e.Sum([-1], keepDims: true) * p[1]).Sum(); }, x), "Max, Subtract, Exp, Sum, Divide, Multiply, Sum"),
            ["the logarithms of sums, and as many columns as rows"] = new([[64, 64], [64]], x => Gradients(p => (p[0] * p[1] - (p[0] * p[1]).LogSumExp([-1], keepDims: true)).Square().Sum(), x), "LogSumExp, Subtract"),
            ["sums of rows that others read as a vector"] = new([[60, 60]], x => x[0].Exp().Sum(-1) is var y ? [y, x[0].Exp() / y, x[0].Exp() / y.ExpandDims(1), y.Log()] : x, "Exp, Sum"),
            ["sums of rows over two axes"] = new([[40, 10, 10]], x => [x[0].Sin().Sum([1, 2]), x[0].Sin().Sum([2]), x[0] - x[0].Sin().Mean([2], keepDims: true)], "Sin, Sum, Sum"),
            ["cross-entropy"] = new([[90, 100], [100]], x => Gradients(p => Loss.CrossEntropy(p[0] * p[1], (x[0] + x[1]).Sin().Square()), x), "CrossEntropy"),
            ["its derivative"] = new([[90, 100], [100]], x => Gradients(p => Loss.CrossEntropy(p[0] * p[1], (x[0] + x[1]).Sin().Square()), x), "CrossEntropyGradient"),
            ["variances, norms and extrema of rows"] = new([[70, 77]], x => [(x[0] + x[0]).Variance(-1), (x[0] + x[0]).Norm(axes: [-1], keepDims: true), (x[0] + x[0]).Min([-1])], "Variance, Norm, Min"),
            ["one row, and its sum"] = new([[1, 2500]], x => [x[0].Exp() / x[0].Exp().Sum([-1], keepDims: true), x[0].Exp() - x[0].Exp().Max([-1], keepDims: true)], "Exp"),
            ["layer norm of a square"] = new([[60, 60], [60], [60]], x => Gradients(p => (p[0] + p[0]).LayerNorm(p[1], p[2]).Sin().Sum(), x), "LayerNorm"),
            ["a scale and a bias of columns"] = new([[300, 128], [128], [128]], x => Gradients(p => (p[0] * p[1] + p[2]).Tanh().Square().Sum(), x), "Sum, Multiply, Multiply, Sum"),
            ["sums of columns for many threads"] = new([[5000, 30]], x => [x[0].Sin().Sum(), x[0].Sin().Softmax(-1).Sum(0), x[0].Sin().Sum(0), x[0].Sin().Sum(-1)], "Sin, Sum, Softmax, Sum, Sum, Sum"),
            ["sums of a few long columns"] = new([[1700, 4]], x => [x[0].Sin().Sum(0) - x[0].Sin(), x[0].Sin().Reshape(4, 1700).Sum(0)], "Sin, Sum"),
            ["sums of columns of a large matrix"] = new([[5300, 100]], x => [x[0].Sin().Sum(0), x[0].Sin().Sum()], "Sin, Sum, Sum"),
            ["rows of one number"] = new([[2500, 1]], x => [x[0].Exp().Sum([-1], keepDims: true) * x[0], x[0].Exp().Max([-1], keepDims: true) * x[0], x[0].Exp().Softmax(-1) * x[0]], "Exp, "),
            ["derivatives that share a row"] = new([[64]], x => [Differentiate.Jacobian(z => z.Softmax(-1) * z, x[0])], "SoftmaxProduct"),
        };

        private static Tensor<T>[] Gradients(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] x)
        {
            (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(f, x);
            return [value, .. gradients];
        }
    }
}
