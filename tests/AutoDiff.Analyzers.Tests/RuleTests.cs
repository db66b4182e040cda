namespace AutoDiff.Analyzers.Tests;

/// <summary>Each rule reports what it is for, where it is, and nothing of code that is right.</summary>
public class RuleTests
{
    [Theory]
    // A number that goes into the result.
    [InlineData("AD1001", "x.Sum().ToScalar()", "Differentiate.Gradient(x => x.Sum() * x.Sum().ToScalar(), a);")]
    [InlineData("AD1001", "s.At(0)", "Differentiate.Gradient(x => { var s = x.Square(); return x.Sum() + (2.0 * s.At(0)); }, a);")]
    [InlineData("AD1001", "x.Sum().ToScalar()", "Differentiate.ValueAndGradient(x => Tensor.Scalar(x.Sum().ToScalar()) + x.Sum(), a);")]
    [InlineData("AD1001", "x.Sum().ToScalar()", "Differentiate.Gradient(x => { double s = x.Sum().ToScalar(); double twice = 2 * s; return x.Sum() * twice; }, a);")]
    [InlineData("AD1001", "x.ToArray()", "Differentiate.Jacobian(x => Tensor.Create<double>([.. x.ToArray().Select(v => v * v)]), a);")]
    [InlineData("AD1001", "x.AsSpan()", "Differentiate.Gradient(x => { double s = 0; var v = x.AsSpan(); for (int i = 0; i < v.Length; i++) { s += v[i]; } return x.Sum() * s; }, a);")]
    [InlineData("AD1001", "x", "Differentiate.Gradient(x => { double s = 0; foreach (double v in x) { s += v; } return x.Sum() * s; }, a);")]
    [InlineData("AD1001", "p[0].ToScalar()", "Differentiate.Gradient(p => p[1].Sum() * p[0].ToScalar(), [Tensor.Scalar(1.0), a]);")]
    [InlineData("AD1001", "x.Sum().ToScalar()", "Tensor<double> F(Tensor<double> x) => x.Sum() * x.Sum().ToScalar(); Differentiate.Gradient(F, a);")]
    [InlineData("AD1001", "x.Sum().ToScalar()", "Tensor<double> F(Tensor<double> x, int n) => x.Sum() * x.Sum().ToScalar() * n; Differentiate.Gradient(x => F(x, 2), a);")]
    [InlineData("AD1001", "x.Sum().ToScalar()", "Func<Tensor<double>, Tensor<double>> f = x => x.Sum() * x.Sum().ToScalar(); Differentiate.Gradient(f, a);")]
    [InlineData("AD1001", "p.Norm().ToScalar()", "new LBfgs<double>().Minimize(p => p.Square().Sum() + p.Norm().ToScalar(), a);")]
    [InlineData("AD1001", "x.Max().ToScalar()", "Differentiate.Gradient(x => { Tensor<double> y = Tensor.Zeros(2); y += x.Max().ToScalar(); return (y * x).Sum(); }, a);")]
    // A constant that is meant, numbers that are compared, printed, kept, of another tensor, of steps, whole numbers, reads in an operation of one's own.
    [InlineData("", "", "Differentiate.Gradient(x => (x - x.Max().Detach().ToScalar()).Exp().Sum(), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp().Sum() : x.Sum(), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum().ToScalar() > 0 ? x.Exp().Sum() : x.Sum(), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => { Console.WriteLine(x.Sum().ToScalar()); return x.Sum(); }, a);")]
    [InlineData("", "", "var seen = new List<double>(); Differentiate.Gradient(x => { seen.Add(x.Sum().ToScalar()); return x.Sum(); }, a);")]
    [InlineData("", "", "Differentiate.ValueAndGradient(x => (x.Sum(), x.Max().ToScalar()), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum() * a.Sum().ToScalar(), a);")]
    [InlineData("", "", "double s = a.Sum().ToScalar(); Differentiate.Gradient(x => x.Sum() * s, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum() * (x > 0.0).Sum().ToScalar(), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => { Tensor<double> mask = x > 0.0; return x.Sum() / mask.Mean().ToScalar(); }, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x[(int)x.Floor().At(0)] * 2, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x[(int)x.At(0)], a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum() / x.Shape[0] / x.Length, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => new CustomOperation<double>(\"own\", xs => Tensor.Scalar(xs[0].Sum().ToScalar()), (g, xs, _) => [g * xs[0]]).Apply(x), a);")]
    [InlineData("", "", "Tensor<double> F(Tensor<double> x) => x.Sum() * x.Sum().ToScalar(); Console.WriteLine(F(a));")]
    [InlineData("", "", "a *= 1 / Differentiate.Gradient(x => x.Square().Sum(), a).Norm().ToScalar();")]
    public Task A_number_that_goes_into_the_result(string id, string place, string statements) => Check(id, place, statements);

