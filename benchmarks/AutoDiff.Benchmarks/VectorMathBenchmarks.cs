using System.Numerics;
using System.Numerics.Tensors;
using AutoDiff.Kernels;
using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>
/// The library's vector functions beside those of the base library. The latter are bimodal with AVX-512, by the stack's alignment: hence the randomized memory.
/// </summary>
[MemoryRandomization]
[GenericTypeArguments(typeof(double))]
[GenericTypeArguments(typeof(float))]
public class VectorMathBenchmarks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Length = 1000;

    private readonly T[] x = new T[Length];
    private readonly T[] y = new T[Length];

    [Params("Exp", "Log", "Sin", "Tanh", "Sigmoid", "Atan", "Cbrt", "Pow")]
    public string Function { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        Random random = new(1);
        for (int i = 0; i < Length; i++)
        {
            x[i] = T.CreateTruncating(0.01 + 8.0 * random.NextDouble());
        }
    }

    [Benchmark(OperationsPerInvoke = Length, Baseline = true)]
    public void Library()
    {
        switch (Function)
        {
            case "Exp": TensorPrimitives.Exp<T>(x, y); break;
            case "Log": TensorPrimitives.Log<T>(x, y); break;
            case "Sin": TensorPrimitives.Sin<T>(x, y); break;
            case "Tanh": TensorPrimitives.Tanh<T>(x, y); break;
            case "Sigmoid": TensorPrimitives.Sigmoid<T>(x, y); break;
            case "Atan": TensorPrimitives.Atan<T>(x, y); break;
            case "Cbrt": TensorPrimitives.Cbrt<T>(x, y); break;
            default: TensorPrimitives.Pow(x, T.CreateTruncating(2.7), y); break;
        }
    }

    [Benchmark(OperationsPerInvoke = Length)]
    public void Own()
    {
        switch (Function)
        {
            case "Exp": VectorMath.Exp<T>(x, y); break;
            case "Log": VectorMath.Log<T>(x, y); break;
            case "Sin": VectorMath.Sin<T>(x, y); break;
            case "Tanh": VectorMath.Tanh<T>(x, y); break;
            case "Sigmoid": VectorMath.Sigmoid<T>(x, y); break;
            case "Atan": VectorMath.Atan<T>(x, y); break;
            case "Cbrt": VectorMath.Cbrt<T>(x, y); break;
            default: VectorMath.Pow(x, T.CreateTruncating(2.7), y); break;
        }
    }
}

/// <summary>Sums and inner products beside those of the base library, which are not pairwise.</summary>
[MemoryRandomization]
[GenericTypeArguments(typeof(double))]
[GenericTypeArguments(typeof(float))]
public class ReductionsBenchmarks<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[] x = [];

    [Params(10, 1000, 1_000_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Random random = new(1);
        x = [.. Enumerable.Range(0, Length).Select(_ => T.CreateTruncating(random.NextDouble()))];
    }

    [Benchmark(Baseline = true)]
    public T LibrarySum() => TensorPrimitives.Sum<T>(x);

    [Benchmark]
    public T OwnSum() => Reductions.Sum<T>(x);

    [Benchmark]
    public T OwnDot() => Reductions.Dot<T>(x, x);

    [Benchmark]
    public T OwnLogSumExp() => Reductions.LogSumExp<T>(x);
}
