namespace AutoDiff.Tests.Differentiation;

public class ScanRowsTests
{
    private static Tensor<double> Step(Tensor<double> s, Tensor<double> row, Tensor<double>[] p) => ((s * p[0]) + (row.Sum() * s.Flip())).Tanh() + (0.1 * row[0] * p[1].Sum());

    private static Tensor<double> Loop(Tensor<double> state, Tensor<double> rows, Tensor<double>[] p)
    {
        var states = new List<Tensor<double>>();
        for (int i = 0; i < rows.Shape[0]; i++)
        {
            states.Add(state = Step(state, rows[i], p));
        }

        return Tensor.Stack([.. states]);
    }

    /// <summary>State of 2, rows of 3, two parameters of 2 and 1: all inputs of a loop in one vector.</summary>
    private static Func<Tensor<double>, Tensor<double>> Of(Func<Tensor<double>, Tensor<double>, Tensor<double>[], Tensor<double>> loop, int n) =>
        x => loop(x[..2], x[5..].Reshape(n, 3), [x[2..4], x[4..5]]);

    private static Tensor<double> At(int n) => Tensor.Create([.. Enumerable.Range(0, 5 + (3 * n)).Select(i => Math.Sin(i + 0.3))]);

    private static Tensor<double> Scanned(Tensor<double> state, Tensor<double> rows, Tensor<double>[] p) => Differentiate.ScanRows(Step, state, rows, p);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void A_scan_over_rows_is_the_loop_up_to_the_third_derivative(int n)
    {
        Func<Tensor<double>, Tensor<double>> plain = Of(Loop, n), scanned = Of(Scanned, n);
        Tensor<double> x = At(n);
        scanned(x).ToArray().Should().Equal(plain(x).ToArray());
        Func<Tensor<double>, Tensor<double>> f = x => plain(x).Square().Sum(), g = x => scanned(x).Square().Sum();
        SparseJacobianTests.Near(Differentiate.Gradient(g, x), Differentiate.Gradient(f, x));
        foreach (JacobianMode mode in Enum.GetValues<JacobianMode>())
        {
            SparseJacobianTests.Near(Differentiate.Jacobian(scanned, x, new JacobianOptions { Mode = mode }), Differentiate.Jacobian(plain, x, new JacobianOptions { Mode = mode }));
        }

        SparseJacobianTests.Near(Differentiate.Jvp(scanned, x, x.Flip()), Differentiate.Jvp(plain, x, x.Flip()));
        SparseJacobianTests.Near(Differentiate.Hessian(g, x), Differentiate.Hessian(f, x));
        if (n < 9)
        {
            SparseJacobianTests.Near(Differentiate.Jacobian(x => Differentiate.Hessian(g, x), x), Differentiate.Jacobian(x => Differentiate.Hessian(f, x), x));
        }
    }

    /// <summary>A step that keeps seeing other numbers is called as it is, and its derivatives may be the cotangent of the state itself.</summary>
    [Fact]
    public void A_step_that_looks_at_numbers_has_the_derivatives_of_the_loop()
    {
        static Tensor<double> Step(Tensor<double> s, Tensor<double> row, Tensor<double>[] p) => s.At(0) > 1e9 ? s : (s * p[0]) + row + p[1];

        static Tensor<double> Loop(Tensor<double>[] x)
        {
            Tensor<double> state = x[0], sum = Tensor.Scalar(0.0);
            for (int i = 0; i < x[1].Shape[0]; i++)
            {
                sum += (state = Step(state, x[1][i], x[2..])).Square().Sum();
            }

            return sum;
        }

        Tensor<double>[] x = [Tensor.Create([0.5, -0.25]), At(40)[5..].Reshape(60, 2), Tensor.Create([0.9, 1.02]), Tensor.Create([0.1, -0.2])];
        Tensor<double>[] expected = Differentiate.Gradient(Loop, x), actual = Differentiate.Gradient(x => Differentiate.ScanRows(Step, x[0], x[1], x[2..]).Square().Sum(), x);
        for (int i = 0; i < x.Length; i++)
        {
            SparseJacobianTests.Near(actual[i], expected[i]);
        }
    }

    [Fact]
    public void Any_of_the_inputs_may_be_constant()
    {
        Tensor<double>[] all = [At(1)[..2], At(3)[5..].Reshape(3, 3), At(1)[2..4], At(1)[4..5]];
        for (int recorded = 1; recorded < 16; recorded++)
        {
            int[] active = [.. Enumerable.Range(0, 4).Where(i => (recorded >> i & 1) != 0)];
            Func<Tensor<double>[], Tensor<double>> Of(Func<Tensor<double>, Tensor<double>, Tensor<double>[], Tensor<double>> loop) => some =>
            {
                Tensor<double>[] at = [.. all];
                foreach ((int i, Tensor<double> x) in active.Zip(some))
                {
                    at[i] = x;
                }

                return loop(at[0], at[1], at[2..]).Square().Sum();
            };
            Tensor<double>[] point = [.. active.Select(i => all[i])];
            Tensor<double>[] expected = Differentiate.Gradient(Of(Loop), point), found = Differentiate.Gradient(Of(Scanned), point);
            for (int i = 0; i < active.Length; i++)
            {
                SparseJacobianTests.Near(found[i], expected[i]);
            }

            SparseJacobianTests.Near(Differentiate.Jvp(Of(Scanned), point, point), Differentiate.Jvp(Of(Loop), point, point));
        }
    }

