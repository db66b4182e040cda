using System.Numerics;
using AutoDiff.Tests.Operations;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Compilation;

/// <summary>A run in a workspace allocates nothing.</summary>
public class AllocationTests
{
    private const int Runs = 10_000;

    private static readonly RandomKey Key = new(11);

    public static TheoryData<string> Workloads => [.. All.Keys];

    private static readonly Dictionary<string, Func<(Func<Tensor<float>[], Tensor<float>> F, Tensor<float>[] Inputs)>> All = new()
    {
        ["elementwise and a sum"] = () => (p => ((p[0] * p[0]) + p[0]).Sin().Sum(), [Normal(10)]),
        ["Rosenbrock"] = () => (p => (((p[0][1..] - p[0][..^1].Square()).Square() * 100f) + (1f - p[0][..^1]).Square()).Sum(), [Normal(10)]),
        ["a network with cross-entropy"] = () => (p => Loss.CrossEntropy((p[1].MatMul(p[0]) + p[2]).Tanh().MatMul(p[3]), p[4].AsIndices()),
            [Normal(12, 16), Normal(8, 12), Normal(16), Normal(16, 5), Indices.Create<float>([0, 1, 2, 3, 4, 0, 1, 2])]),
        ["convolution"] = () => (p => p[0].Conv2D(p[1], p[2], padding: 1).Relu().MaxPool2D(2).Mean(), [Normal(2, 3, 6, 6), Normal(4, 3, 3, 3), Normal(4)]),
        ["layer normalization"] = () => (p => (p[0].LayerNorm(p[1], p[2], 1) * p[0].Detach()).Sum(), [Normal(6, 8), Normal(8), Normal(8)]),
        ["softmax"] = () => (p => (p[0].Softmax(-1) * p[0].LogSoftmax(-1)).Sum(), [Normal(6, 8)]),
        ["attention"] = () => (p => p[0].ScaledDotProductAttention(p[1], p[2]).Square().Sum(), [Normal(2, 5, 4), Normal(2, 6, 4), Normal(2, 6, 3)]),
        ["an embedding and a gather"] = () => (p => (p[0].Embedding(p[1].AsIndices()).Tanh().Sum(1) * p[0].Gather(p[1].AsIndices().Reshape(6, 1), 1)).Sum(), [Normal(7, 7), Indices.Create<float>([3, 1, 1, 0, 6, 3])]),
        ["order"] = () => (p => (p[0].Sort().Values * p[0]).Sum() + p[0].Median() + p[0].Quantile(0.3f) + p[0].TopK(3).Values.Prod(), [Normal(17)]),
        ["a system"] = () => (p => p[0].Solve(p[1]).Square().Sum(), [Normal(4, 4), Normal(4)]),
        ["a recurrent loop"] = () => (p =>
        {
            (Tensor<float> h, Tensor<float> c) = (Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 4));
            for (int t = 0; t < 5; t++)
            {
                Tensor<float> gates = p[0][t].MatMul(p[1]) + h.MatMul(p[2]) + p[3];
                c = (gates[.., ..4].Sigmoid() * c) + (gates[.., 4..8].Sigmoid() * gates[.., 8..12].Tanh());
                h = gates[.., 12..].Sigmoid() * c.Tanh();
            }

            return h.Square().Sum();
        }, [Normal(5, 2, 3), Normal(3, 16), Normal(4, 16), Normal(16)]),
    };

    [Theory, MemberData(nameof(Workloads))]
    public void Ten_thousand_runs_of_value_and_gradients_allocate_nothing(string workload)
    {
        (Func<Tensor<float>[], Tensor<float>> f, Tensor<float>[] inputs) = All[workload]();
        CompiledFunction<float> compiled = Differentiate.Compile(p =>
        {
            (Tensor<float> value, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(f, p);
            return [value, .. gradients];
        }, inputs);
        using Workspace<float> work = compiled.CreateWorkspace();
        Least(() => work.Run(inputs), Runs).Should().Be(0, "{0}", compiled.Explain());
    }

    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Rows))]
    public void A_compiled_operation_allocates_nothing(string row)
    {
        Check(OperationTable<double>.Rows[row]);
        Check(OperationTable<float>.Rows[row]);
    }

    private static void Check<T>(OperationRow<T> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int[][] shapes in row.ShapeCases())
        {
            var trial = new Theories<T>.Trial(row, "Allocation", shapes);
            Tensor<T> u = trial.Random(row.F(trial.X).Shape);
            CompiledFunction<T> compiled = Differentiate.Compile(x => row.Constant ? [row.F(x)] : [row.F(x), .. Differentiate.Vjp(row.F, x, u), Differentiate.Jvp(row.F, x, trial.Directions())], trial.X);
            using Workspace<T> work = compiled.CreateWorkspace();
            work.Run(trial.X);
            long least = IsKnown(compiled) ? 0 : Least(() => work.Run(trial.X), 1);
            trial.Require(least == 0, $"a run allocates {least} bytes: {compiled.Explain()}");
        }
    }

    /// <summary>Somebody's code allocates what it allocates, and what is recorded anew at other values is no run.</summary>
    [Fact]
    public void A_workspace_that_goes_from_one_program_to_another_and_back_allocates_nothing()
    {
        static Tensor<double> F(Tensor<double> x) => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp() : x * -3.0;
        Tensor<double>[] points = [Tensor.Create([1.0, 2.0]), Tensor.Create([-1.0, -2.0]), Tensor.Create([1.0, 2.0, 3.0]), Tensor.Create([3.0, 2.0])];
        CompiledFunction<double> compiled = Differentiate.Compile(F, points[0]);
        using Workspace<double> work = compiled.CreateWorkspace();
        int next = 0;
        Least(() => work.Run(points[next++ % points.Length]), 1000).Should().Be(0);
        compiled.Recordings.Should().Be(3);
        work.Run(points[2]);
        work.Output(0).ToArray().Should().Equal(F(points[2]).ToArray());
        compiled.Programs.Should().HaveCount(3).And.Subject.First().Fits([points[2]]).Should().BeTrue("the program that was used last comes first");
    }

    private static bool IsKnown<T>(CompiledFunction<T> compiled) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        compiled.GivenUp is not null || compiled.Recordings > 1
        || compiled.Programs[0].Steps.Any(step => step is RecordStep<T> { Value.Record.IsOpaque: true });

    /// <summary>
    /// The bytes that so many runs in a row allocate on this thread, when what compiles code as the process goes on has settled: a method that has run a few times only, or whose calls are being
    /// counted, may box what it does not box later, and that can come at the thousandth run.
    /// </summary>
    internal static long Least(Action run, int runs)
    {
        if (StressRun.Pool)
        {
            // Every array of a poisoned pool is new. What is left to see is whether the run writes where it may not.
            run();
            return 0;
        }

        long least = long.MaxValue;
        for (int attempt = 0; attempt < 200 && least > 0; attempt++)
        {
            int times = Math.Min(runs, 1 << Math.Min(attempt, 30));
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
            {
                run();
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            least = times == runs ? Math.Min(least, allocated) : least;
            if (allocated > 0 && attempt > 6)
            {
                Thread.Sleep(20);
            }
        }

        return least;
    }

    private static Tensor<float> Normal(params int[] shape) => Key.Derive(shape.Sum()).Normal<float>(shape);
}
