using AutoDiff.Kernels;
using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>tanh(sin(x) w + exp(x)).sum() in float: the recorded value, and with the gradients by x and w.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ElementwiseSweeps
{
    private Tensor<float> x = Tensor.Zeros<float>(1);
    private Tensor<float> w = Tensor.Zeros<float>(1);

    [Params(1000, 100_000, 1_000_000)]
    public int Length { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Threading.MaxThreads = Threads;
        (x, w) = (Data.Random<float>(1, Length), Data.Random<float>(2, Length));
    }

    [Benchmark]
    public void Value()
    {
        using var tape = new Tape<float>();
        F(tape.Variable(x), tape.Variable(w));
    }

    [Benchmark]
    public void ValueAndGradients()
    {
        using var tape = new Tape<float>();
        Tensor<float> vx = tape.Variable(x), vw = tape.Variable(w);
        foreach (Tensor<float> gradient in tape.Gradient(F(vx, vw), [vx, vw]))
        {
            gradient.Dispose();
        }
    }

    private static Tensor<float> F(Tensor<float> x, Tensor<float> w) => ((x.Sin() * w) + x.Exp()).Tanh().Sum();
}
