namespace AutoDiff.Tests.Numbers;

public class ActiveTapeTests
{
    [Fact]
    public void A_gradient_is_one_sweep_and_sweeps_repeat()
    {
        using var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(3, 4);
        Active<double> y = (x[0] * x[1]) + Active<double>.Sin(x[0]), z = tape.Record(x[1] * x[1]);
        tape.Count.Should().Be(5);
        tape.Gradient(y, x).Should().Equal(4 + Math.Cos(3), 3);
        tape.Gradient(z, x).Should().Equal(0, 8);
        tape.Gradient(y, x).Should().Equal(4 + Math.Cos(3), 3);
        tape.Gradient(y, x[1], x[1]).Should().Equal(3, 3);
        tape.Gradient(y, z).Should().Equal(0.0);
        double[,] jacobian = tape.Jacobian([y, z], x);
        jacobian.Cast<double>().Should().Equal(4 + Math.Cos(3), 3, 0, 8);
        tape.Vjp([y, z, 5.0], [1, 10, 100], x).Should().Equal(4 + Math.Cos(3), 83);
        tape.Vjp([2.0 * y, z * z], [1, 10], x).Should().Equal(2 * (4 + Math.Cos(3)), 6 + (10 * 256));
        tape.Count.Should().Be(5);
    }

    [Fact]
    public void Functions_of_one_number_are_not_recorded()
    {
        var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(2, 0.5);
        Active<double> y = 1.0 / (1.0 + Active<double>.Exp(-x[0] * 3.0)), z = (y * y) - (x[0] / y) + Active<double>.Pow(x[0], y) + Active<double>.FusedMultiplyAdd(x[0], y, y);
        tape.Count.Should().Be(2);
        double s = 1 / (1 + Math.Exp(-6)), slope = 3 * s * (1 - s);
        double expected = (2 * s * slope) - (1 / s) + (2 / (s * s) * slope) + (Math.Pow(2, s) * ((s / 2) + (Math.Log(2) * slope))) + s + (2 * slope) + slope;
        tape.Gradient(z, x)[0].Should().BeApproximately(expected, 1e-14);
        tape.Gradient(z * x[1], x).Should().Equal(tape.Gradient(z, x[0])[0] * 0.5, z.Value);
        tape.Count.Should().Be(3);
        tape.Vjp([z, y, x[0]], [2, 3, 4], x)[0].Should().BeApproximately((2 * expected) + (3 * slope) + 4, 1e-13);
    }

    [Fact]
    public void Numbers_between_may_be_asked_for()
    {
        var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(2, 3);
        Active<double> square = tape.Record(x[0] * x[0]), y = square * x[0], product = x[0] * x[1];
        tape.Gradient(y, square, x[0]).Should().Equal(2, 12);
        tape.Gradient(product * product, product, x[0]).Should().Equal(12, 36);
        tape.Record(5.0).Tape.Should().BeNull();
    }

