using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AutoDiff.Benchmarks;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;
using static System.FormattableString;

namespace AutoDiff.GradBench;

/// <summary>Times of values and derivatives on published inputs, as a table in Markdown.</summary>
internal static class Times
{
    private const string Plain = "plain";

    /// <summary>The best ratio of derivative and value among the tools of GradBench.</summary>
    private static readonly (string Problem, string Ratio)[] s_published =
    [
        ("gmm", "1.9"), ("lstm", "2.2"), ("ba", "7.2"), ("hand", "7.7"), ("kmeans", "1.45"), ("llsq", "1.5"), ("lse", "1.1"), ("ode", "2.6"), ("det", "3.1"),
    ];

    /// <summary>Measures everything whose name contains a word.</summary>
    /// <param name="suites">The folder that holds the inputs of ADBench and GradBench.</param>
    /// <param name="word">The word; empty for all, "plain" for what is neither compiled nor written in numbers.</param>
    /// <param name="rounds">How many rounds are timed.</param>
    /// <param name="save">Whether the rows are kept in benchmarks/results.</param>
    public static void Print(string suites, string word, int rounds, bool save)
    {
        var rows = new List<string[]>();
        Console.WriteLine("| workload | value, min (ms) | median | processor | derivative, min (ms) | median | processor | derivative / value | allocated (KB) |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Func<(Action Value, Action Derivative)> prepare) in Workloads(suites))
        {
            if (word == Plain ? name.Contains(", compiled", StringComparison.Ordinal) || name.Contains("in numbers", StringComparison.Ordinal) : !name.Contains(word, StringComparison.Ordinal))
            {
                continue;
            }

            (Action value, Action derivative) = prepare();
            Sample v = Measure(value, rounds);
            Sample d = Measure(derivative, rounds);
            rows.Add(
            [
                name.Replace('_', ' '), Invariant($"{v.Min:f3} / {v.Median:f3}"), Invariant($"{d.Min:f3} / {d.Median:f3}"), Invariant($"{d.Min / v.Min:f2}"),
                s_published.First(published => name.StartsWith(published.Problem, StringComparison.Ordinal)).Ratio, Invariant($"{d.Bytes / 1024:f0}"),
            ]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {v.Min:f3} | {v.Median:f3} | {v.Processor:f3} | {d.Min:f3} | {d.Median:f3} | {d.Processor:f3} | {d.Min / v.Min:f2} | {d.Bytes / 1024:f0} |"));
        }

        if (save)
        {
            ResultFile.Here($"AUTODIFF_THREADS={Parallelism.MaxThreads} dotnet run -c Release --project benchmarks/AutoDiff.GradBench -- times FOLDER \"{word}\" {rounds} --save",
                ["workload", "value, min / median", "derivative, min / median", "derivative / value", "best published", "allocated (KB)"], rows).Save(word is "" or Plain ? "gradbench" : $"gradbench-{word}");
        }
    }

    private static IEnumerable<(string, Func<(Action, Action)>)> Workloads(string suites)
    {
        string adbench = Path.Combine(suites, "adbench");
        foreach (string name in (string[])["gmm_d2_K5", "gmm_d10_K25", "gmm_d64_K10"])
        {
            yield return (name, () =>
            {
                (GaussianMixture problem, Tensor<double>[] p) = AdBenchFiles.Mixture(Text(adbench, "gmm", name + ".txt"));
                return (() => problem.Objective(p[0], p[1], p[2], p[3]), () => problem.Gradient(p));
            });
        }

        yield return ("lstm_l2_c1024", () =>
        {
            (LongShortTermMemory problem, Tensor<double> main, Tensor<double> extra) = AdBenchFiles.Memory(Text(adbench, "lstm", "lstm_l2_c1024.txt"));
            return (() => problem.Objective(main, extra), () => problem.Gradient(main, extra));
        });
        yield return ("lstm_l2_c1024 by rows", () =>
        {
            (LongShortTermMemory problem, Tensor<double> main, Tensor<double> extra) = AdBenchFiles.Memory(Text(adbench, "lstm", "lstm_l2_c1024.txt"));
            return (() => problem.Objective(main, extra, byRows: true), () => problem.Gradient(main, extra, byRows: true));
        });
        yield return ("ba1", () =>
        {
            (BundleAdjustment problem, Tensor<double> x) = AdBenchFiles.Bundle(Text(adbench, "ba", "ba1_n49_m7776_p31843.txt"));
            return (() => problem.Residuals(x), () => problem.Jacobian(x));
        });
        yield return ("ba1 by colors", () =>
        {
            (BundleAdjustment problem, Tensor<double> x) = AdBenchFiles.Bundle(Text(adbench, "ba", "ba1_n49_m7776_p31843.txt"));
            var jacobian = new SparseJacobian<double>(problem.Residuals);
            return (() => problem.Residuals(x), () => jacobian.Evaluate(x));
        });
        foreach (string kind in (string[])["simple", "complicated"])
        {
            yield return ($"hand_{kind}_small_1", () =>
            {
                string hand = Path.Combine(adbench, "hand");
                (HandTracking problem, Tensor<double>? us, Tensor<double> theta) =
                    AdBenchFiles.Hand(Path.Combine(hand, "model_small"), Text(hand, kind + "_small", "hand1_t26_c100.txt"), kind == "complicated");
                return (() => problem.Objective(us, theta), () => problem.Jacobian(us, theta));
            });
        }

        yield return ("llsq_n1024_m128", () =>
        {
            (Tensor<double> x, int n) = Read(suites, "llsq_n1024_m128", input => (input.Tensor("x"), input.Integer("n")));
            return (() => LeastSquares.Objective(x, n), () => LeastSquares.Gradient(x, n));
        });
        yield return ("lse_n10000", () =>
        {
            Tensor<double> x = Read(suites, "lse_n10000", input => input.Tensor("x"));
            return (() => LogSumExp.Objective(x), () => LogSumExp.Gradient(x));
        });
        yield return ("kmeans_k10_n1000_d8", () =>
        {
            (KMeans problem, Tensor<double> c) = Read(suites, "kmeans_k10_n1000_d8", input => (new KMeans(input.Tensor("points")), input.Tensor("centroids")));
            return (() => problem.Cost(c), () => problem.Direction(c));
        });
        yield return ("det_8", () =>
        {
            Tensor<double> a = Read(suites, "det_8", input => input.Tensor("A").Reshape(8, 8));
            return (() => Determinant.Of(a), () => Determinant.Gradient(a));
        });
        yield return ("ode_n100_s100", () =>
        {
            Tensor<double> x = new RandomKey(1).Uniform<double>(100) + 0.5;
            return (() => OrdinaryDifferentialEquation.Solve(x, 100), () => OrdinaryDifferentialEquation.Gradient(x, 100));
        });
        yield return ("gmm_d10_K25, compiled", () =>
        {
            (GaussianMixture problem, Tensor<double>[] p) = AdBenchFiles.Mixture(Text(adbench, "gmm", "gmm_d10_K25.txt"));
            return Compiled(p => problem.Objective(p[0], p[1], p[2], p[3]), p);
        });
        yield return ("lstm_l2_c1024, compiled", () =>
        {
            (LongShortTermMemory problem, Tensor<double> main, Tensor<double> extra) = AdBenchFiles.Memory(Text(adbench, "lstm", "lstm_l2_c1024.txt"));
            return Compiled(p => problem.Objective(p[0], p[1]), [main, extra]);
        });
        yield return ("llsq_n1024_m128, compiled", () =>
        {
            (Tensor<double> x, int n) = Read(suites, "llsq_n1024_m128", input => (input.Tensor("x"), input.Integer("n")));
            return Compiled(p => LeastSquares.Objective(p[0], n), [x]);
        });
        yield return ("lse_n10000, compiled", () => Compiled(p => LogSumExp.Objective(p[0]), [Read(suites, "lse_n10000", input => input.Tensor("x"))]));
        yield return ("kmeans_k10_n1000_d8, compiled", () =>
        {
            (KMeans problem, Tensor<double> c) = Read(suites, "kmeans_k10_n1000_d8", input => (new KMeans(input.Tensor("points")), input.Tensor("centroids")));
            return Compiled(c => problem.Cost(c[0]), [c], c => [problem.Direction(c[0])]);
        });
        yield return ("det_8, compiled", () => Compiled(a => Determinant.Of(a[0]), [Read(suites, "det_8", input => input.Tensor("A").Reshape(8, 8))]));
        yield return ("ode_n100_s100, compiled", () => Compiled(x => OrdinaryDifferentialEquation.Solve(x[0], 100)[^1], [new RandomKey(1).Uniform<double>(100) + 0.5]));
        foreach (string kind in (string[])["simple", "complicated"])
        {
            yield return ($"hand_{kind}_small_1, compiled", () =>
            {
                string hand = Path.Combine(adbench, "hand");
                (HandTracking problem, Tensor<double>? us, Tensor<double> theta) =
                    AdBenchFiles.Hand(Path.Combine(hand, "model_small"), Text(hand, kind + "_small", "hand1_t26_c100.txt"), kind == "complicated");
                return us is null
                    ? Compiled(p => problem.Objective(null, p[0]), [theta], p => [Differentiate.Jacobian(pose => problem.Objective(null, pose), p[0])])
                    : Compiled(p => problem.Objective(p[0], p[1]), [us, theta], p => problem.JacobianBlocks(p[0], p[1]));
            });
        }

        yield return ("kmeans_k10_n1000_d8 in numbers", () =>
        {
            (double[] points, double[] c, int d) = Read(suites, "kmeans_k10_n1000_d8", input => (input.Tensor("points").ToArray(), input.Tensor("centroids").ToArray(), input.Tensor("points").Shape[1]));
            var tape = new ActiveTape<Dual<double>>();
            return (() => InNumbers.Cost<double>(points, c, d), () => InNumbers.Direction(tape, points, c, d));
        });
        yield return ("det_8 in numbers", () =>
        {
            double[] a = Read(suites, "det_8", input => input.Tensor("A").ToArray());
            var tape = new ActiveTape<double>();
            return (() => InNumbers.Determinant<double>(a, 8), () => InNumbers.DeterminantGradient(tape, a, 8));
        });
    }

    /// <summary>Runs of the compiled value and of the compiled value and gradient, or another derivative, in workspaces.</summary>
    private static (Action, Action) Compiled(Func<Tensor<double>[], Tensor<double>> value, Tensor<double>[] xs, Func<Tensor<double>[], Tensor<double>[]>? derivative = null)
    {
        derivative ??= at =>
        {
            (Tensor<double> y, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(value, at);
            return [y, .. gradients];
        };
        Workspace<double> ofValue = Differentiate.Compile(at => [value(at)], xs).CreateWorkspace();
        Workspace<double> ofDerivative = Differentiate.Compile(derivative, xs).CreateWorkspace();
        return (() => ofValue.Run(xs), () => ofDerivative.Run(xs));
    }

    private static string Text(params string[] path) => File.ReadAllText(Path.Combine(path));

    private static TResult Read<TResult>(string suites, string name, Func<JsonElement, TResult> read)
    {
        using JsonDocument document = JsonDocument.Parse(Text(suites, "gradbench", name + ".json"));
        return read(document.RootElement);
    }

    /// <summary>Times one call, after a warm-up long enough for the compiler's last tier.</summary>
    private static Sample Measure(Action action, int rounds)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 1; i++)
        {
            action();
        }

        var times = new double[rounds];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Array.Sort(times);
        return new Sample(times[0], times[rounds / 2], processor.TotalMilliseconds / rounds, bytes / (double)rounds);
    }

    /// <summary>Milliseconds of one call by the clock, smallest and median, and of the processor (which a busy machine does not blur as much); bytes of one call.</summary>
    private sealed record Sample(double Min, double Median, double Processor, double Bytes);
}
