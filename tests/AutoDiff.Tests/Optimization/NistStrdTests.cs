using System.Globalization;
using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Levenberg-Marquardt on the nonlinear regressions of NIST's Statistical Reference Datasets, from both of NIST's starts, against the certified values (eleven digits).</summary>
public class NistStrdTests
{
    private static readonly Dictionary<string, Dataset> Datasets = Read();

    public static TheoryData<string, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, int>();
            foreach (string name in Datasets.Keys)
            {
                runs.Add(name, 0);
                runs.Add(name, 1);
            }

            return runs;
        }
    }

    [Fact]
    public void The_data_give_the_certified_sums_of_squares()
    {
        Datasets.Should().HaveCount(9);
        foreach ((string name, Dataset data) in Datasets)
        {
            double sum = Residuals(name, data)(Tensor.Create<double>(data.Certified)).Square().Sum().ToScalar();
            (sum / data.SumOfSquares).Should().BeApproximately(1, 1e-9, name);
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void LevenbergMarquardt_reaches_the_certified_digits(string name, int start)
    {
        Dataset data = Datasets[name];
        var method = new LevenbergMarquardt<double> { Stopping = new() { GradientTolerance = 1e-13, MaxIterations = 5000 } };
        OptimizationResult<Tensor<double>> result = method.Minimize(Residuals(name, data), Tensor.Create<double>(data.Starts[start]));
        double digits = data.Certified.Zip(result.Point.ToArray()).Min(pair => -Math.Log10(Math.Max(Math.Abs(pair.Second - pair.First) / Math.Abs(pair.First), 1e-11)));
        digits.Should().BeGreaterThan(8, $"{result}");
        (2 * result.Value / data.SumOfSquares).Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public void Starts_differ() => Datasets.Values.Should().OnlyContain(data => !data.Starts[0].SequenceEqual(data.Starts[1]));

    private static Func<Tensor<double>, Tensor<double>> Residuals(string name, Dataset data)
    {
        (Tensor<double> x, Tensor<double> y) = (Tensor.Create<double>(data.X), Tensor.Create<double>(data.Y));
        return b => Model(name, b, x) - y;
    }

    private static Tensor<double> Model(string name, Tensor<double> b, Tensor<double> x) => name switch
    {
        "Misra1a" or "BoxBOD" => b[0] * (1 - (-b[1] * x).Exp()),
        "Thurber" or "Hahn1" => (b[0] + (x * (b[1] + (x * (b[2] + (x * b[3])))))) / (1 + (x * (b[4] + (x * (b[5] + (x * b[6])))))),
        "MGH09" => b[0] * x * (x + b[1]) / ((x * (x + b[2])) + b[3]),
        "MGH10" => b[0] * (b[1] / (x + b[2])).Exp(),
        "MGH17" => b[0] + (b[1] * (-b[3] * x).Exp()) + (b[2] * (-b[4] * x).Exp()),
        "Rat42" => b[0] / (1 + (b[1] - (b[2] * x)).Exp()),
        "Eckerle4" => b[0] / b[1] * (-0.5 * ((x - b[2]) / b[1]).Square()).Exp(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static Dictionary<string, Dataset> Read()
    {
        using Stream stream = typeof(NistStrdTests).Assembly.GetManifestResourceStream("NistStrd.txt")!;
        using var reader = new StreamReader(stream);
        string[] lines = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];
        return lines.Chunk(7).ToDictionary(entry => entry[0], entry => new Dataset([Numbers(entry[1]), Numbers(entry[2])], Numbers(entry[3]), Numbers(entry[4])[0], Numbers(entry[5]), Numbers(entry[6])));
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private sealed record Dataset(double[][] Starts, double[] Certified, double SumOfSquares, double[] X, double[] Y);
}
