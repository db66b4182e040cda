namespace AutoDiff.Tests.Recording;

/// <summary>An exception thrown in any function that the library is given: everything is as it was before the call.</summary>
public class CallbackExceptionTests
{
    private sealed class CallbackException : Exception;

    /// <summary>Of a length that is pooled, so that holds are counted.</summary>
    private const int Length = 1100;

    private static readonly Tensor<double> Small = Tensor.Create([0.3, 0.7]);
    private static readonly Tensor<double> One = Tensor.Ones<double>(2);

    /// <summary>The calls. Each is given a tensor of two elements to compute with, and a function that its callbacks call: it gives back its argument, or throws.</summary>
    private static readonly (string Name, Action<Tensor<double>, Func<Tensor<double>, Tensor<double>>> Call)[] Calls =
    [
        ("Gradient", (x, hook) => Differentiate.Gradient(z => hook(z * z).Sum(), x)), ("Derivative", (x, hook) => Differentiate.Derivative(z => hook(z * z), 0.5)),
        ("Jvp", (x, hook) => Differentiate.Jvp(z => hook(z * z), x, One)), ("Vjp", (x, hook) => Differentiate.Vjp(z => hook(z * z), x, One)),
        ("Jacobian", (x, hook) => Differentiate.Jacobian(z => hook(z * z), x)), ("Hessian", (x, hook) => Differentiate.Hessian(z => hook(z * z).Sum(), x)), ("Hvp", (x, hook) => Differentiate.Hvp(z => hook(z * z).Sum(), x, One)),
        ("HessianDiagonal", (x, hook) => Differentiate.HessianDiagonal(z => hook(z * z).Sum(), x)), ("Divergence", (x, hook) => Differentiate.Divergence(z => hook(z * z), x)),
        ("PerSampleGradients", (x, hook) => Differentiate.PerSampleGradients(z => hook(z * z), x)), ("GaussNewton: model", (x, hook) => Differentiate.GaussNewtonProduct(z => hook(z * z), y => y.Square().Sum(), x, One)),
        ("GaussNewton: loss", (x, hook) => Differentiate.GaussNewtonProduct(z => z * z, y => hook(y).Square().Sum(), x, One)),
        ("parameters", (x, hook) => Differentiate.Gradient(p => hook(p["a"] * p["a"]).Sum(), new Parameters<double>(("a", x)))),
        ("nested: inner", (x, hook) => Differentiate.Gradient(z => (z * Differentiate.Gradient(u => (hook(u * u) * z).Sum(), z)).Sum(), x)),
        ("nested: outer", (x, hook) => Differentiate.Gradient(z => hook(z * Differentiate.Gradient(u => (u * u * z).Sum(), z)).Sum(), x)),
        ("nested: constant", (x, hook) => Differentiate.Gradient(z => (z * Differentiate.Gradient(u => hook(u * u).Sum(), Small)).Sum(), x)),
        ("JacobianOperator", (x, hook) => JacobianOperator<double>.Create(z => hook(z * z), x.Detach())),
        ("SparseJacobian", (x, hook) => new SparseJacobian<double>(z => hook(z * z)).Evaluate(x.Detach())),
        ("SparseHessian", (x, hook) => new SparseHessian<double>(z => hook(z * z * z).Sum()).Evaluate(x.Detach())), ("GradientCheck", (x, hook) => GradientCheck.Check(z => hook(z * z).Sum(), x.Detach())),
        ("Checkpoint", (x, hook) => Differentiate.Gradient(z => Differentiate.Checkpoint(u => hook(u.Sin()), z).Sum(), x)), ("Checkpoint: forward", (x, hook) => Differentiate.Jvp(z => Differentiate.Checkpoint(u => hook(u.Sin()), z), x, One)),
        ("Checkpoint: twice", (x, hook) => Differentiate.Hessian(z => Differentiate.Checkpoint(u => hook(u.Sin()), z).Sum(), x)),
        ("Scan, short", (x, hook) => Differentiate.Gradient(z => Differentiate.Scan((s, p, _) => hook(s * p[0]), z, [z], 3).Sum(), x)),
        ("Scan, long", (x, hook) => Differentiate.Gradient(z => Differentiate.Scan((s, p, _) => hook(s * p[0]), z, [z], 3, leaf: 1).Sum(), x)),
        ("ScanRows", (x, hook) => Differentiate.Gradient(z => Differentiate.ScanRows((s, row, p) => hook(s * row * p[0]), z, Tensor.Ones<double>(3, 1), [z]).Sum(), x)),
        ("Scan, forward", (x, hook) => Differentiate.Jvp(z => Differentiate.Scan((s, p, _) => hook(s * p[0]), z, [z], 3, leaf: 1), x, One)),
        ("OnCotangent", (x, hook) => Differentiate.Gradient(z => z.Sin().OnCotangent(hook).Sum(), x)), ("OnCotangent: twice", (x, hook) => Differentiate.Hessian(z => z.Sin().OnCotangent(hook).Sum(), x)),
        ("custom value", (x, hook) => Differentiate.Gradient(z => new CustomOperation<double>("f", xs => hook(xs[0] * 2.0), (g, _, _) => [g * 2.0]).Apply(z).Sum(), x)),
        ("custom VJP", (x, hook) => Differentiate.Gradient(z => new CustomOperation<double>("f", xs => xs[0] * 2.0, (g, _, _) => [hook(g * 2.0)]).Apply(z).Sum(), x)),
        ("custom VJP: forward", (x, hook) => Differentiate.Jvp(z => new CustomOperation<double>("f", xs => xs[0] * 2.0, (g, _, _) => [hook(g * 2.0)]).Apply(z), x, One)),
        ("custom JVP", (x, hook) => Differentiate.Jvp(z => new CustomOperation<double>("f", xs => xs[0] * 2.0, jvp: (ts, _, _) => hook(ts[0] * 2.0)).Apply(z), x, One)),
        ("custom JVP: backward", (x, hook) => Differentiate.Gradient(z => new CustomOperation<double>("f", xs => xs[0] * 2.0, jvp: (ts, _, _) => hook(ts[0] * 2.0)).Apply(z).Sum(), x)),
        ("custom VJP: twice", (x, hook) => Differentiate.Hessian(z => new CustomOperation<double>("f", xs => xs[0].Square(), (g, xs, _) => [hook(g * xs[0] * 2.0)]).Apply(z).Sum(), x)),
        ("Root", (x, hook) => Differentiate.Gradient(z => Implicit.Root((y, p) => hook((y * y) - p), One, z).Value.Sum(), x)),
        ("Root without matrices", (x, hook) => Differentiate.Gradient(z => Implicit.Root((y, p) => hook((y * y) - p), One, z, new ImplicitOptions { MatrixFree = true }).Value.Sum(), x)),
        ("FixedPoint", (x, hook) => Differentiate.Gradient(z => Implicit.FixedPoint((y, p) => hook((y * 0.25) + p), One, z).Value.Sum(), x)),
        ("Minimum", (x, hook) => Differentiate.Gradient(z => Implicit.Minimum((y, p) => hook(y - p).Square().Sum(), One, z).Value.Sum(), x)),
        ("LinearSolve", (x, hook) => Differentiate.Gradient(z => Implicit.LinearSolve((v, p) => hook(v * (p[0] + 2.0)), One, [z], symmetric: true).Sum(), x)),
        ("Ode", (x, hook) => Differentiate.Gradient(z => Ode.Solve((_, y, p) => hook(y * p[0]), z, [z], [0.0, 0.2], new() { RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-3 }).Sum(), x)),
        ("Compile", (x, hook) => Differentiate.Compile(z => hook(z * z), x).Invoke(x)), ("Compile: of a gradient", (x, hook) => Differentiate.Compile(y => Differentiate.Gradient(z => hook(z * z).Sum(), y), x).Invoke(x)),
        ("Compile: inside", (x, hook) => Differentiate.Gradient(z => Differentiate.Compile(y => hook(y * z), One).Invoke(One).Sum(), x)),
        ("CompileSum", (x, hook) => Differentiate.CompileSum<double>((p, rows) => (hook(p[0] * p[0]) * rows[0]).Sum(), [x.Detach()], [Tensor.Ones<double>(3, 2)]).ValueAndGradient([x.Detach()], [Tensor.Ones<double>(40, 2)])),
        ("Map", (x, hook) => Differentiate.Map((z, p) => hook((z[0] * p[0]).Tensor), x.Detach(), One)),
        ("CompileMap", (x, hook) => Differentiate.CompileMap((z, p) => hook(One) is not null && z[0] > 0.5 ? z[0] * p[0] : z[0], x.Detach(), One).Values(x.Detach(), One)),
        ("sweep of a tape", (x, hook) =>
        {
            using var tape = new Tape<double>();
            Tensor<double> z = tape.Variable(x.Detach());
            tape.Gradient(tape.Gradient((z.OnCotangent(hook) * z).Sum(), z, record: true).Sum(), z);
        }),
        ("single precision inside", (x, hook) => Differentiate.Gradient(z => Tensor.Scalar(0.5f) is var half && hook(z * z) is var y ? (y * (double)Differentiate.Gradient(u => hook(z) is null ? u : u * half, half).Detach().ToScalar()).Sum() : z, x)),
    ];

