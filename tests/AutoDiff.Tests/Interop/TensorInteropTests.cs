using System.Numerics.Tensors;
using AutoDiff.Interop;

namespace AutoDiff.Tests.Interop;

/// <summary>To the tensors of System.Numerics.Tensors and back: the same numbers, in the same places, without a copy where there need be none.</summary>
public class TensorInteropTests
{
    private static readonly AutoDiff.Tensor<double> X = AutoDiff.Tensor.Create([1.0, 2, 3, 4, 5, 6], 2, 3);

    [Fact]
    public void A_span_shares_the_values()
    {
        ReadOnlyTensorSpan<double> span = X.AsReadOnlyTensorSpan();
        span.Lengths.ToArray().Should().Equal(2, 3);
        span[1, 0].Should().Be(4);
        System.Runtime.CompilerServices.Unsafe.AreSame(in span[0, 0], in X.AsSpan()[0]).Should().BeTrue("no copy is made");
        TensorPrimitives.Sum(X.AsSpan()).Should().Be(21);
    }

    [Fact]
    public void Strides_are_honoured()
    {
        ReadOnlyTensorSpan<double> span = X.AsReadOnlyTensorSpan();
        span.ToTensor().ToArray().Should().Equal(X.ToArray());
        AutoDiff.Tensor<double> part = span[.., 1..].ToTensor();
        part.Shape.ToArray().Should().Equal(2, 2);
        part.ToArray().Should().Equal(2, 3, 5, 6);
        var transposed = new ReadOnlyTensorSpan<double>(X.AsSpan(), [3, 2], [1, 3]);
        transposed.ToTensor().ToArray().Should().Equal(X.Transpose().ToArray());
        var repeated = new ReadOnlyTensorSpan<double>(X.AsSpan()[..2], [3, 2], [0, 1]);
        repeated.ToTensor().ToArray().Should().Equal(1, 2, 1, 2, 1, 2);
    }

    [Fact]
    public void Tensors_go_there_and_back()
    {
        System.Numerics.Tensors.Tensor<double> theirs = X.ToNumericsTensor();
        theirs[1, 2].Should().Be(6);
        theirs.ToTensor().ToArray().Should().Equal(X.ToArray());
        theirs.ToTensor().Shape.ToArray().Should().Equal(2, 3);
        AutoDiff.Tensor.Scalar(7.0).AsReadOnlyTensorSpan().ToTensor().ToArray().Should().Equal(7);
        AutoDiff.Tensor.Zeros<float>(0, 3).AsReadOnlyTensorSpan().ToTensor().Shape.ToArray().Should().Equal(0, 3);
        AutoDiff.Tensor.Zeros<float>(2, 0).ToNumericsTensor().ToTensor().Length.Should().Be(0);
    }

    [Fact]
    public void A_recorded_tensor_is_read_and_stays_recorded()
    {
        using var tape = new Tape<double>();
        AutoDiff.Tensor<double> x = tape.Variable(X);
        (x * x).AsReadOnlyTensorSpan()[1, 1].Should().Be(25);
        (x * x).AsReadOnlyTensorSpan().ToTensor().Tape.Should().BeNull();
    }

    [Fact]
    public void A_disposed_tensor_is_not_read()
    {
        AutoDiff.Tensor<double> gone = AutoDiff.Tensor.Ones<double>(3);
        gone.Dispose();
        FluentActions.Invoking(() => gone.AsReadOnlyTensorSpan().Rank).Should().Throw<ObjectDisposedException>();
    }
}
