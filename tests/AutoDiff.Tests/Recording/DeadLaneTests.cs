namespace AutoDiff.Tests.Recording;

/// <summary>What a lane that was not chosen read, NaN or singular as it may be, is nothing to operations that compute with whole tensors; and the slots of cotangents keep values and lanes apart.</summary>
public class DeadLaneTests
{
    private static readonly Tensor<double> Keep = Tensor.Create([1.0, 0.0, 1.0], 3, 1);

    [Fact]
    public void A_row_of_a_product()
    {
        Tensor<double> rows = Tensor.Create([1.0, 2, double.NaN, double.PositiveInfinity, 3, 4], 3, 2);
        Tensor<double> w = Tensor.Create([1.0, -1, 2, 0.5], 2, 2);
        Func<Tensor<double>, Tensor<double>> f = w => Tensor.Where(Keep, rows.MatMul(w).Sin(), 0.0).Sum();
        Func<Tensor<double>, Tensor<double>> good = w => rows.Take([0, 2]).MatMul(w).Sin().Sum();
        Differentiate.Gradient(f, w).ToArray().Should().Equal(Differentiate.Gradient(good, w).ToArray());
        Differentiate.Hessian(f, w).ToArray().Should().Equal(Differentiate.Hessian(good, w).ToArray());
    }

    [Fact]
    public void A_matrix_of_a_batch_whose_axes_the_other_factor_has_not_all()
    {
        Tensor<double> a = Tensor.Create([1.0, 2, double.NaN, double.PositiveInfinity, 5, 6], 3, 1, 2);
        Tensor<double> b = Tensor.LinearSpace(-1.0, 2.0, 12).Reshape(1, 3, 2, 2);
        Tensor<double> keep = Tensor.Create([1.0, 0.0, 1.0], 3, 1, 1);
        double[] g = Differentiate.Gradient(b => Tensor.Where(keep, a.MatMul(b).Sin(), 0.0).Sum(), b).ToArray();
        double[] expected = Differentiate.Gradient(b => Enumerable.Range(0, 3).Where(i => i != 1).Select(i => a[i].MatMul(b[0, i]).Sin().Sum()).Aggregate((x, y) => x + y), b).ToArray();
        g.Should().Equal(expected);
        g[4..8].Should().Equal(0, 0, 0, 0);
        Differentiate.Gradient(a => Tensor.Where(keep, a.MatMul(b * a.Sum([1, 2]).Reshape(3, 1, 1)), 0.0).Sum(), a).ToArray()[2..4].Should().Equal(0, 0);
    }

    [Fact]
    public void A_matrix_of_a_batch_to_which_the_other_factor_adds_an_axis()
    {
        // What lies before the factor has an infinite slope in the matrix that is not chosen: its lanes have to be dead.
        Tensor<double> w = Tensor.Create([4.0, 0], 2, 1, 1);
        Tensor<double> wide = Tensor.Create([4.0, 5], 1, 2, 1, 1);
        Differentiate.Gradient(w => w.Sqrt().MatMul(wide)[0, 0].Sum(), w).ToArray().Should().Equal(1, 0);
        Differentiate.Gradient(w => wide.MatMul(w.Sqrt())[0, 0].Sum(), w).ToArray().Should().Equal(1, 0);
        Differentiate.Jvp(w => w[..1].Pad([(0, 1), (0, 0), (0, 0)]).MatMul(wide).Sqrt(), w, Tensor.Ones<double>(2, 1, 1)).ToArray().Should().Equal(0.5, 0);
    }

    [Fact]
    public void A_lane_that_meets_an_operand_of_length_one()
    {
        // The sum over lanes that the cotangent of the one is, runs over a NaN of the other.
        var times = new CustomOperation<double>("Times", xs => xs[0] * xs[1], vjp: (g, xs, _) => [(g * xs[1]).Sum([0], keepDims: true), g * xs[0]], axes: _ => [0]);
        Tensor<double> many = Tensor.Create([1.0, double.NaN, 3]);
        Tensor<double> chosen = Tensor.Create([1.0, 0, 1]);
        Differentiate.Gradient(one => Tensor.Where(chosen, times.Apply(one, many), 0.0).Sum(), Tensor.Create([2.0])).ToArray().Should().Equal(4);
    }

