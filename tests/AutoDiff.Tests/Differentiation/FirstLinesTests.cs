namespace AutoDiff.Tests.Differentiation;

/// <summary>The first lines that a person types compile, with the types that are meant.</summary>
public class FirstLinesTests
{
    [Fact]
    public void Points_are_arrays_or_lists_of_numbers()
    {
        double[] point = [1.0, 2.0];
        Differentiate.Gradient(x => (x * x).Sum(), point).ToArray().Should().Equal(2, 4);
        Differentiate.Gradient(x => (x * x).Sum(), [1.0, 2.0]).ToArray().Should().Equal(2, 4);
        Differentiate.Gradient(x => (x * x).Sum(), [1, 2]).ToArray().Should().Equal(2, 4);
        Tensor<float> single = Differentiate.Gradient(x => (x * x).Sum(), [1f, 2f]);
        single.ToArray().Should().Equal(2f, 4f);
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => (x * x).Sum(), point);
        (value.ToScalar(), gradient[1].ToScalar()).Should().Be((5, 4));
        Differentiate.Jacobian(x => x * x, point).ToArray().Should().Equal(2, 0, 0, 4);
        Differentiate.Hessian(x => (x * x * x).Sum(), point).ToArray().Should().Equal(6, 0, 0, 12);
        Differentiate.Derivative(x => x * x, 2).ToScalar().Should().Be(4);

        point[0] = 7;
        gradient.ToArray().Should().Equal(2, 4);
    }

    [Fact]
    public void Arrays_that_are_null_are_refused_by_name()
    {
        Func<Tensor<double>, Tensor<double>> f = x => x.Sum();
        double[] missing = null!;
        foreach (Action call in new Action[]
        {
            () => Differentiate.Gradient(f, missing), () => Differentiate.ValueAndGradient(f, missing), () => Differentiate.Jacobian(f, missing), () => Differentiate.Hessian(f, missing),
        })
        {
            call.Should().Throw<ArgumentNullException>().WithParameterName("x");
        }
    }

    [Fact]
    public void Tensors_are_made_of_what_is_typed()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3]), mask = x > 1.0;
        Tensor.Create([1, 2, 3]).ToArray().Should().Equal(1.0, 2.0, 3.0);
        Tensor.Zeros(2, 3).Length.Should().Be(6);
        Tensor.Where(mask, 1.0, 0.0).ToArray().Should().Equal(0, 1, 1);
        Tensor.Where(mask, 0, x).ToArray().Should().Equal(1, 0, 0);
        Tensor.Stack([1.0, 2.0]).ToArray().Should().Equal(1, 2);
        x.AllClose(x).Should().BeTrue();
        x.Softmax().Sum().ToScalar().Should().BeApproximately(1, 1e-15);
    }
}