    public static IEnumerable<object[]> Names => Calls.Select(call => new object[] { call.Name });

    [Theory, MemberData(nameof(Names))]
    public void A_callback_that_throws_leaves_everything_as_it_was(string name)
    {
        Action<Tensor<double>, Func<Tensor<double>, Tensor<double>>> call = Array.Find(Calls, c => c.Name == name).Call;
        int thrown = 0;
        foreach (bool recorded in new[] { false, true })
        {
            for (int at = 1; at <= 40; at += at < 6 ? 1 : 7)
            {
                thrown += Throw(call, recorded, at) ? 1 : 0;
            }
        }

        thrown.Should().BeGreaterThan(1, "the callback is called");
    }

    /// <summary>Makes a call whose callback throws at a given time, after it has recorded on the user's tapes, and compares what was there before.</summary>
    private static bool Throw(Action<Tensor<double>, Func<Tensor<double>, Tensor<double>>> call, bool recorded, int at)
    {
        Tensor<double> large = Tensor.LinearSpace(0.1, 1.0, Length);
        int holds = large.Buffer!.Holders;
        using var tape = new Tape<double>();
        using var other = new Tape<double>();
        using var single = new Tape<float>();
        Tensor<double> w = tape.Variable(Small);
        Tensor<double> all = tape.Variable(large);
        Tensor<double> v = other.Variable(Small);
        Tensor<float> s = single.Variable(Tensor.Scalar(2f));
        Tensor<double> y = (w * w).Sin().Sum();
        double[] gradient = tape.Gradient(y, w).ToArray();
        int holdsOnTape = large.Buffer.Holders;
        (int, int, int) counts = (tape.Count, other.Count, single.Count);
        using TapeScope scope = TapeScope.Enter("around");
        int left = at;
        Tensor<double>? leaked = null;
        Exception? error = Record.Exception(() => call(recorded ? w : Small, Hook));
        if (error is null)
        {
            left.Should().BePositive("the exception of the callback comes through");
            return false;
        }

        error.Should().BeOfType<CallbackException>();
        (tape.Count, other.Count, single.Count).Should().Be(counts);
        Context<double>.Current.Tape.Should().BeNull();
        Context<float>.Current.Tape.Should().BeNull();
        TapeScope.Current.Should().BeSameAs(scope);
        RecordingThread.Current.Savepoint.Should().Be(0);
        RecordingThread.Current.AnythingNoted.Should().BeFalse();
        tape.Gradient(y, w).ToArray().Should().Equal(gradient);
        FluentActions.Invoking(() => leaked!.ToArray()).Should().Throw<ObjectDisposedException>("it was taken back");
        large.Buffer.Holders.Should().Be(holdsOnTape);
        Differentiate.Gradient(z => (z * w).Sum(), Small).ToArray().Should().Equal(Small.ToArray());
        tape.Dispose();
        large.Buffer.Holders.Should().Be(holds);
        return true;

        Tensor<double> Hook(Tensor<double> z)
        {
            if (--left != 0)
            {
                return z;
            }

            // On tapes that the call knows nothing of; with what it is given, where that may be mixed; and in calls of its own.
            leaked = (w * w).Exp();
            _ = s * s;
            _ = v.Sin();
            Differentiate.Checkpoint(xs => xs[0] * xs[1], [all, large]);
            foreach (Action mixes in new Action[] { () => _ = z * w, () => Differentiate.Gradient(u => (u * v).Sum(), Small), () => Differentiate.Gradient(u => (u * z).Sum(), Small) })
            {
                try
                {
                    mixes();
                }
                catch (TapeException)
                {
                }
            }

            throw new CallbackException();
        }
    }
}
