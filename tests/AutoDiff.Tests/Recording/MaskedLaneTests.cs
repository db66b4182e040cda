namespace AutoDiff.Tests.Recording;

/// <summary>
/// A lane that was not selected contributes exactly zero, however bad its local derivative is, in every order and by every mixture of modes. A zero that comes from arithmetic follows IEEE 754.
/// </summary>
public class MaskedLaneTests
{
    /// <summary>Functions that are bad (infinite, NaN) at a place that is not used, and the same function without that place.</summary>
    public static TheoryData<string> Functions => [.. Bad.Keys];

    private static readonly Dictionary<string, (double Bad, Func<Tensor<double>, Tensor<double>> F)> Bad = new()
    {
        ["log"] = (0, x => x.Log()),
        ["log of a negative number"] = (-1, x => x.Log()),
        ["sqrt"] = (0, x => x.Sqrt()),
        ["division"] = (0, x => 1.0 / x),
        ["division of tensors"] = (0, x => x.Sin() / x),
        ["reciprocal"] = (0, x => x.Reciprocal()),
        ["exp"] = (1000, x => x.Exp()),
        ["square of exp"] = (1000, x => x.Exp().Square()),
        ["power"] = (0, x => x.Pow(0.5) + x.Pow(-1.5)),
        ["power of tensors"] = (-1, x => x.Pow(x)),
        ["chain"] = (0, x => (x.Log() * x).Exp().Sqrt() / x),
        ["broadcast"] = (0, x => x.Log() * Tensor.Create([2.0])),
        ["log1p"] = (-1, x => x.Log1p() * x),
    };

    private static readonly Dictionary<string, Func<Tensor<double>, Func<Tensor<double>, Tensor<double>>, Tensor<double>>> Selections = new()
    {
        ["where"] = (x, f) => Tensor.Where(Mask, f(x), 0.0),
        ["where, other branch"] = (x, f) => Tensor.Where(1.0 - Mask, x * 0.0, f(x)),
        ["where of three"] = (x, f) => Tensor.Where(Mask, f(x), x.Detach()),
        ["nested where"] = (x, f) => Tensor.Where(Mask, Tensor.Where(Mask, f(x), x * 0.0), 0.0),
        ["integer"] = (x, f) => f(x)[1] + f(x)[3],
        ["range"] = (x, f) => f(x)[1..2].Sum() + f(x)[^1],
        ["step"] = (x, f) => f(x)[TensorIndex.Every(1.., 2)],
        ["take"] = (x, f) => f(x).Take([3, 1]),
        ["gather"] = (x, f) => f(x).Reshape(2, 2).Gather([1, 1], [2, 1], 1),
        ["cut"] = (x, f) => f(x).Pad([(-1, -2)]).Sum() + f(x).Pad([(-3, 0)]).Sum(),
        ["transposed range"] = (x, f) => f(x).Reshape(2, 2).Transpose()[1],
        ["flipped range"] = (x, f) => f(x).Flip()[TensorIndex.Every(.., 2)],
        ["two selections"] = (x, f) => Tensor.Where(Mask, f(x) * 0.5, 0.0) + (Tensor.Where(Mask, f(x), 1.0) * 0.5),
    };

    private static Tensor<double> Mask => Tensor.Create([0.0, 1, 0, 1]);

    [Theory, MemberData(nameof(Functions))]
    public void An_unselected_lane_is_nothing(string function)
    {
        (double bad, Func<Tensor<double>, Tensor<double>> f) = Bad[function];
        Tensor<double> x = Tensor.Create([bad, 0.8, bad, 1.7]);
        Tensor<double> good = Tensor.Create([0.8, 1.7]);
        Tensor<double>[] v = [Tensor.Create([0.3, -0.7, 0.9, 0.4]), Tensor.Create([-0.2, 0.6, 1.1, 0.5]), Tensor.Create([0.8, 0.1, -0.5, -1.2])];
        foreach ((string selection, Func<Tensor<double>, Func<Tensor<double>, Tensor<double>>, Tensor<double>> select) in Selections)
        {
            for (int order = 1; order <= 3; order++)
            {
                for (int mixture = 0; mixture < 1 << order; mixture++)
                {
                    double expected = Directional(z => f(z).Sum(), v.Select(d => d.Take([1, 3])).ToArray(), order, mixture)(good).ToScalar();
                    double actual = Directional(z => select(z, f).Sum(), v, order, mixture)(x).ToScalar();
                    actual.Should().BeApproximately(expected, 1e-11 * (1 + Math.Abs(expected)), "{0} through {1}, order {2}, mixture {3}", function, selection, order, mixture);
                }
            }

            Differentiate.Gradient(z => select(z, f).Sum(), x).ToArray().Where((_, i) => i % 2 == 0).Should().OnlyContain(g => g == 0, "{0} through {1}", function, selection);
            Differentiate.Hessian(z => select(z, f).Sum(), x).ToArray().Should().OnlyContain(h => double.IsFinite(h), "{0} through {1}", function, selection);
        }
    }

