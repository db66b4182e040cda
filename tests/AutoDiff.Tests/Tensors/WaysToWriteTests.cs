using System.Globalization;

namespace AutoDiff.Tests.Tensors;

/// <summary>Ways in which people write calls: each compiles, and means what it says.</summary>
public class WaysToWriteTests
{
    private static readonly Tensor<double> Matrix = Tensor.Create([1.0, 2, 3, 4, 5, 6], 2, 3);

    [Fact]
    public void Double_is_the_standard_type()
    {
        Tensor<double> integers = Tensor.Create([1, 2, 3]);
        integers.ToArray().Should().Equal(1, 2, 3);
        Tensor.Create([1, 2, 3, 4], 2, 2).Shape.ToArray().Should().Equal(2, 2);
        Tensor.Create([1, 2, 3, 4], [4, 1]).Shape.ToArray().Should().Equal(4, 1);
        Tensor.Create([[1, 2], [3, 4]]).ToArray().Should().Equal(1, 2, 3, 4);
        Tensor.Create(new int[] { 1, 2 }).ToArray().Should().Equal(1, 2);
        Tensor.Create([]).Shape.ToArray().Should().Equal(0);
        Tensor.Create([], 0, 3).Shape.ToArray().Should().Equal(0, 3);
        Tensor<double> mask = Tensor.Create([true, false, true]);
        mask.ToArray().Should().Equal(1, 0, 1);
        Tensor.Create([true, false], 2, 1).Shape.ToArray().Should().Equal(2, 1);
        Tensor.Create<float>([1, 2]).ToArray().Should().Equal(1f, 2f);
        Tensor.Scalar(2).ToScalar().Should().Be(2);
        Tensor.Zeros(2, 3).ToArray().Should().Equal(0, 0, 0, 0, 0, 0);
        Tensor.Zeros(Matrix.Shape).Shape.ToArray().Should().Equal(2, 3);
        Tensor.Ones(2).ToArray().Should().Equal(1, 1);
        Tensor.Full(7, 2).ToArray().Should().Equal(7, 7);
        Tensor.Full(2.5f, 2).ToArray().Should().Equal(2.5f, 2.5f);
        Tensor.Identity(2).ToArray().Should().Equal(1, 0, 0, 1);
        Tensor.Range(3).ToArray().Should().Equal(0, 1, 2);
        Tensor.LinearSpace(0, 1, 3).ToArray().Should().Equal(0, 0.5, 1);
        new RandomKey(1).Normal(3).ToArray().Should().Equal(new RandomKey(1).Normal<double>(3).ToArray());
        new RandomKey(1).Uniform(2, 2).ToArray().Should().Equal(new RandomKey(1).Uniform<double>(2, 2).ToArray());
        FluentActions.Invoking(() => Tensor.Create([[1, 2], null!])).Should().Throw<ArgumentNullException>().WithMessage("Create: *");
    }

    [Fact]
    public void Arrays_and_lists_make_tensors()
    {
        double[] array = [1, 2, 3, 4];
        Tensor.Create(array).ToArray().Should().Equal(array);
        Tensor.Create(array, 2, 2).Shape.ToArray().Should().Equal(2, 2);
        Tensor.Create(array, [2, 2]).Shape.ToArray().Should().Equal(2, 2);
        Tensor.Create(array.AsSpan(1, 2)).ToArray().Should().Equal(2, 3);
        Tensor.Create(new double[][] { [1, 2], [3, 4] }).Shape.ToArray().Should().Equal(2, 2);
        FluentActions.Invoking(() => Tensor.Create((double[])null!)).Should().Throw<ArgumentNullException>().WithMessage("Create: *");
        FluentActions.Invoking(() => Tensor.Create((double[])null!, 1)).Should().Throw<ArgumentNullException>().WithMessage("Create: *");
        FluentActions.Invoking(() => Tensor.Create((double[][])null!)).Should().Throw<ArgumentNullException>().WithMessage("Create: *");

        Tensor<double> list = [1, 2.5];
        list.ToArray().Should().Equal(1, 2.5);
        Tensor<double> longer = [0, .. list, 3];
        longer.ToArray().Should().Equal(0, 1, 2.5, 3);
        Differentiate.Gradient(x => (x * x).Sum(), [1.0, 2.0]).ToArray().Should().Equal(2, 4);
        Differentiate.Hessian(x => x[0] * x[1], [1.0, 2.0]).ToArray().Should().Equal(0, 1, 1, 0);
        Differentiate.Jvp(x => x * x, [1.0, 2.0], [1.0, 1.0]).ToArray().Should().Equal(2, 4);
        Differentiate.Gradient(xs => (xs[0] * xs[1]).Sum(), [list, list])[0].ToArray().Should().Equal(1, 2.5);
        double sum = 0;
        foreach (double value in Matrix)
        {
            sum += value;
        }

        sum.Should().Be(21);
    }

