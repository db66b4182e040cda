using System.Text;
using AutoDiff.Tests.Operations;
using Xunit.Abstractions;

namespace AutoDiff.Onnx.Tests;

/// <summary>Every operation of the table, written, run by ONNX Runtime, and read back; and its gradient.</summary>
public class OperationTests(ITestOutputHelper output)
{
    private const int Cases = 4;

    [Fact]
    public void Operations_agree_with_ONNX_Runtime_or_are_refused_by_name() => Check(gradient: false, least: 80);

    [Fact]
    public void Gradients_agree_with_ONNX_Runtime_or_are_refused_by_name() => Check(gradient: true, least: 80);

    private void Check(bool gradient, int least)
    {
        var (written, refused, wrong) = (new SortedSet<string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal), new List<string>());
        int comparisons = 0;
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values.Where(row => !gradient || (!row.Constant && row.Order > 0)))
        {
            foreach ((int number, int[][] shapes) in row.ShapeCases().Index().Take(gradient ? 1 : Cases))
            {
                Tensor<double>[] xs = Inputs(row, shapes, number);
                Func<Tensor<double>[], Tensor<double>[]> f = gradient ? x => Differentiate.Gradient(p => (row.F(p) is var y ? y * Weights(y) : y).Sum(), x) : x => [row.F(x)];
                try
                {
                    if (Judge.Compare(f, xs) is { } what)
                    {
                        wrong.Add($"{row.Name}, case {number}: {what}");
                    }

                    comparisons++;
                    written.Add(row.Operation);
                }
                catch (OnnxException exception) when (exception.Operation is not null)
                {
                    refused[row.Name] = exception.Operation;
                }
                catch (Exception exception)
                {
                    wrong.Add($"{row.Name}, case {number}: {exception.GetType().Name} {exception.Message}");
                }
            }
        }

        output.WriteLine($"{written.Count} operations written in {comparisons} comparisons ({Judge.Singles} in single precision); refused:");
        foreach (IGrouping<string, KeyValuePair<string, string>> group in refused.GroupBy(static r => r.Value))
        {
            output.WriteLine($"  {group.Key}: {string.Join("; ", group.Select(static r => r.Key))}");
        }

        var report = new StringBuilder();
        wrong.ForEach(line => report.AppendLine(line));
        report.ToString().Should().BeEmpty();
        written.Count.Should().BeGreaterThanOrEqualTo(least);
    }

    private static Tensor<double> Weights(Tensor<double> y) => Tensor.Create([.. Enumerable.Range(0, y.Length).Select(static i => 0.5 + (i % 7 * 0.1))], y.Shape);

    private static Tensor<double>[] Inputs(OperationRow<double> row, int[][] shapes, int seed)
    {
        var random = new Random(1000 + seed);
        return [.. shapes.Select((shape, k) =>
        {
            (double from, double to) = row.Domains is { } domains ? domains[k] : row.Domain;
            var values = new double[shape.Aggregate(1, static (a, b) => a * b)];
            for (int i = 0; i < values.Length; i++)
            {
                do
                {
                    // Numbers that are exact in single precision.
                    values[i] = (float)(from + ((to - from) * random.NextDouble()));
                }
                while (row.Avoid.Any(point => Math.Abs(values[i] - point) < 0.05) || values[i] < from || values[i] > to);
            }

            var plain = new Plain(values, shape);
            plain = row.Prepare?.Invoke(plain) ?? plain;
            return Tensor.Create(plain.Values, plain.Shape);
        })];
    }
}
