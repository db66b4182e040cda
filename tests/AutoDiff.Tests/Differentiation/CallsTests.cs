namespace AutoDiff.Tests.Differentiation;

/// <summary>A function is called once, whatever is asked of it.</summary>
public class CallsTests
{
    private static readonly Tensor<double> X = Tensor.Create(1, 2, 3);

    private static readonly Dictionary<string, Action<Func<Tensor<double>, Tensor<double>>>> OfNumbers = new()
    {
        ["Gradient"] = f => Differentiate.Gradient(f, X),
        ["ValueAndGradient"] = f => Differentiate.ValueAndGradient(f, X),
        ["Jacobian"] = f => Differentiate.Jacobian(f, X),
        ["ValueAndJacobian"] = f => Differentiate.ValueAndJacobian(f, X),
        ["Hessian"] = f => Differentiate.Hessian(f, X),
        ["ValueAndHessian"] = f => Differentiate.ValueAndHessian(f, X),
        ["HessianDiagonal"] = f => Differentiate.HessianDiagonal(f, X),
        ["Laplacian"] = f => Differentiate.Laplacian(f, X),
        ["Hvp"] = f => Differentiate.Hvp(f, X, X),
        ["Jvp"] = f => Differentiate.Jvp(f, X, X),
        ["ValueAndJvp"] = f => Differentiate.ValueAndJvp(f, X, X),
        ["Vjp"] = f => Differentiate.Vjp(f, X, Tensor.Scalar(1.0)),
        ["ValueAndVjp"] = f => Differentiate.ValueAndVjp(f, X, Tensor.Scalar(1.0)),
        ["Audit"] = f => Differentiate.Audit(f, X),
    };

    public static TheoryData<string> Names => [.. OfNumbers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_called_once(string name)
    {
        using var tape = new Tape<double>();
        Tensor<double> captured = tape.Variable(2.0);
        Func<Tensor<double>, Tensor<double>>[] functions =
        [
            x => x.Cube().Sum(),
            x => Differentiate.Gradient(y => y.Cube().Sum(), x).Square().Sum(),
            x => (x * captured).Square().Sum(),
        ];
        foreach (Func<Tensor<double>, Tensor<double>> f in name == "Audit" ? functions[..1] : functions)
        {
            int calls = 0;
            OfNumbers[name](x =>
            {
                calls++;
                return f(x);
            });
            calls.Should().Be(1);
        }
    }
}
