using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Differentiation;

/// <summary>Which functions of a slice are recorded once for all slices, and which are called for each; what they may capture and do.</summary>
public class MapSlicesCallsTests
{
    private static readonly Tensor<double> Rows = Tensor.LinearSpace(-1.0, 1.5, 24).Reshape(8, 3);

    private static Tensor<double> Loop(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x) => Tensor.Stack([.. x.Unbind().Select(f)]);

    private static int Calls(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x)
    {
        int calls = 0;
        Tensor<double> Counted(Tensor<double> row)
        {
            calls++;
            return f(row);
        }

        Differentiate.MapSlices(Counted, x).ToArray().Should().Equal(Loop(f, x).ToArray());
        return calls;
    }

    [Fact]
    public void A_function_is_called_for_two_slices_unless_it_looks_at_numbers()
    {
        Calls(row => row.Sin().Sum(), Rows).Should().Be(2);
        Calls(row => row * row.Max(), Rows).Should().Be(2);
        Calls(row => Tensor.Where(row > 0.0, row.Exp(), row), Rows).Should().Be(2);
        Calls(row => row.At(0) > 0 ? row.Exp() : row, Rows).Should().Be(9);
        Calls(row => row.Sum().ToScalar() > 0 ? row.Exp() : row, Rows).Should().Be(9);
        Calls(row => Rows.At(0, 0) < 0 ? row.Exp() : row, Rows).Should().Be(2);
        Calls(row => row * 2.0, Rows[..3]).Should().Be(3);

        // A Jacobian by colors looks at the structure of a sweep that is not recorded.
        Calls(row => Differentiate.Jacobian(x => x * x, row, new JacobianOptions { Mode = JacobianMode.Sparse }), Rows).Should().Be(9);
    }

    [Fact]
    public void A_function_that_counts_its_calls_is_called_once_for_each_slice_in_order()
    {
        int count = 0;
        Differentiate.MapSlices(row => row.Sum() * ++count, Tensor.Ones<double>(8, 3)).ToArray().Should().Equal(3, 6, 9, 12, 15, 18, 21, 24);
        int next = 0;
        int[] labels = [0, 2, 1, 1, 0, 2, 2, 1];
        Differentiate.MapSlices(row => row[labels[next++]], Rows).ToArray().Should().Equal(labels.Select((label, i) => Rows.At(i, label)));
        int factor = 0;
        Differentiate.MapSlices(
            row =>
            {
                double own = ++factor;
                return Differentiate.Checkpoint(xs => xs[0].Sum() * own, [row]);
            },
            Tensor.Ones<double>(8, 3)).ToArray().Should().Equal(3, 6, 9, 12, 15, 18, 21, 24);
        var random = new Random(7);
        double[] drawn = Differentiate.MapSlices(row => row[0] * random.NextDouble(), Tensor.Ones<double>(8, 3)).ToArray();
        var again = new Random(7);
        drawn.Should().Equal(Enumerable.Range(0, 8).Select(_ => again.NextDouble()));
        Tensor<double> w = Tensor.Create([0.5, 2.0, -1.0]);
        count = 0;
        Tensor<double> Counted(Tensor<double> v) => Differentiate.MapSlices(row => (row * v).Sum() * (v.Exp().Sum() * ++count), Rows).Sum();
        Tensor<double> gradient = Differentiate.Gradient(Counted, w);
        Near(gradient, Differentiate.Gradient(v => (Tensor.Range(1.0, 9.0) * (Rows * v).Sum(1)).Sum() * v.Exp().Sum(), w));
    }

