namespace AutoDiff.Tests.Differentiation;

/// <summary>What takes long stops when its caller asks: at once, in between, and with the tapes that it has recorded on as they were.</summary>
public class CancellationTests
{
    private static readonly JacobianOptions OneByOne = new() { MemoryBound = 1 };

    private static readonly JacobianOptions Columns = new() { Mode = JacobianMode.Forward, MemoryBound = 1 };

    /// <summary>Calls of a watched function f of 100 numbers. Each takes several sweeps or calls, in which the watch is passed.</summary>
    private static readonly Dictionary<string, Action<Watch, Tensor<double>, CancellationToken>> Calls = new()
    {
        ["Jacobian"] = (f, x, stop) => Differentiate.Jacobian(f.Pass, x, OneByOne, stop),
        ["Jacobian by columns"] = (f, x, stop) => Differentiate.Jacobian(f.Pass, x, Columns, stop),
        ["Jacobian of several"] = (f, x, stop) => Differentiate.Jacobian(xs => f.Pass(xs[0]) * xs[1], [x, x], OneByOne, stop),
        ["Jacobian of a pair"] = (f, x, stop) => Differentiate.Jacobian((a, b) => f.Pass(a) * b, (x, x), OneByOne, stop),
        ["Jacobian of three"] = (f, x, stop) => Differentiate.Jacobian((a, b, c) => f.Pass(a) * b * c, (x, x, x), OneByOne, stop),
        ["Jacobian of parameters"] = (f, x, stop) => Differentiate.Jacobian(p => f.Pass(p["x"]), new Parameters<double>(("x", x)), OneByOne, stop),
        ["Jacobian of an array"] = (f, x, stop) => Differentiate.Jacobian(v => f.Pass(v * x), x.ToArray(), OneByOne, stop),
        ["Jacobian of a list"] = (f, x, stop) => Differentiate.Jacobian(v => f.Pass(v * x), x.ToArray().ToList(), OneByOne, stop),
        ["ValueAndJacobian"] = (f, x, stop) => Differentiate.ValueAndJacobian(f.Pass, x, OneByOne, stop),
        ["PerSampleGradients"] = (f, x, stop) => Differentiate.PerSampleGradients(f.Pass, x, OneByOne, stop),
        ["PerSampleGradients of parameters"] = (f, x, stop) => Differentiate.PerSampleGradients(p => f.Pass(p["x"]), new Parameters<double>(("x", x)), OneByOne, stop),
        ["Hessian of several"] = (f, x, stop) => Differentiate.Hessian(xs => (f.Pass(xs[0]) * xs[1]).Sum(), [x, x], stop),
        ["Hessian of parameters"] = (f, x, stop) => Differentiate.Hessian(p => (f.Pass(p["a"]) * p["b"]).Sum(), new Parameters<double>(("a", x), ("b", x)), stop),
        ["HessianDiagonal"] = (f, x, stop) => Differentiate.HessianDiagonal(v => f.Pass(v).Square().Sum(), x, Columns, stop),
        ["Laplacian"] = (f, x, stop) => Differentiate.Laplacian(v => f.Pass(v).Square().Sum(), x, Columns, stop),
        ["Divergence"] = (f, x, stop) => Differentiate.Divergence(f.Pass, x, Columns, stop),
        ["GradientCheck"] = (f, x, stop) => GradientCheck.Check(v => f.Call(v * x), Tensor.Ones(100), cancellationToken: stop),
        ["GradientCheck of several"] = (f, x, stop) => GradientCheck.Check(v => f.Call(v[0] * x), [Tensor.Ones(100)], cancellationToken: stop),
        ["GradientCheck of an array"] = (f, x, stop) => GradientCheck.Check(v => f.Call(v * x), Tensor.Ones(100).ToArray(), cancellationToken: stop),
        ["GradientCheck of a list"] = (f, x, stop) => GradientCheck.Check(v => f.Call(v * x), Tensor.Ones(100).ToArray().ToList(), cancellationToken: stop),
        ["Scan"] = (f, x, stop) => Differentiate.Scan((y, _, _) => f.Call(y), x, [], 100, cancellationToken: stop),
        ["Scan in parts"] = (f, x, stop) => Differentiate.Scan((y, _, _) => f.Call(y), x, [], 100, leaf: 7, cancellationToken: stop),
        ["The sweep of Scan"] = (f, x, stop) => Differentiate.Gradient(v => Differentiate.Scan((y, _, _) => f.Pass(y), v, [], 30, leaf: 3, cancellationToken: stop).Sum(), x),
        ["The sweep of ScanRows"] = (f, x, stop) => Differentiate.Gradient(v => Differentiate.ScanRows((y, _, _) => f.Pass(y), v, Tensor.Ones(30), [], stop).Sum(), x),
        ["The tangents of ScanRows"] = (f, x, stop) => Differentiate.Jvp(v => Differentiate.ScanRows((y, _, _) => f.Pass(y), v, Tensor.Ones(30), [], stop).Sum(), x, Tensor.Ones(100)),
#pragma warning disable AD1001 // A function that looks at its slices is called for each.
        ["MapSlices, slice by slice"] = (f, x, stop) => Differentiate.MapSlices(v => f.Call(v.Exp() * v.ToScalar()), x, cancellationToken: stop),
        ["MapSlices of two"] = (f, x, stop) => Differentiate.MapSlices((v, _) => f.Call(v.Exp() * v.ToScalar()), x, x, cancellationToken: stop),
#pragma warning restore AD1001
        ["MapSlices, all together"] = (f, x, stop) => Differentiate.MapSlices(v => f.Pass(f.Pass(v)), x, cancellationToken: stop),
        ["Compile"] = (f, x, stop) => Differentiate.Compile(v => f.Call(f.Call(v * x)), Tensor.Ones(100), null, stop),
        ["Compile at an array"] = (f, x, stop) => Differentiate.Compile(v => f.Call(f.Call(v * x)), Tensor.Ones(100).ToArray(), null, stop),
        ["Compile at a list"] = (f, x, stop) => Differentiate.Compile(v => f.Call(f.Call(v * x)), Tensor.Ones(100).ToArray().ToList(), null, stop),
        ["CompileSum"] = (f, x, stop) => Differentiate.CompileSum((p, rows) => f.Call(f.Call(p[0] * rows[0])).Sum(), [Tensor.Scalar(1.0)], [Tensor.Ones(100)], null, stop),
        ["CompileMap"] = (f, x, stop) => Differentiate.CompileMap((z, p) => new Lane<double>(f.Call(f.Call(z[0].Tensor))) * p[0], Tensor.Ones(5), Tensor.Ones(1), null, stop),
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    /// <summary>Every call, with a token that is canceled from the start: nothing is passed but what comes before the first look.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_call_that_nobody_wants_any_more_ends(string name)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var watch = new Watch(stop, int.MaxValue);
        FluentActions.Invoking(() => Calls[name](watch, Tensor.LinearSpace(1, 2, 100), stop.Token)).Should().Throw<OperationCanceledException>().Which.CancellationToken.Should().Be(stop.Token);
        watch.Passed.Should().BeLessThanOrEqualTo(1);
    }

