using System.Diagnostics;
using AutoDiff.Kernels;
using Xunit.Abstractions;
namespace AutoDiff.Tests;
public class Timing(ITestOutputHelper o)
{
    [Fact]
    public void Conv()
    {
        int before = Threading.MaxThreads;
        foreach (int th in new[] { 1, 2 })
        {
            Threading.MaxThreads = th;
            var r = new Random(1);
            Tensor<float> R(params int[] s) => Tensor.Create<float>(Enumerable.Range(0, s.Aggregate(1, (a, b) => a * b)).Select(_ => (float)r.NextDouble() - 0.5f).ToArray(), s);
            var x = R(16, 16, 32, 32); var w = R(32, 16, 3, 3);
            void Run(string name, Action a)
            {
                var t = new List<double>();
                for (int i = 0; i < 200; i++) { var s = Stopwatch.GetTimestamp(); a(); t.Add(Stopwatch.GetElapsedTime(s).TotalMilliseconds); }
                t.Sort(); o.WriteLine($"{th} threads {name}: min {t[0]:F3} median {t[100]:F3}");
            }
            Run("value", () => x.Conv2D(w, padding: 1).Dispose());
            Run("value+dw", () => { using var tape = new Tape<float>(); var v = tape.Variable(w); var y = x.Conv2D(v, padding: 1).Sum(); tape.Gradient(y, v); });
            Run("value+dw+dx", () => { using var tape = new Tape<float>(); var v = tape.Variable(w); var z = tape.Variable(x); var y = z.Conv2D(v, padding: 1).Sum(); tape.Gradient(y, [v, z]); });
            var win = new Windows([32, 32], [3, 3], [32, 32], [1, 1], [1, 1], [1, 1]);
            var cols = new float[144 * 1024]; var c = new float[32 * 1024]; var dw = new float[32 * 144];
            Run("gather x16", () => { for (int n = 0; n < 16; n++) win.Gather<float>(x.AsSpan().Slice(n * 16384, 16384), 16, 0, 32, cols); });
            Run("gemm fwd x16", () => { for (int n = 0; n < 16; n++) MatrixProduct.Multiply<float>(32, 1024, 144, w.AsSpan(), false, cols, false, c); });
            Run("gemm dw x16", () => { for (int n = 0; n < 16; n++) MatrixProduct.Multiply<float>(32, 144, 1024, c, false, cols, true, dw, true); });
            Run("gemm dwT x16", () => { for (int n = 0; n < 16; n++) MatrixProduct.Multiply<float>(144, 32, 1024, cols, false, c, true, dw, true); });
            Run("gemm dx x16", () => { for (int n = 0; n < 16; n++) MatrixProduct.Multiply<float>(144, 1024, 32, w.AsSpan(), true, c, false, cols); });
            Run("scatter x16", () => { for (int n = 0; n < 16; n++) win.Scatter<float>(cols, 16, 0, 32, new float[16384]); });
        }
        Threading.MaxThreads = before;
    }
}
