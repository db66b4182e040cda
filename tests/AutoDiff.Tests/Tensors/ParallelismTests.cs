using AutoDiff.Kernels;
using AutoDiff.Tests.Kernels;

namespace AutoDiff.Tests.Tensors;

[Collection(nameof(ThreadCount))]
public sealed class ParallelismTests : IDisposable
{
    private readonly int _before = Parallelism.MaxThreads;

    public void Dispose() => Parallelism.MaxThreads = _before;

    [Fact]
    public void The_maximum_is_the_one_that_kernels_keep_to()
    {
        Parallelism.MaxThreads = 3;
        Parallelism.MaxThreads.Should().Be(3);
        Threading.ThreadsFor(long.MaxValue, 1).Should().Be(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void The_maximum_is_at_least_one(int threads)
    {
        Parallelism.MaxThreads = 2;
        FluentActions.Invoking(() => Parallelism.MaxThreads = threads).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"MaxThreads: {threads} threads*1 or more*");
        Parallelism.MaxThreads.Should().Be(2);
    }

    [Fact]
    public void A_gradient_is_the_same_for_any_number_of_threads()
    {
        Tensor<float> w = Tensor.Create<float>([.. Enumerable.Range(0, 300 * 300).Select(i => MathF.Sin(i))], 300, 300);
        float[] Gradient(int threads)
        {
            Parallelism.MaxThreads = threads;
            return Differentiate.Gradient(x => x.MatMul(x).Tanh().Sum(), w).ToArray();
        }

        float[] one = Gradient(1);
        Gradient(2).Should().Equal(one);
        Gradient(5).Should().Equal(one);
    }
}