    /// <summary>Every call, stopped after two sweeps or calls; without that it goes on to many more. A tape that records it is as it was.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_call_ends_in_between_and_its_tape_is_as_it_was(string name)
    {
        using var never = new CancellationTokenSource();
        var all = new Watch(never, int.MaxValue);
        Calls[name](all, Tensor.LinearSpace(1, 2, 100), never.Token);
        all.Passed.Should().BeGreaterThan(1, "else nothing is stopped");

        // A function that is compiled is called once, and stopped when a program is made of it. What it captures has to be a constant.
        bool compiles = name.StartsWith("Compile", StringComparison.Ordinal);
        foreach (bool recorded in compiles ? (bool[])[false] : [false, true])
        {
            using var stop = new CancellationTokenSource();
            var watch = new Watch(stop, Math.Max(1, all.Passed / 3));
            using var tape = new Tape<double>();
            Tensor<double> x = recorded ? tape.Variable(Tensor.LinearSpace(1, 2, 100)) : Tensor.LinearSpace(1, 2, 100);
            FluentActions.Invoking(() => Calls[name](watch, x, stop.Token)).Should().Throw<OperationCanceledException>();
            watch.Passed.Should().BeLessThan(compiles ? all.Passed + 1 : all.Passed);
            tape.Count.Should().Be(recorded ? 1 : 0);
        }
    }

    [Theory]
    [InlineData(JacobianMode.Forward)]
    [InlineData(JacobianMode.Reverse)]
    public void Recorded_sweeps_of_a_tape_are_taken_back(JacobianMode mode)
    {
        using var stop = new CancellationTokenSource();
        var watch = new Watch(stop, 3);
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(1, 2, 100));
        Tensor<double> y = watch.Pass(x);
        int before = tape.Count;
        FluentActions.Invoking(() => tape.Jacobian(y, x, new JacobianOptions { Mode = mode, MemoryBound = 1 }, record: true, stop.Token)).Should().Throw<OperationCanceledException>();
        tape.Count.Should().Be(before);
    }

    [Fact]
    public void Operators_and_tapes_of_numbers_look_at_it_too()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var jacobian = JacobianOperator<double>.Create(x => x * x, Tensor.Ones(3));
        FluentActions.Invoking(() => jacobian.ToMatrix(stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => (jacobian * jacobian).ToMatrix(stop.Token)).Should().Throw<OperationCanceledException>();
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Ones(3));
        FluentActions.Invoking(() => tape.Jacobian(x * x, x, cancellationToken: stop.Token)).Should().Throw<OperationCanceledException>();
        using var numbers = new ActiveTape<double>();
        Active<double> a = numbers.Variable(2);
        Active<double>[] ys = [a * a, a + a];
        FluentActions.Invoking(() => numbers.Jacobian(ys, [a], stop.Token)).Should().Throw<OperationCanceledException>();
        numbers.Jacobian(ys, [a])[0, 0].Should().Be(4);
        FluentActions.Invoking(() => Differentiate.Hessian(x => (x * x).Sum(), Tensor.Ones(3), stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => Differentiate.Hessian(x => (x * x).Sum(), [1.0, 2.0], stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => Differentiate.Hessian(x => (x * x).Sum(), new List<double> { 1, 2 }, stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => Differentiate.ValueAndHessian(x => (x * x).Sum(), Tensor.Ones(3), stop.Token)).Should().Throw<OperationCanceledException>();
    }

    /// <summary>What is passed, in values or in sweeps, and asks to stop when it has been passed often enough.</summary>
    private sealed class Watch(CancellationTokenSource stop, int limit)
    {
        public int Passed { get; private set; }

        /// <summary>An operation that counts how often it is computed or swept.</summary>
        public Tensor<double> Pass(Tensor<double> x) => new CustomOperation<double>(
            "Watched",
            xs => Ticked(xs[0].Square()),
            (g, xs, _) => [Ticked(2 * xs[0] * g)],
            (ts, xs, _) => Ticked(2 * xs[0] * ts[0]),
            batched: true).Apply(x);

        /// <summary>A call of the function itself.</summary>
        public Tensor<double> Call(Tensor<double> x) => Ticked(x.Sin());

        private Tensor<double> Ticked(Tensor<double> result)
        {
            if (++Passed == limit)
            {
                stop.Cancel();
            }

            return result;
        }
    }
}
