namespace AutoDiff.Tests.Recording;

/// <summary>What other threads do to a tape: it stays right, or the error says what is wrong.</summary>
public class TapeThreadTests
{
    private const int Large = 2000;

    /// <summary>Of a length that is pooled, so that memory used again would show.</summary>
    private static readonly Tensor<double> Point = Tensor.LinearSpace(0.1, 1.0, Large);

    [Fact]
    public void A_sweep_of_another_thread_works_on_what_was_recorded_when_it_began()
    {
        for (int round = 0; round < 20; round++)
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.7]));
            Tensor<double> y = Chain(x, 100).Sum();
            double[] expected = tape.Gradient(y, x).ToArray();
            double[] tangent = tape.Jvp(y, x, Tensor.Create([1.0, 2.0])).ToArray();
            bool done = false;
            Thread other = Start(() =>
            {
                try
                {
                    for (int i = 0; i < 50; i++)
                    {
                        tape.Gradient(y, x).ToArray().Should().Equal(expected);
                        tape.Jvp(y, x, Tensor.Create([1.0, 2.0])).ToArray().Should().Equal(tangent);
                    }
                }
                finally
                {
                    Volatile.Write(ref done, true);
                }
            }, out Func<Exception?> error);
            for (int i = 0; !Volatile.Read(ref done); i++)
            {
                Chain(x, 50);
            }

            other.Join();
            error().Should().BeNull();
        }
    }

    [Fact]
    public void A_tape_disposed_while_another_thread_sweeps_gives_it_the_right_numbers_or_an_error()
    {
        Func<Tensor<double>, Tensor<double>> f = x => ((x * x).Sin() * x.Exp() + (x * 3.0).Tanh()).Square().Sum();
        double[] expected = Differentiate.Gradient(f, Point).ToArray();
        for (int round = 0; round < 100; round++)
        {
            var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Point);
            Tensor<double> y = f(x);
            using var begun = new ManualResetEventSlim();
            Thread other = Start(() =>
            {
                begun.Set();
                for (int i = 0; i < 100; i++)
                {
                    tape.Gradient(y, x).ToArray().Should().Equal(expected);
                }
            }, out Func<Exception?> error);
            begun.Wait();
            Thread.SpinWait(round * 200);
            tape.Dispose();
            Spoil();
            other.Join();
            error().Should().Match<Exception?>(e => e == null || e is ObjectDisposedException);
        }
    }

    [Fact]
    public void A_tape_disposed_by_another_thread_gives_its_own_the_right_numbers_or_an_error()
    {
        double[] sine = Point.Sin().ToArray();
        for (int round = 0; round < 100; round++)
        {
            var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Point);
            Thread other = Start(() =>
            {
                Thread.SpinWait(round * 100);
                tape.Dispose();
                tape.Dispose();
                Spoil();
            }, out Func<Exception?> error);
            Action use = () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    x.Sin().ToArray().Should().Equal(sine);
                }
            };
            Exception? own = Record.Exception(use);
            other.Join();
            error().Should().BeNull();
            own.Should().Match<Exception?>(e => e == null || e is ObjectDisposedException);
            FluentActions.Invoking(() => x.Sin()).Should().Throw<ObjectDisposedException>();
            FluentActions.Invoking(() => x.ToArray()).Should().Throw<ObjectDisposedException>();
            tape.Dispose();
        }
    }

    [Fact]
    public void Numbers_read_on_another_thread_are_those_of_the_tensor()
    {
        for (int round = 0; round < 100; round++)
        {
            var tape = new Tape<double>();
            Tensor<double> y = tape.Variable(Point) * 2.0;
            Thread other = Start(() =>
            {
                for (int i = 0; i < 100; i++)
                {
                    Tensor<double> copy = y.Detach();
                    y.AsSpan().IndexOfAnyExceptInRange(0.2, 2.0).Should().Be(-1);
                    copy.AsSpan().IndexOfAnyExceptInRange(0.2, 2.0).Should().Be(-1);
                }
            }, out Func<Exception?> error);
            Thread.SpinWait(round * 50);
            tape.Dispose();
            Spoil();
            other.Join();
            error().Should().Match<Exception?>(e => e == null || e is ObjectDisposedException);
        }
    }

    /// <summary>What is taken back cannot be swept, also where other records stand in its place by now; what was there before can.</summary>
    [Fact]
    public void A_tape_taken_back_while_another_thread_sweeps_gives_it_the_right_numbers_or_an_error()
    {
        for (int round = 0; round < 50; round++)
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Point);
            Tensor<double> before = Chain(x, 20).Sum();
            double[] expected = tape.Gradient(before, x).ToArray();
            Tensor<double>? inside = null;
            double[]? expectedInside = null;
            using var ready = new ManualResetEventSlim();
            Thread other = Start(() =>
            {
                ready.Wait();
                bool gone = false;
                for (int i = 0; i < 50; i++)
                {
                    tape.Gradient(before, x).ToArray().Should().Equal(expected);
                    try
                    {
                        double[] found = tape.Gradient(inside!, x).ToArray();
                        gone.Should().BeFalse();
                        found.Should().Equal(expectedInside);
                    }
                    catch (ObjectDisposedException)
                    {
                        gone = true;
                    }
                }
            }, out Func<Exception?> error);
            Action fails = () => Differentiate.Gradient(z =>
            {
                inside = (Chain(z, 20) + x).Sum();
                expectedInside = tape.Gradient(inside, x).ToArray();
                ready.Set();
                Thread.SpinWait(round * 500);
                throw new InvalidTimeZoneException();
            }, x);
            fails.Should().Throw<InvalidTimeZoneException>();
            for (int i = 0; i < 20; i++)
            {
                _ = (x[..1].Sum() + Chain(x, 20).Cos().Sum()).Exp();
            }

            other.Join();
            error().Should().BeNull();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(Large)]
    public void A_tape_may_be_disposed_inside_of_its_own_sweep(int n)
    {
        foreach (bool recorded in new[] { false, true })
        {
            foreach (bool late in new[] { false, true })
            {
                var tape = new Tape<double>();
                Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.1, 1.0, n));
                Tensor<double> z = x.Sin();
                Tensor<double> y = (late ? z * x : z).OnCotangent(Disposing) + (x * 2.0);
                Exception? error = Record.Exception(() => tape.Gradient(y.Sum(), x, recorded).ToArray());
                error.Should().Match<Exception?>(e => e == null || e is ObjectDisposedException);
                Spoil();

                Tensor<double> Disposing(Tensor<double> g)
                {
                    tape.Dispose();
                    Spoil();
                    return g;
                }
            }

            var forward = new Tape<double>();
            Tensor<double> v = forward.Variable(Tensor.LinearSpace(0.1, 1.0, n));
            var disposes = new CustomOperation<double>("disposes", xs => xs[0] * 2.0, jvp: (ts, _, _) =>
            {
                forward.Dispose();
                return ts[0] * 2.0;
            });
            Tensor<double> w = disposes.Apply(v).Exp();
            FluentActions.Invoking(() => forward.Jvp(w, v, Tensor.Ones<double>(n), recorded)).Should().Throw<ObjectDisposedException>();
        }

        Differentiate.Derivative(x => x * x, 3.0).ToScalar().Should().Be(6, "nothing is left behind on the thread");
    }

    [Fact]
    public void A_tensor_disposed_on_several_threads_gives_its_array_back_once()
    {
        for (int round = 0; round < 200; round++)
        {
            Tensor<double>[] tensors = [.. Enumerable.Range(0, 8).Select(i => Tensor.Full(1.0, 3000 + i))];
            Tensor<double>[] views = Array.ConvertAll(tensors, t => t.Reshape(1, -1));
            using var barrier = new Barrier(4);
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                barrier.SignalAndWait();
                Array.ForEach(tensors, t => t.Dispose());
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            views.Should().OnlyContain(view => view.Buffer!.Holders == 1, "each tensor has let go once");
            Array.ForEach(views, view => view.ToArray().Should().OnlyContain(value => value == 1.0));
            Array.ForEach(views, view => view.Dispose());
        }
    }

    [Fact]
    public void A_view_cannot_be_made_of_an_array_that_has_been_given_back()
    {
        Tensor<double> x = Tensor.Ones<double>(Large);
        x.Buffer!.Release();
        FluentActions.Invoking(() => x.Reshape(1, Large)).Should().Throw<ObjectDisposedException>("as where another thread disposes it at that moment");
    }

    [Fact]
    public void A_call_that_fails_on_another_thread_leaves_the_tape_alone()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.7]));
        Tensor<double> one = Tensor.Ones<double>(2);
        Action[] calls =
        [
            () => Differentiate.Gradient(z => z.Sum(), x), () => Differentiate.Jvp(z => z * 2.0, x, one), () => Differentiate.Vjp(z => z * 2.0, one, x), () => Differentiate.Hessian(z => z.Square().Sum(), x),
            () => Differentiate.Checkpoint(z => z.Sin(), x), () => Differentiate.Scan((s, p, i) => s.Sin(), x, [], 40), () => x.Outer(one).SingularValues(), () => tape.Gradient(x.Sum(), x), () => tape.Variable(1.0),
            () => tape.Vjp(x, one, x, record: true), () => tape.Explain(), () => Differentiate.Gradient(z => (z * x).Sum(), one), () => new SparseJacobian<double>(z => z * x).Evaluate(one),
            () => JacobianOperator<double>.Create(z => z * x, one), () => Implicit.Root((u, p) => u - p, one, x), () => new CustomOperation<double>("f", xs => xs[0] * 2.0, vjp: (g, _, _) => [g]).Apply(x),
        ];
        bool done = false;
        Thread other = Start(() =>
        {
            try
            {
                foreach (Action call in Enumerable.Repeat(calls, 30).SelectMany(all => all))
                {
                    call.Should().Throw<TapeException>().WithMessage("*another thread*");
                }
            }
            finally
            {
                Volatile.Write(ref done, true);
            }
        }, out Func<Exception?> error);
        int count = 1;
        while (!Volatile.Read(ref done))
        {
            Tensor<double> y = x.Sin().Sum();
            tape.Count.Should().Be(count += 2);
            y.ToScalar().Should().BeApproximately(Math.Sin(0.3) + Math.Sin(0.7), 1e-15);
        }

        other.Join();
        error().Should().BeNull();
    }

    /// <summary>The records outgrow their arrays while a recorded sweep reads them.</summary>
    [Fact]
    public void A_tape_may_grow_in_a_recorded_sweep()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.7]));
        Tensor<double> y = Chain(x, 3000).Sum();
        double[] expected = tape.Gradient(y, x).ToArray();
        Tensor<double> first = tape.Gradient(y, x, record: true);
        tape.Count.Should().BeGreaterThan(9000);
        first.ToArray().Should().Equal(expected);
        Tensor<double> second = tape.Gradient(first.Sum(), x, record: true);
        second.ToArray().Should().Equal(tape.Gradient(first.Sum(), x).ToArray());
    }

    /// <summary>Fills what the pool would give next with other numbers.</summary>
    private static void Spoil()
    {
        Tensor<double>[] spoilt = [.. Enumerable.Range(0, 8).Select(_ => Tensor.Full(-7e77, Large))];
        Array.ForEach(spoilt, t => t.Dispose());
    }

    private static Tensor<double> Chain(Tensor<double> x, int length)
    {
        for (int i = 0; i < length; i++)
        {
            x = (x * 1.01).Sin();
        }

        return x;
    }

    private static Thread Start(Action code, out Func<Exception?> error)
    {
        Exception? found = null;
        var thread = new Thread(() => found = Record.Exception(code));
        thread.Start();
        error = () => found;
        return thread;
    }
}
