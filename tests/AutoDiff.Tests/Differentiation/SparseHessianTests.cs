namespace AutoDiff.Tests.Differentiation;

public class SparseHessianTests
{
    /// <summary>A star: the symmetric coloring reads the long row from the columns.</summary>
    [Fact]
    public void An_arrow_takes_two_colors()
    {
        Func<Tensor<double>, Tensor<double>> f = x => (x[0].Sin() * x[1..].Square()).Sum();
        Tensor<double> x = Tensor.LinearSpace(0.2, 3.0, 200);
        var hessian = new SparseHessian<double>(f);
        SparseMatrix<double> matrix = hessian.Evaluate(x);
        SparseJacobianTests.Near(matrix.ToDense(), Differentiate.Hessian(f, x));
        (hessian.Colors, hessian.Analyses).Should().Be((2, 1));
        matrix.Pattern.Count.Should().Be(1 + (3 * 199));
    }

    /// <summary>A variable that all others meet, after them in the order, and a band beside it: each neighbor of a hub that has no color yet would need one of its own.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Hubs_after_a_band_take_few_colors(int hubs)
    {
        Tensor<double> F(Tensor<double> x)
        {
            (Tensor<double> band, Tensor<double> hub) = (x[..^hubs], x[^hubs..]);
            return ((band[1..] * band[..^1]).Sin() * hub.Exp().Sum()).Sum() + (hub.Prod() * band.Cube().Sum());
        }

        Tensor<double> x = Tensor.LinearSpace(-0.9, 1.0, 300);
        var hessian = new SparseHessian<double>(F);
        SparseJacobianTests.Near(hessian.Evaluate(x).ToDense(), Differentiate.Hessian(F, x));
        hessian.Colors.Should().BeLessThanOrEqualTo(3 + hubs);
    }

    [Fact]
    public void A_band()
    {
        Func<Tensor<double>, Tensor<double>> rosenbrock = x => (((x[1..] - x[..^1].Square()).Square() * 100.0) + (1.0 - x[..^1]).Square()).Sum();
        Tensor<double> x = Tensor.LinearSpace(-1.2, 1.0, 60);
        var hessian = new SparseHessian<double>(rosenbrock);
        SparseJacobianTests.Near(hessian.Evaluate(x).ToDense(), Differentiate.Hessian(rosenbrock, x));
        hessian.Colors.Should().Be(3);
        hessian.Pattern!.Count.Should().Be((3 * 60) - 2);

        const int n = 100_000;
        SparseMatrix<double> large = hessian.Evaluate(Tensor.LinearSpace(-1.2, 1.0, n));
        (hessian.Colors, hessian.Analyses, large.Pattern.Count).Should().Be((3, 2, (3 * n) - 2));
    }

    [Fact]
    public void A_sum_of_separate_terms_takes_one_color()
    {
        var hessian = new SparseHessian<double>(x => (x.Exp() + x.Sin()).Sum());
        Tensor<double> x = Tensor.Create([0.1, 0.2, 0.3]);
        SparseJacobianTests.Near(hessian.Evaluate(x).ToDense(), Differentiate.Hessian(x => (x.Exp() + x.Sin()).Sum(), x));
        hessian.Colors.Should().Be(1);
    }

    [Fact]
    public void A_linear_function_has_none() => new SparseHessian<double>(x => (x * 3.0).Sum()).Evaluate(Tensor.Create([1.0, 2])).ToDense().ToArray().Should().Equal(0, 0, 0, 0);

    [Fact]
    public void Only_a_scalar_has_one() =>
        FluentActions.Invoking(() => new SparseHessian<double>(x => x * x).Evaluate(Tensor.Create([1.0, 2]))).Should().Throw<TensorShapeException>().WithMessage("*scalar*");
}