    [Fact]
    public void Arguments_can_be_named_after_an_empty_list_of_axes()
    {
        Matrix.Sum(keepDims: true).Shape.ToArray().Should().Equal(1, 1);
        Matrix.Sum([0], keepDims: true).Shape.ToArray().Should().Equal(1, 3);
        Matrix.Mean(keepDims: true).ToArray().Should().Equal(3.5);
        Matrix.Max(keepDims: true).Rank.Should().Be(2);
        Matrix.Median(keepDims: true).Rank.Should().Be(2);
        Matrix.LogSumExp(keepDims: true).Rank.Should().Be(2);
        Matrix.NanMean(keepDims: true).Rank.Should().Be(2);
        Matrix.Norm(keepDims: true).Rank.Should().Be(2);
        Matrix.Norm(1.0).ToScalar().Should().Be(21);
        Matrix.Norm(1.0, 0).ToArray().Should().Equal(5, 7, 9);
        Matrix.Norm(axes: [0], order: 1.0).ToArray().Should().Equal(5, 7, 9);
        Matrix.Variance(correction: 0).ToScalar().Should().BeApproximately(35.0 / 12, 1e-15);
        Matrix.Variance().ToScalar().Should().Be(3.5);
        Matrix.Variance(0).ToArray().Should().Equal(4.5, 4.5, 4.5);
        Matrix.StandardDeviation(correction: 0, keepDims: true).Rank.Should().Be(2);
        Matrix.Quantile(0.5, keepDims: true).Rank.Should().Be(2);
        Matrix.Standardize(epsilon: 0).Sum().ToScalar().Should().BeApproximately(0, 1e-15);
    }

    [Fact]
    public void Ranges_have_a_start_an_end_and_a_step()
    {
        Tensor.Range(1, 4).ToArray().Should().Equal(1, 2, 3);
        Tensor.Range(0, 10, 2).ToArray().Should().Equal(0, 2, 4, 6, 8);
        Tensor.Range(2, 11, 3).ToArray().Should().Equal(2, 5, 8);
        Tensor.Range(1, -1, -0.5).ToArray().Should().Equal(1, 0.5, 0, -0.5);
        Tensor.Range(0.0, 0.3, 0.1).ToArray().Should().Equal(0, 0.1, 0.2);
        Tensor.Range(3, 3).Length.Should().Be(0);
        Tensor.Range(3, 1).Length.Should().Be(0);
        Tensor<float> single = Tensor.Range(1f, 2f, 0.25f);
        single.ToArray().Should().Equal(1f, 1.25f, 1.5f, 1.75f);
        Tensor.Range<float>(0, 3).ToArray().Should().Equal(0f, 1f, 2f);
        FluentActions.Invoking(() => Tensor.Range(0, 1, 0)).Should().Throw<ArgumentException>().WithMessage("Range: the step is 0*").WithParameterName("step");
        FluentActions.Invoking(() => Tensor.Range(0, double.PositiveInfinity)).Should().Throw<ArgumentException>().WithParameterName("end");
        FluentActions.Invoking(() => Tensor.Range(double.NaN, 1)).Should().Throw<ArgumentException>().WithParameterName("start");
        FluentActions.Invoking(() => Tensor.Range(0, 1, 1e-300)).Should().Throw<TensorShapeException>().WithMessage("Range: *");
    }

