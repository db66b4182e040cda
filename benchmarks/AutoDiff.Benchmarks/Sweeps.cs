using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>One step of a network, 784-256-256-10 on 64 rows in float: the value alone, the recorded value, and with the backward sweep for all parameters.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class Sweeps
{
    private readonly Tensor<float> inputs = Data.Random<float>(1, 64, 784);
    private readonly Tensor<float> targets = Data.Random<float>(2, 64, 10);
    private readonly Tensor<float>[] parameters =
    [
        Data.Random<float>(3, 784, 256) * 0.05f, Tensor.Zeros<float>(256),
        Data.Random<float>(4, 256, 256) * 0.1f, Tensor.Zeros<float>(256),
        Data.Random<float>(5, 256, 10) * 0.1f, Tensor.Zeros<float>(10),
    ];

    [Benchmark(Baseline = true)]
    public float Value() => Loss(parameters).ToScalar();

    [Benchmark]
    public float RecordedValue()
    {
        using var tape = new Tape<float>();
        return Loss([.. parameters.Select(tape.Variable)]).ToScalar();
    }

    [Benchmark]
    public Tensor<float>[] ValueAndGradient()
    {
        using var tape = new Tape<float>();
        Tensor<float>[] variables = [.. parameters.Select(tape.Variable)];
        return tape.Gradient(Loss(variables), variables);
    }

    private Tensor<float> Loss(Tensor<float>[] p) =>
        (((inputs.MatMul(p[0]) + p[1]).Tanh().MatMul(p[2]) + p[3]).Tanh().MatMul(p[4]) + p[5] - targets).Square().Mean();
}