    [Theory]
    [InlineData("AD1007", "Math.Sin(x.Sum().ToScalar())", "Differentiate.Gradient(x => x.Sum() * Math.Sin(x.Sum().ToScalar()), a);")]
    [InlineData("AD1007", "Math.Pow(x.At(0), 2)", "Differentiate.Gradient(x => x.Sum() * Math.Pow(x.At(0), 2), a);")]
    [InlineData("AD1007", "double.Exp(s)", "Differentiate.Gradient(x => { double s = -x.Sum().ToScalar(); return x.Sum() * double.Exp(s); }, a);")]
    [InlineData("AD1007", "Math.Exp(x.Sum().ToScalar())", "Differentiate.Compile(x => x * Math.Exp(x.Sum().ToScalar()), a);")]
    [InlineData("", "", "Console.WriteLine(Math.Sin(a.Sum().ToScalar()));")]
    [InlineData("", "", "Differentiate.Gradient(x => { Console.WriteLine(Math.Sin(x.Sum().ToScalar())); return x.Sum(); }, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum() * Math.Sqrt(x.Length), a);")]
    public Task A_function_of_a_number_that_was_read(string id, string place, string statements) => Check(id, place, statements);

    [Theory]
    [InlineData("AD1002", "x.Sum().ToScalar()", "Differentiate.Compile(x => x.Sum().ToScalar() > 0 ? x.Exp() : x, a);")]
    [InlineData("AD1002", "x.Max().ToScalar()", "Differentiate.Compile(x => x - x.Max().ToScalar(), a);")]
    [InlineData("AD1002", "x.Max().Detach().ToScalar()", "Differentiate.Compile(x => x - x.Max().Detach().ToScalar(), a);")]
    [InlineData("AD1002", "x.At(0)", "Differentiate.Compile(x => { Console.WriteLine(x.At(0)); return x; }, a);")]
    [InlineData("AD1002", "w.Norm().ToScalar()", "Differentiate.Compile(p => { var (v, g) = Differentiate.ValueAndGradient(w => w.Norm().ToScalar() > 1 ? w.Sum() : w.Square().Sum(), p[0]); return [v, g]; }, [a]);")]
    [InlineData("AD1002", "g.Norm().ToScalar()", "Differentiate.Compile(x => { Tensor<double> g = Differentiate.Gradient(w => w.Square().Sum(), x); return g.Norm().ToScalar() > 1 ? g / g.Norm() : g; }, a);")]
    [InlineData("AD1002", "p[0].Norm().ToScalar()", "new Adam<double>(0.1).Compile((p, batch) => p[0].Norm().ToScalar() > 1 ? p[0].Sum() : (p[0] * batch[0]).Sum(), [a], b);")]
    [InlineData("", "", "Differentiate.Compile(x => (x.Sum() > 0.0).ToScalar() == 1 ? x.Exp() : x, a);")]
    [InlineData("", "", "Differentiate.Compile(x => { Tensor<double> up = x.Sum() > 0.0; return up.ToScalar() == 1 ? x.Exp() : x; }, a);")]
    [InlineData("", "", "Differentiate.Compile(x => x * a.Sum().ToScalar(), a);")]
    [InlineData("", "", "Differentiate.Compile(x => x * x.Shape[0], a);")]
    public Task A_number_read_in_a_compiled_function(string id, string place, string statements) => Check(id, place, statements);

