namespace AutoDiff.Analyzers.Tests;

/// <summary>Each fix writes what one would write by hand, after which nothing is reported.</summary>
public class FixTests
{
    [Theory]
    [InlineData("Differentiate.Gradient(x => x.Sum() * x.Sum().ToScalar(), a);", "Differentiate.Gradient(x => x.Sum() * x.Sum(), a);")]
    [InlineData("Differentiate.Gradient(x => x.Sum() + (2.0 * x.At(0)), a);", "Differentiate.Gradient(x => x.Sum() + (2.0 * x[0]), a);")]
    [InlineData("Differentiate.Compile(x => x - x.Max().ToScalar(), a);", "Differentiate.Compile(x => x - x.Max(), a);")]
    [InlineData("Differentiate.Gradient(x => x.Sum() * Math.Sin(x.Sum().ToScalar()), a);", "Differentiate.Gradient(x => x.Sum() * x.Sum().Sin(), a);")]
    [InlineData("Differentiate.Gradient(x => x.Sum() * Math.Pow((x + 1).At(0), 2), a);", "Differentiate.Gradient(x => x.Sum() * (x + 1)[0].Pow(2), a);")]
    [InlineData("Differentiate.Gradient(x => x.Sum() * Math.Max(x.Sum().ToScalar(), 0), a);", "Differentiate.Gradient(x => x.Sum() * x.Sum().Maximum(0), a);")]
    [InlineData("Differentiate.Gradient(x => (a * a).Sum(), a);", "Differentiate.Gradient(x => (x * x).Sum(), a);")]
    [InlineData("var adam = new Adam<double>(0.1); Tensor<double>[] p = [a]; adam.Step(p, [b]);", "var adam = new Adam<double>(0.1); Tensor<double>[] p = [a]; p = adam.Step(p, [b]);")]
    [InlineData("a.Relu();", "a = a.Relu();")]
    [InlineData("Console.WriteLine(a == b);", "Console.WriteLine(a.AllClose(b));")]
    [InlineData("Console.WriteLine(a + b != b);", "Console.WriteLine(!(a + b).AllClose(b));")]
    [InlineData("Console.WriteLine(a.Equals(b));", "Console.WriteLine(a.AllClose(b));")]
    [InlineData("Console.WriteLine(Equals(a, b));", "Console.WriteLine(a.AllClose(b));")]
    [InlineData("Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); return w * w; } F();", "Tensor<double> F() { using var tape = new Tape<double>(); var w = tape.Variable(a); return (w * w).Detach(); } F();")]
    [InlineData("for (int i = 0; i < 3; i++) { var tape = new Tape<double>(); tape.Variable(a); }", "for (int i = 0; i < 3; i++) { using var tape = new Tape<double>(); tape.Variable(a); }")]
    [InlineData("Console.WriteLine((a > 0.0) * a.Log());", "Console.WriteLine(Tensor.Where(a > 0.0, a.Log(), 0.0));")]
    [InlineData("Console.WriteLine(b / a * (a > 0.0) * b);", "Console.WriteLine(Tensor.Where(a > 0.0, b / a, 0.0) * b);")]
    [InlineData("var mask = a > 0.0; Console.WriteLine(b + (b * a.Sqrt()) * mask);", "var mask = a > 0.0; Console.WriteLine(b + Tensor.Where(mask, b * a.Sqrt(), 0.0));")]
    [InlineData("Tensor<T> F<T>(Tensor<T> x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => (x > T.Zero) * x.Log(); F(a);", "Tensor<T> F<T>(Tensor<T> x) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Tensor.Where(x > T.Zero, x.Log(), T.Zero); F(a);")]
    public async Task What_is_reported_is_mended(string statements, string expected)
    {
        Analyzed before = await Analyzed.Statements(statements);
        (Analyzed after, string program) = (await before.Mended())!.Value;
        program.Split('\n')[^1].Should().Be(expected);
        after.Found.Should().BeEmpty();
    }

    /// <summary>Where something else was meant than what a fix could write, there is none.</summary>
    [Theory]
    [InlineData("Differentiate.Gradient(x => { double s = x.Sum().ToScalar(); return x.Sum() * s; }, a);")]
    [InlineData("Differentiate.Gradient(x => x.Sum() + Tensor.Scalar(x.Sum().ToScalar()), a);")]
    [InlineData("Differentiate.Gradient(x => b.Sum(), a);")]
    [InlineData("var adam = new Adam<double>(0.1); adam.Step([a], [b]);")]
    [InlineData("a.Sum().Relu();")]
    [InlineData("double rate = 2; var f = Differentiate.Compile(x => x * rate, a); rate = 3; f.Invoke(a);")]
    [InlineData("for (int i = 0; i < 3; i++) { Console.WriteLine(new Tape<double>().Variable(a)); }")]
    [InlineData("var p = new Parameters<double>((\"a\", a)); p.Flatten();")]
    public async Task What_has_no_clear_remedy_is_left_to_the_author(string statements)
    {
        Analyzed before = await Analyzed.Statements(statements);
        before.Found.Should().ContainSingle();
        (await before.Mended()).Should().BeNull();
    }
}