    /// <summary>The derivative by x + 1 is not the one by x, which stands at the same place.</summary>
    [Fact]
    public void What_is_not_recorded_itself_cannot_be_asked_for()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(2), next = x + 1.0, y = next * x;
        tape.Gradient(y, x).Should().Equal(5.0);
        foreach (Active<double> between in (Active<double>[])[next, y, -x, x * 1.0, Active<double>.Max(x, 1.0)])
        {
            tape.Invoking(tape => tape.Gradient(y, between)).Should().Throw<TapeException>().WithMessage("*not recorded itself*Record*");
        }
    }

    [Fact]
    public void Constants_have_no_place()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(2), c = 3.0;
        Active<double> y = (c * c) + Active<double>.Exp(c) + Active<double>.Pi;
        y.Tape.Should().BeNull();
        tape.Count.Should().Be(1);
        tape.Gradient(y, x).Should().Equal(0.0);
        tape.Gradient(x * y, x).Should().Equal(y.Value);
        tape.Invoking(tape => tape.Gradient(x, c)).Should().Throw<TapeException>().WithMessage("*constant*Variable*");
    }

    /// <summary>An operand of two powers of a negative base: the derivative by a constant exponent would be NaN.</summary>
    [Fact]
    public void No_derivative_by_a_constant_is_computed()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(-2);
        tape.Gradient(Active<double>.Pow(x, 3.0), x).Should().Equal(12.0);
        tape.Gradient(x * double.PositiveInfinity, x).Should().Equal(double.PositiveInfinity);
    }

    [Fact]
    public void What_no_path_leads_to_contributes_exactly_nothing()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(0);
        Active<double> unused = Active<double>.Sqrt(x), log = Active<double>.Log(x), y = 3.0 * x;
        tape.Gradient(y, x).Should().Equal(3.0);
        tape.Gradient(unused + y, x).Should().Equal(double.PositiveInfinity);
        tape.Gradient(unused * unused, x)[0].Should().Be(double.NaN, "0 · ∞ by arithmetic is not silently 0");
        log.Value.Should().Be(double.NegativeInfinity);
    }

    [Fact]
    public void Two_tapes_do_not_mix()
    {
        ActiveTape<double> first = new(), second = new();
        Active<double> x = first.Variable(1), y = second.Variable(2);
        FluentActions.Invoking(() => x * y).Should().Throw<TapeException>().WithMessage("*two tapes*");
        FluentActions.Invoking(() => Active<double>.FusedMultiplyAdd(x, 2.0, y)).Should().Throw<TapeException>();
        first.Invoking(tape => tape.Gradient(y, x)).Should().Throw<TapeException>();
        first.Invoking(tape => tape.Gradient(x, y)).Should().Throw<TapeException>();
        first.Count.Should().Be(1, "what fails records nothing");
        second.Count.Should().Be(1);
        (x * y.Value).Value.Should().Be(2);
    }

    [Fact]
    public async Task A_tape_belongs_to_its_thread()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(1), z = tape.Variable(2);
        await OnAnotherThread(() =>
        {
            FluentActions.Invoking(() => x + z).Should().Throw<TapeException>().WithMessage("*another thread*");
            FluentActions.Invoking(() => Active<double>.Exp(x) * z).Should().Throw<TapeException>().WithMessage("*another thread*");
            tape.Invoking(tape => tape.Record(x)).Should().Throw<TapeException>();
            tape.Invoking(tape => tape.Variable(1)).Should().Throw<TapeException>();
            tape.Invoking(tape => tape.Gradient(x, x)).Should().Throw<TapeException>();
            tape.Invoking(tape => tape.Rewind(0)).Should().Throw<TapeException>();
            tape.Dispose();
        });
        FluentActions.Invoking(() => x + z).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_disposed_tape_says_so()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(1), z = tape.Variable(2);
        tape.Dispose();
        tape.Dispose();
        x.Value.Should().Be(1);
        FluentActions.Invoking(() => x + z).Should().Throw<ObjectDisposedException>();
        tape.Invoking(tape => tape.Record(x)).Should().Throw<ObjectDisposedException>();
        tape.Invoking(tape => tape.Variable(1)).Should().Throw<ObjectDisposedException>();
        tape.Invoking(tape => tape.Gradient(x, x)).Should().Throw<ObjectDisposedException>();
    }

    /// <summary>What a sweep works on must not be taken from under it. The tape is long, so that most of the time is in a sweep or in clearing for one.</summary>
    [Fact]
    public void Disposing_on_another_thread_ends_a_sweep_or_lets_it_be()
    {
        for (int round = 0; round < 400; round++)
        {
            var tape = new ActiveTape<double>();
            Active<double> x = tape.Variable(1e-6), y = tape.Variable(1);
            for (int i = 0; i < 20_000; i++)
            {
                y += y * x;
            }

            double expected = tape.Gradient(y, x)[0];
            int spins = round * 20;
            var thread = new Thread(() =>
            {
                Thread.SpinWait(spins);
                tape.Dispose();
            });
            thread.Start();
            FluentActions.Invoking(() =>
            {
                while (true)
                {
                    if (tape.Gradient(y, x)[0] != expected)
                    {
                        throw new InvalidOperationException("another gradient");
                    }
                }
            }).Should().Throw<ObjectDisposedException>();
            thread.Join();
        }
    }

    [Fact]
    public void Tapes_nest()
    {
        using var outer = new ActiveTape<Active<double>>();
        for (int round = 0; round < 3; round++)
        {
            using var inner = new ActiveTape<double>();
            outer.Rewind(0);
            Active<double>[] at = inner.Variables(0.5, 2);
            Active<Active<double>>[] x = outer.Variables(at);
            Active<double>[] gradient = outer.Gradient((x[0] * x[0] * x[1]) + Active<Active<double>>.Exp(x[0] * x[1]), x);
            double e = Math.Exp(1);
            inner.Jacobian(gradient, at).Cast<double>().Zip([4 + (4 * e), 1 + (2 * e), 1 + (2 * e), 0.25 * e]).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < 1e-14);
        }
    }

    [Fact]
    public void What_was_rewound_cannot_be_used()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(2);
        int position = tape.Position;
        Active<double> gone = tape.Variable(5);
        tape.Rewind(position);
        FluentActions.Invoking(() => gone + x).Should().Throw<TapeException>().WithMessage("*rewound*");
        FluentActions.Invoking(() => tape.Gradient(gone + 1.0, x)).Should().Throw<TapeException>().WithMessage("*rewound*");
        FluentActions.Invoking(() => tape.Record(gone)).Should().Throw<TapeException>().WithMessage("*rewound*");
        Active<double> later = tape.Record(x * 3.0);
        FluentActions.Invoking(() => gone + later).Should().Throw<TapeException>().WithMessage("*rewound*", "another number is at its place now");
        FluentActions.Invoking(() => later * gone).Should().Throw<TapeException>();
        tape.Invoking(tape => tape.Gradient(gone, x)).Should().Throw<TapeException>();
        tape.Invoking(tape => tape.Gradient(later, gone)).Should().Throw<TapeException>();
        tape.Gradient(later, x).Should().Equal(3.0);
        tape.Invoking(tape => tape.Rewind(3)).Should().Throw<ArgumentOutOfRangeException>();
        tape.Invoking(tape => tape.Rewind(-1)).Should().Throw<ArgumentOutOfRangeException>();
        tape.Rewind(0);
        Active<double> other = tape.Variable(1);
        FluentActions.Invoking(() => x * other).Should().Throw<TapeException>();
    }

    /// <summary>Against a tape that numbers every entry it ever made.</summary>
    [Fact]
    public void Random_rewindings_are_seen_through()
    {
        var random = new Random(1);
        var tape = new ActiveTape<double>();
        var alive = new List<Active<double>> { tape.Variable(1) };
        var gone = new List<Active<double>>();
        for (int step = 0; step < 3000; step++)
        {
            if (random.Next(8) == 0)
            {
                int position = random.Next(1, alive.Count + 1);
                tape.Rewind(position);
                gone.AddRange(alive[position..]);
                alive.RemoveRange(position, alive.Count - position);
            }

            Active<double> x = alive[random.Next(alive.Count)];
            alive.Add(tape.Record(x + 1.0));
            tape.Count.Should().Be(alive.Count);
            tape.Gradient(alive[^1], alive[0]).Should().Equal(1.0);
            if (gone.Count > 0)
            {
                Active<double> dead = gone[random.Next(gone.Count)];
                FluentActions.Invoking(() => dead + alive[0]).Should().Throw<TapeException>();
                FluentActions.Invoking(() => alive[^1] + (1.0 - dead)).Should().Throw<TapeException>();
            }
        }
    }

    [Fact]
    public void Memory_is_flat_over_ten_thousand_recordings()
    {
        var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(1, 2, 3);
        int position = tape.Position;
        double[] gradient = new double[3], sum = new double[3];
        void Record()
        {
            tape.Rewind(position);
            Active<double> y = 1.0;
            for (int i = 0; i < 300; i++)
            {
                y = (y * x[i % 3]) + Active<double>.Cos(y + x[0]);
            }

            tape.Gradient(y, x, gradient);
            for (int i = 0; i < 3; i++)
            {
                sum[i] += gradient[i];
            }
        }

        for (int i = 0; i < 100; i++)
        {
            Record();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Record();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000, "a recording allocates nothing");
        sum.Should().OnlyContain(x => double.IsFinite(x));
    }

    /// <summary>Frames of a program lie on several pages of the stack, at places that differ from run to run; and a tape that was rewound to its start is used like a new one.</summary>
    [Fact]
    public void Operations_are_seldom_looked_at_closely()
    {
        var tape = new ActiveTape<double>();
        for (int run = 0; run < 20; run++)
        {
            tape.Rewind(0);
            Active<double>[] x = tape.Variables(1, 2);
            int position = tape.Position;
            for (int path = 0; path < 50; path++)
            {
                tape.Rewind(position);
                for (int depth = 0; depth < 100; depth++)
                {
                    _ = Deep(depth, x[0], x[1]);
                }
            }
        }

        // A new page, or an array that grew.
        tape.Looks.Should().BeLessThan(40);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static Active<double> Deep(int depth, Active<double> x, Active<double> y) => depth == 0 ? x * y : Deep(depth - 1, x, y) + (x * y);
    }

    /// <summary>A function may begin anywhere on its page of the stack, and what looks closely lies below it, perhaps on the next.</summary>
    [Fact]
    public void Wherever_on_a_page_a_function_begins()
    {
        for (int offset = 0; offset < 4096; offset += 16)
        {
            From(offset);
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void From(int offset)
        {
            Span<byte> room = stackalloc byte[offset + 1];
            var tape = new ActiveTape<double>();
            Active<double> x = tape.Variable(1), y = tape.Variable(room[offset]);
            for (int i = 0; i < 40; i++)
            {
                y += x;
            }

            tape.Looks.Should().BeLessThan(4);
        }
    }

    [Fact]
    public async Task Eight_threads_have_tapes_of_their_own()
    {
        double[][] gradients = new double[8][];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => OnAnotherThread(() =>
        {
            using var tape = new ActiveTape<double>();
            Active<double>[] x = tape.Variables(0.5, 0.25);
            Active<double> y = x[0];
            for (int i = 0; i < 20_000; i++)
            {
                y = Active<double>.Sin(y + x[1]);
            }

            gradients[thread] = tape.Gradient(y, x);
        })));
        gradients.Should().OnlyContain(g => g.SequenceEqual(gradients[0]));
    }

    [Fact]
    public void Ten_million_operations()
    {
        using var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(1e-7), y = tape.Variable(1);
        for (int i = 0; i < 5_000_000; i++)
        {
            y += y * x;
        }

        tape.Count.Should().Be(10_000_002);
        double expected = 5e6 * Math.Pow(1 + 1e-7, 5e6 - 1);
        (tape.Gradient(y, x)[0] / expected).Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public void Hessians_by_an_active_of_duals()
    {
        var tape = new ActiveTape<Dual<double>>();
        static T F<T>(T x, T y) where T : System.Numerics.IFloatingPointIeee754<T> => (x * x * y) + T.Exp(x * y);
        double e = Math.Exp(0.5 * 2);
        double[,] expected = { { (2 * 2.0) + (4 * e), (2 * 0.5) + e + e }, { 1 + e + e, 0.25 * e } };
        for (int i = 0; i < 2; i++)
        {
            Active<Dual<double>>[] x = tape.Variables(new Dual<double>(0.5, 1 - i), new Dual<double>(2, i));
            Dual<double>[] g = tape.Gradient(F(x[0], x[1]), x);
            g[0].Tangent.Should().BeApproximately(expected[i, 0], 1e-14);
            g[1].Tangent.Should().BeApproximately(expected[i, 1], 1e-14);
        }
    }

    [Fact]
    public void Errors_of_lengths()
    {
        var tape = new ActiveTape<double>();
        Active<double> x = tape.Variable(1);
        tape.Invoking(tape => tape.Vjp([x], [1, 2], [x])).Should().Throw<ArgumentException>();
        tape.Invoking(tape => tape.Gradient(x, [x], new double[2])).Should().Throw<ArgumentException>();
    }

    private static Task OnAnotherThread(Action action)
    {
        var done = new TaskCompletionSource();
        new Thread(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
#pragma warning disable CA1031 // Handed on to the waiting thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                done.SetException(failure);
            }
        }).Start();
        return done.Task;
    }
}
