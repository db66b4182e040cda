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
    [InlineData("AD1003", "x", "new NonlinearProgram<double>(x => a.Sum());")]
    [InlineData("AD1003", "x", "new Constraint<double>(x => a.Sum());")]
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

    [Theory]
    [InlineData("rate", "double rate = 2; var f = Differentiate.Compile(x => x * rate, a); rate = 3; f.Invoke(a);")]
    [InlineData("rate", "double rate = 2; var f = Differentiate.Compile(x => x * rate, a); for (int i = 0; i < 3; i++) { f.Invoke(a); rate *= 0.5; }")]
    [InlineData("w", "Tensor<double> w = b; var f = Differentiate.Compile(x => (x * w).Sum(), a); for (int i = 0; i < 3; i++) { w -= f.Invoke(a); }")]
    [InlineData("i", "int i = 0; Tensor<double> F(Tensor<double> x) => x * i; var f = Differentiate.Compile(F, a); while (i < 3) { f.Invoke(a); i++; }")]
    [InlineData("batch", "Tensor<double>[] batch = [a]; var f = new Adam<double>(0.1).Compile((p, _) => (p[0] * batch[0]).Sum(), [a], b); foreach (int i in new[] { 1, 2 }) { batch[0] = a * i; f.Step(b); }")]
    [InlineData("scale", "double scale = 1; void Next() => scale /= 2; var f = Differentiate.Compile(x => x * scale, a); Next(); f.Invoke(a);")]
    [InlineData("", "double rate = 2; Console.WriteLine(Differentiate.Compile(x => x * rate, a).Invoke(a)); rate = 3;")]
    [InlineData("", "double rate = 2; rate = 3; var f = Differentiate.Compile(x => x * rate, a); f.Invoke(a);")]
    [InlineData("", "for (int i = 0; i < 3; i++) { var f = Differentiate.Compile(x => x * i, a); f.Invoke(a); }")]
    [InlineData("", "double rate = 2; var f = Differentiate.Compile(x => x * rate, a); f.Invoke(a); rate = 3; Console.WriteLine(rate);")]
    [InlineData("", "int calls = 0; var f = Differentiate.Compile(x => { calls++; return x * 2; }, a); f.Invoke(a); Console.WriteLine(calls); calls = 0; f.Invoke(a);")]
    [InlineData("", "double rate = 2; for (int i = 0; i < 3; i++) { var f = Differentiate.Compile(x => x * rate, a); f.Invoke(a); rate /= 2; }")]
    [InlineData("", "var f = Differentiate.Compile(xs => [xs[0] * xs[1]], [a, b]); Tensor<double> w = b; for (int i = 0; i < 3; i++) { w = f.Invoke([a, w])[0]; }")]
    [InlineData("", "double rate = 2; Tensor<double> F(Tensor<double> x) => x.Sum() * rate; Differentiate.Gradient(F, a); rate = 3; Differentiate.Gradient(F, a);")]
    public Task A_captured_variable_that_changes(string place, string statements) => Check(place.Length == 0 ? "" : "AD1004", place, statements);

    [Theory]
    [InlineData("y", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); var y = w * w; return y; } Console.WriteLine(F());")]
    [InlineData("(w * w).Sum()", "Tensor<double> F() { using (var tape = new Tape<double>()) { var w = tape.Variable(a); return (w * w).Sum(); } } Console.WriteLine(F());")]
    [InlineData("loss", "(Tensor<double>, Tensor<double>) F() { using Tape<double> tape = new(); var w = tape.Variable(a); var loss = w.Sum(); return (loss, tape.Gradient(loss, w)); } F();")]
    [InlineData("tape.Gradient(y, w, record: true)", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); var y = w.Sum(); return tape.Gradient(y, w, record: true); } F();")]
    [InlineData("loss", "var losses = new List<Tensor<double>>(); for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); var w = tape.Variable(a); var loss = w.Sum(); losses.Add(loss); } Console.WriteLine(losses[0]);")]
    [InlineData("Loss(w)", "static Tensor<double> Loss(Tensor<double> x) => x.Sum(); Tensor<double> last = a; { using var tape = new Tape<double>(); var w = tape.Variable(a); last = Loss(w); } Console.WriteLine(last);")]
    [InlineData("vs", "Tensor<double>[] F(Tensor<double>[] ps) { using var tape = new Tape<double>(); Tensor<double>[] vs = [.. ps.Select(p => tape.Variable(p))]; return vs; } F([a]);")]
    [InlineData("y", "Tensor<double>[] F() { using var tape = new Tape<double>(); var y = new[] { a.At(0) switch { 1 => tape.Variable(a), _ => b } }; return y; } F();")]
    [InlineData("x", "void F(Tensor<double>[] ps) { using var tape = new Tape<double>(); var (x, y) = (tape.Variable(ps[0]), 1); ps[0] = x; Console.WriteLine(y); } F([a]);")]
    [InlineData("", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); var y = w * w; return y.Detach(); } F();")]
    [InlineData("", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); return tape.Gradient((w * w).Sum(), w); } F();")]
    [InlineData("", "double F() { using var tape = new Tape<double>(); var w = tape.Variable(a); return w.Sum().ToScalar(); } F();")]
    [InlineData("", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); return Tensor.Scalar(w.Sum().ToScalar()) + a; } F();")]
    [InlineData("", "Tensor<double>[] F() { using var tape = new Tape<double>(); Tensor<double>[] vs = [tape.Variable(a)]; return [.. vs.Select(v => v.Detach())]; } F();")]
    [InlineData("", "var tape = new Tape<double>(); Tensor<double> F() { var w = tape.Variable(a); return w * w; } F(); tape.Dispose();")]
    [InlineData("", "double F() { using var tape = new Tape<double>(); var w = tape.Variable(a); Tensor<double> Inner() => w * w; return Inner().Sum().ToScalar(); } F();")]
    [InlineData("", "Tensor<double> loss; for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); var w = tape.Variable(a); loss = w.Sum(); Console.WriteLine(loss); }")]
    [InlineData("", "Tensor<double> p = a; var adam = new Adam<double>(0.1); for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); var w = tape.Variable(p); p = adam.Step(p, tape.Gradient(w.Sum(), w)); } Console.WriteLine(p);")]
    [InlineData("", "Tensor<double> p = a; for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); var w = tape.Variable(p); p -= 0.1 * tape.Gradient(w.Sum(), w); } Console.WriteLine(p);")]
    public Task A_tensor_that_leaves_its_tape(string place, string statements) => Check(place.Length == 0 ? "" : "AD1006", place, statements);

    [Theory]
    [InlineData("new Tape<double>()", "for (int i = 0; i < 3; i++) { var tape = new Tape<double>(); var w = tape.Variable(a); a -= tape.Gradient(w.Sum(), w); }")]
    [InlineData("new()", "while (a.At(0) > 0) { Tape<double> tape = new(); var w = tape.Variable(a); a -= tape.Gradient(w.Sum(), w); }")]
    [InlineData("new Tape<double>()", "foreach (int i in new[] { 1 }) { Console.WriteLine(new Tape<double>().Variable(a) * i); }")]
    [InlineData("", "for (int i = 0; i < 3; i++) { var tape = new ActiveTape<double>(); Console.WriteLine(tape.Variable(1.0)); }")]
    [InlineData("", "for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); Console.WriteLine(tape.Variable(a)); }")]
    [InlineData("", "for (int i = 0; i < 3; i++) { var tape = new Tape<double>(); Console.WriteLine(tape.Variable(a)); tape.Dispose(); }")]
    [InlineData("", "for (int i = 0; i < 3; i++) { var tape = new Tape<double>(); using (tape) { Console.WriteLine(tape.Variable(a)); } }")]
    [InlineData("", "var tapes = new List<Tape<double>>(); for (int i = 0; i < 3; i++) { var tape = new Tape<double>(); tapes.Add(tape); }")]
    [InlineData("", "var tapes = new Tape<double>[3]; for (int i = 0; i < 3; i++) { tapes[i] = new Tape<double>(); }")]
    [InlineData("", "var tape = new Tape<double>(); for (int i = 0; i < 3; i++) { Console.WriteLine(tape.Variable(a)); }")]
    [InlineData("", "for (var tape = new Tape<double>(); tape.Count < 3;) { tape.Variable(a); }")]
    public Task A_tape_in_a_loop(string place, string statements) => Check(place.Length == 0 ? "" : "AD1009", place, statements);

    [Theory]
    [InlineData("(a > 0.0) * a.Log()", "Console.WriteLine((a > 0.0) * a.Log());")]
    [InlineData("a.Sqrt().Square() * mask", "Tensor<double> mask = a > 0.0; Console.WriteLine(a.Sqrt().Square() * mask);")]
    [InlineData("a.NotEqualTo(b) * (b / a)", "Console.WriteLine(a.NotEqualTo(b) * (b / a));")]
    [InlineData("(x[0] > 0.0) * x[0].Log()", "Differentiate.Gradient(x => (x[0] > 0.0) * x[0].Log(), a);")]
    [InlineData("", "Console.WriteLine(Tensor.Where(a > 0.0, a.Log(), 0.0));")]
    [InlineData("", "Console.WriteLine((a > 0.0) * Tensor.Where(a > 0.0, a.Log(), 0.0));")]
    [InlineData("", "Console.WriteLine((a > 0.0) * a.Maximum(0.1).Log());")]
    [InlineData("", "Console.WriteLine((a > 0.0) * (a.Square() + 1).Log());")]
    [InlineData("", "Console.WriteLine((a > 0.0) * a.Exp());")]
    [InlineData("", "Console.WriteLine((a > 0.0) * (a / b));")]
    [InlineData("", "Console.WriteLine((b > 0.0) * a.Log());")]
    public Task A_choice_by_a_product(string place, string statements) => Check(place.Length == 0 ? "" : "AD1010", place, statements);

    /// <summary>What the rule about products says: the product is NaN where Where gives 0, in value and derivative.</summary>
    [Fact]
    public void A_choice_by_a_product_is_not_a_number()
    {
        Tensor<double> x = Tensor.Create([0.0, 4.0]);
        Differentiate.Gradient(x => Tensor.Where(x > 0.0, x.Log(), 0.0).Sum(), x).ToArray().Should().Equal(0, 0.25);
#pragma warning disable AD1010
        Differentiate.Gradient(x => ((x > 0.0) * x.Log()).Sum(), x).ToArray().Should().Equal(double.NaN, 0.25);
#pragma warning restore AD1010
    }

    private static async Task Check(string id, string place, string statements)
    {
        Analyzed analyzed = await Analyzed.Statements(statements);
        analyzed.Ids.Should().Equal(id.Length == 0 ? [] : [id]);
        analyzed.Places.Should().Equal(id.Length == 0 ? [] : [place]);
    }
}
