using System.Globalization;

namespace AutoDiff.Tests.Tensors;

/// <summary>Making, reading, indexing and printing tensors.</summary>
public class TensorTests
{
    private static readonly Tensor<double> Matrix = Tensor.Create([1.0, 2, 3, 4, 5, 6], 2, 3);

    [Fact]
    public void Factories()
    {
        Tensor.Create([1.0, 2]).Shape.ToArray().Should().Equal(2);
        Tensor.Create([1f, 2], 2, 1).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create([7.0], []).Rank.Should().Be(0);
        Tensor.Scalar(3.0).ToScalar().Should().Be(3);
        Tensor.Zeros<double>(2, 2).ToArray().Should().Equal(0, 0, 0, 0);
        Tensor.Ones<float>(3).ToArray().Should().Equal(1, 1, 1);
        Tensor.Full(2.5, 2).ToArray().Should().Equal(2.5, 2.5);
        Tensor.Identity<double>(2).ToArray().Should().Equal(1, 0, 0, 1);
        Tensor.Range<double>(4).ToArray().Should().Equal(0, 1, 2, 3);
        Tensor.LinearSpace(0.0, 1.0, 5).ToArray().Should().Equal(0, 0.25, 0.5, 0.75, 1);
        Tensor.LinearSpace(0.1, 0.7, 4).At(3).Should().Be(0.7);
        Tensor.LinearSpace(2.0, 3.0, 1).ToArray().Should().Equal(2);
        Tensor.Zeros<double>(2, 0, 3).Length.Should().Be(0);
        Tensor.Zeros<double>().Length.Should().Be(1);
    }