    [Fact]
    public void A_parameter_of_an_unselected_lane_gets_nothing_from_it()
    {
        Tensor<double> mask = Tensor.Create([0.0, 1]);
        Tensor<double> x = Tensor.Create([0.0, 2]);
        Differentiate.Gradient(s => Tensor.Where(mask, x.Log() * s, 0.0).Sum(), Tensor.Scalar(3.0)).ToScalar().Should().Be(Math.Log(2));
        Differentiate.Gradient(s => Tensor.Where(mask, s / x, 0.0).Sum(), Tensor.Scalar(3.0)).ToScalar().Should().Be(0.5);
        Differentiate.Jvp(s => Tensor.Where(mask, s / x, 0.0).Sum(), Tensor.Scalar(3.0), Tensor.Scalar(1.0)).ToScalar().Should().Be(0.5);
    }

    [Fact]
    public void A_structural_zero_that_is_an_input_of_a_bad_function_is_nothing()
    {
        // Padding and Where put zeros in, at which the root has an infinite slope; their tangents are structurally zero.
        Tensor<double> x = Tensor.Create([4.0]);
        Differentiate.Jvp(v => v.Pad([(1, 1)]).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0, 0.25, 0);
        Differentiate.Gradient(v => v.Pad([(1, 1)]).Sqrt().Sum(), x).ToArray().Should().Equal(0.25);
        Differentiate.Jvp(v => Tensor.Where(Tensor.Create([1.0, 0]), v, 0.0).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0.25, 0);
        Differentiate.Jvp(v => Tensor.Concat([v, Tensor.Zeros<double>(1)]).Sqrt(), x, Tensor.Create([1.0])).ToArray().Should().Equal(0.25, 0);
    }

    [Fact]
    public void A_row_that_is_not_used_is_nothing_in_a_reduction()
    {
        Tensor<double> x = Tensor.Create([0.0, 0.0, 2.0, 3.0], 2, 2);
        foreach (Func<Tensor<double>, Tensor<double>> f in new Func<Tensor<double>, Tensor<double>>[]
        {
            v => v.Log().LogSumExp(1)[1], v => v.Log().Norm(2.0, 1)[1], v => v.Log().Softmax(1)[1, 0], v => v.Log().LogSoftmax(1)[1, 0], v => v.Log().Max(1)[1], v => v.Log().Sum(1)[1], v => v.Log().Mean(1)[1],
            v => v.Log().Prod(1)[1],
        })
        {
            double[] expected = Differentiate.Gradient(f, Tensor.Create([1.5, 1.5, 2.0, 3.0], 2, 2)).ToArray();
            double[] actual = Differentiate.Gradient(f, x).ToArray();
            actual[..2].Should().Equal(0, 0);
            actual[2].Should().BeApproximately(expected[2], 1e-13);
            actual[3].Should().BeApproximately(expected[3], 1e-13);
            Differentiate.Hessian(f, x).ToArray().Should().OnlyContain(h => double.IsFinite(h));
        }
    }

    [Fact]
    public void A_zero_by_arithmetic_follows_the_standard()
    {
        Tensor<double> x = Tensor.Create([0.0, 1.0]);
        Differentiate.Gradient(v => v.Sqrt().Square().Sum(), x).ToArray().Should().Equal(double.NaN, 1);
        Differentiate.Jvp(v => v.Sqrt().Square(), x, Tensor.Create([1.0, 1])).ToArray().Should().Equal(double.NaN, 1);
        Differentiate.Gradient(v => (v.Log() * Tensor.Create([0.0, 1])).Sum(), x).ToArray().Should().Equal(double.NaN, 1);
    }

    [Fact]
    public void What_a_compiled_function_selects_depends_on_the_point()
    {
        // Where it was recorded the last root is not used, elsewhere the first: an infinite or NaN slope that is not used is nothing, and one that is used is not left out.
        foreach (Func<Tensor<double>, Tensor<double>> f in (Func<Tensor<double>, Tensor<double>>[])
        [
            x => x.Sqrt().NanSum(), x => x.Sqrt().NanMean(), x => x.Abs().Sqrt().Max(0), x => x.Abs().Sqrt().Max(), x => x.Abs().Sqrt().Sort().Values[1],
            x => x.Abs().Sqrt().TopK(1).Values.Sum(), x => Tensor.Where(x > 0.0, x.Sqrt(), 0.0).Sum(),
        ])
        {
            CompiledFunction<double> gradient = Differentiate.Compile(x => Differentiate.Gradient(f, x), Tensor.Create([4.0, 0.0]));
            foreach (double[] x in (double[][])[[4, 0], [0, 9], [9, -1], [-1, 4]])
            {
                gradient.Invoke(Tensor.Create(x)).ToArray().Should().Equal(Differentiate.Gradient(f, Tensor.Create(x)).ToArray(), "at ({0}, {1})", x[0], x[1]);
            }
        }
    }

    private static Func<Tensor<double>, Tensor<double>> Directional(Func<Tensor<double>, Tensor<double>> phi, Tensor<double>[] v, int order, int mixture)
    {
        Func<Tensor<double>, Tensor<double>> current = phi;
        for (int k = 0; k < order; k++)
        {
            Func<Tensor<double>, Tensor<double>> inner = current;
            Tensor<double> direction = v[k];
            current = (mixture >> k & 1) == 0 ? x => Differentiate.Jvp(inner, x, direction) : x => (Differentiate.Gradient(inner, x) * direction).Sum();
        }

        return current;
    }
}