    [Fact]
    public void A_singular_matrix_of_a_batch()
    {
        Tensor<double> a = Tensor.Create([2.0, 1, 1, 3, 1, 2, 2, 4], 2, 2, 2);
        Tensor<double> chosen = Tensor.Create([1.0, 0.0]);
        foreach (Func<Tensor<double>, Tensor<double>> f in new Func<Tensor<double>, Tensor<double>>[] { a => a.LogDet(), a => a.SlogDet().LogAbs, a => a.Determinant().Log() })
        {
            double[] g = Differentiate.Gradient(a => Tensor.Where(chosen, f(a), 0.0).Sum(), a).ToArray();
            double[] expected = Differentiate.Gradient(a => f(a), a[0]).ToArray();
            g[..4].Should().Equal(expected);
            g[4..].Should().Equal(0, 0, 0, 0);
            Differentiate.Hessian(a => Tensor.Where(chosen, f(a), 0.0).Sum(), a).ToArray().Should().OnlyContain(h => double.IsFinite(h));
        }
    }

    [Fact]
    public void A_sample_of_a_convolution()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3, double.NaN, 5, 6, 7, 8, 9, double.PositiveInfinity], 2, 1, 5);
        Tensor<double> kernel = Tensor.Create([0.5, -1.0], 1, 1, 2);

        // The results that read the NaN are 2 and 3 of the first sample, and 3 of the second.
        Tensor<double> keep = Tensor.Create([1.0, 1, 0, 0, 1, 1, 1, 0], 2, 1, 4);
        double[] g = Differentiate.Gradient(k => Tensor.Where(keep, x.Conv1D(k), 0.0).Sum(), kernel).ToArray();
        g.Should().Equal(1 + 2 + 6 + 7 + 8, 2 + 3 + 7 + 8 + 9);
    }

    [Fact]
    public void A_query_of_attention()
    {
        Tensor<double> key = Tensor.Create([0.1, 0.2, 0.3, 0.4], 2, 2);
        Tensor<double> value = Tensor.Create([1.0, 2, 3, 5], 2, 2);
        Tensor<double> query = Tensor.Create([0.5, 0.25, double.NaN, 1], 2, 2);
        Tensor<double> keep = Tensor.Create([1.0, 0.0], 2, 1);
        double[] g = Differentiate.Gradient(k => Tensor.Where(keep, query.ScaledDotProductAttention(k, value), 0.0).Sum(), key).ToArray();
        double[] expected = Differentiate.Gradient(k => query[..1].ScaledDotProductAttention(k, value).Sum(), key).ToArray();
        g.Zip(expected).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-15);
    }

    [Fact]
    public void A_row_of_layer_norm()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, double.NaN, 1, 3, 5], 3, 2);
        Tensor<double> weight = Tensor.Create([1.0, 2]);
        double[] g = Differentiate.Gradient(w => Tensor.Where(Keep, x.LayerNorm(w), 0.0).Sum(), weight).ToArray();
        g.Should().Equal(Differentiate.Gradient(w => x.Take([0, 2]).LayerNorm(w).Sum(), weight).ToArray());
    }

    [Fact]
    public void A_lane_of_an_operation_from_outside_that_tells_its_axes()
    {
        var root = new CustomOperation<double>("Root", xs => xs[0].Sqrt(), vjp: (g, xs, y) => [g * 0.5 / y], jvp: (ts, xs, y) => ts[0] * 0.5 / y, batched: true, axes: _ => [0]);
        Tensor<double> x = Tensor.Create([0.0, 4.0]);
        Differentiate.Gradient(x => Tensor.Where(x > 0.0, root.Apply(x), 0.0).Sum(), x).ToArray().Should().Equal(0, 0.25);
        Differentiate.Jvp(x => root.Apply(Tensor.Where(x > 0.0, x, 0.0)), x, Tensor.Create([1.0, 1.0])).ToArray().Should().Equal(0, 0.25);
        Differentiate.Jacobian(x => root.Apply(x), x).ToArray().Should().Equal(double.PositiveInfinity, 0, 0, 0.25);
    }

    [Fact]
    public void A_lane_of_an_operation_from_outside_two_axes_of_which_run_in_step_with_one()
    {
        var diagonal = new CustomOperation<double>("Diagonal", xs => xs[0].Diagonal(), vjp: (g, xs, _) => [Differentiate.Vjp(x => x.Diagonal(), xs[0], g)], batched: true, axes: _ => [0, 0]);
        Tensor<double> x = Tensor.Create([4.0, 1, 1, 0], 2, 2);
        Differentiate.Gradient(x => Tensor.Where(Tensor.Create([1.0, 0]), diagonal.Apply(x.Sqrt()), 0.0).Sum(), x).ToArray().Should().Equal(0.25, 0, 0, 0);
        Differentiate.Jacobian(x => diagonal.Apply(x.Sqrt())[..1], x).ToArray().Should().Equal(0.25, 0, 0, 0);
    }

    [Fact]
    public void Lanes_pass_through_checkpoints()
    {
        Tensor<double> x = Tensor.Create([0.0, 4.0]);
        Differentiate.Gradient(x => Differentiate.Checkpoint(v => v[1..], x.Sqrt()).Sum(), x).ToArray().Should().Equal(0, 0.25);
        Differentiate.Gradient(x => Differentiate.Checkpoint(v => v.Sqrt(), x)[1], x).ToArray().Should().Equal(0, 0.25);
        Differentiate.Jvp(x => Differentiate.Checkpoint(v => v.Pad([(1, 0)]), x[1..]).Sqrt(), x, Tensor.Ones<double>(2)).ToArray().Should().Equal(0, 0.25);
    }

    [Fact]
    public void Pieces_are_added_to_a_copy_of_a_shared_cotangent()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> z = tape.Variable(Tensor.Create([3.0, 4.0]));
        Tensor<double> a = x[0] * 5.0;
        Tensor<double> b = x + z;
        Tensor<double>[] g = tape.Vjp([a, b], [Tensor.Scalar(1.0), Tensor.Create([10.0, 20.0])], [x, z]);
        g[0].ToArray().Should().Equal(15, 20);
        g[1].ToArray().Should().Equal(10, 20);
    }

    [Fact]
    public void Lanes_are_marked_in_a_copy_of_shared_ones()
    {
        // x and z share the lanes of the choice; a piece then marks another lane of x, not of z.
        Tensor<double> mask = Tensor.Create([0.0, 1.0]);
        using var tape = new Tape<double>();
        Tensor<double> p = tape.Variable(Tensor.Create([0.0, 4.0]));
        Tensor<double> q = tape.Variable(Tensor.Create([0.0, 4.0]));
        Tensor<double> x = p.Sqrt();
        Tensor<double> z = q.Sqrt();
        Tensor<double> y = (x[0] * 3.0) + Tensor.Where(mask, x + z, 0.0).Sum();
        Tensor<double>[] g = tape.Gradient(y, [p, q]);
        g[0].ToArray().Should().Equal(double.PositiveInfinity, 0.25);
        g[1].ToArray().Should().Equal(0, 0.25);
    }

    [Fact]
    public void Stretched_tangents_keep_their_lanes()
    {
        Tensor<double> x = Tensor.Create([4.0]);
        Tensor<double> wide = Tensor.Ones<double>(3, 2);
        Tensor<double> Padded(Tensor<double> v) => v.Pad([(1, 0)]);
        Differentiate.Jvp(v => (Padded(v) * wide).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0, 0.25, 0, 0.25, 0, 0.25);
        Differentiate.Jvp(v => Padded(v).BroadcastTo(3, 2).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0, 0.25, 0, 0.25, 0, 0.25);
        Differentiate.Jvp(v => (Padded(v).ExpandDims(1) * wide[..2]).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0, 0, 0.25, 0.25);
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> y = (Padded(v) * wide).Sqrt();
        tape.Jvp(y, v, Tensor.Create([1.0, 2.0], 2, 1)).ToArray().Should().Equal(0, 0.25, 0, 0.25, 0, 0.25, 0, 0.5, 0, 0.5, 0, 0.5);
    }
}
