using System.Globalization;
using System.Numerics;
using System.Reflection;
using AutoDiff.Tests.Operations;
using Xunit.Abstractions;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>Generated C#, compiled: the bits of the compiled function, or a refusal that names the operation.</summary>
public class CSharpTests(ITestOutputHelper output)
{
    /// <summary>A simulation of one path of Heston's model with its derivatives: some thousand operations on numbers.</summary>
    private static Tensor<double>[] Heston(Tensor<double>[] p)
    {
        static Tensor<double> Price(Tensor<double>[] p)
        {
            (Tensor<double> s, Tensor<double> v) = (p[0], p[1]);
            for (int step = 0; step < 20; step++)
            {
                Tensor<double> root = v.Relu().Sqrt();
                s *= ((v * -0.5 * 0.05) + (root * (0.2 * Math.Sin(step)))).Exp();
                v = v + ((p[3] - v) * p[2] * 0.05) + (p[4] * root * (0.2 * Math.Cos(step)));
            }

            return (s - 1.0).Softplus();
        }

        var (value, gradients) = Differentiate.ValueAndGradient(Price, p);
        return [value, .. gradients];
    }

    private static readonly Tensor<double>[] Parameters = [.. ((double[])[1.0, 0.04, 1.5, 0.05, 0.3]).Select(v => Tensor.Scalar(v))];

    [Fact]
    public void A_program_of_numbers_gives_the_bits_of_the_compiled_function()
    {
        CompiledFunction<double> compiled = Differentiate.Compile(Heston, Parameters);
        string source = compiled.ToCSharp("Heston", new CSharpOptions
        {
            InputNames = ["spot", "variance", "speed", "mean", "wildness"], ResultNames = ["price", "bySpot", "byVariance", "bySpeed", "byMean", "byWildness"],
        });
        Generated<double> heston = Compile([source + Adapter("Heston", 5, 6, "C0")], 1)[0];
        double[][] xs = [.. Parameters.Select(p => p.ToArray())], ys = [.. Enumerable.Range(0, 6).Select(_ => new double[1])];
        using Workspace<double> workspace = compiled.CreateWorkspace();
        heston(xs, ys);
        workspace.Run(Parameters);
        for (int i = 0; i < 6; i++)
        {
            ys[i][0].Should().Be(workspace.Output(i)[0]);
        }
    }

    [Fact]
    public void The_same_function_gives_the_same_text_with_the_names_that_were_given_and_short_methods()
    {
        var options = new CSharpOptions { InputNames = ["spot", "variance", "speed", "mean", "wildness"] };
        string text = Differentiate.Compile(Heston, Parameters).ToCSharp("Heston", options);
        text.Should().Be(Differentiate.Compile(Heston, Parameters).ToCSharp("Heston", options));
        text.Should().Contain("public static class Heston").And.Contain("ReadOnlySpan<double> wildness");
        int longest = text.Split("private static void").Skip(1).Max(method => method[..method.IndexOf("\n    }", StringComparison.Ordinal)].Split('\n').Length);
        longest.Should().BeLessThan(400);
    }

