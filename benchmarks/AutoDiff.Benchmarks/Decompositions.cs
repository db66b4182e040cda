using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace AutoDiff.Benchmarks;

/// <summary>
/// The decompositions beside the product of matrices of the same order, by the rate of their operations, and beside MathNet.Numerics with its managed provider, by time. Run it by
/// <c>dotnet run -c Release -- decompositions [order]</c>.
/// </summary>
internal static class Decompositions
{
    public static void Print(int n)
    {
        Tensor<double> a = new RandomKey(1).Normal<double>(n, n);
        Tensor<double> symmetric = a + a.Transpose();
        Tensor<double> definite = a.MatMul(a.Transpose()) + (Tensor.Identity<double>(n) * n);
        Tensor<double> triangle = definite.Cholesky();
        Matrix<double> b = Matrix<double>.Build.DenseOfRowMajor(n, n, a.ToArray());
        Matrix<double> symmetricB = b + b.Transpose();
        Matrix<double> definiteB = (b * b.Transpose()) + (Matrix<double>.Build.DenseIdentity(n) * n);
        double cube = (double)n * n * n;
        double product = Time(() => a.MatMul(a));
        Console.WriteLine($"order {n}, {Parallelism.MaxThreads} threads");
        Console.WriteLine($"{"",-22} {"ms",10} {"GFLOP/s",10} {"of product",10} {"MathNet ms",11} {"of MathNet",10}");
        Row("product", product, 2 * cube, () => b.Multiply(b));
        Row("Cholesky", Time(() => definite.Cholesky()), cube / 3, () => definiteB.Cholesky());
        Row("LU", Time(() => a.Lu()), 2 * cube / 3, () => b.LU());
        Row("QR", Time(() => a.Qr()), 8 * cube / 3, () => b.QR());
        Row("triangular systems", Time(() => triangle.TriangularSolve(a)), cube, null);
        Row("symmetric eigenvalues", Time(() => symmetric.EigenvaluesSymmetric()), 0, null);
        Row("with vectors", Time(() => symmetric.Eigh()), 0, () => symmetricB.Evd(Symmetricity.Symmetric));
        Row("singular values", Time(() => a.SingularValues()), 0, () => b.Svd(false));
        Row("with vectors", Time(() => a.Svd()), 0, () => b.Svd(true));

        void Row(string name, double time, double operations, Action? peer)
        {
            double other = peer is null ? double.NaN : Time(peer);
            string rate = operations > 0 ? $"{operations / time / 1e9,10:0.0} {operations / time / (2 * cube / product),10:0.00}" : $"{"",21}";
            string beside = peer is null ? "" : $"{other * 1e3,11:0.00} {time / other,10:0.00}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {time * 1e3,10:0.00} {rate} {beside}"));
        }
    }

    /// <summary>The least time of a call in seconds, of at least three calls and half a second.</summary>
    private static double Time(Action call)
    {
        // The compiler improves on code that has run for a while.
        var all = Stopwatch.StartNew();
        while (all.ElapsedMilliseconds < 600)
        {
            call();
        }

        all.Restart();
        double best = double.PositiveInfinity;
        for (int run = 0; run < 3 || all.ElapsedMilliseconds < 500; run++)
        {
            var clock = Stopwatch.StartNew();
            call();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return best;
    }
}
