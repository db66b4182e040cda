using System.Numerics;
using AutoDiff;

// Compiled ahead of time, the library must give what it gives under the just-in-time compiler: operations of each kind of rule, in both element types, both sweeps, batched and nested.
int failures = 0;
int checks = 0;

CheckType<double>("double", 1e-13);
CheckType<float>("float", 1e-5);

CheckNumbers();

long size = new FileInfo(Environment.ProcessPath!).Length;
Console.WriteLine($"{checks - failures} of {checks} checks hold, executable of {size / 1024.0 / 1024.0:0.0} MiB: {(failures == 0 ? "ok" : "FAILED")}");
return failures == 0 ? 0 : 1;

// Code that is written in numbers: every number type, nested too, against finite differences.
void CheckNumbers()
{
    static T F<T>(T x, T y) where T : IFloatingPointIeee754<T> => T.Tanh(x * y) + T.Pow(x, T.CreateChecked(1.5)) + T.Atan2(y, T.Hypot(x, y)) + T.Max(x, T.Exp2(y));
    (double x, double y, double h) = (1.2, 0.4, 1e-5);
    double slope = (F(x + h, y) - F(x - h, y)) / (2 * h), mixed = (F(x + h, y + h) - F(x + h, y - h) - F(x - h, y + h) + F(x - h, y - h)) / (4 * h * h);
    using var tape = new ActiveTape<Dual<double>>();
    Active<Dual<double>>[] xs = tape.Variables(new Dual<double>(x), new Dual<double>(y, 1));
    Dual<double> gradient = tape.Gradient(F(xs[0], xs[1]), xs)[0];
    var nested = F(new Dual<Dual<double>>(new(x, 1), 0.0), new Dual<Dual<double>>(y, 1.0)).Tangent;
    foreach ((string what, double actual, double expected) in new[]
    {
        ("Dual", F(new Dual<double>(x, 1), y).Tangent, slope), ("DualChunk", DualChunk<double>.ValueAndGradient(v => F(v[0], v[1]), x, y).Gradient[0], slope), ("Active of Dual", gradient.Value, slope), ("Active of Dual, second order", gradient.Tangent, mixed), ("Dual of Dual", nested.Tangent, mixed),
        ("Lane", Differentiate.Map((s, p) => s[0] > 1.0 ? F(s[0], p[0]) : 0.0, Tensor.Create([0.5, x]), Tensor.Create([y])).Gradients.At(1), slope),
        ("CompileMap", Differentiate.CompileMap((s, p) => s[0] > 1.0 ? F(s[0], p[0]) : 0.0, Tensor.Create([0.5]), Tensor.Create([1.0])).Run(Tensor.Create([0.5, x]), Tensor.Create([y])).Gradients.At(1), slope),
    })
    {
        checks++;
        if (Math.Abs(actual - expected) > 1e-5)
        {
            failures++;
            Console.WriteLine($"{what}: {actual}; expected {expected}");
        }
    }
}