    [Fact]
    public void One_axis_needs_no_list()
    {
        (Func<Tensor<double>> Kept, Func<Tensor<double>> Gone)[] reductions =
        [
            (() => Matrix.Sum(-1, keepDims: true), () => Matrix.Sum(-1)), (() => Matrix.Mean(-1, keepDims: true), () => Matrix.Mean(-1)),
            (() => Matrix.Max(-1, keepDims: true), () => Matrix.Max(-1)), (() => Matrix.Min(-1, keepDims: true), () => Matrix.Min(-1)),
            (() => Matrix.Prod(-1, keepDims: true), () => Matrix.Prod(-1)), (() => Matrix.LogSumExp(-1, keepDims: true), () => Matrix.LogSumExp(-1)),
            (() => Matrix.LogMeanExp(-1, keepDims: true), () => Matrix.LogMeanExp(-1)), (() => Matrix.Norm(2, -1, keepDims: true), () => Matrix.Norm(2, -1)),
            (() => Matrix.Variance(-1, keepDims: true), () => Matrix.Variance(-1)), (() => Matrix.StandardDeviation(-1, keepDims: true), () => Matrix.StandardDeviation(-1)),
            (() => Matrix.Variance(-1, keepDims: true, correction: 0), () => Matrix.Variance(-1, correction: 0)), (() => Matrix.Median(-1, keepDims: true), () => Matrix.Median(-1)),
            (() => Matrix.NanSum(-1, keepDims: true), () => Matrix.NanSum(-1)), (() => Matrix.NanMean(-1, keepDims: true), () => Matrix.NanMean(-1)),
            (() => Matrix.NanMedian(-1, keepDims: true), () => Matrix.NanMedian(-1)), (() => Matrix.Quantile(0.5, -1, keepDims: true), () => Matrix.Quantile(0.5, -1)),
            (() => Matrix.NanQuantile(0.5, -1, keepDims: true), () => Matrix.NanQuantile(0.5, -1)), (() => Matrix.Any(-1, keepDims: true), () => Matrix.Any(-1)),
            (() => Matrix.All(-1, keepDims: true), () => Matrix.All(-1)), (() => Matrix.CountNonzero(-1, keepDims: true), () => Matrix.CountNonzero(-1)),
            (() => Matrix.MaxWithIndices(-1, keepDims: true).Values, () => Matrix.MaxWithIndices(-1).Values), (() => Matrix.ArgMax(-1, keepDims: true), () => Matrix.ArgMax(-1)),
            (() => Matrix.ArgMin(-1, keepDims: true), () => Matrix.ArgMin(-1)),
        ];
        foreach ((Func<Tensor<double>> kept, Func<Tensor<double>> gone) in reductions)
        {
            kept().Shape.ToArray().Should().Equal(2, 1);
            gone().Shape.ToArray().Should().Equal(2);
            kept().ToArray().Should().Equal(gone().ToArray());
        }

        // Two numbers are two axes, as ever.
        Matrix.Variance(0, 1).Rank.Should().Be(0);
        Matrix.Sum(0, 1).ToScalar().Should().Be(21);
    }

    [Fact]
    public void Reductions_along_an_axis_take_scalars()
    {
        Tensor<double> scalar = Tensor.Scalar(3);
        foreach (int axis in new[] { 0, -1 })
        {
            foreach (Func<Tensor<double>, Tensor<double>> reduce in (Func<Tensor<double>, Tensor<double>>[])[x => x.Sum(axis), x => x.Mean([axis], keepDims: true), x => x.Max(axis), x => x.Prod(axis), x => x.Norm(2.0, axis),
                x => x.LogSumExp(axis), x => x.Median(axis), x => x.Quantile(0.5, [axis]), x => x.MaxWithIndices(axis).Values, x => x.KthValue(1, axis), x => x.Mode(axis, keepDims: true)])
            {
                reduce(scalar).Rank.Should().Be(0);
                reduce(scalar).ToScalar().Should().BeApproximately(3, 1e-15);
                Differentiate.Derivative(reduce, 3.0).ToScalar().Should().BeApproximately(1, 1e-15);
            }

            scalar.Softmax(axis).ToScalar().Should().Be(1);
            scalar.LogSoftmax(axis).ToScalar().Should().Be(0);
            scalar.ArgMax(axis).Should().Equal(0);
            scalar.ArgMin(axis).Should().Equal(0);
        }

        FluentActions.Invoking(() => scalar.Sum(1)).Should().Throw<ArgumentException>().WithMessage("Sum: *");
        FluentActions.Invoking(() => scalar.ArgMax(1)).Should().Throw<ArgumentException>().WithMessage("ArgMax: *");
    }

    [Fact]
    public void A_list_in_brackets_picks_parts()
    {
        Matrix[[1, 0]].ToArray().Should().Equal(4, 5, 6, 1, 2, 3);
        int[] numbers = [1];
        Matrix[numbers].ToArray().Should().Equal(4, 5, 6);
        Matrix[0, 1].ToScalar().Should().Be(2);
        TensorIndex[] indices = [0, 1..];
        Matrix.Slice(indices).ToArray().Should().Equal(2, 3);
        FluentActions.Invoking(() => Matrix.SliceScatter(Matrix, 2)).Should().Throw<ArgumentException>().WithMessage("SliceScatter: *");
        FluentActions.Invoking(() => Matrix.Embedding([2], [1])).Should().Throw<ArgumentException>().WithMessage("Embedding: *");
    }

