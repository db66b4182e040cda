namespace AutoDiff.Tests.Compilation;

/// <summary>What a function decides by values (an order, a place, a mask, a factor) is computed again by its compiled form, and not guarded.</summary>
public class ReplayTests
{
    private static readonly double[][] Points =
        [[0.9, 0.2, 0.7, 1.4, 0.6, 2.5], [-0.4, 3.0, 0.1, 0.3, 0.45, 0.2], [1.0, 1.0, 2.0, 0.0, -1.0, 0.5], [3, 2, 1.5, 1, 0.75, -2], [1e-300, 1e200, 1e200, 1e-300, 1, 2]];

    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>> Programs => new()
    {
        { "comparisons", x => Tensor.Where((x > 0.5) & !(x >= 2.0) | x.EqualTo(-x), x.Sin(), x.Square()).Sum() },
        { "masks", x => (x.MaskedFill(x < 0.0, 1.0).Log() * (x.IsFinite() ^ x.IsNaN())).Sum() },
        { "a detached factor", x => (x.Detach() * x.Exp()).Sum() / x.Detach().Norm() },
        { "counts", x => x.Sum() / (x.CountNonzero() + (x > 0.3).Any() + (x > -9.0).All()) },
        { "order", x => (x.Median() * x).Sum() + x.Quantile(0.3) + x.KthValue(2) + x.Mode() + (x.CumMax(0) * x).Sum() },
        { "an order that is used again", x => (x.Take(x.ArgSort()) * Tensor.LinearSpace(0.0, 5.0, 6)).Sum() + x[x.ArgMax(0)].Sum() },
        { "places of the largest in another tensor", x => x.Reshape(2, 3).Sin().Gather(x.Reshape(2, 3).TopK(2).Indices, 1).Sum() + x.Take(x.Reshape(3, 2).MaxWithIndices(1).Indices).Sum() },
        { "places that broadcast", x => x.Reshape(2, 3).TakeAlongAxis(x[..2].Reshape(2, 1).ArgSort(0).Reshape(1, 2), 1).Sum() },
        { "places as numbers", x => (x.Sort(descending: true).Indices.AsTensor() * x).Sum() },
        { "a place in a sorted list", x => x.Take(Tensor.Create([0.0, 0.5, 1.0]).SearchSorted(x)).Sum() },
        { "pooling with indices", x => x.Reshape(1, 1, 6).MaxPool1DWithIndices(2) is var (y, places) ? (y * places.AsTensor()).Sum() : x },
        { "a product that leaves the range at one point", x => (x * x).Prod() },
        { "a system", x => (x[..4].Reshape(2, 2) + (Tensor.Identity<double>(2) * 5.0)).Solve(x[4..]).Square().Sum() },
        { "a spline", x => x.Tanh().CubicSpline(Tensor.Create([-1.0, 0, 0.5, 2]), x[..4]).Sum() },
        { "a histogram", x => (x.Histogram(3, 0.0, 3.0) * x[..3]).Sum() },
        { "an embedding by computed numbers", x => x.Reshape(3, 2).Embedding(x[..3].ArgSort(), paddingIndex: 1).Square().Sum() },
    };

    [Theory, MemberData(nameof(Programs))]
    public void A_program_is_recorded_once_for_all_points(string what, Func<Tensor<double>, Tensor<double>> f)
    {
        Tensor<double>[] All(Tensor<double>[] xs)
        {
            Tensor<double> y = f(xs[0]);
            Tensor<double> g = Differentiate.Gradient(f, xs[0]);
            return [y, g, Differentiate.Gradient(x => (Differentiate.Gradient(f, x) * xs[0].Detach()).Sum(), xs[0]), Differentiate.Jvp(f, xs[0], xs[0].Detach())];
        }

        CompiledFunction<double> compiled = Differentiate.Compile(All, [Tensor.Create(Points[0])]);
        foreach (double[] point in Points)
        {
            Tensor<double>[] expected = All([Tensor.Create(point)]);
            Tensor<double>[] actual = compiled.Invoke([Tensor.Create(point)]);
            for (int i = 0; i < expected.Length; i++)
            {
                Bits(actual[i]).Should().Equal(Bits(expected[i]), "result {0} of {1} at {2}", i, what, Tensor.Create(point));
            }
        }

        compiled.Recordings.Should().Be(1, "{0}", compiled.Explain());
    }

    [Fact]
    public void Who_looks_at_indices_is_guarded_by_them_alone()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => x.ArgMax(0)[0] == 1 ? x.Exp() : -x, Tensor.Create([1.0, 2.0]));
        f.Invoke(Tensor.Create([3.0, 4.0])).ToArray().Should().Equal(Math.Exp(3), Math.Exp(4));
        f.Recordings.Should().Be(1);
        f.Invoke(Tensor.Create([5.0, 4.0])).ToArray().Should().Equal(-5, -4);
        f.Recordings.Should().Be(2);
    }

    [Fact]
    public void Errors_of_what_is_found_out_in_a_run_are_those_of_the_plain_run()
    {
        CompiledFunction<double> solve = Differentiate.Compile(x => x.Reshape(2, 2).Solve(Tensor.Create([1.0, 2.0])), Tensor.Create([2.0, 0, 0, 4]));
        solve.Invoking(f => f.Invoke(Tensor.Create([1.0, 2, 2, 4]))).Should().Throw<FactorizationException>().WithMessage("Solve: *");
        solve.Invoke(Tensor.Create([1.0, 0, 0, 2])).ToArray().Should().Equal(1, 1);

        CompiledFunction<double> interpolate = Differentiate.Compile(x => Tensor.Create([0.5]).Interp(x, Tensor.Create([0.0, 10])), Tensor.Create([0.0, 1]));
        interpolate.Invoking(f => f.Invoke(Tensor.Create([1.0, 1]))).Should().Throw<ArgumentException>().WithMessage("Interp: *");
        interpolate.Invoke(Tensor.Create([0.0, 2])).ToArray().Should().Equal(2.5);
        (solve.Recordings, interpolate.Recordings).Should().Be((1, 1));
    }

    /// <summary>Outside of compiled functions indices are numbers that were read: they outlive the tape.</summary>
    [Fact]
    public void Indices_outlive_the_tape_on_which_they_were_found()
    {
        Indices<double>? found = null;
        Differentiate.Gradient(x =>
        {
            (Tensor<double> values, found) = x.Sort();
            return values.Square().Sum();
        }, Tensor.Create([3.0, 1, 2]));
        found!.Should().Equal(1, 2, 0);
        found!.AsTensor().Tape.Should().BeNull();
    }

    /// <summary>The factors are an operation of their own, which the solves of the derivatives of every order share.</summary>
    [Fact]
    public void A_matrix_is_factored_once()
    {
        using var tape = new Tape<double>();
        Tensor<double> a = tape.Variable(Tensor.Create([4.0, 1, 2, 3], 2, 2));
        Tensor<double> y = a.Solve(Tensor.Create([1.0, 2])).Square().Sum();
        Tensor<double> g = tape.Gradient(y, a, record: true);
        tape.Gradient(g.Square().Sum(), a, record: true);
        string[] names = [.. Enumerable.Range(0, tape.Count).Select(i => tape[i].Name)];
        names.Count(name => name == "SolveFactors").Should().Be(1);
        names.Count(name => name == "Solve").Should().BeGreaterThan(2);
    }

    private static long[] Bits(Tensor<double> x) => Array.ConvertAll(x.ToArray(), BitConverter.DoubleToInt64Bits);
}
