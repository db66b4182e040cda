using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>The cost of recording and of a sweep, apart from arithmetic: a function of ten numbers.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class SmallOperations
{
    private readonly Tensor<double> x = Tensor.LinearSpace(0.1, 1.0, 10);

    [Benchmark(Baseline = true)]
    public double ValueOffTape() => F(x).ToScalar();

    [Benchmark]
    public Tensor<double> ValueAndGradientOnTape()
    {
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        return tape.Gradient(F(v), v);
    }

    [Benchmark]
    public (Tensor<double>, Tensor<double>) ValueAndGradientOfFunction() => Differentiate.ValueAndGradient(F, x);

    private static Tensor<double> F(Tensor<double> x) => ((x * x) + x).Sin().Sum();
}
