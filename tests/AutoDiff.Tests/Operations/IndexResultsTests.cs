namespace AutoDiff.Tests.Operations;

/// <summary>Operations that give integers, and what the operation table does not say of indices.</summary>
public class IndexResultsTests
{
    private static readonly Tensor<double> X = Tensor.Create([3.0, 1, 2, double.NaN, 1, 5], 2, 3);

    [Fact]
    public void Orders_are_stable_and_put_NaN_where_the_largest_goes()
    {
        X.ArgSort().Should().Equal(1, 2, 0, 1, 2, 0);
        X.ArgSort(descending: true).Should().Equal(0, 2, 1, 0, 2, 1);
        X.ArgSort(0).Should().Equal(0, 0, 0, 1, 1, 1);
        (Tensor<double> values, int[] indices) = X.Sort(1);
        values.ToArray().Should().Equal(1, 2, 3, 1, 5, double.NaN);
        indices.Should().Equal(1, 2, 0, 1, 2, 0);
        X.Gather(X.ArgSort(0), [2, 3], 0).ToArray().Should().Equal(X.Sort(0).Values.ToArray());
        X.TopK(2).Indices.Should().Equal(0, 2, 0, 2);
    }

    [Fact]
    public void Places_of_extrema_are_the_first_and_NaN_wins()
    {
        X.ArgMax(1).Should().Equal(0, 0);
        X.ArgMax(0).Should().Equal(1, 0, 1);
        X.ArgMin(-1).Should().Equal(1, 0);
        Tensor.Create([2.0, 7, 7]).ArgMax(0).Should().Equal(1);
        X.MaxWithIndices(0).Indices.Should().Equal(1, 0, 1);
        FluentActions.Invoking(() => Tensor.Zeros<double>(2, 0).ArgMax(1)).Should().Throw<TensorShapeException>();
        Tensor.Zeros<double>(0, 2).ArgMax(1).Should().BeEmpty();
    }

    [Fact]
    public void A_scalar_passes_for_a_vector_of_one_number()
    {
        Tensor<double> x = Tensor.Scalar(3.0);
        foreach (int axis in new[] { 0, -1 })
        {
            foreach (Indices<double> indices in new[] { x.ArgMax(axis), x.ArgMin(axis), x.ArgSort(axis), x.Sort(axis).Indices, x.TopK(1, axis).Indices, x.CumMaxWithIndices(axis).Indices, x.CumMinWithIndices(axis).Indices })
            {
                indices.ToArray().Should().Equal(0);
                indices.Shape.Length.Should().Be(0);
            }
        }
    }

    [Fact]
    public void Indices_stand_beside_the_values()
    {
        X.MedianWithIndices().Indices.Should().Equal(2, 0);
        X.MedianWithIndices(0).Indices.Should().Equal(1, 0, 0);
        X.KthValueWithIndices(2).Indices.Should().Equal(2, 2);
        Tensor.Create([1, 2, 2, 3]).ModeWithIndices().Indices.Should().Equal(2);
        X.CumMaxWithIndices(1).Indices.Should().Equal(0, 0, 0, 0, 0, 0);
        Tensor.Create([2, 1, 2, 0, 5]).CumMaxWithIndices(0).Indices.Should().Equal(0, 0, 2, 2, 4);
        Tensor.Create([2, 1, 2, 0, 5]).CumMinWithIndices(0).Indices.Should().Equal(0, 1, 1, 3, 3);
    }

    [Fact]
    public void Searches_count_what_is_below()
    {
        Tensor<double> sorted = Tensor.Create([1.0, 2, 2, 3]);
        sorted.SearchSorted(Tensor.Create([0, 2, 2.5, 4, double.NaN])).Should().Equal(0, 1, 3, 4, 4);
        sorted.SearchSorted(Tensor.Create([2.0]), after: true).Should().Equal(3);
        Tensor.Create([0.0, 4, 0, -1], 2, 2).NonZero().Should().BeEquivalentTo(new[] { new[] { 0, 1 }, [1, 1] }, options => options.WithStrictOrdering());
        (Tensor<double> values, int[] inverse, int[] counts) = Tensor.Create([2.0, 1, 2]).Unique();
        values.ToArray().Should().Equal(1, 2);
        inverse.Should().Equal(1, 0, 1);
        counts.Should().Equal(1, 2);
    }

    [Fact]
    public void The_row_of_padding_gets_no_derivative() => Differentiate.Gradient(w => (w.Embedding([0, 2, 2, 1], [4], paddingIndex: 1) * Tensor.Create([1.0, 2, 3, 4, 5, 6, 7, 8], 4, 2)).Sum(),
        Tensor.Create([1.0, 2, 3, 4, 5, 6], 3, 2)).ToArray().Should().Equal(1, 2, 0, 0, 8, 10);

    [Fact]
    public void Derivatives_of_running_products_are_exact_at_zeros_in_second_order() =>
        Differentiate.Gradient(x => (Differentiate.Gradient(v => v.CumProd(0).Sum(), x) * Tensor.Create([1.0, 1, 1])).Sum(), Tensor.Create([2.0, 0, 3])).ToArray().Should().Equal(4, 6, 2);
}
