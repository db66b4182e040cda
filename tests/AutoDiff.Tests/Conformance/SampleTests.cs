namespace AutoDiff.Tests.Conformance;

/// <summary>
/// The samples by which PyTorch tests its operations, with its results: outputs, products with the Jacobian's transpose, and products with the Hessian.
/// What differs on purpose is listed in docs/conformance.md.
/// </summary>
public class SampleTests
{
    /// <summary>The relative precision that values and gradients must have, and Hessian-vector products.</summary>
    private const double Tolerance = 1e-12;
    private const double SecondTolerance = 1e-11;

    /// <summary>How many times as far off results may be of which PyTorch's own have fewer digits: its gradient of LogCumSumExp is 1.4e-11 from the exact one, from which ours differs in the last digit.</summary>
    private static readonly Dictionary<string, double> Looser = new() { ["logcumsumexp"] = 100 };

    private const int SampleCount = 607;
    private const int OperationCount = 110;

    private static readonly HashSet<string> Different = ConformanceData.Listed("PyTorch's samples");

    public static TheoryData<string> Operations => [.. SampleAdapters.All.Keys.Order(StringComparer.Ordinal)];

    [ConformanceTheory]
    [MemberData(nameof(Operations))]
    public void AnOperationAgreesOnPyTorchsSamples(string operation)
    {
        Sample[] samples = [.. ConformanceData.Samples.Where(sample => sample.Operation == operation && !Different.Contains(Key(sample)))];
        samples.Should().NotBeEmpty();
        List<string> failures = [];
        foreach (Sample sample in samples)
        {
            try
            {
                Compare(sample);
            }
            catch (Exception exception)
            {
                failures.Add($"{sample}: {exception.GetType().Name}: {exception.Message}");
            }
        }

        failures.Should().BeEmpty("{0} samples of {1} should agree", samples.Length, operation);
    }

    [ConformanceFact]
    public void EverySampleIsRunOrListed()
    {
        ConformanceData.Samples.Should().HaveCount(SampleCount);
        ConformanceData.Samples.Select(sample => sample.Operation).Distinct().Should().HaveCount(OperationCount).And.BeSubsetOf(SampleAdapters.All.Keys);
        Different.Should().BeSubsetOf(ConformanceData.Samples.Select(Key), "what is listed must be one of the samples");
    }

    [ConformanceFact]
    public void WhatIsListedDiffers()
    {
        foreach (Sample sample in ConformanceData.Samples.Where(sample => Different.Contains(Key(sample))))
        {
            FluentActions.Invoking(() => Compare(sample)).Should().Throw<Exception>("{0} is listed as different", sample);
        }
    }

    /// <summary>How docs/conformance.md names a sample: its operation and its line.</summary>
    private static string Key(Sample sample) => $"{sample.Operation} #{sample.Number}";

    private static void Compare(Sample sample)
    {
        using Tape<double> tape = new();
        Tensor<double>[] xs = Array.ConvertAll(sample.Leaves, tape.Variable);
        Tensor<double>[] ys = SampleAdapters.All[sample.Operation](sample.CallWith(xs));
        Tensor<double>[] expected = sample.Outputs;
        double looser = Looser.GetValueOrDefault(sample.Operation, 1);
        ys.Should().HaveCount(expected.Length);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i].Shape.ToArray().Should().Equal(expected[i].Shape.ToArray(), "that is the shape of output {0}", i);
            ConformanceData.ShouldAgree(ys[i].AsSpan(), expected[i].AsSpan(), looser * Tolerance, $"output {i}");
        }

        Tensor<double>[] cotangents = [.. sample.Cotangents.Zip(expected, (values, y) => Tensor.Create<double>(values, y.Shape))];
        Tensor<double>[] gradients = tape.Vjp(ys, cotangents, xs);
        double size = sample.Cotangents.SelectMany(values => values).Select(Math.Abs).DefaultIfEmpty().Max();
        ShouldAgree(gradients, sample.Gradients, looser * Tolerance, "gradient", size);
        if (sample.HessianProducts is { } products)
        {
            Tensor<double>[] directions = [.. sample.Directions!.Zip(xs, (values, x) => Tensor.Create<double>(values!, x.Shape))];
            Tensor<double>[] actual = Differentiate.Hvp(leaves => Weighted(SampleAdapters.All[sample.Operation](sample.CallWith(leaves)), cotangents), sample.Leaves, directions);
            ShouldAgree(actual, products, looser * SecondTolerance, "Hessian-vector product", size);
        }
    }

    private static Tensor<double> Weighted(Tensor<double>[] ys, Tensor<double>[] cotangents) => ys.Zip(cotangents, (y, g) => (y * g).Sum()).Aggregate((a, b) => a + b);

    private static void ShouldAgree(Tensor<double>[] actual, double[]?[] expected, double tolerance, string what, double size)
    {
        actual.Should().HaveCount(expected.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            ConformanceData.ShouldAgree(actual[i].AsSpan(), expected[i] ?? new double[actual[i].Length], tolerance, $"{what} {i}", tolerance * 1e-2, size);
        }
    }
}
