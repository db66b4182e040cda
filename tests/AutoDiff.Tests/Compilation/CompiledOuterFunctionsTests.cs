namespace AutoDiff.Tests.Compilation;

/// <summary>
/// What is computed off the tape, by code that looks at values, is a step of a compiled function like any other: at every point, however far from the one where it was recorded, value and derivatives have the
/// bits of the plain run.
/// </summary>
public class CompiledOuterFunctionsTests
{
    private static readonly CustomOperation<double> Cube = new("Cube", xs => xs[0] * xs[0] * xs[0], (g, xs, _) => [3 * g * xs[0].Square()], (ts, xs, _) => 3 * ts[0] * xs[0].Square());

    private static readonly JacobianOperator<double> Operator = JacobianOperator<double>.Create(x => x.Flip() * x.Exp(), Tensor.Create([0.3, -0.6]));

    private static readonly ImplicitOptions Products = new() { MatrixFree = true };

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> Functions = new()
    {
        ["Ode"] = p => Ode.Solve((t, y, q) => (Math.Sin(t) * q[0][0] * y.Flip()) - y.Pow(3) + q[0][1], Tensor.Create([1.0, 2.0]), [p], [0.0, 1.0, 3.0]),
        ["Ode from a state"] = p => Ode.Solve((_, y, _) => y.Sin() + y.Flip().Cos(), p, [], [0.0, 2.0]),
        ["Ode with times"] = p => Ode.Solve((t, y, q) => (t * q[0].Flip()) - (y * q[0].Square()), Tensor.Create([0.5, 0.1]), [p], Tensor.Stack([Tensor.Scalar(0.0), 1 + p[0].Square()])),
        ["Ode, compiled"] = p => Ode.Solve((t, y, q) => (t * q[0].Flip()) - (y * q[0].Square()), Tensor.Create([0.5, 0.1]), [p], Tensor.Create([0.0, 2.0]), new() { Compiled = true }),
        ["Ode, stiff"] = p => Ode.Solve((_, y, q) => (q[0] * y.Flip()) - (50 * y), p, [p], [0.0, 1.0], new() { Method = OdeMethod.Radau, RelativeTolerance = 1e-6 }),
        ["Root"] = p => Implicit.Root((y, q) => y.Pow(3) + y - q, Tensor.Zeros<double>(2), p).Value,
        ["Root by products"] = p => Implicit.Root((y, q) => y.Pow(3) + (2 * y) - q, Tensor.Zeros<double>(2), p, Products).Value,
        ["FixedPoint"] = p => Implicit.FixedPoint((y, q) => 0.5 * (y.Flip() + q).Cos(), Tensor.Zeros<double>(2), p).Value,
        ["Minimum"] = p => Implicit.Minimum((y, q) => ((y.Pow(4) * q.Square()) + (y - q).Square()).Sum(), Tensor.Zeros<double>(2), p).Value,
        ["Minimum by products"] = p => Implicit.Minimum((y, q) => ((y.Pow(4) * q.Square()) + (y - q).Square()).Sum(), Tensor.Zeros<double>(2), p, Products).Value,
        ["LinearSolve"] = p => Implicit.LinearSolve((v, q) => (2 * v) + (q[0] * v.Flip()), p + 1, [p]),
        ["LinearSolve, symmetric"] = p => Implicit.LinearSolve((v, q) => v * (1 + q[0].Square()), p.Flip(), [p], symmetric: true),
        ["Checkpoint"] = p => Differentiate.Checkpoint(x => (x.Sin() * x.Flip()).CumSum(0), p),
        ["Scan"] = p => Differentiate.Scan((y, q, i) => (y * q[0]).Sin() + (0.1 * i), p, [p.Flip()], 20, leaf: 3),
        ["Scan of many"] = p => Differentiate.Scan((y, q, i) => (y * q[0]).Sin(), p, [p.Flip()], 50, memory: 64),
        ["ScanRows"] = p => Differentiate.ScanRows((y, row, q) => (y * q[0]).Sin() + row, p, Tensor.Stack([p.Flip(), 2 * p, p.Square()]), [p.Flip()]),
        ["CustomOperation"] = p => Cube.Apply(p) * p.Flip(),
        ["JacobianOperator"] = p => Operator.Apply(p.Sin()) * Operator.Transpose().Apply(p),
        ["MapSlices"] = p => Differentiate.MapSlices(x => x.Sin() * x, p),
    };

    public static TheoryData<string> Names => new(Functions.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_that_runs_code_has_the_bits_of_the_plain_run_at_every_point(string name)
    {
        Func<Tensor<double>, Tensor<double>> f = Functions[name];
        Tensor<double> F(Tensor<double> x) => f(x).Flatten();
        Tensor<double>[] All(Tensor<double>[] x)
        {
            (Tensor<double> value, Tensor<double> product) = Differentiate.ValueAndJvp(F, x[0], x[1]);
            Tensor<double> Squares(Tensor<double> at) => F(at).Square().Sum();
            return [value, product, Differentiate.Gradient(Squares, x[0]), Differentiate.Hvp(Squares, x[0], x[1]), Differentiate.Jacobian(F, x[0])];
        }

        Tensor<double> t = Tensor.Create([0.3, -0.8]);
        CompiledFunction<double> compiled = Differentiate.Compile(All, [Tensor.Create([0.4, 0.7]), t]);
        foreach (double[] point in (double[][])[[0.4, 0.7], [0.5, 0.6], [-0.2, 1.4], [1.6, 0.1], [0, 0]])
        {
            Tensor<double>[] at = [Tensor.Create(point), t];
            Tensor<double>[] expected = All(at);
            Tensor<double>[] found = compiled.Invoke(at);
            for (int i = 0; i < expected.Length; i++)
            {
                // The vectors of a Jacobian may go through an operation of several inputs one by one or together, which sums in another order.
                if (i == 4)
                {
                    (found[i] - expected[i]).Abs().Max().ToScalar().Should().BeLessThan(1e-13);
                }
                else
                {
                    found[i].ToArray().Should().Equal(expected[i].ToArray(), "of result {0} at [{1}]", i, string.Join(", ", point));
                }
            }
        }

        compiled.Recordings.Should().Be(1);
    }

    [Fact]
    public void A_saddle_is_noticed_at_every_point()
    {
        Tensor<double> Solution(Tensor<double> p) => Implicit.Minimum((y, q) => (q * y.Square()).Sum() + (0 * y.Pow(4).Sum()), Tensor.Zeros<double>(1), p).Value;
        CompiledFunction<double> compiled = Differentiate.Compile(Solution, Tensor.Create([1.0]));
        compiled.Invoke(Tensor.Create([2.0])).At(0).Should().Be(0);
        FluentActions.Invoking(() => compiled.Invoke(Tensor.Create([-1.0]))).Should().Throw<ConvergenceException>().WithMessage("*saddle*");
        FluentActions.Invoking(() => Solution(Tensor.Create([-1.0]))).Should().Throw<ConvergenceException>().WithMessage("*saddle*");
    }
}
