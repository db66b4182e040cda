namespace AutoDiff.Tests.Recording;

/// <summary>A tape's life: recording, threads, mixtures of tapes, disposal.</summary>
public class TapeTests
{
    private static readonly Tensor<double> Two = Tensor.Create([1.0, 2.0]);

    [Fact]
    public void Only_what_depends_on_a_variable_is_recorded()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Two);
        tape.Count.Should().Be(1);
        (Two * 2.0).Exp().Tape.Should().BeNull();
        x.Detach().Exp().Tape.Should().BeNull();
        tape.Count.Should().Be(1);
        (x * Two).Tape.Should().BeSameAs(tape);
        (x > 1.0).Tape.Should().BeSameAs(tape, "a program that runs again compares again");
        tape.Count.Should().Be(3);
    }

    [Fact]
    public void A_variable_of_a_recorded_tensor_passes_derivatives_on()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(3.0);
        Tensor<double> y = tape.Variable(x.Square());
        tape.Gradient(y * y, y).ToScalar().Should().Be(18);
        tape.Gradient(y * y, x).ToScalar().Should().Be(108);
    }

    [Fact]
    public void Two_tapes_do_not_mix()
    {
        using var first = new Tape<double>();
        using var second = new Tape<double>();
        Tensor<double> x = first.Variable(Two);
        Tensor<double> y = second.Variable(Two);
        FluentActions.Invoking(() => x + y).Should().Throw<TapeException>().WithMessage("Add: *unrelated tapes*To fix it, *Detach()*");
        FluentActions.Invoking(() => x.MatMul(y)).Should().Throw<TapeException>().WithMessage("MatMul: *");
        FluentActions.Invoking(() => Tensor.Stack([x, y])).Should().Throw<TapeException>().WithMessage("Stack: *");
        FluentActions.Invoking(() => Tensor.Where(x > 0.0, x, y)).Should().Throw<TapeException>().WithMessage("Where: *");
        FluentActions.Invoking(() => first.Variable(y)).Should().Throw<TapeException>().WithMessage("Variable: *");
        FluentActions.Invoking(() => first.Gradient(y.Sum(), x)).Should().Throw<TapeException>().WithMessage("Gradient: *another tape*");
        FluentActions.Invoking(() => first.Vjp(x * 2.0, y, x, record: true)).Should().Throw<TapeException>().WithMessage("Vjp: *");
        (first.Count, second.Count).Should().Be((3, 2), "an error leaves the tapes as they were, but for the two operations that were right, x > 0 and x * 2");
        (x + y.Detach()).ToArray().Should().Equal(2, 4);
    }

    [Fact]
    public void Only_recorded_tensors_are_differentiated()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Two);
        Tensor<double> y = x.Sum();
        FluentActions.Invoking(() => tape.Gradient(Tensor.Scalar(1.0), x)).Should().Throw<TapeException>().WithMessage("Gradient: *'y' of shape [] is a constant*tape.Variable*");
        FluentActions.Invoking(() => tape.Gradient(y, Two)).Should().Throw<TapeException>().WithMessage("Gradient: *shape [2] is a constant*");
        FluentActions.Invoking(() => tape.Gradient(y.Detach(), x)).Should().Throw<TapeException>();
        FluentActions.Invoking(() => tape.Jvp(y, Two, Two)).Should().Throw<TapeException>().WithMessage("Jvp: *");
        FluentActions.Invoking(() => tape.Jacobian(y, Two)).Should().Throw<TapeException>().WithMessage("Jacobian: *");
    }

    [Fact]
    public void Vectors_must_fit()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Two);
        Tensor<double> y = x * 2.0;
        FluentActions.Invoking(() => tape.Gradient(y, x)).Should().Throw<TensorShapeException>().WithMessage("Gradient: *shape [2] and 2 elements*Expected one element*Sum()*");
        FluentActions.Invoking(() => tape.Vjp(y, Tensor.Scalar(1.0), x)).Should().Throw<TensorShapeException>().WithMessage("Vjp: *shape [] was given for a tensor of shape [2]*");
        FluentActions.Invoking(() => tape.Jvp(y, x, Tensor.Ones<double>(3))).Should().Throw<TensorShapeException>().WithMessage("Jvp: *[3]*[2]*");
        FluentActions.Invoking(() => tape.Vjp([y, y], [Two], [x])).Should().Throw<TensorShapeException>().WithMessage("Vjp: 1 cotangents were given for 2 tensors*");
        FluentActions.Invoking(() => tape.Vjp([y, y], [Two, Tensor.Ones<double>(3, 2)], [x])).Should().Throw<TensorShapeException>().WithMessage("*batch axes*");
        FluentActions.Invoking(() => tape.Gradient(null!, x)).Should().Throw<ArgumentNullException>().WithMessage("Gradient: *'y'*");
        FluentActions.Invoking(() => tape.Vjp(y, null!, x)).Should().Throw<ArgumentNullException>().WithMessage("Vjp: *");
        FluentActions.Invoking(() => tape.Variable(null!)).Should().Throw<ArgumentNullException>().WithMessage("Variable: *");
    }

    [Fact]
    public void A_tape_records_on_its_own_thread_only()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Two);
        int count = tape.Count;
        Exception? exception = null;
        double[]? seen = null;
        var thread = new Thread(() =>
        {
            exception = Record.Exception(() => x * 2.0);
            seen = x.Detach().Exp().ToArray();
        });
        thread.Start();
        thread.Join();
        exception.Should().BeOfType<TapeException>().Which.Message.Should().Match("Multiply: *another thread*To fix it, give each thread a tape of its own*");
        seen.Should().Equal(Two.Exp().ToArray());
        tape.Count.Should().Be(count);
    }

    [Fact]
    public void Threads_with_tapes_of_their_own_share_constants()
    {
        Tensor<double> shared = Tensor.LinearSpace(0.1, 1.0, 2000);
        double[] expected = Gradient();
        var results = new double[8][];
        Thread[] threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            for (int run = 0; run < 20; run++)
            {
                results[i] = Gradient();
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (double[] result in results)
        {
            result.Should().Equal(expected);
        }

        double[] Gradient()
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(shared);
            Tensor<double> y = ((x * shared).Exp() * x.Log() * shared[..1] + x[100..].Sum()).Softmax().Square().Sum();
            return tape.Gradient(y, x).ToArray();
        }
    }

    [Fact]
    public void Nothing_of_a_disposed_tape_can_be_read()
    {
        foreach (int n in new[] { 2, 3000 })
        {
            var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Tensor.LinearSpace(1.0, 2.0, n));
            Tensor<double> y = x * 2.0;
            Tensor<double> s = y.Sum();
            Tensor<double> kept = y.Detach();
            Tensor<double> gradient = tape.Gradient(s, x);
            Tensor<double> recorded = tape.Gradient(y.Square().Sum(), x, record: true);
            tape.Dispose();
            tape.Dispose();

            Action[] uses =
            [
                () => y.ToArray(), () => y.AsSpan(), () => s.ToScalar(), () => y.At(0), () => y.ToString(), () => y.Detach(), () => y.ConvertTo<float>(), () => recorded.ToArray(),
                () => _ = y + 1.0, () => _ = y * kept, () => _ = kept - y, () => _ = y[0], () => y.Sum(), () => y.Reshape(1, n), () => y.ExpandDims(0), () => y.MatMul(kept), () => y.Softmax(),
                () => _ = y > 0.0, () => Tensor.Concat([kept, y]), () => Tensor.Where(kept, kept, y), () => x.Exp(), () => y.Max(), () => y.Flip(), () => y.Take([0]), () => y.BroadcastTo(2, n), () => _ = -y,
                () => tape.Variable(kept), () => tape.Variable(1.0), () => tape.Gradient(s, x), () => tape.Vjp(y, kept, x), () => tape.Jvp(y, x, kept), () => tape.Jacobian(y, x),
            ];
            for (int i = 0; i < uses.Length; i++)
            {
                uses[i].Should().Throw<ObjectDisposedException>("use number {0} of {1} elements touches a disposed tape", i, n);
            }

            FluentActions.Invoking(() => y.ToArray()).Should().Throw<ObjectDisposedException>().WithMessage($"A tensor of shape [{n}] was recorded on a tape that has been disposed*Detach()*");
            kept.At(0).Should().Be(2);
            kept.At(-1).Should().Be(4);
            gradient.ToArray().Should().OnlyContain(g => g == 2);
            y.Shape.ToArray().Should().Equal(n);
        }
    }

    [Fact]
    public void A_disposed_tensor_cannot_be_read_and_a_recorded_one_not_disposed()
    {
        Tensor<double> x = Tensor.Ones<double>(3000);
        Tensor<double> view = x.Reshape(30, 100);
        x.Dispose();
        x.Dispose();
        FluentActions.Invoking(() => x.ToArray()).Should().Throw<ObjectDisposedException>().WithMessage("A tensor of shape [3000] has been disposed*");
        FluentActions.Invoking(() => x.Exp()).Should().Throw<ObjectDisposedException>();
        Tensor<double> filler = Tensor.Full(7.0, 3000);
        view.ToArray().Should().OnlyContain(value => value == 1, "a view holds the buffer");
        GC.KeepAlive(filler);

        using var tape = new Tape<double>();
        FluentActions.Invoking(() => tape.Variable(1.0).Dispose()).Should().Throw<TapeException>().WithMessage("Dispose: *dispose the tape instead*");
    }

    [Fact]
    public void A_failed_recorded_sweep_leaves_the_tape_as_it_was()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Two);
        Tensor<double> y = Tensor<double>.General("Failing", [x.Exp()], [2], static (inputs, y) => inputs[0].Values.CopyTo(y.Writable),
            (g, _, _) => throw new InvalidOperationException("no backward rule"), (t, _, _) => throw new InvalidOperationException("no forward rule")).Exp();
        int count = tape.Count;
        FluentActions.Invoking(() => tape.Vjp(y, Two, x, record: true)).Should().Throw<InvalidOperationException>().WithMessage("no backward rule");
        tape.Count.Should().Be(count);
        FluentActions.Invoking(() => tape.Jvp(y, x, Two, record: true)).Should().Throw<InvalidOperationException>().WithMessage("no forward rule");
        tape.Count.Should().Be(count);
        tape.Gradient(x.Square().Sum(), x).ToArray().Should().Equal(2, 4);
    }
}
