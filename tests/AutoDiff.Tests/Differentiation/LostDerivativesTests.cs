namespace AutoDiff.Tests.Differentiation;

/// <summary>What gives numbers instead of recorded tensors says so where it is given a recorded one, instead of a derivative of 0.</summary>
public class LostDerivativesTests
{
    private static readonly JacobianOperator<double> Operator = JacobianOperator<double>.Create(x => x * 2, Tensor.Create([1.0, 2.0]));

    private static readonly CompiledSum<double> Sum = Differentiate.CompileSum<double>((p, rows) => (p[0] * rows[0]).Sum(), [Tensor.Zeros(2)], [Tensor.Zeros(1, 2)]);

    private static readonly CompiledMap<double> Map = Differentiate.CompileMap((s, p) => s[0] * p[0], Tensor.Zeros(1), Tensor.Zeros(2));

    private static readonly Dictionary<string, Func<Tensor<double>, object>> Calls = new()
    {
        ["ConjugateGradient"] = x => IterativeSolvers.ConjugateGradient(Operator, x),
        ["LeastSquares"] = x => IterativeSolvers.LeastSquares(Operator, x),
        ["JacobianOperator"] = x => JacobianOperator<double>.Create(v => v.Square(), x),
        ["SparseJacobian"] = x => new SparseJacobian<double>(v => v.Square()).Evaluate(x),
        ["SparseJacobian, compiled"] = x => new SparseJacobian<double>(v => v.Square()) { Compiled = true }.Evaluate(x),
        ["SparseHessian"] = x => new SparseHessian<double>(v => v.Pow(3).Sum()).Evaluate(x),
        ["Map, scenarios"] = x => Differentiate.Map((s, p) => s[0] * p[0], x, Tensor.Create([1.0])),
        ["Map, shared"] = x => Differentiate.Map((s, p) => s[0] * p[0], Tensor.Create([1.0]), x),
        ["CompileMap"] = x => Differentiate.CompileMap((s, p) => s[0] * p[0], x, Tensor.Create([1.0])),
        ["CompiledMap, scenarios"] = x => Map.Run(x, Tensor.Create([1.0, 2.0])),
        ["CompiledMap, shared"] = x => Map.Values(Tensor.Create([1.0]), x),
        ["CompiledSum, parameters"] = x => Sum.ValueAndGradient([x], [Tensor.Zeros(3, 2)]),
        ["CompiledSum, rows"] = x => Sum.ValueAndGradient([Tensor.Zeros(2)], [x.Reshape(1, 2)]),
        ["Workspace"] = x => { Differentiate.Compile(v => v.Sin(), Tensor.Zeros(2)).CreateWorkspace().Run(x); return 0; },
    };

    public static TheoryData<string> Names => new(Calls.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_point_is_an_error_and_a_detached_one_is_not(string name)
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable([0.5, -1.5]);
        FluentActions.Invoking(() => Calls[name](x)).Should().Throw<TapeException>().WithMessage("*recorded on a tape*would be lost*Detach()*");
        tape.Count.Should().BeLessThanOrEqualTo(2, "of the rows a view was made");
        Calls[name](x.Detach()).Should().NotBeNull();
    }
}
