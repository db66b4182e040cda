namespace AutoDiff.Tests;

public class Smoke
{
    [Fact]
    public void Perturbation() => Differentiate.Derivative(x => x * Differentiate.Derivative(y => x + y, 1.0), 1.0).ToScalar().Should().Be(1.0);

    [Fact]
    public void Basics()
    {
        using var tape = new Tape<double>();
        var x = tape.Variable(Tensor.Create([1.0, 2, 3]));
        var y = (x * x + x).Sin().Sum();
        tape.Gradient(y, x).ToArray().Should().Equal(Math.Cos(2) * 3, Math.Cos(6) * 5, Math.Cos(12) * 7);
        Differentiate.Hessian(v => (v * v * v).Sum(), Tensor.Create([1.0, 2])).ToArray().Should().Equal(6, 0, 0, 12);
        Differentiate.Jacobian(v => Tensor.Stack([v[0] * v[1], v[0] / v[1], v[1].Tanh()]), Tensor.Create([1.0, 2])).ToString().Should().Be("");
    }

    [Fact]
    public void Third()
    {
        Differentiate.Derivative(a => Differentiate.Derivative(b => Differentiate.Derivative(c => c.Sin() * c.Exp(), b), a), 0.7).ToScalar()
            .Should().BeApproximately(2 * Math.Exp(0.7) * (Math.Cos(0.7) - Math.Sin(0.7)), 1e-13);
        Differentiate.Gradient(a => Differentiate.Gradient(b => Differentiate.Gradient(c => (c[0] * c[0] * c[1]).Softmax().Sum() + (c[0].Pow(3.0) * c[1]), b)[0], a)[0], Tensor.Create([1.0, 2])).ToArray().Should().Equal(12, 6);
    }

    [Fact]
    public void Masked()
    {
        var x = Tensor.Create([0.0, 1.0]);
        Differentiate.Gradient(v => Tensor.Where(v > 0.0, v.Log(), v * 0.0).Sum(), x).ToArray().Should().Equal(0, 1);
        Differentiate.Hessian(v => Tensor.Where(v > 0.0, v.Log(), v * 0.0).Sum(), x).ToArray().Should().Equal(0, 0, 0, -1);
        Differentiate.Gradient(v => v.Log()[1], x).ToArray().Should().Equal(0, 1);
        Differentiate.Gradient(v => v.Log()[1] + v.Log()[1..].Sum(), x).ToArray().Should().Equal(0, 2);
        Differentiate.Hessian(v => v.Log()[1], x).ToArray().Should().Equal(0, 0, 0, -1);
        Differentiate.Gradient(v => v.Sqrt().Square().Sum(), x).ToArray().Should().Equal(double.NaN, 1);
    }

    [Fact]
    public void Mlp()
    {
        var r = new Random(1);
        Tensor<double> R(params int[] s) => Tensor.Create<double>(Enumerable.Range(0, s.Aggregate(1, (a, b) => a * b)).Select(_ => r.NextDouble() - 0.5).ToArray(), s);
        var w1 = R(4, 3); var w2 = R(2, 4); var b = R(4); var x = R(5, 3);
        Func<Tensor<double>, Tensor<double>> f = w => ((x.MatMul(w.Transpose()) + b).Tanh().MatMul(w2.Transpose()).LogSoftmax(1) * R2).Sum();
        var h = Differentiate.Hessian(f, w1);
        var e = 1e-5; var g0 = Differentiate.Gradient(f, w1);
        var d = R(4, 3);
        var hv = (h.Reshape(12, 12).MatMul(d.Flatten()));
        var fd = (Differentiate.Gradient(f, w1 + d * e) - Differentiate.Gradient(f, w1 - d * e)) / (2 * e);
        (hv - fd.Flatten()).Norm().ToScalar().Should().BeLessThan(1e-8);
        (hv - Differentiate.Hvp(f, w1, d).Flatten()).Norm().ToScalar().Should().BeLessThan(1e-13);
        var j = Differentiate.Jacobian(w => (x.MatMul(w.Transpose()) + b).Tanh(), w1);
        (Differentiate.Jacobian(w => Differentiate.Gradient(f, w), w1) - h).Norm().ToScalar().Should().BeLessThan(1e-13);
    }

    private static readonly Tensor<double> R2 = Tensor.Create([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 1], 5, 2);

    [Fact]
    public void Deep()
    {
        var t = new Thread(() =>
        {
            using var tape = new Tape<double>();
            var x = tape.Variable(1.0);
            var y = x;
            for (int i = 0; i < 1_000_000; i++) y = y + 1e-6;
            tape.Gradient(y, x).ToScalar().Should().Be(1);
            tape.Jvp(y, x, Tensor.Scalar(2.0)).ToScalar().Should().Be(2);
        }, 1 << 20);
        t.Start(); t.Join();
    }

    [Fact]
    public void Captured()
    {
        using var tape = new Tape<double>();
        var x = tape.Variable(3.0);
        var g = Differentiate.Derivative(y => x * x * y * y, 2.0); // 2 x^2 y = 36
        g.ToScalar().Should().Be(36);
        tape.Gradient(g, x).ToScalar().Should().Be(24);
    }
}
