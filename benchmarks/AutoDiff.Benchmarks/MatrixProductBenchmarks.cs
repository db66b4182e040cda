using AutoDiff.Kernels;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AutoDiff.Benchmarks;

/// <summary>The shape of a product: batch × (m × k · k × n), the operands stored transposed or not.</summary>
public readonly record struct ProductShape(int M, int N, int K, bool TransposeA = false, bool TransposeB = false, int Batch = 1)
{
    /// <summary>Multiplications and additions.</summary>
    public double Operations => 2.0 * Batch * M * N * K;

    public override string ToString() => $"{(Batch > 1 ? $"{Batch} x " : "")}{M}x{K}{(TransposeA ? "^T" : "")} * {K}x{N}{(TransposeB ? "^T" : "")}";
}

/// <summary>Matrix products of square, batched, perceptron and vector shapes, with the rate of arithmetic.</summary>
[Config(typeof(RateConfig))]
public class MatrixProductBenchmarks
{
    private float[] _a = [], _b = [], _c = [];
    private double[] _aDouble = [], _bDouble = [], _cDouble = [];

    public static IEnumerable<ProductShape> Shapes =>
    [
        new(2, 2, 2), new(4, 4, 4), new(8, 8, 8), new(16, 16, 16), new(64, 64, 64), new(256, 256, 256), new(1024, 1024, 1024),
        new(1024, 1024, 1024, TransposeA: true), new(1024, 1024, 1024, TransposeB: true),
        new(128, 128, 64, Batch: 8), new(128, 128, 64, TransposeA: true, Batch: 8), new(128, 128, 64, TransposeB: true, Batch: 8),
        new(32, 64, 64), new(64, 64, 32, TransposeA: true), new(32, 64, 64, TransposeB: true),
        new(128, 512, 784), new(784, 512, 128, TransposeA: true), new(128, 784, 512, TransposeB: true),
        new(256, 1024, 1024), new(1024, 1024, 256, TransposeA: true), new(256, 1024, 1024, TransposeB: true),
        new(1, 1024, 1024), new(1024, 1, 1024), new(1024, 1024, 1), new(1, 1, 1000),
    ];

    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Threading.MaxThreads = Threads;
        Random random = new(1);
        _aDouble = Numbers(random, Shape.Batch * Shape.M * Shape.K);
        _bDouble = Numbers(random, Shape.Batch * Shape.K * Shape.N);
        _cDouble = new double[Shape.Batch * Shape.M * Shape.N];
        _a = Array.ConvertAll(_aDouble, v => (float)v);
        _b = Array.ConvertAll(_bDouble, v => (float)v);
        _c = new float[_cDouble.Length];
    }

    [Benchmark]
    public void SinglePrecision() => MatrixProduct.MultiplyBatch<float>(
        Shape.Batch, Shape.M, Shape.N, Shape.K, _a, Shape.M * Shape.K, Shape.TransposeA, _b, Shape.K * Shape.N, Shape.TransposeB, _c);

    [Benchmark]
    public void DoublePrecision() => MatrixProduct.MultiplyBatch<double>(
        Shape.Batch, Shape.M, Shape.N, Shape.K, _aDouble, Shape.M * Shape.K, Shape.TransposeA, _bDouble, Shape.K * Shape.N, Shape.TransposeB, _cDouble);

    private static double[] Numbers(Random random, int length)
    {
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++)
            numbers[i] = 2 * random.NextDouble() - 1;
        return numbers;
    }

    private sealed class RateConfig : ManualConfig
    {
        public RateConfig() => AddColumn(new RateColumn());
    }

    /// <summary>Operations of the shape over the median time.</summary>
    private sealed class RateColumn : IColumn
    {
        public string Id => nameof(RateColumn);

        public string ColumnName => "GFLOP/s";

        public string Legend => "2 m n k of the whole batch over the median time";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            ProductShape shape = (ProductShape)benchmarkCase.Parameters[nameof(Shape)];
            double? nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Median;
            return nanoseconds is null ? "" : (shape.Operations / nanoseconds.Value).ToString("F1", summary.GetCultureInfo());
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
    }
}
