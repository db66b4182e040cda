using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoDiff.Benchmarks;

/// <summary>
/// Value and gradient of programs of single numbers: the run of a compiled function beside the C# that it is written as, for one point and over rows. Rounds of all alternate, and the best of each counts.
/// </summary>
internal static class GeneratedCode
{
    private const int Rows = 1000;

    private delegate void Generated(double[][] xs, double[][] ys);

    private delegate void GeneratedRows(int rows, double[][] xs, double[][] ys);

    private static readonly (string Name, Func<Tensor<double>[], Tensor<double>> F, double[] Point)[] Programs =
    [
        ("Black and Scholes", BlackScholes, [100.0, 95.0, 0.03, 0.2, 1.5]),
        ("Heston, one path of 20 steps", Heston, [1.0, 0.04, 1.5, 0.05, 0.3]),
        ("Rosenbrock, 10 numbers", Rosenbrock, [.. Enumerable.Range(0, 10).Select(i => 0.1 * i)]),
        ("pendulum, 50 steps", Pendulum, [0.5, 0.0, 9.81, 1.2]),
    ];

    public static void Print()
    {
        Console.WriteLine("| program | compiled, ns | C#, ns | C# / compiled | C# over 1,000 rows, ns a row | rows / compiled |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Func<Tensor<double>[], Tensor<double>> f, double[] point) in Programs)
        {
            Tensor<double>[] inputs = Array.ConvertAll(point, Tensor.Scalar);
            CompiledFunction<double> compiled = Differentiate.Compile(p =>
            {
                (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(f, p);
                return [value, .. gradients];
            }, inputs);
            string source = compiled.ToCSharp("Program", new CSharpOptions { Rows = true });
            (Generated generated, GeneratedRows overRows) = Build(source, inputs.Length, inputs.Length + 1);
            double[][] columns = Array.ConvertAll(point, x => Enumerable.Range(0, Rows).Select(row => x * (1 + (1e-4 * row))).ToArray()), results = [.. Enumerable.Range(0, inputs.Length + 1).Select(_ => new double[Rows])];
            double[][] xs = Array.ConvertAll(point, x => new[] { x }), ys = [.. Enumerable.Range(0, inputs.Length + 1).Select(_ => new double[1])];
            using Workspace<double> workspace = compiled.CreateWorkspace();
            for (int i = 0; i < inputs.Length; i++)
            {
                workspace.Input(i)[0] = point[i];
            }

            (double ofGenerated, double ofCompiled, double ofRows) = (double.MaxValue, double.MaxValue, double.MaxValue);
            for (int round = 0; round < 200; round++)
            {
                ofCompiled = Math.Min(ofCompiled, Nanoseconds(() => workspace.Run(), 500));
                ofGenerated = Math.Min(ofGenerated, Nanoseconds(() => generated(xs, ys), 500));
                ofRows = Math.Min(ofRows, Nanoseconds(() => overRows(Rows, columns, results), 1) / Rows);
            }

            for (int row = 0; row < Rows; row++)
            {
                for (int i = 0; i < inputs.Length; i++)
                {
                    workspace.Input(i)[0] = xs[i][0] = columns[i][row];
                }

                workspace.Run();
                generated(xs, ys);
                for (int i = 0; i <= inputs.Length; i++)
                {
                    if (!workspace.Output(i)[0].Equals(ys[i][0]) || !ys[i][0].Equals(results[i][row]))
                    {
                        throw new InvalidOperationException($"{name}: result {i} differs.");
                    }
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {ofCompiled:0} | {ofGenerated:0} | {ofGenerated / ofCompiled:0.000} | {ofRows:0.0} | {ofRows / ofCompiled:0.000} |"));
        }
    }

    private static double Nanoseconds(Action action, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / runs;
    }

    private static (Generated, GeneratedRows) Build(string source, int inputs, int results)
    {
        string arguments = string.Join(", ", [.. Enumerable.Range(0, inputs).Select(i => $"xs[{i}]"), .. Enumerable.Range(0, results).Select(i => $"ys[{i}]")]);
        string adapter = $"public static class Run {{ public static void Invoke(double[][] xs, double[][] ys) => Program.Invoke({arguments}); public static void InvokeRows(int rows, double[][] xs, double[][] ys) => Program.InvokeRows(rows, {arguments}); }}";
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create("Generated", [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(adapter)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        if (compilation.Emit(image) is { Success: false } result)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        }

        Type run = System.Reflection.Assembly.Load(image.ToArray()).GetType("Run")!;
        return (run.GetMethod("Invoke")!.CreateDelegate<Generated>(), run.GetMethod("InvokeRows")!.CreateDelegate<GeneratedRows>());
    }

    /// <summary>The price of a call: spot, strike, rate, volatility and time.</summary>
    private static Tensor<double> BlackScholes(Tensor<double>[] p)
    {
        (Tensor<double> s, Tensor<double> k, Tensor<double> r, Tensor<double> v, Tensor<double> t) = (p[0], p[1], p[2], p[3], p[4]);
        Tensor<double> deviation = v * t.Sqrt(), d = (((s / k).Log() + (r * t)) / deviation) + (deviation * 0.5);
        return (s * d.Ndtr()) - (k * (-r * t).Exp() * (d - deviation).Ndtr());
    }

    /// <summary>The payoff, smoothed, at the end of one path of Heston's model.</summary>
    private static Tensor<double> Heston(Tensor<double>[] p)
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

    private static Tensor<double> Rosenbrock(Tensor<double>[] p)
    {
        Tensor<double> sum = Tensor.Scalar(0.0);
        for (int i = 0; i + 1 < p.Length; i++)
        {
            sum += ((p[i + 1] - p[i].Square()).Square() * 100.0) + (1.0 - p[i]).Square();
        }

        return sum;
    }

    /// <summary>The angle of a pendulum after a second, by its angle, its speed, gravity and length.</summary>
    private static Tensor<double> Pendulum(Tensor<double>[] p)
    {
        (Tensor<double> angle, Tensor<double> speed) = (p[0], p[1]);
        for (int step = 0; step < 50; step++)
        {
            speed -= p[2] / p[3] * angle.Sin() * 0.02;
            angle += speed * 0.02;
        }

        return angle;
    }
}