    [Fact]
    public void The_step_is_called_a_few_times_however_many_rows_there_are()
    {
        int calls = 0;
        Tensor<double> Counted(Tensor<double> s, Tensor<double> row, Tensor<double>[] p)
        {
            calls++;
            return s + (row * p[0]).Sin();
        }

        Tensor<double> rows = Tensor.Create([.. Enumerable.Range(0, 2000).Select(i => i * 0.01)], 1000, 2);
        Tensor<double> slope = Differentiate.Gradient(p => Differentiate.ScanRows(Counted, Tensor.Zeros<double>(2), rows, [p])[^1].Sum(), Tensor.Create([0.5, 0.7]));
        calls.Should().BeLessThan(5);
        double expected = Enumerable.Range(0, 1000).Sum(i => rows.At(i, 0) * Math.Cos(rows.At(i, 0) * 0.5));
        slope.At(0).Should().BeApproximately(expected, 1e-10 * 1000);
    }

    [Fact]
    public void A_step_that_takes_another_course_by_a_value_is_recorded_again()
    {
        Tensor<double> Branch(Tensor<double> s, Tensor<double> row, Tensor<double>[] p) => row.ToScalar() > 0 ? s * p[0] : s + p[0].Square();
        Tensor<double> rows = Tensor.Create([1.0, -1, 2, -3, 0.5]);
        Tensor<double> Plain(Tensor<double> p)
        {
            Tensor<double> s = p.Flip();
            for (int i = 0; i < 5; i++)
            {
                s = Branch(s, rows[i], [p]);
            }

            return s;
        }

        Tensor<double> p = Tensor.Create([0.3, 1.4]);
        Func<Tensor<double>, Tensor<double>> f = p => Differentiate.ScanRows(Branch, p.Flip(), rows, [p])[^1];
        f(p).ToArray().Should().Equal(Plain(p).ToArray());
        SparseJacobianTests.Near(Differentiate.Jacobian(f, p), Differentiate.Jacobian(Plain, p));
    }

    [Fact]
    public void Floats_scalar_states_and_no_rows()
    {
        Tensor<float> sums = Differentiate.ScanRows((s, row, _) => s + row, Tensor.Scalar(0f), Tensor.Create([1f, 2, 3]), []);
        sums.ToArray().Should().Equal(1, 3, 6);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> none = Differentiate.ScanRows((s, row, _) => s + row, x, Tensor.Zeros<double>(0, 2), []);
        none.Shape.ToArray().Should().Equal(0, 2);
        none.Tape.Should().BeSameAs(tape);
        tape.Gradient(none.Sum(), x).ToArray().Should().Equal(0, 0);
    }

    [Fact]
    public void What_is_wrong_is_said_before_anything_is_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        Tensor<double> rows = Tensor.Ones<double>(3, 2);
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => s + row, x, Tensor.Scalar(1.0), [])).Should().Throw<TensorShapeException>().WithMessage("ScanRows*scalar*");
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => (s + row).Sum(), x, rows, [])).Should().Throw<TensorShapeException>().WithMessage("ScanRows*[2]*");
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => s + (row * x), Tensor.Zeros<double>(2), rows, [])).Should().Throw<TapeException>().WithMessage("ScanRows*");
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => s + (row * x), x, rows, [])).Should().Throw<TapeException>().WithMessage("ScanRows*");
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => s * (x * 2).At(0), Tensor.Zeros<double>(2), rows, [])).Should().Throw<TapeException>().WithMessage("ScanRows*");
        FluentActions.Invoking(() => Differentiate.ScanRows((s, row, _) => null!, x, rows, [])).Should().Throw<ArgumentException>().WithMessage("ScanRows*");
        FluentActions.Invoking(() => Differentiate.ScanRows(null!, x, rows, [])).Should().Throw<ArgumentNullException>();
        tape.Count.Should().Be(1);
    }

    [Fact]
    public async Task A_compiled_gradient_through_a_scan_runs_on_four_threads()
    {
        Func<Tensor<double>, Tensor<double>> gradient = x => Differentiate.Gradient(x => Of(Scanned, 9)(x).Square().Sum(), x);
        CompiledFunction<double> compiled = Differentiate.Compile(gradient, At(9));
        await Parallel.ForAsync(0, 8, (i, _) =>
        {
            for (int k = 0; k < 20; k++)
            {
                Tensor<double> x = At(9) * (1 + (0.01 * i) + (0.1 * k));
                compiled.Invoke(x).ToArray().Should().Equal(gradient(x).ToArray());
            }

            return ValueTask.CompletedTask;
        });
    }
}