    private static void Near(Tensor<double> found, Tensor<double> expected)
    {
        found.Shape.ToArray().Should().Equal(expected.Shape.ToArray());
        found.ToArray().Should().BeEquivalentTo(expected.ToArray(), options => options.WithStrictOrdering().Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-12 * (1 + Math.Abs(c.Expectation)))).WhenTypeIs<double>());
    }

    private static readonly CustomOperation<double> Cube = new("Cube", xs => xs[0] * xs[0] * xs[0], (g, xs, _) => [3 * g * xs[0].Square()], (ts, xs, _) => 3 * ts[0] * xs[0].Square());

    private static readonly RandomKey Key = new(3);

    /// <summary>What a function of a row and of a tensor that all rows share may do.</summary>
    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>, Tensor<double>>> Functions = new()
    {
        ["arithmetic"] = (row, w) => (row * w).Sin() + w.Exp(),
        ["shared result"] = (_, w) => w * 2,
        ["captured as it is"] = (_, w) => w,
        ["the slice"] = (row, _) => row,
        ["a constant"] = (_, _) => Tensor.Create([1.0, 2.0]),
        ["a gradient"] = (row, w) => Differentiate.Gradient(v => (v * row).Tanh().Sum(), w),
        ["a gradient by the row"] = (row, w) => Differentiate.Gradient(r => (w * r).Tanh().Sum() * w.Sum(), row),
        ["a Jacobian"] = (row, w) => Differentiate.Jacobian(v => v.Outer(row).Sin().Sum(0), w),
        ["a Hessian"] = (row, w) => Differentiate.Hessian(v => (v * row).Exp().Sum(), w),
        ["a product"] = (row, w) => Differentiate.Jvp(v => v.Outer(row).Sin().MatMul(v), w, row.Exp()),
        ["a detached row"] = (row, w) => row * row.Detach() * w.Detach(),
        ["a slice of slices"] = (row, w) => Differentiate.MapSlices(x => (x * w).Sum() * row, Tensor.Stack([row, 2 * row, row.Sin(), row + w, row.Cos()])),
        ["a mask"] = (row, w) => Tensor.Where(row > w, row.Exp(), w),
        ["places"] = (row, w) => row.Sort().Values * w.Take([2, 0, 1]) + row.Max() + row.Median(),
        ["computed places"] = (row, w) => w.Gather((row.Abs() * 1.9).Floor().Minimum(2.0).AsIndices(), 0),
        ["a matrix"] = (row, w) => (row.Outer(w) + (4 * Tensor.Identity<double>(3))).Solve(w) + row.Outer(row).MatrixExp().MatMul(w),
        ["an operation of the user"] = (row, w) => Cube.Apply(row) * Cube.Apply(w),
        ["a checkpoint"] = (row, w) => Differentiate.Checkpoint(xs => (xs[0] * xs[1]).Sin(), [row, w]),
        ["a loop"] = (row, w) => Differentiate.Scan((y, q, i) => (y * q[0]).Sin() + (0.1 * i), row, [w], 20, leaf: 3),
        ["a loop over rows"] = (row, w) => Differentiate.ScanRows((y, r, q) => (y * q[0]).Sin() + r, row, Tensor.Stack([w, 2 * row]), [w]),
        ["an integration"] = (row, w) => Ode.Solve((_, y, q) => (y * q[0]).Sin(), row, [w], [0.0, 1.0]),
        ["a root"] = (row, w) => Implicit.Root((y, q) => y.Pow(3) + y - q, Tensor.Zeros<double>(3), row * w).Value,
        ["a draw"] = (row, w) => row * Key.Normal<double>(3) + w,
        ["a tape"] = (row, w) =>
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(row.Detach());
            return tape.Gradient((x * x).Sum(), x) * w;
        },
        ["numbers"] = (row, w) => row.At(1) > 0 ? row * w : w.Exp() * row.Sum(),
    };

    public static TheoryData<string> Names => new(Functions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_gives_what_a_loop_gives_and_so_do_its_derivatives(string name)
    {
        Func<Tensor<double>, Tensor<double>, Tensor<double>> f = Functions[name];
        Tensor<double> w = Tensor.Create([0.3, -0.6, 0.9]);
        Tensor<double> Map(Tensor<double>[] x) => Differentiate.MapSlices(row => f(row, x[1]), x[0]);
        Tensor<double> Each(Tensor<double>[] x) => Loop(row => f(row, x[1]), x[0]);
        Tensor<double>[] at = [Rows, w];
        Map(at).ToArray().Should().Equal(Each(at).ToArray());
        Tensor<double> u = Tensor.LinearSpace(-1.0, 2.0, Map(at).Length).Reshape(Map(at).Shape);
        Tensor<double>[] v = [Rows.Cos(), w.Sin()];
        Tensor<double>[] All(Func<Tensor<double>[], Tensor<double>> g) =>
        [
            .. Differentiate.Vjp(g, at, u), Differentiate.Jvp(g, at, v), .. Differentiate.Gradient(x => (g(x).Sin() * u).Sum(), at), .. Differentiate.Hvp(x => (g(x).Sin() * u).Sum(), at, v),
            Differentiate.Gradient(x => g([Rows, x]).Square().Sum(), w), Differentiate.Jvp(x => g([Rows, x]), w, v[1]),
        ];
        foreach ((Tensor<double> found, Tensor<double> expected) in All(Map).Zip(All(Each)))
        {
            Near(found, expected);
        }

        if (name != "a tape")
        {
            CompiledFunction<double> compiled = Differentiate.Compile(x => [Map(x), .. Differentiate.Vjp(Map, x, u)], at);
            foreach (Tensor<double>[] x in (Tensor<double>[][])[at, [Rows.Sin() + 0.1, w * 0.5], [-Rows, w.Exp()]])
            {
                Tensor<double>[] expected = [Each(x), .. Differentiate.Vjp(Each, x, u)];
                Tensor<double>[] found = compiled.Invoke(x);
                for (int i = 0; i < found.Length; i++)
                {
                    Near(found[i], expected[i]);
                }
            }
        }
    }

    [Fact]
    public void What_fails_leaves_the_tape_as_it_was()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Rows);
        Tensor<double> w = tape.Variable(Tensor.Create([1.0, 2.0, 3.0]));
        int count = tape.Count;
        int calls = 0;
        FluentActions.Invoking(() => Differentiate.MapSlices(row => calls++ == 1 ? throw new InvalidOperationException("mine") : w.Exp() * row, x)).Should().Throw<InvalidOperationException>().WithMessage("mine");
        tape.Count.Should().Be(count);
        Tensor<double> definite = Tensor.Stack([.. Enumerable.Range(0, 6).Select(i => Tensor.Identity<double>(3) * (i == 4 ? -1.0 : 1.0))]);
        FluentActions.Invoking(() => Differentiate.MapSlices(a => a.Cholesky().MatMul(w), definite)).Should().Throw<FactorizationException>();
        tape.Count.Should().Be(count);
        FluentActions.Invoking(() => Differentiate.MapSlices(row => (Tensor<double>)null!, x)).Should().Throw<ArgumentException>();
        tape.Count.Should().Be(count);
        Differentiate.MapSlices(row => row * w, x).Tape.Should().BeSameAs(tape);
        Rows.ToArray().Should().HaveCount(24);
    }

    [Fact]
    public void Slices_are_recorded_together()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Ones<double>(1000, 3));
        Tensor<double> w = tape.Variable(Tensor.Ones<double>(3, 3));
        int count = tape.Count;
        Differentiate.MapSlices(row => Differentiate.Gradient(v => v.MatMul(row).Tanh().LogSoftmax().Sum(), w), x);
        tape.Count.Should().BeLessThan(count + 60);
    }

    [Fact]
    public void Equal_variables_are_two()
    {
        Tensor<double>[] weights = [Tensor.Create([2.0, 2.0, 2.0]), Tensor.Create([2.0, 2.0, 2.0])];
        Tensor<double> InTurns(Tensor<double>[] w, Func<Func<Tensor<double>, Tensor<double>>, Tensor<double>, Tensor<double>> map)
        {
            int i = 0;
            return map(row => row * w[i++ % 2].Exp(), Rows).Sum();
        }

        Tensor<double>[] found = Differentiate.Gradient(w => InTurns(w, (f, x) => Differentiate.MapSlices(f, x)), weights);
        Tensor<double>[] expected = Differentiate.Gradient(w => InTurns(w, Loop), weights);
        Near(found[0], expected[0]);
        Near(found[1], expected[1]);
        int elements = 0;
        Tensor<double> OfOne(Tensor<double> w) => Differentiate.MapSlices(row => row * w[elements++ % 3], Rows).Sum();
        Near(Differentiate.Gradient(OfOne, weights[0]), Tensor.Create([.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 8).Where(i => i % 3 == k).Sum(i => Rows[i].Sum().ToScalar()))]));
    }

    [Fact]
    public void A_function_that_keeps_tensors_between_slices_is_refused()
    {
        Tensor<double>? state = null;
        FluentActions.Invoking(() => Differentiate.MapSlices(row => state = state is null ? row : state + row, Rows)).Should().Throw<TapeException>().WithMessage("*kept*ScanRows*");
        Tensor<double>? cached = null;
        FluentActions.Invoking(() => Differentiate.MapSlices(row => row * (cached ??= row.Exp()), Rows)).Should().Throw<TapeException>().WithMessage("*kept*");
        Tensor<double>? unused = null;
        FluentActions.Invoking(() => Differentiate.MapSlices(row =>
        {
            unused = unused is null ? row.Exp() : unused.Sin();
            return row * 2.0;
        }, Rows)).Should().Throw<TapeException>().WithMessage("*kept*");
        Tensor<double>? own = null;
        Differentiate.MapSlices(row => row * (own ??= Rows.Exp()).Sum(), Rows).ToArray().Should().Equal(Loop(row => row * Rows.Exp().Sum(), Rows).ToArray());
    }

    [Fact]
    public void What_is_recorded_for_all_slices_has_the_scope_of_the_function()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Rows);
        Differentiate.MapSlices(row =>
        {
            using TapeScope scope = TapeScope.Enter("mine");
            return row.Sin();
        }, x);
        tape[tape.Count - 1].Scope!.Name.Should().Be("mine");
    }

    [Fact]
    public void Each_sample_has_its_label()
    {
        Tensor<double> w = Tensor.LinearSpace(-1.0, 1.0, 12).Reshape(3, 4);
        Tensor<double> labels = Tensor.Create([0.0, 3, 2, 1, 1, 0, 2, 3]);
        int calls = 0;
        Tensor<double> Gradient(Tensor<double> row, Tensor<double> label)
        {
            calls++;
            return Differentiate.Gradient(v => Loss.CrossEntropy(row.ExpandDims(0).MatMul(v), label.AsIndices().Reshape(1)), w);
        }

        Tensor<double> found = Differentiate.MapSlices(Gradient, Rows, labels);
        calls.Should().Be(2);
        found.ToArray().Should().Equal(Tensor.Stack([.. Enumerable.Range(0, 8).Select(i => Gradient(Rows[i], labels[i]))]).ToArray());
        using var tape = new Tape<double>();
        Tensor<double> many = tape.Variable(Tensor.Ones<double>(500, 3));
        Tensor<double> classes = Tensor.Ones<double>(500);
        int start = tape.Count;
        Differentiate.MapSlices(Gradient, many, classes);
        tape.Count.Should().BeLessThan(start + 80);
    }

    [Fact]
    public void What_is_computed_on_the_way_is_given_back()
    {
        Tensor<double> x = Tensor.LinearSpace(-1.0, 1.0, 400 * 1_000).Reshape(400, 1_000);
        static Tensor<double> Steps(Tensor<double> row) => ((row.Sin() * row).Exp() - row.Cos()).Tanh().Sqrt() + (row * 2.0).Sigmoid();
        void Map() => Differentiate.MapSlices(Steps, x).Dispose();
        Map();
        WatchedPools.Allocated(Map).Should().BeLessThan(5L * 8 * x.Length);
        x.Sum().ToScalar().Should().BeApproximately(0, 1e-9, "the slices are the caller's");
        Tensor<double> kept = Rows.Exp();
        for (int i = 0; i < 3; i++)
        {
            Differentiate.MapSlices(row => (row * kept.Sin()) + kept.Sum(), Rows).Dispose();
        }

        kept.ToArray().Should().Equal(Rows.Exp().ToArray());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 2_000; i++)
        {
            Differentiate.MapSlices(row => Differentiate.Gradient(r => r.Sin().Sum(), row), Rows);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(8 << 20);
    }

    [Fact]
    public void Two_threads_map_what_they_share()
    {
        var results = new double[2][];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                results[t] = Differentiate.MapSlices(row => Differentiate.Gradient(v => (v * row).Sin().Sum(), row), Rows).ToArray();
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        results[0].Should().Equal(results[1]).And.Equal(Loop(row => Differentiate.Gradient(v => (v * row).Sin().Sum(), row), Rows).ToArray());
    }
}