    [Fact]
    public void Matrices_can_be_given_by_rows()
    {
        Tensor<double> m = Tensor.Create([[1.0, 2, 3], [4, 5, 6]]);
        m.Shape.ToArray().Should().Equal(2, 3);
        m.ToArray().Should().Equal(Matrix.ToArray());
        float[][] jagged = [[1f], [2f]];
        Tensor<float> column = Tensor.Create<float>(jagged);
        jagged[0][0] = 9;
        column.Shape.ToArray().Should().Equal(2, 1);
        column.ToArray().Should().Equal(1, 2);
        List<double[]> lines = [[1, 2], [3, 4]];
        Tensor.Create(lines).ToArray().Should().Equal(1, 2, 3, 4);
        Tensor.Create(lines.Select(line => line[..1])).Shape.ToArray().Should().Equal(2, 1);
        FluentActions.Invoking(() => Tensor.Create((IEnumerable<double[]>)null!)).Should().Throw<ArgumentNullException>().WithParameterName("rows");
        FluentActions.Invoking(() => Tensor.Create(new List<double[]>())).Should().Throw<TensorShapeException>().WithMessage("Create: no row*");
        Tensor.Create<double>([[], []]).Shape.ToArray().Should().Equal(2, 0);
        Tensor.Create<double>([]).Shape.ToArray().Should().Equal([0], "an empty list is a vector");
        FluentActions.Invoking(() => Tensor.Create([[1.0, 2], [3]])).Should().Throw<TensorShapeException>().WithMessage("Create: row 1 has 1 values, row 0 has 2*");
        FluentActions.Invoking(() => Tensor.Create([[1.0], null!])).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Tensor.Create(ReadOnlySpan<double[]>.Empty)).Should().Throw<TensorShapeException>().WithMessage("Create: no row*");
    }

    [Fact]
    public void Values_are_copied_in_and_out()
    {
        double[] values = [1, 2];
        Tensor<double> x = Tensor.Create<double>(values);
        values[0] = 9;
        x.ToArray()[1] = 9;
        x.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void Factories_check_their_arguments()
    {
        FluentActions.Invoking(() => Tensor.Create([1.0, 2], 3)).Should().Throw<TensorShapeException>().WithMessage("Create: 2 values were given for the shape [3]. Expected 3 values. To fix it, *");
        FluentActions.Invoking(() => Tensor.Zeros<double>(-1)).Should().Throw<TensorShapeException>().WithMessage("Zeros: *negative*");
        FluentActions.Invoking(() => Tensor.Ones<double>(1 << 20, 1 << 20)).Should().Throw<TensorShapeException>().WithMessage("Ones: *more than*");
        FluentActions.Invoking(() => Tensor.Full(1.0, 1 << 20, 1 << 20, 1 << 30)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Tensor.Identity<double>(-1)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Tensor.Range<double>(-1)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Tensor.LinearSpace(0.0, 1.0, -1)).Should().Throw<TensorShapeException>();
    }

    [Fact]
    public void Reading_one_number()
    {
        Matrix.At(1, 2).Should().Be(6);
        Matrix.At(-1, -3).Should().Be(4);
        Tensor.Scalar(5.0).At().Should().Be(5);
        FluentActions.Invoking(() => Matrix.At(0)).Should().Throw<TensorShapeException>().WithMessage("At: 1 indices were given for a tensor of shape [2, 3]*");
        FluentActions.Invoking(() => Matrix.At(0, 3)).Should().Throw<ArgumentException>().WithMessage("At: index 3 is outside axis 1 of shape [2, 3]. Expected an index from -3 to 2*");
        FluentActions.Invoking(() => Matrix.At(-3, 0)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Matrix.ToScalar()).Should().Throw<TensorShapeException>().WithMessage("ToScalar: *[2, 3] and 6 elements*exactly one element*");
        FluentActions.Invoking(() => Tensor.Zeros<double>(0).ToScalar()).Should().Throw<TensorShapeException>();
        Tensor.Create([4.0], 1, 1).ToScalar().Should().Be(4);
    }

    [Fact]
    public void Indices_in_brackets_give_tensors()
    {
        Matrix[1].ToArray().Should().Equal(4, 5, 6);
        Matrix[1, 2].Rank.Should().Be(0);
        Matrix[^1, ^1].ToScalar().Should().Be(6);
        Matrix[-2, -1].ToScalar().Should().Be(3);
        Matrix[.., 1..].ToArray().Should().Equal(2, 3, 5, 6);
        Matrix[0..1].Shape.ToArray().Should().Equal(1, 3);
        Matrix[.., ^2..^1].ToArray().Should().Equal(2, 5);
        Matrix[.., TensorIndex.Every(.., 2)].ToArray().Should().Equal(1, 3, 4, 6);
        Matrix[.., TensorIndex.Every(.., -1)].ToArray().Should().Equal(3, 2, 1, 6, 5, 4);
        Matrix[.., TensorIndex.Every(..2, -2)].ToArray().Should().Equal(2, 5);
        Matrix[TensorIndex.NewAxis].Shape.ToArray().Should().Equal(1, 2, 3);
        Matrix[.., TensorIndex.NewAxis, 0].Shape.ToArray().Should().Equal(2, 1);
        Matrix[TensorIndex.Ellipsis, 0].ToArray().Should().Equal(1, 4);
        Matrix[0, TensorIndex.Ellipsis].ToArray().Should().Equal(1, 2, 3);
        Matrix[2..2].Shape.ToArray().Should().Equal(0, 3);
        FluentActions.Invoking(() => Matrix[2]).Should().Throw<ArgumentException>().WithMessage("x[...]: index 2 is outside axis 0 of shape [2, 3]*");
        FluentActions.Invoking(() => Matrix[0, 0, 0]).Should().Throw<TensorShapeException>().WithMessage("x[...]: 3 axes are indexed in a tensor of shape [2, 3]. Expected at most 2*");
        FluentActions.Invoking(() => Matrix[1..4]).Should().Throw<ArgumentException>().WithMessage("x[...]: the range 1..4 is outside axis 0*");
        FluentActions.Invoking(() => Matrix[TensorIndex.Ellipsis, 0, TensorIndex.Ellipsis]).Should().Throw<ArgumentException>().WithMessage("x[...]: 2 ellipses are given*");
        FluentActions.Invoking(() => TensorIndex.Every(.., 0)).Should().Throw<ArgumentException>().WithMessage("Every: the step is 0*");
    }

    [Fact]
    public void Printing_follows_the_field_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Tensor.Scalar(2.5).ToString().Should().Be("2.5");
            Tensor.Create([1.0, -0.5, 10]).ToString().Should().Be("[1, -0.5, 10]");
            Tensor.Create([1.0, -0.5, 10]).ToString("0.00").Should().Be("[1.00, -0.50, 10.00]");
            Matrix.ToString().Should().Be("[[1, 2, 3],\n [4, 5, 6]]");
            Tensor.Range<double>(8).Reshape(2, 2, 2).ToString().Should().Be("[[[0, 1],\n  [2, 3]],\n\n [[4, 5],\n  [6, 7]]]");
            Tensor.Create([double.NaN, double.PositiveInfinity, double.NegativeInfinity]).ToString().Should().Be("[nan, inf, -inf]");
            Tensor.Create([1.5e-10, 1]).ToString().Should().Be("[1.5e-10, 1]");
            Tensor.Create([0.5, 1, -20, 0], 2, 2).ToString().Should().Be("[[0.5, 1],\n [-20, 0]]");
            Tensor.Create([1.0, 2, 30, 4, 5, 6, 7, 800], 2, 2, 2).ToString().Should().Be("[[[ 1,   2],\n  [30,   4]],\n\n [[ 5,   6],\n  [ 7, 800]]]");
            Tensor.Range<double>(2000).Reshape(2, 1000).ToString().Should().Be("[[   0,    1,    2, ...,  997,  998,  999],\n [1000, 1001, 1002, ..., 1997, 1998, 1999]]");
            Tensor.Range<double>(1200).Reshape(300, 4).ToString().Should().StartWith("[[   0,    1,    2,    3],\n").And.EndWith("[1196, 1197, 1198, 1199]]");
            Tensor.Zeros<double>(0).ToString().Should().Be("[]");
            Tensor.Zeros<double>(2, 0).ToString().Should().Contain("[2, 0]");
            Tensor.Range<double>(2000).ToString().Should().Be("[0, 1, 2, ..., 1997, 1998, 1999]");
            string large = Tensor.Zeros<double>(100, 100).ToString();
            large.Split('\n').Should().HaveCount(7);
            large.Should().StartWith("[[0, 0, 0, ..., 0, 0, 0],\n").And.EndWith("0]]");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Conversion_between_precisions()
    {
        Tensor<float> single = Tensor.Create([0.1, 1e300, double.NaN, -0.0]).ConvertTo<float>();
        single.ToArray().Should().Equal(0.1f, float.PositiveInfinity, float.NaN, 0f);
        float.IsNegative(single.At(3)).Should().BeTrue();
        single.ConvertTo<double>().At(0).Should().Be((double)0.1f);
        using var tape = new Tape<double>();
        tape.Variable(Matrix).Detach().ConvertTo<float>().Tape.Should().BeNull();
    }

    [Fact]
    public void Equality_is_by_reference()
    {
        Tensor<double> same = Tensor.Create(Matrix.AsSpan(), Matrix.Shape);
#pragma warning disable AD1008 // That is what is tested.
        Matrix.Equals(same).Should().BeFalse();
        (Matrix == same).Should().BeFalse();
#pragma warning restore AD1008
        Matrix.EqualTo(same).ToArray().Should().OnlyContain(value => value == 1);
    }

    [Fact]
    public void Detaching_makes_a_constant()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Matrix);
        Tensor<double> y = x * 2.0;
        y.Detach().Tape.Should().BeNull();
        y.Detach().ToArray().Should().Equal(y.ToArray());
        Matrix.Detach().Should().BeSameAs(Matrix);
        tape.Gradient((y * y.Detach()).Sum(), x).ToArray().Should().Equal(Matrix.ToArray().Select(value => 4 * value));
    }

    [Fact]
    public void Tensors_of_rank_zero_and_empty_ones_are_ordinary()
    {
        using var tape = new Tape<double>();
        Tensor<double> s = tape.Variable(2.0);
        tape.Gradient(s * s * s, s).Shape.Length.Should().Be(0);
        tape.Jacobian(s * s, s).Rank.Should().Be(0);
        Tensor<double> e = tape.Variable(Tensor.Zeros<double>(0, 3));
        tape.Gradient((e.Exp() * e).Sum(), e).Shape.ToArray().Should().Equal(0, 3);
        e.Sum().ToScalar().Should().Be(0);
        e.Prod().ToScalar().Should().Be(1);
        double.IsNaN(e.Mean().ToScalar()).Should().BeTrue();
        tape.Gradient(e.Mean(), e).Length.Should().Be(0);
        tape.Jacobian(e, e).Shape.ToArray().Should().Equal(0, 3, 0, 3);
        tape.Jacobian(e, s).Shape.ToArray().Should().Equal(0, 3);
        e.Sum(0).ToArray().Should().Equal(0, 0, 0);
        Differentiate.Hessian(x => x.Square().Sum(), Tensor.Zeros<double>(0)).Shape.ToArray().Should().Equal(0, 0);
    }
}
