using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Benchmarks;

/// <summary>
/// The decompositions beside the product of matrices of the same order, by the rate of their operations, and beside MathNet.Numerics with its managed provider, by time; in turns, medians. What is
/// computed is disposed, so that rates are compared and not fresh pages. Run it by <c>dotnet run -c Release -- decompositions [order] [word] [--save]</c>: with a word only the rows whose name contains it.
/// </summary>
internal static class Decompositions
{
    public static void Print(int n, string word, bool save)
    {
        Console.WriteLine($"order {n}, {Parallelism.MaxThreads} threads");
        Console.WriteLine($"{"",-30} {"ms",10} {"GFLOP/s",10} {"of product",10} {"MathNet ms",11} {"of MathNet",10}");
        string[][] rows = [.. Rows<double>(n, word, MathNetOf), .. Rows<float>(n, word, null)];
        if (save)
        {
            var file = ResultFile.Here($"AUTODIFF_THREADS={Parallelism.MaxThreads} dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- decompositions {n} --save",
                ["", "time, ms", "GFLOP/s", "of the product's rate", "MathNet, ms", "of MathNet's time"], rows);
            if (word.Length == 0)
            {
                file.Save("decompositions");
            }
            else
            {
                file.SaveInto("decompositions");
            }
        }
    }

    private static List<string[]> Rows<T>(int n, string word, Func<Tensor<T>, Dictionary<string, Action>>? others) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> a = new RandomKey(1).Normal<T>(n, n);
        Tensor<T> symmetric = a + a.Transpose();
        Tensor<T> definite = a.MatMul(a.Transpose()) + (Tensor.Identity<T>(n) * T.CreateChecked(n));
        Tensor<T> triangle = definite.Cholesky();
        Dictionary<string, Action> peers = others?.Invoke(a) ?? [];
        double cube = (double)n * n * n;
        (string Name, double Operations, Action Call)[] all =
        [
            ("Cholesky", cube / 3, () => definite.Cholesky().Dispose()), ("LU", 2 * cube / 3, () => Dispose(a.Lu())), ("QR", 8 * cube / 3, () => Dispose(a.Qr())),
            ("triangular systems", cube, () => triangle.TriangularSolve(a).Dispose()), ("symmetric eigenvalues", 0, () => symmetric.EigenvaluesSymmetric().Dispose()),
            ("eigenvalues and vectors", 0, () => Dispose(symmetric.Eigh())), ("singular values", 0, () => a.SingularValues().Dispose()), ("singular values and vectors", 0, () => Dispose(a.Svd())),
        ];
        var rows = new List<string[]>();
        if ("product".Contains(word, StringComparison.Ordinal))
        {
            Row("product", 2 * cube, Median(() => a.MatMul(a).Dispose()), 1, peers.TryGetValue("product", out Action? theirs) ? Median(theirs) : null);
        }

        foreach ((string name, double operations, Action call) in all.Where(row => row.Name.Contains(word, StringComparison.Ordinal)))
        {
            (double time, double product) = InTurns(call, () => a.MatMul(a).Dispose());
            Row(name, operations, time, operations / time / (2 * cube / product), peers.TryGetValue(name, out Action? peer) ? Median(peer) : null);
        }

        return rows;

        void Row(string name, double operations, double time, double share, double? other)
        {
            string[] row =
            [
                $"{name}, {(typeof(T) == typeof(float) ? "float" : "double")}", Text($"{time * 1e3:0.0}"), operations > 0 ? Text($"{operations / time / 1e9:0.0}") : "", operations > 0 ? Text($"{share:0.00}") : "",
                other is { } seconds ? Text($"{seconds * 1e3:0.0}") : "", other is { } peer ? Text($"{time / peer:0.00}") : "",
            ];
            rows.Add(row);
            Console.WriteLine($"{row[0],-30} {row[1],10} {row[2],10} {row[3],10} {row[4],11} {row[5],10}");
        }

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    private static void Dispose(ITuple tensors)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            ((IDisposable)tensors[i]!).Dispose();
        }
    }

    private static Dictionary<string, Action> MathNetOf(Tensor<double> a)
    {
        int n = a.Shape[0];
        Matrix<double> b = Matrix<double>.Build.DenseOfRowMajor(n, n, a.ToArray());
        Matrix<double> symmetric = b + b.Transpose();
        Matrix<double> definite = (b * b.Transpose()) + (Matrix<double>.Build.DenseIdentity(n) * n);
        return new()
        {
            ["product"] = () => b.Multiply(b), ["Cholesky"] = () => definite.Cholesky(), ["LU"] = () => b.LU(), ["QR"] = () => b.QR(),
            ["eigenvalues and vectors"] = () => symmetric.Evd(Symmetricity.Symmetric), ["singular values"] = () => b.Svd(false), ["singular values and vectors"] = () => b.Svd(true),
        };
    }

    /// <summary>The median times of two calls that take turns, in seconds.</summary>
    private static (double First, double Second) InTurns(Action first, Action second)
    {
        WarmUp(first);
        (List<double> ours, List<double> theirs) = ([], []);
        var all = Stopwatch.StartNew();
        while (ours.Count < 5 || all.ElapsedMilliseconds < 1000)
        {
            ours.Add(Time(first));
            theirs.Add(Time(second));
        }

        return (Middle(ours), Middle(theirs));
    }

    /// <summary>The median time of a call in seconds, of at least three calls and half a second.</summary>
    private static double Median(Action call)
    {
        WarmUp(call);
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (times.Count < 3 || all.ElapsedMilliseconds < 500)
        {
            times.Add(Time(call));
        }

        return Middle(times);
    }

    /// <summary>The compiler improves on code that has run for a while.</summary>
    private static void WarmUp(Action call)
    {
        var all = Stopwatch.StartNew();
        do
        {
            call();
        }
        while (all.ElapsedMilliseconds < 600);
    }

    private static double Time(Action call)
    {
        var clock = Stopwatch.StartNew();
        call();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Middle(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
