namespace AutoDiff.Tests.Tensors;

/// <summary>Lengths are counted in 64 bits wherever a shape is made; a shape that no tensor can have is refused, whatever operation asks for it.</summary>
public class LengthTests
{
    /// <summary>65,536 squared is 2^32, which 32 bits take for 0; 46,341 squared is the first square beyond 2^31.</summary>
    public static TheoryData<int> Sides => [65536, 46341];

    [Theory]
    [MemberData(nameof(Sides))]
    public void A_result_that_no_tensor_can_hold_is_refused_with_the_shapes_of_both_operands(int n)
    {
        Tensor<float> column = Tensor.Ones<float>(n, 1);
        Tensor<float> row = Tensor.Ones<float>(1, n);
        Tensor<float> vector = Tensor.Ones<float>(n);
        Dictionary<string, Func<Tensor<float>>> calls = new()
        {
            ["+"] = () => column + row,
            ["Maximum"] = () => column.Maximum(row),
            ["Where"] = () => Tensor.Where(column, row, 1f),
            ["MatMul"] = () => column.MatMul(row),
            ["MatMul of a batch"] = () => column.Reshape(n, 1, 1).MatMul(row),
            ["Outer"] = () => vector.Outer(vector),
            ["Kron"] = () => column.Kron(row),
            ["Einsum"] = () => Tensor.Einsum("a,b->ab", vector, vector),
            ["TensorDot"] = () => vector.TensorDot(vector, 0),
            ["Toeplitz"] = () => vector.Toeplitz(vector),
            ["PairwiseDistances"] = () => column.PairwiseDistances(column),
        };
        foreach ((string name, Func<Tensor<float>> call) in calls)
        {
            call.Should().Throw<TensorShapeException>("{0} of {1}", name, n).Which.Message.Should().MatchRegex($@"{n}.*{n}", "{0} names what it was given", name);
        }
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void A_result_of_one_operand_that_no_tensor_can_hold_is_refused(int n)
    {
        Tensor<float> vector = Tensor.Ones<float>(n);
        Tensor<float> pair = Tensor.Ones<float>(1, 1, 2, 2);
        Action[] calls =
        [
            () => vector.Tile(n), () => vector.Tile(n, 1), () => vector.RepeatInterleave(n, 0), () => vector.BroadcastTo(n, n), () => vector.DiagonalEmbed(), () => vector.Vander(n),
            () => Tensor.Meshgrid(vector, vector), () => Tensor.CartesianProduct(vector, vector), () => Tensor.OneHot<float>(new int[n], n), () => Tensor.Identity<float>(n),
            () => vector.Pad([(1 << 30, 1 << 30)]), () => vector.Pad([(int.MaxValue, 0)], PadMode.Replicate), () => pair.AdaptiveAvgPool2D(n), () => pair.AdaptiveMaxPool2D(n), () => pair.Interpolate([n, n]),
            () => Tensor.BlockDiagonal(vector.ExpandDims(0), vector.ExpandDims(1)), () => Tensor.Concat(Enumerable.Repeat(vector, 1 << 16).ToArray()),
        ];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i].Should().Throw<TensorShapeException>("call {0}", i);
        }
    }

    [Fact]
    public void What_fits_is_not_refused()
    {
        Tensor.Ones<float>(1).RepeatInterleave(46341, 0).Length.Should().Be(46341);
        Tensor.Ones<float>(1).Tile(46341).Length.Should().Be(46341);
        Tensor.Ones<float>(1, 46341).Transpose().Length.Should().Be(46341);
    }

    [Fact]
    public void Extents_of_zero_are_left_out_of_the_bound_so_that_parts_of_a_shape_fit_too()
    {
        FluentActions.Invoking(() => Tensor.Zeros<float>(0, 65536, 65536)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Tensor.Zeros<float>(65536, 0) + Tensor.Zeros<float>(65536, 1, 1)).Should().Throw<TensorShapeException>();
        FluentActions.Invoking(() => Tensor.Zeros<float>(65536, 0).MatMul(Tensor.Zeros<float>(0, 65536))).Should().Throw<TensorShapeException>();
    }

    [Fact]
    public void A_Jacobian_that_no_tensor_can_hold_is_refused_before_its_sweeps()
    {
        Tensor<float> x = Tensor.Ones<float>(65536);
        int calls = 0;
        var once = new CustomOperation<float>("Once", xs => xs[0], vjp: (g, xs, y) =>
        {
            calls++;
            return [g];
        });
        Tensor<float> f(Tensor<float> x) => once.Apply(x);
        FluentActions.Invoking(() => Differentiate.Jacobian(f, x)).Should().Throw<TensorShapeException>().WithMessage("*[65536]*[65536]*");
        FluentActions.Invoking(() => Differentiate.Jacobian(f, x, new JacobianOptions { Mode = JacobianMode.Reverse })).Should().Throw<TensorShapeException>();
        calls.Should().Be(0);
    }

    [Fact]
    public void A_refused_operation_leaves_the_tape_as_it_was()
    {
        using var tape = new Tape<float>();
        Tensor<float> vector = tape.Variable(Tensor.Ones<float>(65536));
        Tensor<float> tall = tape.Variable(Tensor.Ones<float>(256, 256, 1));
        int count = tape.Count;
        Action[] calls =
        [
            () => vector.Outer(vector), () => vector.Kron(vector), () => vector.Tile(65536), () => vector.RepeatInterleave(65536, 0), () => vector.Toeplitz(), () => Tensor.Einsum("a,b->ab", vector, vector),
            () => tall.MatMul(Tensor.Ones<float>(1, 65536)), () => vector.DiagonalEmbed(),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<TensorShapeException>();
            tape.Count.Should().Be(count);
        }
    }

    [Fact]
    public void A_tensor_has_at_most_64_axes()
    {
        int[] most = [.. Enumerable.Repeat(1, 64)];
        int[] many = [.. Enumerable.Repeat(1, 1_000_000)];
        Tensor<double> x = Tensor.Ones<double>(2).Reshape([2, .. most[1..]]);
        (x + x.Reshape([1, 2, .. most[2..]])).Sum().ToScalar().Should().Be(8);
        x.ToString().Should().StartWith("[[[");
        x.Flip().Pad(new (int, int)[64]).Permute([.. Enumerable.Range(0, 64).Reverse()]).Shape[^1].Should().Be(2);
        Differentiate.Gradient(v => (v * v).Sum(), x).ToArray().Should().Equal(2, 2);
        x.Tile([.. Enumerable.Repeat(1, 63), 3]).Length.Should().Be(6);
        Action[] calls =
        [
            () => Tensor.Ones<double>(many), () => Tensor.Scalar(1.0).Reshape(many), () => x.ExpandDims(0), () => x.BroadcastTo([1, .. x.Shape]), () => Tensor.Stack([x, x]), () => x.Unflatten(0, 1, 2),
            () => _ = x[TensorIndex.NewAxis], () => Tensor.Scalar(1.0).Tile(many), () => Tensor.Meshgrid(Enumerable.Repeat(Tensor.Ones<double>(1), 65).ToArray()), () => Differentiate.Jacobian(v => v * v, x),
            () => StoredArray.Create([1], many), () => new RandomKey(1).Normal<double>(many), () => Tensor.Einsum("...,...a->...a", x, Tensor.Ones<double>([.. most, 2])),
            () => Differentiate.Vjp(v => v, x, Tensor.Ones<double>([3, .. x.Shape])), () => Differentiate.Hessian(v => (v * v).Sum(), x),
        ];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i].Should().Throw<TensorShapeException>("call {0}", i).Which.Message.Length.Should().BeLessThan(2000, "a message does not write out a million axes");
        }
    }
}