    [Fact]
    public void Numbers_stand_among_tensors()
    {
        Tensor.Stack([Matrix[0, 0], 2, 3.5]).ToArray().Should().Equal(1, 2, 3.5);
        Tensor.Stack([0, Matrix], axis: -1).Shape.ToArray().Should().Equal(2, 3, 2);
        Tensor.Stack([1.0, 2]).ToArray().Should().Equal(1.0, 2.0);
        Tensor.Where(Matrix > 2, 0.0, 1.0).ToArray().Should().Equal(1, 1, 0, 0, 0, 0);
        Tensor.Where(Matrix > 2, 0, 1).ToArray().Should().Equal(1, 1, 0, 0, 0, 0);
        FluentActions.Invoking(() => Tensor.Stack([1.0, null!])).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Tensor.Stack(ReadOnlySpan<TensorOrNumber<double>>.Empty)).Should().Throw<TensorShapeException>().WithMessage("Stack: *");
        Differentiate.Derivative(x => x * x * x, 2).ToScalar().Should().Be(12);
        Differentiate.Derivative(x => x * x * x, 2f).ToScalar().Should().Be(12f);
        Matrix.Split(2, axis: 1).Select(part => part.Shape[1]).Should().Equal(2, 1);
        Tensor.Zeros(0).Split(2).Should().ContainSingle();
    }

    [Fact]
    public void Closeness_has_the_field_s_tolerances()
    {
        Tensor<double> x = Tensor.Create([1.0, 100, 0]);
        x.AllClose(x + Tensor.Create([1e-6, 9e-4, 9e-9])).Should().BeTrue();
        x.AllClose(x + Tensor.Create([0, 0, 2e-8])).Should().BeFalse();
        x.AllClose(x + 0.5, absolute: 0.5).Should().BeTrue();
        Tensor.Scalar(double.PositiveInfinity).AllClose(Tensor.Scalar(double.PositiveInfinity)).Should().BeTrue();
        Tensor.Scalar(double.NegativeInfinity).AllClose(Tensor.Scalar(double.PositiveInfinity)).Should().BeFalse();
        Tensor.Scalar(1).AllClose(Tensor.Scalar(double.PositiveInfinity)).Should().BeFalse("∞ is within no relative tolerance");
        Tensor.Scalar(double.NaN).AllClose(Tensor.Scalar(double.NaN)).Should().BeFalse();
        Tensor.Scalar(double.NaN).AllClose(Tensor.Scalar(double.NaN), equalNaN: true).Should().BeTrue();
        Tensor.Zeros(0).AllClose(Tensor.Zeros(0)).Should().BeTrue();
        Matrix.AllClose(Tensor.Scalar(1)).Should().BeFalse();
        Tensor.Ones(2, 2).AllClose(1).Should().BeTrue();
        Tensor.Create([1, 1.1]).AllClose(1.0).Should().BeFalse();
        Tensor.Create([1f, 1.1f]).AllClose(1f, absolute: 0.2).Should().BeTrue();
        Tensor.Create([1.0, 2, double.NaN]).EqualTo(2).ToArray().Should().Equal(0, 1, 0);
        Tensor.Create([1.0, 2, double.NaN]).NotEqualTo(2).ToArray().Should().Equal(1, 0, 1);
        FluentActions.Invoking(() => x.AllClose(Matrix[.., ..2])).Should().Throw<TensorShapeException>().WithMessage("AllClose: *");
        FluentActions.Invoking(() => x.AllClose(null!)).Should().Throw<ArgumentNullException>().WithMessage("AllClose: *");
    }

    [Fact]
    public void Numbers_are_written_in_a_format()
    {
        $"{Matrix / 4:0.00}".Should().Be("[[0.25, 0.50, 0.75],\n [1.00, 1.25, 1.50]]");
        $"{Tensor.Scalar(0.5):E2} and {Tensor.Create([1, double.NaN, double.PositiveInfinity]):F1}".Should().Be("5.00E-001 and [1.0, nan, inf]");
        $"{Matrix[0]}".Should().Be("[1, 2, 3]");
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        Tensor.Scalar(0.5).ToString("0.00", comma).Should().Be("0,50");
        Tensor.Scalar(0.5).ToString(null, comma).Should().Be("0,5");
        Tensor.Scalar(0.5).ToString(null, null).Should().Be("0.5");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            $"{Tensor.Scalar(0.5):0.00}".Should().Be("0.50", "text is the same in every culture");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        var room = new char[8];
        Tensor.Create([1, 2]).TryFormat(room, out int written, "F1", null).Should().BeFalse("ten characters are needed");
        written.Should().Be(0);
        Tensor.Create([1, 2]).TryFormat(room, out written, default, null).Should().BeTrue();
        new string(room, 0, written).Should().Be("[1, 2]");
        FluentActions.Invoking(() => Matrix.ToString("Q", null)).Should().Throw<FormatException>();
    }

    [Fact]
    public void Values_are_copied_into_memory_of_the_caller()
    {
        var room = new double[7];
        Matrix.CopyTo(room);
        room.Should().Equal(1, 2, 3, 4, 5, 6, 0);
        FluentActions.Invoking(() => Matrix.CopyTo(new double[5])).Should().Throw<ArgumentException>().WithMessage("CopyTo: 5 places were given for 6 elements*");
    }
}
