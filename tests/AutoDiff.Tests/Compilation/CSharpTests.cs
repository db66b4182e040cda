using System.Globalization;
using System.Reflection;
using AutoDiff.Tests.Operations;
using Xunit.Abstractions;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>Generated C#, compiled: the bits of the compiled function, or a refusal that names the operation.</summary>
public class CSharpTests(ITestOutputHelper output)
{
    [Fact]
    public void Generated_code_gives_the_bits_of_every_operation_and_its_gradient_or_refuses_it_by_name()
    {
        var cases = new List<(string Name, CompiledFunction<double> Function, Tensor<double>[][] Inputs)>();
        var sources = new List<string>();
        (HashSet<string> values, HashSet<string> gradients, var refused) = ([], [], new SortedSet<string>(StringComparer.Ordinal));
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values)
        {
            foreach ((int number, int[][] shapes) in Shapes(row))
            {
                Theories<double>.Trial[] trials = [.. Enumerable.Range(0, 2).Select(point => new Theories<double>.Trial(row, "C#", shapes, point))];
                Tensor<double> u = trials[0].Random(row.F(trials[0].X).Shape);

                // The value alone, where the gradient is not written, or is none.
                bool isWritten = false;
                for (int order = row.Constant || row.Order < 1 ? 0 : 1; order >= 0 && !isWritten; order--)
                {
                    CompiledFunction<double> compiled = Differentiate.Compile(x => order == 0 ? [row.F(x)] : [row.F(x), .. Differentiate.Vjp(row.F, x, u)], trials[0].X);
                    string name = $"C{cases.Count}";
                    try
                    {
                        sources.Add(compiled.ToCSharp(name) + Adapter(name, trials[0].X.Length, compiled.Invoke(trials[0].X).Length));
                        cases.Add(($"{row.Name}, order {order}, case {number}", compiled, [.. trials.Select(t => t.X)]));
                        (isWritten, _) = (true, (order == 0 ? values : gradients).Add(row.Name));
                    }
                    catch (NotSupportedException exception)
                    {
                        refused.Add(exception.Message["ToCSharp: the operation ".Length..exception.Message.IndexOf(" is not written", StringComparison.Ordinal)]);
                    }
                }
            }
        }

        Generated[] functions = Compile(sources, cases.Count);
        var wrong = new List<string>();
        int looks = 0;
        for (int k = 0; k < functions.Length; k++)
        {
            foreach (Tensor<double>[] xs in cases[k].Inputs)
            {
                Tensor<double>[] expected = cases[k].Function.Invoke(xs);
                double[][] actual = [.. expected.Select(y => new double[y.Length])];
                try
                {
                    functions[k]([.. xs.Select(x => x.ToArray())], actual);
                }
                catch (InvalidOperationException) when (cases[k].Function.Recordings > 1)
                {
                    // Another course of the function.
                    looks++;
                    continue;
                }

                for (int i = 0; i < expected.Length; i++)
                {
                    if (Differs(expected[i].ToArray(), actual[i]) is { } place)
                    {
                        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{cases[k].Name}: element {place} of result {i} is {actual[i][place]:R} instead of {expected[i].ToArray()[place]:R}"));
                    }
                }
            }
        }

