using System.Reflection;
using AutoDiff.Tests.Operations;
using Xunit.Abstractions;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>Generated C# over rows: in each row the bits that the same file has for one point.</summary>
public class CSharpRowsTests(ITestOutputHelper output)
{
    private static readonly CSharpOptions OverRows = new() { Rows = true };

    /// <summary>Points at which functions change their course, and many between.</summary>
    private static double[] Points()
    {
        var random = new Random(11);
        double[] special = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, -double.MaxValue, 1e-310, 709.5, -745.2, 1.1e9, 3e10, 20.0, 1e-20];
        return [.. special, .. Enumerable.Range(0, 300).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, (i % 40) - 20))];
    }

    /// <summary>
    /// Each function of one or two numbers and its slope, where numbers end and functions change their course. What comes as a class of this library is called for each row: the theory of all operations is enough for it.
    /// </summary>
    [Fact]
    public void Functions_have_their_bits_everywhere()
    {
        double[] points = Points();
        var cases = new List<(string Name, int Inputs)>();
        var sources = new List<string>();
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values.Where(row => row.IsElementwise && row.Inputs <= 2))
        {
            try
            {
                Tensor<double>[] inputs = [.. Enumerable.Range(0, row.Inputs).Select(i => Tensor.Scalar(0.5 + (0.25 * i)))];
                CompiledFunction<double> compiled = Differentiate.Compile(x => row.Constant || row.Order < 1 ? [row.F(x)] : [row.F(x), .. Differentiate.Vjp(row.F, x, Tensor.Scalar(1.0))], inputs);
                string name = $"C{cases.Count}";
                int results = compiled.Invoke(inputs).Length;
                string source = compiled.ToCSharp(name, OverRows);
                if (source.LastIndexOf("static class", StringComparison.Ordinal) == source.IndexOf("static class", StringComparison.Ordinal))
                {
                    sources.Add(source + Adapter(name, row.Inputs, results, overRows: true));
                    cases.Add((row.Name, results));
                }
            }
            catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
            {
                // Refused, or no function of scalars.
            }
        }

        Generated<double>[] functions = CompileTogether<double>(sources, cases.Count, out Assembly assembly);
        var wrong = new List<string>();
        for (int k = 0; k < functions.Length; k++)
        {
            int inputs = OperationTable<double>.Rows[cases[k].Name].Inputs;
            var rows = new List<(double[][] Xs, double[][] Ys)>();
            for (int i = 0; i < points.Length; i++)
            {
                double[][] xs = inputs == 1 ? [[points[i]]] : [[points[i]], [points[(i * 7) % points.Length]]], ys = [.. Enumerable.Range(0, cases[k].Inputs).Select(_ => new double[1])];
                try
                {
                    functions[k](xs, ys);
                    rows.Add((xs, ys));
                }
                catch (InvalidOperationException)
                {
                    // A value that was looked at.
                }
            }

            wrong.AddRange(rows.Count == 0 ? [] : DifferencesOverRows(RowsOf(assembly, k), [.. rows]).Select(wrong => $"{cases[k].Name}, {wrong}"));
        }

        output.WriteLine($"{cases.Count} programs");
        string.Join('\n', wrong.Take(60)).Should().BeEmpty();
        cases.Count.Should().BeGreaterThan(50);
    }

    [Fact]
    public void Columns_or_one_value_for_all_rows_and_any_number_of_rows()
    {
        CompiledFunction<double> compiled = Differentiate.Compile(p => [p[0] * p[1].Exp(), (p[0] * p[2]).Sum()], [Tensor.Scalar(1.0), Tensor.Scalar(0.5), Tensor.Create([1.0, 2.0, 3.0])]);
        var options = new CSharpOptions { InputNames = ["spot", "rate", "weights"], ResultNames = ["price", "total"], Rows = true };
        string source = compiled.ToCSharp("C0", options);
        source.Should().Be(compiled.ToCSharp("C0", options));
        source.Should().Contain("public static void InvokeRows(int rows, ReadOnlySpan<double> spot, ReadOnlySpan<double> rate, ReadOnlySpan<double> weights, Span<double> price, Span<double> total)");
        compiled.ToCSharp("C0").Should().NotContain("Vector");
        Generated<double> one = Compile([source + Adapter("C0", 3, 2, overRows: true)], 1, out Assembly assembly)[0];
        GeneratedRows<double> many = RowsOf(assembly, 0);
        foreach (int rows in (int[])[0, 1, 2, 3, 4, 5, 8, 17])
        {
            double[] spot = [.. Enumerable.Range(0, rows).Select(row => 90.0 + row)], weights = [.. Enumerable.Range(0, 3 * rows).Select(i => i * 0.1)];
            double[][] ys = [new double[rows], new double[rows]];
            many(rows, [spot, [0.3], weights], ys);
            for (int row = 0; row < rows; row++)
            {
                double[][] own = [new double[1], new double[1]];
                one([[spot[row]], [0.3], [weights[row], weights[rows + row], weights[(2 * rows) + row]]], own);
                (ys[0][row], ys[1][row]).Should().Be((own[0][0], own[1][0]));
            }

            // Results may lie where inputs lay.
            double[] place = [.. spot];
            many(rows, [place, [0.3], weights], [place, new double[rows]]);
            place.Should().Equal(ys[0]);
        }

        FluentActions.Invoking(() => many(3, [new double[2], [0.3], new double[9]], [new double[3], new double[3]])).Should().Throw<ArgumentException>().WithMessage("*spot*");
        FluentActions.Invoking(() => many(3, [new double[3], [0.3], new double[9]], [new double[2], new double[3]])).Should().Throw<ArgumentException>().WithMessage("*price*");
        FluentActions.Invoking(() => many(-1, [[], [0.3], []], [[], []])).Should().Throw<ArgumentException>().WithMessage("*rows*");
    }

    [Fact]
    public void A_row_of_another_course_is_told_and_names_that_rows_need_are_refused()
    {
        CompiledFunction<double> compiled = Differentiate.Compile(x => (x > 0.0).ToScalar() == 1 ? x.Exp() : x * -3.0, Tensor.Scalar(1.0));
        Compile([compiled.ToCSharp("C0", OverRows) + Adapter("C0", 1, 1, overRows: true)], 1, out Assembly assembly);
        double[] y = new double[5];
        RowsOf(assembly, 0)(5, [[1.0, 2.0, 3.0, 4.0, 5.0]], [y]);
        y[4].Should().Be(Tensor.Scalar(5.0).Exp().ToScalar());
        FluentActions.Invoking(() => RowsOf(assembly, 0)(5, [[1.0, 2.0, -3.0, 4.0, 5.0]], [y])).Should().Throw<InvalidOperationException>();
        CSharpOptions rows = new() { InputNames = ["rows"] }, overRows = new() { InputNames = ["rows"], Rows = true };
        compiled.ToCSharp("C0", rows).Should().Contain("> rows");
        FluentActions.Invoking(() => compiled.ToCSharp("C0", overRows)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => compiled.ToCSharp("Load", OverRows)).Should().Throw<ArgumentException>();
    }
}