    [Theory]
    [InlineData("AD1003", "x", "Differentiate.Gradient(x => a.Sum(), a);")]
    [InlineData("AD1003", "x", "Tensor<double> F(Tensor<double> x) => a.Sum(); Differentiate.Gradient(F, a);")]
    [InlineData("AD1003", "x", "Differentiate.Compile(x => a * 2, b);")]
    [InlineData("AD1003", "p", "new LBfgs<double>().Minimize(p => (a - 1).Square().Sum(), b);")]
    [InlineData("AD1003", "x", "new SparseJacobian<double>(x => a * a);")]
    [InlineData("", "", "Differentiate.Gradient(_ => a.Sum(), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => x.Sum(), a);")]
    [InlineData("", "", "Differentiate.Gradient((x, y) => y.Sum(), (a, b));")]
    [InlineData("", "", "Differentiate.Gradient(x => throw new InvalidOperationException(a.ToString()), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => { Console.WriteLine(a); throw new InvalidOperationException(); }, a);")]
    [InlineData("", "", "Differentiate.Gradient(x => Tensor.Scalar(2.0), a);")]
    [InlineData("", "", "Differentiate.Gradient(x => Tensor.Scalar((double)(new int[2].GetLength(0) + new int[2].Length + (new int[1, 1])[0, 0])), a);")]
    [InlineData("", "", "const double two = 2; Differentiate.Gradient(x => Tensor.Scalar(two), a);")]
    [InlineData("", "", "Ode.Solve((t, y, p) => -y, a, [], [0.0, 1.0]);")]
    [InlineData("", "", "Enumerable.Range(0, 2).Select(i => a.Sum()).ToArray();")]
    public Task A_parameter_that_is_not_used(string id, string place, string statements) => Check(id, place, statements);

    [Theory]
    [InlineData("AD1005", "adam.Step([a], [b])", "var adam = new Adam<double>(0.1); adam.Step([a], [b]);")]
    [InlineData("AD1005", "adam.Step(a, b)", "var adam = new Adam<double>(0.1); for (int i = 0; i < 3; i++) { adam.Step(a, b); }")]
    [InlineData("AD1005", "a.Relu()", "a.Relu();")]
    [InlineData("AD1005", "Tensor.Where(a > 0.0, a, b)", "Tensor.Where(a > 0.0, a, b);")]
    [InlineData("AD1005", "GradientClipping.ByNorm([a], 1)", "GradientClipping.ByNorm([a], 1);")]
    [InlineData("AD1005", "p.Detach()", "var p = new Parameters<double>((\"a\", a)); p.Detach();")]
    [InlineData("", "", "var adam = new Adam<double>(0.1); Tensor<double>[] p = [a]; p = adam.Step(p, [b]); Console.WriteLine(p.Length);")]
    [InlineData("", "", "_ = a.Relu();")]
    [InlineData("", "", "Action act = () => a.Reshape(3); act();")]
    [InlineData("", "", "a.CopyTo(new double[2]); a.ToArray(); a.Dispose();")]
    [InlineData("", "", "using var training = new Adam<double>(0.1).Compile((p, batch) => (p[0] * batch[0]).Sum(), [a], b); training.Step(b);")]
    public Task A_result_that_is_dropped(string id, string place, string statements) => Check(id, place, statements);

    [Theory]
    [InlineData("AD1008", "a == b", "Console.WriteLine(a == b);")]
    [InlineData("AD1008", "a != b", "Console.WriteLine(a != b);")]
    [InlineData("AD1008", "a.Equals(b)", "Console.WriteLine(a.Equals(b));")]
    [InlineData("AD1008", "Equals(a, b)", "Console.WriteLine(Equals(a, b));")]
    [InlineData("", "", "Tensor<double>? none = null; Console.WriteLine(none == null || null != none || none is null);")]
    [InlineData("", "", "Console.WriteLine(ReferenceEquals(a, b) || (object)a == (object)b || a.AllClose(b));")]
    [InlineData("", "", "Console.WriteLine(a.EqualTo(b));")]
    [InlineData("", "", "Console.WriteLine(Indices.Create<double>([1])[0] == 1);")]
    public Task Tensors_compared_by_reference(string id, string place, string statements) => Check(id, place, statements);

    private static async Task Check(string id, string place, string statements)
    {
        Analyzed analyzed = await Analyzed.Statements(statements);
        analyzed.Ids.Should().Equal(id.Length == 0 ? [] : [id]);
        analyzed.Places.Should().Equal(id.Length == 0 ? [] : [place]);
    }
}
