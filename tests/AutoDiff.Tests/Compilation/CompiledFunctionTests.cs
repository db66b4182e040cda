namespace AutoDiff.Tests.Compilation;

public class CompiledFunctionTests
{
    private static readonly RandomKey Key = new(20);

    private static Func<Tensor<double>[], Tensor<double>[]> ValueAndGradient(Func<Tensor<double>[], Tensor<double>> f) => p =>
    {
        (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(f, p);
        return [value, .. gradients];
    };

    private static void Same(IReadOnlyList<Tensor<double>> expected, IReadOnlyList<Tensor<double>> actual)
    {
        actual.Count.Should().Be(expected.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            actual[i].Shape.ToArray().Should().Equal(expected[i].Shape.ToArray());
            actual[i].ToArray().Select(BitConverter.DoubleToInt64Bits).Should().Equal(expected[i].ToArray().Select(BitConverter.DoubleToInt64Bits), "result {0} has to have the bits of the plain run", i);
        }
    }

    [Fact]
    public void A_function_of_one_tensor_is_recorded_once_and_runs_at_other_inputs()
    {
        int calls = 0;
        CompiledFunction<double> g = Differentiate.Compile(
            x =>
            {
                calls++;
                return x.Sin() * x;
            }, Tensor.Create([1.0, 2.0]));
        Tensor<double> x = Tensor.Create([0.5, -3.0]);
        Tensor<double> y = g.Invoke(x);
        Same([x.Sin() * x], [y]);
        (calls, g.Recordings).Should().Be((1, 1));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_000)]
    [InlineData(300_000)]
    public void Groups_and_sums_give_the_bits_of_the_plain_run_for_any_number_of_threads(int n)
    {
        Func<Tensor<double>[], Tensor<double>[]> f = ValueAndGradient(p => ((p[0].Sin() * p[1]) + (p[0] * p[2]).Exp()).Tanh().Sum() + (p[0] * p[3]).Softplus().Mean());
        Tensor<double>[] At(int i) => [Key.Derive(i).Normal<double>(n / 2, 2), Key.Derive(i + 1).Normal<double>(n / 2, 2), Key.Derive(i + 2).Normal<double>(2), Key.Derive(i + 3).Normal<double>(n / 2, 1)];
        CompiledFunction<double> compiled = Differentiate.Compile(f, At(0));
        int threads = Parallelism.MaxThreads;
        try
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                Parallelism.MaxThreads = count;
                Same(f(At(10)), compiled.Invoke(At(10)));
            }
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }
    }

    [Fact]
    public void What_is_computed_twice_is_computed_once()
    {
        Tensor<double> x = Key.Normal<double>(4, 4);
        Func<Tensor<double>[], Tensor<double>[]> f = p => [p[0].Sum(0) * p[0].Sum(0).Exp(), p[0].Sum(1) + p[0].Transpose()[1], p[0].Transpose()[1] - p[0].Take([1, 0], 0), p[0].Take([1, 0], 1) + p[0].Take([1, 0], 1)];
        CompiledFunction<double> compiled = Differentiate.Compile(f, [x]);
        Same(f([x]), compiled.Invoke([x]));
        compiled.Explain().Merged.Should().BeGreaterThanOrEqualTo(3, "of sums, slices and takes along the same axis there are two each");
    }

    /// <summary>The value is a result and its own derivative: the group keeps nothing in registers.</summary>
    [Fact]
    public void A_group_may_have_nothing_but_results()
    {
        Func<Tensor<double>[], Tensor<double>[]> f = ValueAndGradient(p => p[0].Exp().Sum());
        Tensor<double>[] xs = [Key.Normal<double>(5000)];
        Same(f(xs), Differentiate.Compile(f, xs).Invoke(xs));
    }

    /// <summary>What the function itself returns may share the memory of its operand.</summary>
    [Fact]
    public void Results_in_a_workspace_stay_when_its_inputs_are_written_to()
    {
        foreach (bool callsItself in (bool[])[false, true])
        {
            CompiledFunction<double> f = Differentiate.Compile(xs =>
            {
                // A function with a tape of its own is called as it is.
                using Tape<double>? own = callsItself ? new Tape<double>() : null;
                own?.Variable(xs[0]);
                return [xs[0], Differentiate.Gradient(x => (x * xs[0].Detach()).Sum(), xs[0]), xs[0].Reshape(3, 1)];
            }, [Tensor.Zeros<double>(3)]);
            using Workspace<double> workspace = f.CreateWorkspace();
            new[] { 1.0, 2, 3 }.CopyTo(workspace.Input(0));
            workspace.Run();
            workspace.Input(0).Fill(7);
            for (int i = 0; i < 3; i++)
            {
                workspace.Output(i).ToArray().Should().Equal(1, 2, 3);
            }

            (f.GivenUp is not null).Should().Be(callsItself);
        }
    }

    [Fact]
    public void Inputs_may_be_written_where_they_lie()
    {
        using Workspace<double> workspace = Differentiate.Compile(x => x.Exp().Sum(), Tensor.Zeros<double>(3)).CreateWorkspace();
        new[] { 1.0, 2, 3 }.CopyTo(workspace.Input(0));
        workspace.Run();
        workspace.Output(0)[0].Should().Be(Tensor.Create([1.0, 2, 3]).Exp().Sum().ToScalar());
        workspace.Input(0)[0] = 0;
        workspace.Run();
        workspace.Output(0)[0].Should().Be(Tensor.Create([0.0, 2, 3]).Exp().Sum().ToScalar());
    }

    [Fact]
    public void Neither_the_example_nor_inputs_nor_results_are_written_to()
    {
        Tensor<double> example = Tensor.Create([1.0, 2]);
        CompiledFunction<double> f = Differentiate.Compile(xs => [xs[0], xs[0][..1], xs[0] * 2.0, xs[0] * 2.0, Tensor.Create([7.0])], [example]);
        Tensor<double> x = Tensor.Create([3.0, 4]);
        Tensor<double>[] first = f.Invoke([x]);
        Tensor<double>[] second = f.Invoke([Tensor.Create([5.0, 6])]);
        example.ToArray().Should().Equal(1, 2);
        x.ToArray().Should().Equal(3, 4);
        first.Select(y => y.ToArray()).Should().BeEquivalentTo(new double[][] { [3, 4], [3], [6, 8], [6, 8], [7] }, o => o.WithStrictOrdering());
        second.Select(y => y.ToArray()).Should().BeEquivalentTo(new double[][] { [5, 6], [5], [10, 12], [10, 12], [7] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public void A_branch_on_a_comparison_is_never_the_wrong_one()
    {
        static Tensor<double> F(Tensor<double> x) => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp() : x * -3.0;
        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([1.0, 2]));
        foreach (double[] point in (double[][])[[3, 1], [-3, 1], [2, -1], [-2, -2], [0.5, 0.25]])
        {
            Tensor<double> x = Tensor.Create(point);
            Same([F(x)], [f.Invoke(x)]);
        }

        f.Recordings.Should().Be(2, "there are two courses");
    }

    [Fact]
    public void A_number_that_is_read_is_guarded_by_its_bits_and_a_function_that_keeps_reading_others_is_called_as_it_is()
    {
#pragma warning disable AD1002 // That is what is tested.
        static Tensor<double> F(Tensor<double> x) => x * x[0].ToScalar();
#pragma warning restore AD1002
        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([1.0, 2]));
        for (int i = 0; i < 100; i++)
        {
            Tensor<double> x = Tensor.Create([i + 0.5, 2]);
            Same([F(x)], [f.Invoke(x)]);
        }

        f.Recordings.Should().BeLessThan(60);
        f.Explain().ToString().Should().Contain("called as it is");
    }

    [Fact]
    public void A_loop_whose_length_depends_on_values_is_recorded_for_each_length()
    {
        static Tensor<double> F(Tensor<double> x)
        {
            while ((x.Abs().Sum() > 1.0).ToScalar() != 0)
            {
                x *= 0.5;
            }

            return x;
        }

        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([4.0]));
        foreach (double start in (double[])[4, 3, 100, 0.5, 90, 4])
        {
            Same([F(Tensor.Create([start]))], [f.Invoke(Tensor.Create([start]))]);
        }

        f.Recordings.Should().Be(3);
    }

    [Fact]
    public void Other_shapes_are_recorded_too()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => x.Exp().Sum(), Tensor.Zeros<double>(3));
        f.Invoke(Tensor.Zeros<double>(2, 2)).ToScalar().Should().Be(4);
        f.Invoke(Tensor.Zeros<double>(3)).ToScalar().Should().Be(3);
        f.Recordings.Should().Be(2);
    }

    [Fact]
    public void The_number_of_kept_programs_is_bounded()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => x.Exp().Sum(), Tensor.Zeros<double>(1), new CompileOptions { MaxPrograms = 2 });
        for (int round = 0; round < 2; round++)
        {
            for (int n = 1; n <= 3; n++)
            {
                f.Invoke(Tensor.Zeros<double>(n)).ToScalar().Should().Be(n);
            }
        }

        f.Recordings.Should().Be(6);
    }

    [Fact]
    public void Four_threads_may_use_one_function()
    {
        Func<Tensor<double>[], Tensor<double>[]> f = ValueAndGradient(p => (p[0].Sin() * p[0].MatMul(p[0].Transpose()).Sum()).Sum());
        CompiledFunction<double> compiled = Differentiate.Compile(f, [Key.Normal<double>(6, 6)]);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            Tensor<double>[] at = [Key.Derive(i).Normal<double>(6, 6)];
            Same(f(at), compiled.Invoke(at));
        });
        compiled.Recordings.Should().Be(1);
    }

    [Fact]
    public void A_workspace_on_two_threads_at_once_is_an_error()
    {
        using Workspace<double> workspace = Differentiate.Compile(Slow, Tensor.Zeros<double>(2)).CreateWorkspace();
        Workspace<double>? inside = null;
        CompiledFunction<double> f = Differentiate.Compile(x => new CustomOperation<double>("reenter", xs =>
        {
            inside?.Run();
            return xs[0] * 2.0;
        }, vjp: (g, xs, y) => [g * 2.0]).Apply(x), Tensor.Zeros<double>(2));
        using Workspace<double> outer = f.CreateWorkspace();
        inside = outer;
        FluentActions.Invoking(() => outer.Run()).Should().Throw<InvalidOperationException>().WithMessage("*running already*");
        inside = null;
        outer.Run();

        static Tensor<double> Slow(Tensor<double> x) => x.Exp();
    }

    [Fact]
    public void Errors_are_those_of_the_plain_run_and_the_workspace_is_good_for_the_next_one()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => x.Cholesky(), Tensor.Create([2.0, 0, 0, 3], 2, 2));
        using Workspace<double> workspace = f.CreateWorkspace();
        FluentActions.Invoking(() => workspace.Run(Tensor.Create([-2.0, 0, 0, 3], 2, 2))).Should().Throw<FactorizationException>();
        FluentActions.Invoking(() => workspace.Output(0)).Should().Throw<InvalidOperationException>();
        workspace.Run(Tensor.Create([4.0, 0, 0, 9], 2, 2));
        workspace.Output(0).ToArray().Should().Equal(2, 0, 0, 3);
    }

    [Fact]
    public void A_recorded_input_calls_the_function_so_that_derivatives_flow()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => (x * x * x).Sum(), Tensor.Zeros<double>(2));
        Differentiate.Gradient(f.Invoke, Tensor.Create([2.0, 3])).ToArray().Should().Equal(12, 27);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([2.0, 3]));
        FluentActions.Invoking(() => f.CreateWorkspace().Run(x)).Should().Throw<TapeException>().WithMessage("*Invoke*");
    }

    [Fact]
    public void Derivatives_flow_to_captured_variables_of_a_function_that_is_called_as_it_is()
    {
        Tensor<double> a = Tensor.Create([1.0, 2]), b = Tensor.Create([3.0, 5]);
        Differentiate.Gradient(x => Differentiate.Compile(y => y * x, b).Invoke(b).Sum(), a).ToArray().Should().Equal(3, 5);
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(a);
        CompiledFunction<double> f = Differentiate.Compile(y => y * w, b);
        tape.Gradient(f.Invoke(b).Sum(), w).ToArray().Should().Equal(3, 5);
    }

    [Fact]
    public void What_changed_besides_the_inputs_is_found_by_verifying()
    {
        double factor = 2;
#pragma warning disable AD1004 // That is what is tested.
        CompiledFunction<double> f = Differentiate.Compile(x => x * factor, Tensor.Zeros<double>(2), new CompileOptions { VerifyEvery = 3 });
#pragma warning restore AD1004
        Tensor<double> x = Tensor.Create([1.0, 2]);
        for (int i = 0; i < 6; i++)
        {
            f.Invoke(x).ToArray().Should().Equal(2, 4);
        }

        factor = 3;
        FluentActions.Invoking(() => Enumerable.Range(0, 3).Select(_ => f.Invoke(x)).ToArray()).Should().Throw<CompiledFunctionException>().WithMessage("*element 0 of result 0 is 3*");
    }

    [Fact]
    public void Higher_derivatives_are_part_of_the_program()
    {
        Func<Tensor<double>[], Tensor<double>[]> f = p => [Differentiate.Hessian(x => (x.Exp() * x.Sin()).Sum() * x.Prod(), p[0]), Differentiate.Jacobian(x => x.Outer(x.Tanh()), p[0])];
        CompiledFunction<double> compiled = Differentiate.Compile(f, [Key.Normal<double>(4)]);
        Tensor<double>[] at = [Key.Derive(3).Normal<double>(4)];
        Same(f(at), compiled.Invoke(at));
    }

    [Fact]
    public void Lanes_that_were_all_reached_at_the_example_are_not_at_other_inputs()
    {
        foreach (Func<Tensor<double>, Tensor<double>> f in (Func<Tensor<double>, Tensor<double>>[])
            [x => Tensor.Where(x > 0.0, x.Sqrt(), 0.0).Sum(), x => Tensor.Where(x > 0.0, x.Sqrt(), 0.0).Sum() + x.Square()[1..].Sum(), x => x.Sqrt() is var v ? Tensor.Where(x > 0.0, v, 0.0).Sum() + v[1..].Sum() : v])
        {
            CompiledFunction<double> gradient = Differentiate.Compile(x => Differentiate.Gradient(f, x), Tensor.Create([1.0, 4, 9]));
            CompiledFunction<double> tangent = Differentiate.Compile(x => Differentiate.Jvp(f, x, Tensor.Create([1.0, 2, 3])), Tensor.Create([1.0, 4, 9]));
            foreach (double[] point in (double[][])[[1, 4, 9], [0, 4, 9], [0, 0.25, 1], [4, 1, 16]])
            {
                Tensor<double> x = Tensor.Create(point);
                gradient.Invoke(x).ToArray().Should().Equal(Differentiate.Gradient(f, x).ToArray()).And.OnlyContain(g => double.IsFinite(g));
                tangent.Invoke(x).ToScalar().Should().Be(Differentiate.Jvp(f, x, Tensor.Create([1.0, 2, 3])).ToScalar());
            }

            (gradient.Recordings, tangent.Recordings).Should().Be((1, 1));
        }
    }

    [Fact]
    public void What_is_computed_twice_is_computed_once_and_constants_are_folded()
    {
        CompiledFunction<double> f = Differentiate.Compile(x => (x.Sin() * x.Sin()) + Tensor.Create([1.0, 2]).Exp() + Differentiate.Gradient(z => z.Exp().Sum(), Tensor.Create([1.0, 2])), Tensor.Zeros<double>(2));
        f.Explain().Merged.Should().BePositive();
        f.Explain().Folded.Should().BePositive();
        Tensor<double> x = Tensor.Create([0.25, 0.75]);
        Same([(x.Sin() * x.Sin()) + Tensor.Create([1.0, 2]).Exp() + Tensor.Create([1.0, 2]).Exp()], [f.Invoke(x)]);
    }

    [Fact]
    public void A_function_with_a_tape_of_its_own_is_called_as_it_is()
    {
        static Tensor<double> F(Tensor<double> x)
        {
            using var tape = new Tape<double>();
            Tensor<double> v = tape.Variable(x);
            return tape.Gradient((v * v).Sum(), v).Detach();
        }

        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([1.0]));
        f.Invoke(Tensor.Create([3.0])).ToArray().Should().Equal(6);
        f.Explain().ToString().Should().Contain("called as it is");
    }

    /// <summary>Of more than a block of elements, where operations run as a group: choices by a mask, and numbers that are first needed when registers have been used.</summary>
    [Theory]
    [InlineData(2_049)]
    [InlineData(10_000)]
    public void Groups_choose_and_spread_numbers_that_come_late(int length)
    {
        Tensor<double> x = new RandomKey(3).Normal(length);
        Tensor<double> Chosen(Tensor<double> x) => Differentiate.Gradient(x => (Tensor.Where(x > 0.1, x.Log(), x * 2.0) * x.Cos()).Sum(), x);
        Tensor<double> Late(Tensor<double> x) => ((x.Sin() + x.Cos()) * x.Exp()).Tanh() * x[3] + x[7] * (x * x[1]).Sin();
        foreach (Func<Tensor<double>, Tensor<double>> f in new[] { Chosen, Late, x => Differentiate.Gradient(x => Late(x).Sum(), x), x => (1.0 - x).Dropout(0.5, new RandomKey(1)).Square() })
        {
            CompiledFunction<double> compiled = Differentiate.Compile(f, x);
            foreach (Tensor<double> at in new[] { x, x * 0.7 })
            {
                Array.ConvertAll(compiled.Invoke(at).ToArray(), BitConverter.DoubleToInt64Bits).Should().Equal(Array.ConvertAll(f(at).ToArray(), BitConverter.DoubleToInt64Bits));
            }
        }
    }

    /// <summary>Which lanes the cotangent of the root has is a matter of two choices together, and of each run.</summary>
    [Fact]
    public void Lanes_that_two_choices_leave_are_those_of_the_run()
    {
        static Tensor<double> F(Tensor<double> x)
        {
            Tensor<double> root = x.Sqrt();
            return (Tensor.Where(x > 0.0, root, 0.0) + Tensor.Where(x > 1.0, root, 0.0)).Sum();
        }

        CompiledFunction<double> compiled = Differentiate.Compile(x => Differentiate.Gradient(F, x), Tensor.Create([4.0, 9.0, 16.0]));
        compiled.Invoke(Tensor.Create([0.0, 4.0, 0.25])).ToArray().Should().Equal(0, 0.5, 1);
    }

    /// <summary>What is computed twice of the same is computed once; these slices have one hash, 31 · 1 + 0 and 31 · 0 + 31, and are not the same.</summary>
    [Fact]
    public void Operations_on_other_slices_are_not_taken_for_the_same()
    {
        static Tensor<double> F(Tensor<double> x) => (x[1..4] * x[..3]) + (x[..3] * x[31..34]);
        Tensor<double> x = new RandomKey(5).Normal(40);
        Differentiate.Compile(F, x).Invoke(x * 2.0).ToArray().Should().Equal(F(x * 2.0).ToArray());
    }

    [Fact]
    public void Misuse_is_told()
    {
        CompiledFunction<double> f = Differentiate.Compile(xs => [xs[0] + xs[1]], [Tensor.Zeros<double>(2), Tensor.Zeros<double>(2)]);
        FluentActions.Invoking(() => f.Invoke(Tensor.Zeros<double>(2))).Should().Throw<ArgumentException>().WithMessage("*2, as in the example*");
        FluentActions.Invoking(() => f.Invoke([null!, null!])).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => f.CreateWorkspace().Output(0)).Should().Throw<InvalidOperationException>();
        Workspace<double> disposed = f.CreateWorkspace();
        disposed.Dispose();
        FluentActions.Invoking(() => disposed.Run()).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => Differentiate.Compile((Func<Tensor<double>, Tensor<double>>)null!, Tensor.Zeros<double>(1))).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Differentiate.Compile(x => x, Tensor.Zeros<double>(1), new CompileOptions { MaxPrograms = 0 })).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => f.Invoke([Tensor.Zeros<double>(2), Tensor.Zeros<double>(3)])).Should().Throw<TensorShapeException>("f itself says so");
    }
}
