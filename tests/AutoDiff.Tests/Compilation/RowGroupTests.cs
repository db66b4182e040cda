using System.Numerics;
using AutoDiff.Tests.Operations;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Compilation;

/// <summary>Operations by rows run in groups of compiled functions, block by block, where their rows fill the blocks: with the bits of the plain run.</summary>
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
    public void Rows_that_do_not_fill_a_block_are_steps()
    {
        Tensor<float> x = Key.Normal<float>(60, 96);
        CompiledFunction<float> compiled = Differentiate.Compile(static (Tensor<float>[] p) => [(p[0] + 1f).Softmax(-1).Exp()], [x]);
        compiled.Explain().ToString().Should().NotMatchRegex("group.*Softmax");
        compiled.Invoke(x).ToArray().Should().Equal((x + 1f).Softmax(-1).Exp().ToArray());
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
            ["derivatives that share a row"] = new([[64]], x => [Differentiate.Jacobian(z => z.Softmax(-1) * z, x[0])], "SoftmaxProduct"),
        };

        private static Tensor<T>[] Gradients(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] x)
        {
            (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(f, x);
            return [value, .. gradients];
        }
    }
}
