namespace AutoDiff.Tests.Recording;

/// <summary>A cotangent that goes to several inputs is one tensor; what is added for one of them does not reach the others. Nor do structural zeros get lost on the way, or unit vectors change their place.</summary>
public class SharedCotangentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_piece_added_to_one_input_leaves_the_others_alone(bool record)
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0])), z = tape.Variable(Tensor.Create([3.0, 4.0]));
        Tensor<double> a = x[0] * 5.0;
        Tensor<double> b = x + z;
        Tensor<double>[] gradients = tape.Vjp([a, b], [Tensor.Scalar(1.0), Tensor.Create([10.0, 20.0])], [x, z], record);
        gradients[0].ToArray().Should().Equal(15, 20);
        gradients[1].ToArray().Should().Equal(10, 20);
    }

    [Fact]
    public void The_callers_cotangent_is_not_added_to()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> a = x[1] * 5.0, b = x + 1.0, u = Tensor.Create([10.0, 20.0]);
        tape.Vjp([a, b], [Tensor.Scalar(1.0), u], [x])[0].ToArray().Should().Equal(10, 25);
        u.ToArray().Should().Equal(10, 20);
    }

    [Fact]
    public void The_callers_cotangent_of_an_intermediate_is_not_added_to()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> a = x * 2.0, b = a * 3.0, c = a[1] * 7.0, u = Tensor.Create([10.0, 20.0]);
        tape.Vjp([a, b], [u, Tensor.Create([1.0, 1.0])], [x])[0].ToArray().Should().Equal(26, 46);
        tape.Vjp([a, c], [u, Tensor.Scalar(1.0)], [x])[0].ToArray().Should().Equal(20, 54);
        tape.Vjp([a, a], [u, u], [x])[0].ToArray().Should().Equal(40, 80);
        u.ToArray().Should().Equal(10, 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lanes_marked_for_one_input_stay_structural_zeros_of_the_others(bool record)
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Create([1.0, 0.0]));
        Tensor<double> z = w.Sqrt();
        Tensor<double> x = tape.Variable(Tensor.Create([3.0, 4.0]));
        Tensor<double> a = x[1..] * 5.0;
        Tensor<double> b = (x + z)[..1];
        Tensor<double>[] gradients = tape.Vjp([a, b], [Tensor.Create([1.0]), Tensor.Create([1.0])], [x, w], record);
        gradients[0].ToArray().Should().Equal(1, 5);
        gradients[1].ToArray().Should().Equal([0.5, 0], "the second element of w, whose root has an infinite slope, reaches nothing");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tangents_keep_their_structural_zeros_where_they_are_stretched(bool batched)
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([4.0]));
        Tensor<double> v = Tensor.Concat([x, Tensor.Zeros<double>(1)]);
        Tensor<double> y = (v + Tensor.Zeros<double>(3, 2)).Sqrt();
        Tensor<double> tangent = tape.Jvp(y, x, batched ? Tensor.Create([1.0, 2.0], 2, 1) : Tensor.Create([1.0]));
        double[] expected = [0.25, 0, 0.25, 0, 0.25, 0];
        tangent.ToArray().Should().Equal(batched ? [.. expected, .. expected.Select(t => 2 * t)] : expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cotangents_keep_their_structural_zeros_where_they_are_summed(bool record)
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([4.0, 0.0]));
        Tensor<double> y = (x.Sqrt() + Tensor.Zeros<double>(3, 2))[.., 0].Sum();
        tape.Vjp(y, Tensor.Scalar(1.0), [x], record)[0].ToArray().Should().Equal(0.75, 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_path_reaches_everywhere_has_no_structural_zeros_of_another(bool maskedFirst)
    {
        Tensor<double> x = Tensor.Create([1.0, 2.0]), mask = Tensor.Create([1.0, 0.0]);
        Tensor<double> F(Tensor<double> x)
        {
            Tensor<double> v = x.Square();
            Tensor<double> masked = maskedFirst ? Tensor.Where(mask, v, 0.0).Sum() : Tensor.Scalar(0.0);
            Tensor<double> whole = (v * 10.0).Sum();
            return maskedFirst ? masked + whole : whole + Tensor.Where(mask, v, 0.0).Sum();
        }

        Differentiate.Gradient(F, x).ToArray().Should().Equal(22, 40);
        Differentiate.Jvp(F, x, Tensor.Create([1.0, 1.0])).ToScalar().Should().Be(62);
        Differentiate.Hessian(F, x).ToArray().Should().Equal(22, 0, 0, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(48)]
    [InlineData(1 << 20)]
    public void Jacobians_of_products_are_the_factors_in_chunks_of_any_size(long bound)
    {
        using var tape = new Tape<double>();
        Tensor<double> z = tape.Variable(Tensor.Create([1.0, -2.0, 0.5]));
        Tensor<double> w = tape.Variable(Tensor.LinearSpace(1.0, 12.0, 12).Reshape(3, 4));
        Tensor<double> m = w.Transpose().Detach();
        foreach (JacobianMode mode in (JacobianMode[])[JacobianMode.Reverse, JacobianMode.Forward])
        {
            var options = new JacobianOptions { Mode = mode, MemoryBound = bound };
            tape.Jacobian(z.MatMul(w), z, options).ToArray().Should().Equal(m.ToArray(), "row by matrix, {0}", mode);
            tape.Jacobian(z.MatMul(w.Detach()), z, options).ToArray().Should().Equal(m.ToArray(), "row by constant, {0}", mode);
            tape.Jacobian(m.MatMul(z), z, options).ToArray().Should().Equal(m.ToArray(), "matrix by column, {0}", mode);
            tape.Jacobian(w.Transpose().MatMul(z), z, options).ToArray().Should().Equal(m.ToArray(), "transposed matrix by column, {0}", mode);
        }
    }

    [Fact]
    public void Unit_vectors_that_meet_are_unit_vectors_no_more()
    {
        Tensor<double> w = Tensor.LinearSpace(1.0, 12.0, 12).Reshape(3, 4);
        Tensor<double> at = Tensor.Create([1.0, -2.0, 0.5]);
        double[] rows = w.Transpose().ToArray();
        foreach (JacobianMode mode in (JacobianMode[])[JacobianMode.Reverse, JacobianMode.Forward])
        {
            Jacobian(z => Twice(z.MatMul(w))).Should().Equal(rows.Select(static w => 2 * w), "twice a product, {0}", mode);
            Jacobian(z => Twice(w.Transpose().MatMul(z))).Should().Equal(rows.Select(static w => 2 * w), "twice a product from the left, {0}", mode);
            Jacobian(z => Twice(z).MatMul(w)).Should().Equal(rows.Select(static w => 2 * w), "a product of twice, {0}", mode);
            Jacobian(z => z.MatMul(w).Flip()).Should().Equal(w.Flip(1).Transpose().ToArray(), "a flipped product, {0}", mode);
            Jacobian(z => z.Flip().MatMul(w)).Should().Equal(w.Flip(0).Transpose().ToArray(), "a product of a flipped vector, {0}", mode);
            Jacobian(z => z.MatMul(w).Reshape(2, 2).Transpose()).Should().Equal(w.Reshape(3, 2, 2).Transpose(1, 2).Reshape(3, 4).Transpose().ToArray(), "a transposed product, {0}", mode);

            double[] Jacobian(Func<Tensor<double>, Tensor<double>> f) => Differentiate.Jacobian(f, at, new JacobianOptions { Mode = mode }).ToArray();
        }

        static Tensor<double> Twice(Tensor<double> x) => x + x;
    }

    [Fact]
    public void A_constant_given_to_a_checkpoint_stays_a_constant()
    {
        Tensor<double> c = Tensor.Create([2.0, 3.0]);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 4.0]));
        Tensor<double> y = Differentiate.Checkpoint(p => p[0] * p[1] * p[1], [x, c]).Sum();
        tape.Gradient(y, x).ToArray().Should().Equal(4, 9);
        c.Tape.Should().BeNull();
        using var other = new Tape<double>();
        (other.Variable(Tensor.Create([1.0, 1.0])) * c).Sum().ToScalar().Should().Be(5);
        c.Dispose();
    }
}
