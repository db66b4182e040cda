using System.Numerics;
using AutoDiff.Kernels;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Kernels;

[Collection(nameof(ThreadCount))]
public sealed class ChunksTests : IDisposable
{
    private readonly int _before = Threading.MaxThreads;

    public void Dispose() => Threading.MaxThreads = _before;

    [Theory]
    [InlineData(Chunks.LongForArithmetic)]
    [InlineData(Chunks.LongForArithmetic + 1)]
    [InlineData(Chunks.LongForArithmetic + 20011)]
    public void Long_spans_give_the_same_bits_on_any_number_of_threads(int length)
    {
        SameOnAnyNumberOfThreads<float>(length);
        SameOnAnyNumberOfThreads<double>(length);
    }

    private static void SameOnAnyNumberOfThreads<T>(int length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating(Math.Sin(i) * 3.0))];
        T[] expected = Results(1);
        foreach (int threads in (int[])[2, 3, 7])
        {
            T[] actual = Results(threads);
            actual.AsSpan().SequenceEqual(expected).Should().BeTrue("{0} threads", threads);
        }

        T[] Results(int threads)
        {
            Threading.MaxThreads = threads;
            T[] y = new T[length], z = new T[length], w = new T[length], s = new T[length];
            VectorMath.Tanh<T>(x, y);
            VectorMath.TimesCos<T>(y, x, z);
            Chunks.Run<T>(VectorMath.Add, y, z, w);
            Chunks.Run<T>(VectorMath.Atan, w, w);
            Chunks.Run<T, T>(static (x, c, y) => VectorMath.Multiply(x, c, y), w, T.CreateChecked(0.3), s);
            return [.. y, .. z, .. w, .. s, Reductions.Sum<T>(w), Reductions.Dot<T>(x, w), Reductions.LogSumExp<T>(x)];
        }
    }

    [Fact]
    public void Every_element_is_visited_once()
    {
        Threading.MaxThreads = 4;
        foreach (int length in (int[])[1, Chunks.Length, Chunks.LongForArithmetic - 1, Chunks.LongForArithmetic, (40 * Chunks.Length) + 7])
        {
            double[] x = new double[length];
            Chunks.Run<double>(static (x, y) => VectorMath.Add(x, 1.0, y), x, x);
            x.Should().OnlyContain(value => value == 1.0);
        }
    }

    [Fact]
    public void A_gradient_of_long_tensors_is_the_same_for_any_number_of_threads()
    {
        Tensor<float> x = Tensor.Create<float>([.. Enumerable.Range(0, Chunks.LongForArithmetic + 5).Select(i => MathF.Sin(i))], Chunks.LongForArithmetic + 5);
        float[] Gradient(int threads)
        {
            Threading.MaxThreads = threads;
            return Differentiate.Gradient(x => ((x.Sin() * x) + x.Exp()).Tanh().Sum(), x).ToArray();
        }

        float[] expected = Gradient(1);
        Gradient(2).AsSpan().SequenceEqual(expected).Should().BeTrue();
        Gradient(5).AsSpan().SequenceEqual(expected).Should().BeTrue();
    }

    [Fact]
    public void Short_spans_allocate_nothing()
    {
        Threading.MaxThreads = 2;
        float[] x = new float[StressRun.Threads ? 2 : 100];
        UnaryKernel<float> kernel = VectorMath.Exp;
        Chunks.Run(kernel, x, x);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Chunks.Run(kernel, x, x);
        Reductions.Sum<float>(x);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }
}