void CheckType<T>(string type, double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static T N(double value) => T.CreateChecked(value);
    Tensor<T> a = Tensor.Create([N(1), N(2), N(3), N(4), N(5), N(6)], 2, 3);
    Tensor<T> x = Tensor.Create([N(0.5), N(-1.5), N(2)]);

    void Check(string what, Tensor<T> actual, params double[] expected)
    {
        checks++;
        double[] values = actual.Detach().ConvertTo<double>().ToArray();
        bool holds = values.Length == expected.Length;
        for (int i = 0; holds && i < values.Length; i++)
        {
            holds = values[i].Equals(expected[i]) || (double.IsFinite(expected[i]) && Math.Abs(values[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])));
        }

        if (!holds)
        {
            failures++;
            Console.WriteLine($"{type}, {what}: {string.Join(", ", values)}; expected {string.Join(", ", expected)}");
        }
    }

    void CheckDerivatives(string what, Func<Tensor<T>, Tensor<T>> f, Tensor<T> at)
    {
        // In float, finite differences are too coarse for the second order: there the two sweeps are compared with each other only.
        checks++;
        try
        {
            if (typeof(T) == typeof(double))
            {
                GradientCheck.Check(f, at, order: 2);
            }

            Tensor<T> jacobian = Differentiate.Jacobian(f, at);
            Tensor<T> t = Tensor.LinearSpace(N(-1), N(1), at.Length).Reshape(at.Shape);
            Tensor<T> pushed = jacobian.Reshape(-1, at.Length).MatMul(t.Flatten());
            double error = double.CreateChecked((pushed - Differentiate.Jvp(f, at, t).Flatten()).Norm().ToScalar() / (N(1) + pushed.Norm().ToScalar()));
            if (!(error <= 100 * tolerance))
            {
                throw new GradientCheckException($"J t differs from the forward sweep by {error}");
            }
        }
        catch (GradientCheckException contradiction)
        {
            failures++;
            Console.WriteLine($"{type}, {what}: {contradiction.Message}");
        }
    }

    // Elementwise rules, of one operand and of two.
    CheckDerivatives("elementwise", x => (x.Sin() * x.Exp()) + x.Tanh().Sigmoid() - (x.Square() + N(1)).Log().Sqrt() + x.Softplus() / (x.Cos() + N(3)), x);
    CheckDerivatives("more elementwise", x => x.Expm1() + (x * N(0.2)).Log1p() + x.Abs().Pow(N(1.5)) + (x * N(0.3)).Tan() + x.Relu() + x.Clamp(N(-1), N(1)) + x.Reciprocal(), x);
    CheckDerivatives("broadcasting", x => (a * x) + (x.Maximum(N(1) * a) / a) - a.Minimum(x).Pow(a), x.Abs());
    CheckDerivatives("choice", x => Tensor.Where(x > N(0), x * x, -x), x);

    // Linear rules.
    CheckDerivatives("movement", x => Tensor.Stack([x.Reshape(3, 1).Transpose().BroadcastTo(2, 3), a]).Permute(1, 0, 2).Flip(1)[.., 0, ..2] * Tensor.Concat([x[..1], x[^1..]]), x);
    CheckDerivatives("indexing", x => x.Take([2, 0, 2]).Pad([(1, 0)]).ScatterAdd([0, 3], x[1..]) * x[0], x);
    CheckDerivatives("gather", x => (x * a).Gather([0, 2, 1, 0], [2, 2], 1).Square(), x);

    // Reductions and products.
    CheckDerivatives("reductions", x => (x * a).Sum(0) + (x * a).Mean([1], keepDims: true) + (x * a).Prod() + (x * a).Norm(N(3), 1).Max() + (x * a).Min(1).LogSumExp(), x);
    CheckDerivatives("softmax", x => (x * a).Softmax(1) - (x + a).LogSoftmax(0), x);
    CheckDerivatives("products", x => a.MatMul(x.Outer(x)).MatMul(a.Transpose()) * x.Dot(x), x);

    // The tape: a value, one sweep back for two inputs, one sweep forward, a batched Jacobian, a recorded gradient.
    using (var tape = new Tape<T>())
    {
        Tensor<T> u = tape.Variable(Tensor.Create([N(1), N(2)]));
        Tensor<T> v = tape.Variable(N(3));
        Tensor<T> y = (u * u * v).Sum();
        Tensor<T>[] gradients = tape.Gradient(y, [u, v], record: true);
        Check("value", y, 15);
        Check("gradient", gradients[0], 6, 12);
        Check("gradient by a scalar", gradients[1], 5);
        Check("forward", tape.Jvp(y, u, Tensor.Create([N(1), N(-1)])), -6);
        Check("mixed second derivative", tape.Jacobian(gradients[0], v), 2, 4);
        Check("backward with a batch of cotangents", tape.Vjp(u * v, Tensor.Identity<T>(2), u), 3, 0, 0, 3);
    }

    // Functions of functions, nested, and with a captured variable.
    Check("Jacobian", Differentiate.Jacobian(x => Tensor.Stack([x[0] * x[1], x[1] * x[2]]), x), -1.5, 0.5, 0, 0, 2, -1.5);
    Check("Hessian", Differentiate.Hessian(x => x[0] * x[1] * x[2], x), 0, 2, -1.5, 2, 0, 0.5, -1.5, 0.5, 0);
    Check("Hvp", Differentiate.Hvp(x => x[0] * x[1] * x[2], x, Tensor.Ones<T>(3)), 0.5, 2.5, -1);
    Check("third derivative", Differentiate.Derivative(a => Differentiate.Derivative(b => Differentiate.Derivative(c => c * c * c * c, b), a), N(2)), 48);
    Check("captured variable", Differentiate.Derivative(x => x * Differentiate.Derivative(y => x + y, N(1)), N(1)), 1);
    Check("unchosen lane", Differentiate.Gradient(x => Tensor.Where(x > N(0), x.Log(), x * N(0)).Sum(), Tensor.Create([N(0), N(1)])), 0, 1);

    // A compiled gradient has the bits of the plain one.
    static Tensor<T> Gradient(Tensor<T> z) => Differentiate.Gradient(v => ((v * v) + v).Sin().Sum() + v[..2].Exp().Sum(), z);
    CompiledFunction<T> compiled = Differentiate.Compile(Gradient, x);
    Check("compiled gradient", (compiled.Invoke(x) - Gradient(x)).Abs().Sum(), 0);

    // Errors are typed, and their messages name the shapes.
    try
    {
        _ = a + Tensor.Zeros<T>(2);
        Check("a shape error", a);
    }
    catch (TensorShapeException error)
    {
        Check("a shape error", Tensor.Scalar(N(error.Message.Contains('[') ? 1 : 0)), 1);
    }
}