        int rows = OperationTable<double>.Rows.Count, derivatives = OperationTable<double>.Rows.Values.Count(row => !row.Constant && row.Order >= 1);
        int valuesWritten = values.Union(gradients).Count();
        output.WriteLine($"values of {valuesWritten} of {rows} rows, gradients of {gradients.Count} of {derivatives}, in {cases.Count} programs; {looks} runs took another course.");
        output.WriteLine($"Refused: {refused.Count}: {string.Join(", ", refused)}");
        string.Join('\n', wrong.Take(60)).Should().BeEmpty();
        valuesWritten.Should().BeGreaterThanOrEqualTo(540);
        gradients.Count.Should().BeGreaterThanOrEqualTo(500);
    }

    /// <summary>
    /// What no file can be written of, over the whole table: operations by name. Where one of them is written from now on, or one that was written is refused, this says so.
    /// </summary>
    [Fact]
    public void These_operations_are_refused_and_no_others()
    {
        var refused = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values)
        {
            foreach ((_, int[][] shapes) in Shapes(row))
            {
                var trial = new Theories<double>.Trial(row, "C#", shapes, 0);
                Tensor<double> u = trial.Random(row.F(trial.X).Shape);
                for (int order = row.Constant || row.Order < 1 ? 0 : 1; order >= 0; order--)
                {
                    try
                    {
                        Differentiate.Compile(x => order == 0 ? [row.F(x)] : [row.F(x), .. Differentiate.Vjp(row.F, x, u)], trial.X).ToCSharp("C");
                    }
                    catch (NotSupportedException exception)
                    {
                        exception.Message.Should().Contain(" is not written as C#").And.Contain("To fix it");
                        string name = exception.Message["ToCSharp: the operation ".Length..exception.Message.IndexOf(" is not written", StringComparison.Ordinal)];
                        (refused.TryGetValue(name, out SortedSet<string>? rows) ? rows : refused[name] = new(StringComparer.Ordinal)).Add(order == 0 ? row.Name : $"{row.Name}'");
                    }
                }
            }
        }

        foreach ((string name, SortedSet<string> rows) in refused)
        {
            output.WriteLine($"{name}: {string.Join(", ", rows)}");
        }

        refused.Keys.Should().Equal(Refused);
    }

    private static readonly string[] Refused =
    [
        "AdaptiveAvgPool1D", "AdaptiveAvgPool2D", "AdaptiveAvgPool3D", "AdaptiveMaxPool1DIndices", "AdaptiveMaxPool1DWithIndicesIndices",
        "AdaptiveMaxPool2DIndices", "AdaptiveMaxPool2DWithIndicesIndices", "AdaptiveMaxPool3DIndices", "AdaptiveMaxPool3DWithIndicesIndices",
        "AiryAi", "AiryAiPrime", "AiryBi", "AiryBiPrime", "AvgPool1D", "AvgPool2D", "AvgPool3D", "BesselI", "BesselIe", "BesselJ", "BesselK",
        "BesselKe", "BesselY", "ConditionNumber", "Conv1D", "Conv2D", "Conv3D", "ConvTranspose1D", "ConvTranspose2D", "ConvTranspose3D",
        "CosIntegral", "CoshIntegral", "CubicSplinePieces",
        "Determinant", "Eigh", "EllipticE", "EllipticK", "ExpIntegralE", "ExpIntegralEi", "GridSample", "GridSamplePlaces", "Histogram",
        "Hypergeometric1F1", "Hypergeometric2F1", "InterpPieces", "Interpolate", "InverseRegularizedBeta", "InverseRegularizedGammaP",
        "InverseRegularizedGammaQ", "KthValuePlaces", "KthValueWithIndicesPlaces", "LocalResponseNorm", "LogCumSumExp", "Lu",
        "MatrixExp", "MatrixPower", "MatrixSqrt", "MaxPool1DIndices", "MaxPool1DWithIndicesIndices", "MaxPool2DIndices",
        "MaxPool2DWithIndicesIndices", "MaxPool3DIndices", "MaxPool3DWithIndicesIndices", "MedianPlaces",
        "MedianWithIndicesPlaces", "ModePlaces", "ModeWithIndicesPlaces", "MonotoneSplinePieces", "NanMedianPlaces",
        "NanQuantilePlaces", "OnCotangent", "ProdPlaces", "PseudoInverse", "Qr", "QuantilePlaces", "Reflect", "RegularizedBeta", "RegularizedGammaP",
        "RegularizedGammaQ", "ScaledDotProductAttention", "ScatterReduce", "SegmentMax", "SegmentMin", "SinIntegral", "Sinc",
        "SinhIntegral", "SolveLyapunov", "SolveSylvester", "Sparsemax", "SphericalBesselJ", "Svd", "TensorInverse",
        "TridiagonalSolve", "Zeta",
    ];

    /// <summary>The first shapes of a row; of one that is elementwise, and has a theory of its own, one with broadcasting and one of many elements.</summary>
    private static IEnumerable<(int Number, int[][] Shapes)> Shapes(OperationRow<double> row)
    {
        (int Number, int[][] Shapes)[] all = [.. row.ShapeCases().Index()];
        return row.IsElementwise && all.Length > 4 ? [all[3], all[^1]] : all.Take(3);
    }

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
        Generated heston = Compile([source + Adapter("Heston", 5, 6, "C0")], 1)[0];
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

        Generated[] generated = Compile(sources, functions.Length);
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
        Generated generated = Compile([compiled.ToCSharp("C0") + Adapter("C0", 1, 1)], 1)[0];
        double[][] ys = [new double[2]];
        generated([[0.5, 1.0]], ys);
        ys[0].Should().Equal(Tensor.Create([0.5, 1.0]).Exp().ToArray());
        ((Action)(() => generated([[-0.5, -1.0]], ys))).Should().Throw<InvalidOperationException>();
        ((Action)(() => generated([[-0.5]], ys))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void What_cannot_be_written_is_told()
    {
        CompiledFunction<double> special = Differentiate.Compile(static x => x.BesselJ(1.0), Tensor.Create([1.0]));
        ((Action)(() => special.ToCSharp("C"))).Should().Throw<NotSupportedException>().WithMessage("*BesselJ*");
        CompiledFunction<float> single = Differentiate.Compile(static x => x.Exp(), Tensor.Create([1f]));
        ((Action)(() => single.ToCSharp("C"))).Should().Throw<NotSupportedException>().WithMessage("*double*");
        CompiledFunction<double> fine = Differentiate.Compile(static x => x.Exp(), Tensor.Create([1.0]));
        fine.ToCSharp("Chain").Should().Contain("class Chain");
        ((Action)(() => fine.ToCSharp("not a name"))).Should().Throw<ArgumentException>();
        ((Action)(() => fine.ToCSharp("Exp"))).Should().Throw<ArgumentException>();
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
        Generated[] generated = Compile([.. functions.Select((f, k) => Differentiate.Compile(f.F, x).ToCSharp($"C{k}") + Adapter($"C{k}", 1, 1))], functions.Length);
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
    public void Elementwise_operations_and_their_slopes_have_their_bits_at_extreme_arguments()
    {
        var random = new Random(12);
        double[] few = [0.0, -0.0, double.Epsilon, 1e-310, 1e-300, 1e-20, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 20.0, 40.0, 709.5, 3e10, 1e300, double.MaxValue, double.PositiveInfinity, double.NaN];
        double[] line = [.. few, .. few.Select(x => -x)];
        double[] points = [.. Extremes<double>.Points, .. line, .. Enumerable.Range(0, 400).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, (i % 20) - 10))];
        double[] pairs = [.. line, .. Enumerable.Range(0, 20).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, (i % 10) - 5))];
        Tensor<double>[] one = [Tensor.Create(points)];
        Tensor<double>[] two = [Tensor.Create(pairs.SelectMany(x => pairs.Select(_ => x)).ToArray()), Tensor.Create(pairs.SelectMany(_ => pairs).ToArray())];
        var cases = new List<(string Name, CompiledFunction<double> Function, Tensor<double>[] Inputs)>();
        var sources = new List<string>();
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values.Where(row => row.IsElementwise && row.Inputs <= 2))
        {
            foreach (int order in (int[])[0, 1])
            {
                if (order == 1 && (row.Constant || row.Order < 1))
                {
                    continue;
                }

                Tensor<double>[] inputs = row.Inputs == 1 ? one : two;
                try
                {
                    // What looks at a value, or refuses one, is for the theory of all operations.
                    CompiledFunction<double> compiled = Differentiate.Compile(x => order == 0 ? [row.F(x)] : Differentiate.Vjp(row.F, x, Tensor.Ones<double>(inputs[0].Length)), inputs);
                    string name = $"C{cases.Count}";
                    sources.Add(compiled.ToCSharp(name) + Adapter(name, row.Inputs, order == 0 ? 1 : row.Inputs));
                    cases.Add(($"{row.Name}, order {order}", compiled, inputs));
                }
                catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
                {
                }
            }
        }

        Generated[] functions = Compile(sources, cases.Count);
        var wrong = new List<string>();
        for (int k = 0; k < functions.Length; k++)
        {
            Tensor<double>[] inputs = cases[k].Inputs, expected = cases[k].Function.Invoke(inputs);
            double[][] actual = [.. expected.Select(y => new double[y.Length])];
            functions[k]([.. inputs.Select(x => x.ToArray())], actual);
            for (int i = 0; i < expected.Length; i++)
            {
                if (Differs(expected[i].ToArray(), actual[i]) is { } place)
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{cases[k].Name}: result {i} at ({string.Join(", ", inputs.Select(x => x.ToArray()[place].ToString("R", CultureInfo.InvariantCulture)))}) is {actual[i][place]:R} instead of {expected[i].ToArray()[place]:R}"));
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
        Generated generated = Compile([source], 1, out Assembly assembly)[0];
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
