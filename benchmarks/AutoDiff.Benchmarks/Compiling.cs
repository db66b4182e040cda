using System.Diagnostics;
using System.Globalization;

namespace AutoDiff.Benchmarks;

/// <summary>What compiling costs, and what a sum over a million rows takes, with as many threads as AUTODIFF_THREADS says.</summary>
internal static class Compiling
{
    private const int Rounds = 21;

    /// <summary>Rounds that are not counted: after so many calls the just-in-time compiler has done its best.</summary>
    private const int WarmUp = 40;

    private static readonly List<string[]> s_rows = [];

    public static void Print(bool save)
    {
        Console.WriteLine("| what | median, ms | quartiles, ms |");
        Console.WriteLine("| --- | --- | --- |");
        Tensor<double> x = new RandomKey(1).Uniform<double>(16);
        Report("recording 10,000 operations", () =>
        {
            using var tape = new Tape<double>();
            Steps(tape.Variable(x));
        });
        Report("compiling them, recording included", () => Differentiate.Compile(Steps, x));
        Report("compiling their value and gradient (20,000 operations)", () => Differentiate.Compile(at =>
        {
            (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(Steps, at[0]);
            return [value, gradient];
        }, [x]));
        Predators(compiled: false);
        Predators(compiled: true);
        Recurrence(steps: 1_000, width: 32);
        Slices(count: 1_000);
        LogisticRegression(1_000_000, 50);
        if (save)
        {
            ResultFile.Here($"AUTODIFF_THREADS={Parallelism.MaxThreads} dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- compiling --save", ["what", "median, ms", "quartiles, ms"], s_rows).Save("compiling");
        }
    }

    /// <summary>10,000 operations, none of which repeats another or is constant.</summary>
    private static Tensor<double> Steps(Tensor<double> x)
    {
        Tensor<double> y = x;
        for (int i = 0; i < 4_999; i++)
        {
            y = (y * x).Sin();
        }

        return (y * x).Sum();
    }

    /// <summary>The equations of Lotka and Volterra to t = 20 with tolerances of 1e-8: the gradient of the prey at the end by four rates.</summary>
    private static void Predators(bool compiled)
    {
        static Tensor<double> Slope(Tensor<double> t, Tensor<double> y, Tensor<double>[] p) => Tensor.Stack([y[0] * (p[0][0] - (p[0][1] * y[1])), y[1] * ((p[0][2] * y[0]) - p[0][3])]);
        Tensor<double> rates = Tensor.Create([1.5, 1.0, 1.0, 3.0]), start = Tensor.Create([1.0, 1.0]), times = Tensor.Create([0.0, 20.0]);
        Report($"value and gradient of a differential equation's solution, {(compiled ? "steps compiled" : "plain")}",
            () => Differentiate.Gradient(p => Ode.Solve(Slope, start, [p], times, new() { Compiled = compiled })[^1, 0], rates));
    }

    /// <summary>A recurrent cell, tanh(s W + x V), along the rows of a sequence: the gradient of a function of all states by both matrices.</summary>
    private static void Recurrence(int steps, int width)
    {
        static Tensor<double> Cell(Tensor<double> s, Tensor<double> row, Tensor<double>[] p) => (s.MatMul(p[0]) + row.MatMul(p[1])).Tanh();
        Tensor<double> start = Tensor.Zeros<double>(width), rows = new RandomKey(5).Normal<double>(steps, width / 2);
        Tensor<double>[] weights = [new RandomKey(6).Normal<double>(width, width) * 0.1, new RandomKey(7).Normal<double>(width / 2, width) * 0.1];
        Tensor<double>[] Gradient(Func<Tensor<double>[], Tensor<double>> states, Tensor<double>[] at) => Differentiate.Gradient(p => states(p).Square().Sum(), at);
        Tensor<double> Written(Tensor<double>[] p)
        {
            var states = new Tensor<double>[steps];
            for (int i = 0; i < steps; i++)
            {
                states[i] = Cell(i == 0 ? start : states[i - 1], rows[i], p);
            }

            return Tensor.Stack(states);
        }

        Tensor<double> Scanned(Tensor<double>[] p) => Differentiate.ScanRows(Cell, start, rows, p);
        string what = string.Create(CultureInfo.InvariantCulture, $"value and gradient of a recurrent cell of {width} numbers along {steps:n0} rows");
        Report($"{what}, a loop", () => Gradient(Written, weights));
        Report($"{what}, ScanRows", () => Gradient(Scanned, weights));
        CompiledFunction<double> loop = Differentiate.Compile(p => Gradient(Written, p), weights), scan = Differentiate.Compile(p => Gradient(Scanned, p), weights);
        Report($"{what}, a loop, compiled", () => loop.Invoke(weights));
        Report($"{what}, ScanRows, compiled", () => scan.Invoke(weights));
    }

    /// <summary>The gradient of a small network's loss by its parameters, for each of many samples.</summary>
    private static void Slices(int count)
    {
        Tensor<double> samples = new RandomKey(8).Normal<double>(count, 8), hidden = new RandomKey(9).Normal<double>(8, 16), weights = new RandomKey(10).Normal<double>(16);
        Tensor<double> Gradient(Tensor<double> sample) =>
            Differentiate.Gradient(p => (sample.MatMul(p).Tanh().MatMul(weights) - sample.Sum()).Square(), hidden);
        string what = string.Create(CultureInfo.InvariantCulture, $"gradients of a network 8-16-1 for {count:n0} samples");
        Report($"{what}, a loop", () => Tensor.Stack([.. samples.Unbind().Select(Gradient)]));
        Report($"{what}, MapSlices", () => Differentiate.MapSlices(Gradient, samples));
        Report($"{what}, PerSampleGradients", () => Differentiate.PerSampleGradients(p => (samples.MatMul(p).Tanh().MatMul(weights) - samples.Sum(1)).Square(), hidden));
    }

    private static void LogisticRegression(int rows, int parameters)
    {
        Tensor<float> x = new RandomKey(2).Normal<float>(rows, parameters);
        Tensor<float> y = new RandomKey(3).Normal<float>(rows).Sign();
        Tensor<float> w = new RandomKey(4).Normal<float>(parameters);
        CompiledSum<float> sum = Differentiate.CompileSum((p, r) => (-(r[0].MatMul(p[0]) * r[1])).Softplus().Sum(), [w], [x, y]);
        (float value, Tensor<float>[] gradients) = sum.ValueAndGradient([w], [x, y]);
        int bits = BitConverter.SingleToInt32Bits(value);
        foreach (float g in gradients[0].ToArray())
        {
            bits = HashCode32(bits, BitConverter.SingleToInt32Bits(g));
        }

        Report(string.Create(CultureInfo.InvariantCulture, $"value and gradient of logistic regression, {rows:n0} rows, {parameters} parameters, blocks of {sum.BlockLength} rows, bits {bits:x8}"),
            () => sum.ValueAndGradient([w], [x, y]));
    }

    private static int HashCode32(int hash, int bits) => unchecked((hash * 31) + bits);

    private static void Report(string what, Action action)
    {
        var times = new double[Rounds];
        for (int round = -WarmUp; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            if (round >= 0)
            {
                times[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        s_rows.Add([what, times[Rounds / 2].ToString("0.00", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{times[Rounds / 4]:0.00} to {times[3 * Rounds / 4]:0.00}")]);
        Console.WriteLine($"| {string.Join(" | ", s_rows[^1])} |");
    }
}
