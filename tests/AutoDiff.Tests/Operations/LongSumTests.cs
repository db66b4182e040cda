using FluentAssertions;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// Sums of many floats keep their digits wherever they arise. One after the other, a million times 0.1f ends about one percent off, and counts stop at 2²⁴. Products of matrices add in blocks.
/// </summary>
public sealed class LongSumTests
{
    private const int Count = 1_000_000;

    /// <summary>The number that 0.1f is, so many times.</summary>
    private const double Sum = (double)0.1f * Count;

    private static readonly Tensor<float> Tenths = Tensor.Full(0.1f, Count);

    public static TheoryData<string> Names => [.. Sums.Keys];

    /// <summary>A sum for each way in which terms can meet, beside what it should be.</summary>
    private static readonly Dictionary<string, (Func<Tensor<float>> Value, double Expected)> Sums = new()
    {
        ["Sum"] = (() => Tenths.Sum(), Sum),
        ["Sum over rows"] = (() => Tensor.Full(0.1f, Count, 3).Sum(0)[1], Sum),
        ["Mean"] = (() => Tenths.Mean(), 0.1f),
        ["CumSum"] = (() => Tenths.CumSum(0)[^1], Sum),
        ["CumSum of rows, reversed"] = (() => Tensor.Full(0.1f, Count, 3).CumSum(0, reverse: true)[0, 1], Sum),
        ["CumSum, gradient"] = (() => Differentiate.Vjp(x => x.CumSum(0), Tenths, Tenths)[0], Sum),
        ["LogCumSumExp"] = (() => Tenths.LogCumSumExp(0)[^1], 0.1f + Math.Log(Count)),
        ["CumulativeTrapezoid"] = (() => Tenths.CumulativeTrapezoid(1f)[^1], Sum - 0.1f),
        ["LinearRecurrence"] = (() => Tensor.LinearRecurrence(Tensor.Ones<float>(Count), Tenths)[^1], Sum),
        ["SegmentSum"] = (() => Tenths.SegmentSum(new int[Count], 1), Sum),
        ["SegmentSum of rows"] = (() => Tensor.Full(0.1f, Count, 3).SegmentSum(new int[Count], 1)[0, 1], Sum),
        ["SegmentMean"] = (() => Tenths.SegmentMean(new int[Count], 1), 0.1f),
        ["SegmentMax, gradient"] = (() => Differentiate.Gradient(x => x.SegmentMax(new int[Count], 1).Sum(), Tenths)[3], 1.0 / Count),
        ["ScatterAdd"] = (() => Tensor.Zeros<float>(2).ScatterAdd(new int[Count], Tenths)[0], Sum),
        ["ScatterAdd, few of many places"] = (() => Tensor.Zeros<float>(5 * Count).ScatterAdd(new int[Count], Tenths)[0], Sum),
        ["ScatterAddElements"] = (() => Tensor.Zeros<float>(2).ScatterAddElements(new int[Count], Tenths, 0)[0], Sum),
        ["ScatterReduce"] = (() => Tensor.Zeros<float>(2).ScatterReduce(new int[Count], Tenths, 0, ScatterReduction.Sum)[0], Sum),
        ["IndexPut"] = (() => Tensor.Zeros<float>(2).IndexPut([new int[Count]], Tenths, accumulate: true)[0], Sum),
        ["Take, gradient"] = (() => Differentiate.Vjp(x => x.Take(new int[Count]), Tensor.Ones<float>(2), Tenths)[0], Sum),
        ["Take of rows, gradient"] = (() => Differentiate.Vjp(x => x.Take(new int[Count]), Tensor.Ones<float>(2, 3), Tensor.Full(0.1f, Count, 3))[0, 2], Sum),
        ["Gather, gradient"] = (() => Differentiate.Vjp(x => x.Gather(new int[Count], [Count], 0), Tensor.Ones<float>(2), Tenths)[0], Sum),
        ["Embedding, gradient"] = (() => Differentiate.Vjp(x => x.Embedding(new int[Count], [Count]), Tensor.Ones<float>(2, 3), Tensor.Full(0.1f, Count, 3))[0, 2], Sum),
        ["TakeAt, gradient"] = (() => Differentiate.Vjp(x => x.TakeAt(new int[Count]), Tensor.Ones<float>(2), Tenths)[0], Sum),
        ["Take in a sum with others, gradient"] = (() => Differentiate.Gradient(x => (x.Take(new int[Count]) * Tenths).Sum() + x.Sum(), Tensor.Ones<float>(2))[0], Sum + 1),
        ["Strided, gradient"] = (() => Differentiate.Vjp(x => x.Strided([Count], [0]), Tensor.Ones<float>(2), Tenths)[0], Sum),
        ["BroadcastTo, gradient"] = (() => Differentiate.Vjp(x => x.BroadcastTo(Count), Tensor.Ones<float>(1), Tenths), Sum),
        ["AvgPool1D"] = (() => Tenths.Reshape(1, Count).AvgPool1D(Count), 0.1f),
        ["AdaptiveAvgPool2D"] = (() => Tenths.Reshape(1, 1000, 1000).AdaptiveAvgPool2D(1), 0.1f),
        ["AvgPool2D of one column of three"] = (() => Tensor.Full(0.1f, Count, 3).AvgPool2D((Count, 1))[0, 1], 0.1f),
        ["LpPool1D"] = (() => Tenths.Reshape(1, Count).LpPool1D(1, Count), Sum),
        ["AdaptiveMaxPool1D, gradient"] = (() => Differentiate.Vjp(x => x.AdaptiveMaxPool1D(Count), Tensor.Ones<float>(1), Tenths), Sum),
        ["LogSumExp"] = (() => Tenths.LogSumExp(), 0.1f + Math.Log(Count)),
        ["Norm of order 1"] = (() => Tenths.Norm(1), Sum),
        ["Norm"] = (() => Tenths.Norm(), 0.1f * Math.Sqrt(Count)),
        ["Norm of order 0"] = (() => Tensor.Ones<float>((1 << 24) + 4).Norm(0), (1 << 24) + 4),
        ["RmsNorm"] = (() => Tenths.RmsNorm(epsilon: 0)[0], 1),
        ["BinCount"] = (() => Tensor.BinCount<float>(new int[(1 << 24) + 4], 1), (1 << 24) + 4),
        ["Histogram"] = (() => Tensor.Ones<float>((1 << 24) + 4).Histogram(1, 0, 2), (1 << 24) + 4),
        ["CountNonzero"] = (() => Tensor.Ones<float>((1 << 24) + 4).CountNonzero(), (1 << 24) + 4),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void SumsOfManyFloatsAreRoundedOnce(string name)
    {
        (Func<Tensor<float>> value, double expected) = Sums[name];
        double actual = value().AsSpan()[0];
        (Math.Abs(actual - expected) / expected).Should().BeLessThan(3e-7, $"{name} gives {actual} for {expected}");
    }

    [Fact]
    public void ACotangentThatMeetsOthersInItsSlotIsAddedToThem()
    {
        // The second contribution is added into the slot of the first, in place: with repeated indices, overlapping windows, and batch axes in front.
        Tensor<float> x = Tensor.Create([1f, 2f, 3f, 4f]);
        Tensor<float> gradient = Differentiate.Gradient(x => x.Square().Sum() + x.Take([1, 1, 3]).Sum() + x.SlidingWindows(0, 2, 1).Sum() + x[1..3].Sum(), x);
        gradient.ToArray().Should().Equal(2 + 1, 4 + 2 + 2 + 1, 6 + 2 + 1, 8 + 1 + 1);
    }

    [Fact]
    public void SparseProductsOfFloatsAreSummedInDouble()
    {
        SparseMatrix<float> row = new SparseJacobian<float>(x => (x * Tenths).Sum().Reshape(1)).Evaluate(Tensor.Ones<float>(Count));
        float[] ones = Tensor.Ones<float>(Count).ToArray();
        ((double)row.Multiply(ones)[0] / Sum).Should().BeApproximately(1, 1e-7);
        SparseMatrix<float> column = new SparseJacobian<float>(x => x.BroadcastTo(Count) * Tenths).Evaluate(Tensor.Ones<float>(1));
        ((double)column.MultiplyTransposed(ones)[0] / Sum).Should().BeApproximately(1, 1e-7);
    }

    [Fact]
    public void TheNearestPointOfTheSimplexIsOnIt()
    {
        Tensor<float> point = Tenths.Sparsemax(0);
        ((double)point.Sum().ToScalar()).Should().BeApproximately(1, 1e-6);
        point.AsSpan()[0].Should().BeApproximately(1f / Count, 1e-12f);
    }
}
