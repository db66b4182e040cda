using AutoDiff.Kernels;
using BenchmarkDotNet.Attributes;

namespace AutoDiff.Benchmarks;

/// <summary>Value and gradient of the layers of networks, in single precision: a convolution, pooling, layer normalization and attention, the latter two also as compositions.</summary>
[MemoryDiagnoser]
public class NetworkBenchmarks
{
    private Tensor<float> _images = Tensor.Scalar(0f), _kernels = Tensor.Scalar(0f), _rows = Tensor.Scalar(0f), _queries = Tensor.Scalar(0f);

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Threading.MaxThreads = Threads;
        _images = Numbers(16, 16, 32, 32);
        _kernels = Numbers(32, 16, 3, 3);
        _rows = Numbers(1024, 512);
        _queries = Numbers(8, 256, 64);
    }

    [Benchmark]
    public float ConvolutionByKernels() => Run(w => _images.Conv2D(w, padding: 1), _kernels);

    [Benchmark]
    public float ConvolutionByImages() => Run(x => x.Conv2D(_kernels, padding: 1), _images);

    [Benchmark]
    public float MaxPool() => Run(x => x.MaxPool2D(2), _images);

    [Benchmark]
    public float AvgPool() => Run(x => x.AvgPool2D(2), _images);

    [Benchmark]
    public float LayerNorm() => Run(x => x.LayerNorm(), _rows);

    [Benchmark]
    public float LayerNormComposed() => Run(x =>
    {
        Tensor<float> centered = x - x.Mean([-1], keepDims: true);
        return centered / (centered.Square().Mean([-1], keepDims: true) + 1e-5f).Sqrt();
    }, _rows);

    [Benchmark]
    public float Attention() => Run(q => q.ScaledDotProductAttention(q, q), _queries);

    [Benchmark]
    public float AttentionComposed() => Run(q => (q.MatMul(q.Transpose()) * 0.125f).Softmax(-1).MatMul(q), _queries);

    private static float Run(Func<Tensor<float>, Tensor<float>> layer, Tensor<float> x)
    {
        using var tape = new Tape<float>();
        Tensor<float> variable = tape.Variable(x);
        Tensor<float> sum = layer(variable).Sum();
        return tape.Gradient(sum, variable).At(new int[x.Rank]);
    }

    private static Tensor<float> Numbers(params int[] shape)
    {
        var random = new Random(1);
        return Tensor.Create<float>([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)random.NextDouble() - 0.5f)], shape);
    }
}