    /// <summary>
    /// Where a program needs a function and its derivative at the same number, one call computes both, wherever the two are: one after the other, or in methods far from each other. The bits are those of two.
    /// </summary>
    [Fact]
    public void Functions_that_have_operations_in_common_are_computed_together()
    {
        (string Call, Func<Tensor<double>, Tensor<double>> F)[] functions =
        [
            ("SinCos", static x => x.Sin()), ("SinCos", static x => x.Cos()), ("SinhCosh", static x => x.Sinh()), ("SinhCosh", static x => x.Cosh()), ("TanhSechSquared", static x => x.Tanh()),
            ("SigmoidSigmoidSlope", static x => x.Sigmoid()), ("SoftplusSigmoid", static x => x.Softplus()),
            ("SinCos", static x => Enumerable.Range(0, 120).Aggregate(x, static (sum, i) => sum + ((sum * (0.5 + i)).Sin() * 0.1))),
        ];
        var sources = new List<string>();
        CompiledFunction<double>[] compiled = [.. functions.Select(f => Differentiate.Compile(p =>
        {
            (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(f.F, p[0]);
            return [value, gradient];
        }, [Tensor.Scalar(0.5)]))];
        for (int k = 0; k < functions.Length; k++)
        {
            string text = compiled[k].ToCSharp($"C{k}");
            text.Should().Contain($"{functions[k].Call}(").And.Contain($"private static void {functions[k].Call}(double x, out double first, out double second)");
            text.Should().NotContain("static double Sin(").And.NotContain("static double Cos(", "nothing calls it any more");
            sources.Add(text + Adapter($"C{k}", 1, 2));
        }

        Generated<double>[] generated = Compile(sources, functions.Length);
        var random = new Random(5);
        double[] points = [0.0, -0.0, 0.5, -30.0, 710.0, 1e-9, 1.1e9, -3e10, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, .. Enumerable.Range(0, 300).Select(_ => (random.NextDouble() - 0.5) * 50)];
        foreach (double x in points)
        {
            for (int k = 0; k < functions.Length; k++)
            {
                Tensor<double>[] expected = compiled[k].Invoke([Tensor.Scalar(x)]);
                double[][] ys = [new double[1], new double[1]];
                generated[k]([[x]], ys);
                (Differs(expected[0].ToArray(), ys[0]) ?? Differs(expected[1].ToArray(), ys[1])).Should().BeNull($"{functions[k].Call}, number {k}, at {x:R}");
            }
        }
    }

    [Fact]
    public void A_value_that_was_looked_at_is_checked()
    {
        CompiledFunction<double> compiled = Differentiate.Compile(x => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp() : x * -3.0, Tensor.Create([1.0, 2.0]));
        Generated<double> generated = Compile([compiled.ToCSharp("C0") + Adapter("C0", 1, 1)], 1)[0];
        double[][] ys = [new double[2]];
        generated([[0.5, 1.0]], ys);
        ys[0].Should().Equal(Tensor.Create([0.5, 1.0]).Exp().ToArray());
        ((Action)(() => generated([[-0.5, -1.0]], ys))).Should().Throw<InvalidOperationException>();
        ((Action)(() => generated([[-0.5]], ys))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void What_cannot_be_written_is_told()
    {
        CompiledFunction<double> counted = Differentiate.Compile(static x => x.Histogram(2, 0.0, 1.0), Tensor.Create([1.0]));
        ((Action)(() => counted.ToCSharp("C"))).Should().Throw<NotSupportedException>().WithMessage("*Histogram*");
        CompiledFunction<float> single = Differentiate.Compile(static x => x.Exp(), Tensor.Create([1f]));
        single.ToCSharp("C").Should().Contain("ReadOnlySpan<float> x").And.NotContain("double");
        single.ToCSharp("C", new CSharpOptions { Rows = true }).Should().Contain("Vector<float>").And.NotContain("double");
        CompiledFunction<double> fine = Differentiate.Compile(static x => x.Exp(), Tensor.Create([1.0]));
        fine.ToCSharp("Chain").Should().Contain("class Chain");
        ((Action)(() => fine.ToCSharp("not a name"))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("Exp"))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("Determinant"))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["LuOfMatrices"] }))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["class"] }))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["Exp"] }))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["spot"], ResultNames = ["spot"] }))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["spot"], ResultNames = ["spot_0"] }))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("C", new CSharpOptions { InputNames = ["one", "two"] }))).Should().Throw<ArgumentException>();
    }

    /// <summary>Numbers at which functions change their course, and many between.</summary>
    [Fact]
    public void Functions_that_kernels_write_down_have_their_bits_everywhere()
    {
        var random = new Random(11);
        double[] special = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, -double.MaxValue, 1e-310, 709.5, -745.2, 1.1e9, 3e10, 20.0, 1e-20];
        double[] xs = [.. special, .. Enumerable.Range(0, 4000).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, (i % 40) - 20))];
        (string Name, Func<Tensor<double>, Tensor<double>> F)[] functions =
        [
            ("Exp", static x => x.Exp()), ("Exp2", static x => x.Exp2()), ("Expm1", static x => x.Expm1()), ("Sigmoid", static x => x.Sigmoid()), ("Log", static x => x.Log()), ("Log2", static x => x.Log2()),
            ("Log10", static x => x.Log10()), ("Log1p", static x => x.Log1p()), ("Softplus", static x => x.Softplus()), ("LogSigmoid", static x => x.LogSigmoid()), ("Sin", static x => x.Sin()),
            ("Cos", static x => x.Cos()), ("Tan", static x => x.Tan()), ("Sinh", static x => x.Sinh()), ("Cosh", static x => x.Cosh()), ("Tanh", static x => x.Tanh()), ("Asinh", static x => x.Asinh()),
            ("Acosh", static x => x.Acosh()), ("Atanh", static x => x.Atanh()), ("Asin", static x => x.Asin()), ("Acos", static x => x.Acos()), ("Atan", static x => x.Atan()), ("Cbrt", static x => x.Cbrt()),
            ("Erf", static x => x.Erf()), ("Erfc", static x => x.Erfc()), ("Silu", static x => x.Silu()), ("Pow", static x => x.Pow(2.7)), ("Root", static x => x.Pow(0.5)), ("Cube", static x => x.Pow(3.0)),
        ];
        Tensor<double> x = Tensor.Create(xs);
        Generated<double>[] generated = Compile([.. functions.Select((f, k) => Differentiate.Compile(f.F, x).ToCSharp($"C{k}") + Adapter($"C{k}", 1, 1))], functions.Length);
        var wrong = new List<string>();
        for (int k = 0; k < functions.Length; k++)
        {
            double[] expected = functions[k].F(x).ToArray(), actual = new double[xs.Length];
            generated[k]([xs], [actual]);
            if (Differs(expected, actual) is { } place)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{functions[k].Name}({xs[place]:R}) is {actual[place]:R} instead of {expected[place]:R}"));
            }
        }

        string.Join('\n', wrong).Should().BeEmpty();
    }

    /// <summary>Where numbers end, and at many between: elementwise operations and their slopes.</summary>
    [Fact]
    public void Elementwise_operations_and_their_slopes_have_their_bits_at_extreme_arguments() => HaveTheirBitsAtExtremes<double>([1e-310, 1e-300, 1e300]);

    [Fact]
    public void Elementwise_operations_on_floats_and_their_slopes_have_their_bits_at_extreme_arguments() => HaveTheirBitsAtExtremes<float>([1e-44, 1e-38, 1e38]);

    private void HaveTheirBitsAtExtremes<T>(double[] extremes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(12);
        T[] few = [.. ((double[])[0.0, -0.0, double.CreateChecked(T.Epsilon), .. extremes, 1e-20, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 20.0, 40.0, 88.5, 709.5, 3e10, double.PositiveInfinity, double.NaN]).Select(T.CreateChecked)];
        T[] line = [.. few, .. few.Select(x => -x)];
        T[] points = [.. Extremes<T>.Points.Select(T.CreateChecked), .. line, .. Enumerable.Range(0, 400).Select(i => T.CreateChecked((random.NextDouble() - 0.5) * Math.Pow(10, (i % 20) - 10)))];
        T[] pairs = [.. line, .. Enumerable.Range(0, 20).Select(i => T.CreateChecked((random.NextDouble() - 0.5) * Math.Pow(10, (i % 10) - 5)))];
        Tensor<T>[] one = [Tensor.Create(points)];
        Tensor<T>[] two = [Tensor.Create(pairs.SelectMany(x => pairs.Select(_ => x)).ToArray()), Tensor.Create(pairs.SelectMany(_ => pairs).ToArray())];
        var cases = new List<(string Name, CompiledFunction<T> Function, Tensor<T>[] Inputs)>();
        var sources = new List<string>();
        foreach (OperationRow<T> row in OperationTable<T>.Rows.Values.Where(row => row.IsElementwise && row.Inputs <= 2))
        {
            foreach (int order in (int[])[0, 1])
            {
                if (order == 1 && (row.Constant || row.Order < 1))
                {
                    continue;
                }

                // The cotangent is an input, so that it is no long table in the file.
                Tensor<T>[] inputs = row.Inputs == 1 ? one : two;
                Tensor<T>[] all = order == 0 ? inputs : [.. inputs, Tensor.Ones<T>(inputs[0].Length)];
                try
                {
                    // What looks at a value, or refuses one, is for the theory of all operations.
                    CompiledFunction<T> compiled = Differentiate.Compile(x => order == 0 ? [row.F(x)] : Differentiate.Vjp(row.F, x[..^1], x[^1]), all);
                    string name = $"C{cases.Count}";
                    sources.Add(compiled.ToCSharp(name) + Adapter(name, all.Length, order == 0 ? 1 : row.Inputs, type: typeof(T) == typeof(float) ? "float" : "double"));
                    cases.Add(($"{row.Name}, order {order}", compiled, all));
                }
                catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
                {
                }
            }
        }

        Generated<T>[] functions = CompileTogether<T>(sources, cases.Count, out _);
        var wrong = new List<string>();
        for (int k = 0; k < functions.Length; k++)
        {
            Tensor<T>[] inputs = cases[k].Inputs, expected = cases[k].Function.Invoke(inputs);
            T[][] actual = [.. expected.Select(y => new T[y.Length])];
            functions[k]([.. inputs.Select(x => x.ToArray())], actual);
            for (int i = 0; i < expected.Length; i++)
            {
                if (Differs(expected[i].ToArray(), actual[i]) is { } place)
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{cases[k].Name}: result {i} at ({string.Join(", ", inputs.Select(x => x.ToArray()[place]))}) is {actual[i][place]} instead of {expected[i].ToArray()[place]}"));
                }
            }
        }

        output.WriteLine($"{cases.Count} programs");
        string.Join('\n', wrong.Take(60)).Should().BeEmpty();
        cases.Count.Should().BeGreaterThan(200);
    }

    [Fact]
    public void The_nonzeros_of_a_sparse_Jacobian_come_with_their_places()
    {
        // A chain of springs: three elements in each row.
        static Tensor<double> Forces(Tensor<double> x) => (x[..^2] - (x[1..^1] * 2.0) + x[2..]).Sin() * x[1..^1].Exp();
        var jacobian = new SparseJacobian<double>(Forces);
        Tensor<double> x = new RandomKey(3).Normal<double>(12);
        string source = jacobian.ToCSharp("C0", x) + Adapter("C0", 1, 2);
        Generated<double> generated = Compile([source], 1, out Assembly assembly)[0];
        SparseMatrix<double> expected = jacobian.Evaluate(x);
        expected.Pattern.Count.Should().Be(30);
        double[][] ys = [new double[10], new double[30]];
        generated([x.ToArray()], ys);
        ys[0].Should().Equal(Forces(x).ToArray());
        ys[1].Should().Equal(expected.Values.ToArray());
        Table("RowOffsets").Should().Equal(expected.Pattern.RowOffsets.ToArray());
        Table("ColumnIndices").Should().Equal(expected.Pattern.ColumnIndices.ToArray());

        int[] Table(string name) => assembly.GetType("C0")!.GetProperty(name)!.GetMethod!.CreateDelegate<Places>()().ToArray();
    }

    private delegate ReadOnlySpan<int> Places();
}
