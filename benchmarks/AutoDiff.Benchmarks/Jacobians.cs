using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>The 256 × 256 Jacobian of W₂ tanh(W₁ x): in one batched sweep, and row by row.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class Jacobians
{
    private const int N = 256;

    private readonly Tensor<double> w1 = Data.Random<double>(1, N, N) * 0.1;
    private readonly Tensor<double> w2 = Data.Random<double>(2, N, N) * 0.1;
    private readonly Tensor<double> x = Data.Random<double>(3, N);
    private readonly Tensor<double>[] units = [.. Enumerable.Range(0, N).Select(i => Tensor.Identity<double>(N)[i])];

    [Benchmark(Baseline = true)]
    public Tensor<double> Batched()
    {
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        return tape.Jacobian(F(v), v);
    }

    [Benchmark]
    public Tensor<double> RowByRow()
    {
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> y = F(v);
        return Tensor.Stack<double>([.. units.Select(u => tape.Vjp(y, u, v))]);
    }

    private Tensor<double> F(Tensor<double> x) => w2.MatMul(w1.MatMul(x).Tanh());
}
