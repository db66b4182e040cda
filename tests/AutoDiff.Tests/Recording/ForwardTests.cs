namespace AutoDiff.Tests.Recording;

/// <summary>Forward mode without a tape.</summary>
[Collection(nameof(MemoryTests))]
public class ForwardTests
{
    private static readonly Tensor<double> X = Tensor.Create([0.3, -0.7, 1.2]);
    private static readonly Tensor<double> V = Tensor.Create([1.0, 0.5, -2.0]);

    private static Tensor<double>? Pass(Func<Tensor<double>, Tensor<double>> f) => Tape<double>.PassTangents("Jvp", xs => f(xs[0]), [X], [V]);

    [Fact]
    public void Tangents_pass_without_records()
    {
        Pass(x => (x * x).Sin()).Should().NotBeNull("no record is needed");
        Pass(x => (x * x).Sin())!.ToArray().Should().Equal(Differentiate.Jvp(x => (x * x).Sin(), X, V).ToArray());
        Pass(x => Tensor.Ones<double>(2))!.ToArray().Should().Equal([0, 0], "a constant function has no derivative");
        Pass(x => x)!.ToArray().Should().Equal(V.ToArray());
    }

    [Fact]
    public void A_long_loop_keeps_nothing_of_its_past()
    {
        long largest = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Tensor<double> jv = Differentiate.Jvp(
            x =>
            {
                for (int i = 0; i < 200_000; i++)
                {
                    x = (x * 1.0001).Sin();
                    if (i % 40_000 == 39_999)
                    {
                        largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: true) - before);
                    }
                }

                return x;
            }, X, V);
        largest.Should().BeLessThan(5_000_000, "400,000 operations on a tape would keep about 100 MB");
        jv.ToArray().Should().OnlyContain(t => double.IsFinite(t));
    }

    [Fact]
    public void A_function_that_takes_derivatives_itself_gets_a_tape()
    {
        Func<Tensor<double>, Tensor<double>> gradient = x => Differentiate.Gradient(z => (z * z * z).Sum(), x);
        Pass(gradient).Should().BeNull();
        Differentiate.Jvp(gradient, X, V).ToArray().Should().Equal((6.0 * X * V).ToArray(), (actual, wanted) => Math.Abs(actual - wanted) < 1e-14);

        // Also where the function catches everything, asks for the tape, or puts a captured variable on a tape of its own.
        Pass(x =>
        {
            try
            {
                return gradient(x);
            }
            catch (InvalidOperationException)
            {
                return x;
            }
        }).Should().BeNull();
        Pass(x => x.Tape is null ? x : x * 2.0).Should().BeNull();
        Pass(x =>
        {
            using var tape = new Tape<double>();
            Tensor<double> y = tape.Variable(V);
            return x + tape.Gradient((y * x).Sum(), y);
        }).Should().BeNull();
    }

    [Fact]
    public void A_captured_variable_of_a_tape_stays_differentiable()
    {
        using var tape = new Tape<double>();
        Tensor<double> w = tape.Variable(Tensor.Scalar(2.0));

        Tensor<double> jv = Differentiate.Jvp(x => (w * x).Sin(), X, V);

        // d/dw of w cos(w x) v is (cos(w x) - w x sin(w x)) v.
        tape.Gradient(jv.Sum(), w).ToScalar().Should().BeApproximately((((2.0 * X).Cos() - (2.0 * X * (2.0 * X).Sin())) * V).Sum().ToScalar(), 1e-13);
    }

    [Fact]
    public void An_error_of_the_function_comes_through_and_leaves_nothing_behind()
    {
        Action wrong = () => Differentiate.Jvp(x => x.MatMul(Tensor.Ones<double>(5)), X, V);
        wrong.Should().Throw<TensorShapeException>().WithMessage("MatMul:*");
        Tape<double>.Active.Should().BeNull();
        Differentiate.Derivative(x => x * x, 3.0).ToScalar().Should().Be(6);

        Tensor<double>? leaked = null;
        Differentiate.Jvp(x => leaked = x * 2.0, X, V);
        Action late = () => leaked!.ToArray();
        late.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Large_tensors_come_back_to_the_pool()
    {
        Tensor<double> x = Tensor.LinearSpace(0.0, 1.0, 20_000);
        Tensor<double> v = Tensor.Ones<double>(20_000);
        Func<Tensor<double>, Tensor<double>> f = x => (x.Sin() * x.Exp() + x).Sum();
        for (int i = 0; i < 20; i++)
        {
            Differentiate.Jvp(f, x, v);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Differentiate.Jvp(f, x, v);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000, "each of the tensors has 160,000 bytes");
    }
}
