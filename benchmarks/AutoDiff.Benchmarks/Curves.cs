using System.Diagnostics;
using System.Globalization;

namespace AutoDiff.Benchmarks;

/// <summary>
/// Cost against size for every family of operations, with one thread and two: the median of a few calls, and nanoseconds for each unit of work (elements, multiply-adds, records, columns), which stay
/// level where the cost is as it should be. Run it by <c>dotnet run -c Release -- curves [word] [--save]</c>.
/// </summary>
internal static class Curves
{
    private static readonly string[] s_columns = ["family", "size", "threads", "median, µs", "unit", "ns a unit"];

    private static readonly int[] s_lengths = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    private static readonly int[] s_orders = [8, 16, 32, 64, 128, 256, 512, 1_024];

    private sealed record Family(string Name, string Unit, int[] Sizes, Func<int, (double Work, Action Call)> Prepare);

    private static readonly Family[] s_families =
    [
        new("elementwise", "element", s_lengths, n => OfGradient(n, static x => (x.Sin() * x).Exp().Sum())),
        new("reduction", "element", s_lengths, n => OfGradient(n, static x => x.LogSumExp())),
        new("gather", "element", s_lengths, n =>
        {
            int[] indices = [.. Enumerable.Range(0, n).Select(i => (int)(i * 7919L % n))];
            return OfGradient(n, x => x.Take(indices, 0).Square().Sum());
        }),
        new("scan", "element", s_lengths, n => OfGradient(n, static x => x.CumSum(0).Square().Sum())),
        new("convolution", "pixel", [4, 8, 16, 32, 64, 128, 256], side =>
        {
            Tensor<double> image = Numbers(1, 8, side, side), kernels = Numbers(8, 8, 3, 3);
            return (side * (double)side, () => Differentiate.ValueAndGradient(p => p[0].Conv2D(p[1], padding: 1).Square().Sum(), [image, kernels]));
        }),
        new("matrix product", "multiply-add", s_orders, n =>
        {
            Tensor<double> a = Numbers(n, n);
            return (Math.Pow(n, 3), () => a.MatMul(a));
        }),
        new("Cholesky", "order³", s_orders, n =>
        {
            Tensor<double> a = Numbers(n, n);
            Tensor<double> definite = a.MatMul(a.Transpose()) + (Tensor.Identity<double>(n) * n);
            return (Math.Pow(n, 3), () => definite.Cholesky());
        }),
        new("LU", "order³", s_orders, n => OfMatrix(n, static a => a.Lu())),
        new("QR", "order³", s_orders, n => OfMatrix(n, static a => a.Qr())),
        new("eigenvectors", "order³", s_orders, n => OfMatrix(n, static a => a.Eigh())),
        new("singular vectors", "order³", s_orders, n => OfMatrix(n, static a => a.Svd())),
        new("sweep", "record", [10, 100, 1_000, 10_000, 100_000, 1_000_000], records =>
        {
            Tensor<double> start = Numbers(4);
            return (records, () => Differentiate.ValueAndGradient(x =>
            {
                Tensor<double> y = x;
                for (int i = 1; i < records; i++)
                {
                    y = y.Sin();
                }

                return y.Sum();
            }, start));
        }),
        new("sparse Jacobian", "column", [1_000, 10_000, 100_000, 1_000_000], n =>
        {
            Tensor<double> x = Numbers(n);
            var jacobian = new SparseJacobian<double>(static x => (x[1..] - x[..^1].Square()).Sin());
            return (n, () => jacobian.Evaluate(x));
        }),
        new("Hessian", "element", [4, 8, 16, 32, 64, 128, 256, 512], n =>
        {
            Tensor<double> x = Numbers(n);
            return (n * (double)n, () => Differentiate.Hessian(static x => ((x[1..] - x[..^1].Square()).Square() * 100.0).Sum() + (1.0 - x).Square().Sum(), x));
        }),
    ];

    public static void Print(string word, bool save)
    {
        Console.WriteLine($"{"family",-18} {"size",10} {"threads",8} {"median, µs",14} {"ns a unit",12}");
        var rows = new List<string[]>();
        int before = Parallelism.MaxThreads;
        foreach (Family family in s_families.Where(family => family.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (int size in family.Sizes)
            {
                (double work, Action call) = family.Prepare(size);
                foreach (int threads in (int[])[1, 2])
                {
                    Parallelism.MaxThreads = threads;
                    double microseconds = Median(call);
                    string[] row =
                    [
                        family.Name, Text($"{size}"), Text($"{threads}"), Text($"{microseconds:G4}"), family.Unit, Text($"{microseconds * 1e3 / work:G4}"),
                    ];
                    rows.Add(row);
                    Console.WriteLine($"{row[0],-18} {row[1],10} {row[2],8} {row[3],14} {row[5],12} a {row[4]}");
                }
            }
        }

        Parallelism.MaxThreads = before;
        if (save)
        {
            var file = ResultFile.Here("dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- curves --save", s_columns, rows);
            if (word.Length == 0)
            {
                file.Save("curves");
            }
            else
            {
                file.SaveInto("curves");
            }
        }

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    /// <summary>The median of at least five calls and a fifth of a second, after three fifths for the compiler. Of long calls fewer are made.</summary>
    private static double Median(Action call)
    {
        var all = Stopwatch.StartNew();
        do
        {
            call();
        }
        while (all.ElapsedMilliseconds < 600);

        var times = new List<double>();
        all.Restart();
        while (all.ElapsedMilliseconds < 200 || (times.Count < 5 && all.ElapsedMilliseconds < 3_000))
        {
            long start = Stopwatch.GetTimestamp();
            call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static (double Work, Action Call) OfGradient(int n, Func<Tensor<double>, Tensor<double>> f)
    {
        Tensor<double> x = Numbers(n);
        return (n, () => Differentiate.ValueAndGradient(f, x));
    }

    private static (double Work, Action Call) OfMatrix<TResult>(int n, Func<Tensor<double>, TResult> f)
    {
        Tensor<double> a = Numbers(n, n);
        return (Math.Pow(n, 3), () => f(a));
    }

    private static Tensor<double> Numbers(params ReadOnlySpan<int> shape) => new RandomKey(11).Uniform<double>(shape) + 0.1;
}
