using AutoDiff.Tests.Kernels;

namespace AutoDiff.Tests.Recording;

/// <summary>The cotangent of a sum's operand is the same number everywhere. It is not written down where a rule can do with the number; that changes no bit.</summary>
[Collection(nameof(ThreadCount))]
public class NumberCotangentTests
{
    private static readonly Tensor<double> X = Tensor.Create([.. Enumerable.Range(0, 6000).Select(i => (i % 17 == 0 ? 0 : i % 19 == 0 ? double.PositiveInfinity : Math.Sin(i)))], [60, 100]);
    private static readonly Tensor<double> W = Tensor.Create([.. Enumerable.Range(0, 6000).Select(i => Math.Cos(3 * i))], [60, 100]);
    private static readonly Tensor<double> Row = Tensor.Create([.. Enumerable.Range(0, 100).Select(i => 1.5 - (i % 4))]);

    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>> Functions => new()
    {
        { "a derivative of the output", x => x.Exp() },
        { "a derivative with a kernel of its own", x => x.Tanh() },
        { "a kink", x => x.Relu() },
        { "a derivative that is a number", x => -x },
        { "parameters", x => x.Clamp(-0.5, 0.5) },
        { "two operands", x => x * W },
        { "the same operand twice", x => x * x },
        { "two operands of which one is a function", x => x.Sin() * x.Exp() },
        { "an operand that is broadcast", x => x * Row },
        { "operands that are broadcast against each other", x => x[0] * x[..1].Transpose().Sin() * Row[..1] },
        { "passing on", x => x + W },
        { "a quotient", x => W / (x + 2) },
        { "used again before", x => { Tensor<double> y = x.Sin(); return y.Exp() + y; } },
        { "no elementwise rule", x => x.CumSum(0) },
        { "a view", x => x.Sin().Reshape(100, 60) },
        { "a slice", x => x.Sin()[3..9] },
        { "nothing depends on it", x => x.Sign() },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_gradient_of_a_sum_is_the_product_with_a_cotangent_that_is_written_down(string what, Func<Tensor<double>, Tensor<double>> f)
    {
        int before = Parallelism.MaxThreads;
        try
        {
            foreach (int threads in (int[])[1, 3])
            {
                Parallelism.MaxThreads = threads;
                Tensor<double> ones = Tensor.Ones<double>(f(X).Shape);
                double[] expected = Differentiate.Vjp(f, X, ones).ToArray();
                Bits(Differentiate.Gradient(x => f(x).Sum(), X)).Should().Equal(Bits(expected), what);

                // A factor that is not one.
                Tensor<double> thirds = Tensor.Full(1.0 / 3, f(X).Shape);
                Bits(Differentiate.Gradient(x => f(x).Sum() * (1.0 / 3), X)).Should().Equal(Bits(Differentiate.Vjp(f, X, thirds).ToArray()), what);
                Bits(Differentiate.Compile(v => Differentiate.Gradient(x => f(x).Sum(), v), X).Invoke(X)).Should().Equal(Bits(expected), what);
            }
        }
        finally
        {
            Parallelism.MaxThreads = before;
        }
    }

    [Fact]
    public void Sums_of_one_tensor_by_several_ways_add_up()
    {
        Tensor<double> F(Tensor<double> x)
        {
            Tensor<double> y = x.Sin();
            return y.Sum() + (2 * y.Sum()) + (y * W).Sum() + y[3].Sum();
        }

        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(W);
        Tensor<double> y = x.Sin();
        Tensor<double> z = y.Sum() + (2 * y.Sum()) + (y * W).Sum() + y[3].Sum();
        double[] recorded = tape.Gradient(z, x, record: true).ToArray();
        Bits(tape.Gradient(z, x)).Should().Equal(Bits(recorded));
        Bits(Differentiate.Gradient(F, W)).Should().Equal(Bits(recorded));

        // An intermediate that is asked for is written down.
        Tensor<double>[] both = tape.Gradient(y.Sum(), [y, x]);
        both[0].ToArray().Should().OnlyContain(v => v == 1);
        Bits(both[1]).Should().Equal(Bits(W.Cos()));
    }

    [Fact]
    public void Operands_that_are_a_cotangent_as_they_are_keep_their_values_and_their_memory()
    {
        Tensor<double> x = W.Sin(), u = W.Cos(), v = W.Exp();
        (double[] ofU, double[] ofV) = (u.ToArray(), v.ToArray());
        var tape = new Tape<double>();
        Tensor<double> at = tape.Variable(x);
        Tensor<double> e = at.Exp();

        // The product with ones is the other factor, or the output itself: what is added to it has to go elsewhere.
        Tensor<double> once = tape.Gradient((at * u).Sum(), at), twice = tape.Gradient((at * u).Sum() + (at * v).Sum() + e.Sum(), at), own = tape.Gradient(e.Sum(), at);
        double[] expected = [.. ofU.Zip(ofV, e.ToArray()).Select(static p => p.First + p.Second + p.Third)], ofE = e.ToArray();
        once.ToArray().Should().Equal(ofU);
        twice.ToArray().Should().BeEquivalentTo(expected, static options => options.WithStrictOrdering().Using<double>(static c => c.Subject.Should().BeApproximately(c.Expectation, 1e-14)).WhenTypeIs<double>());
        own.ToArray().Should().Equal(ofE);
        (u * 1).ToArray().Should().Equal(ofU);
        v.ToArray().Should().Equal(ofV);
        e.ToArray().Should().Equal(ofE);

        // Each has a hold of its own.
        tape.Dispose();
        u.Dispose();
        own.ToArray().Should().Equal(ofE);
        once.ToArray().Should().Equal(ofU);
        once.Dispose();
        own.Dispose();
        v.ToArray().Should().Equal(ofV);
        FluentActions.Invoking(() => e.ToArray()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_batch_of_cotangents_of_a_sum_is_not_one_number()
    {
        double[] jacobian = Differentiate.Jacobian(x => x.Sin().Sum(1), X[..3].Detach()).ToArray();
        double[] slopes = X[..3].Cos().ToArray();
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 300; j++)
            {
                double expected = j / 100 == i ? slopes[j] : 0;
                BitConverter.DoubleToInt64Bits(jacobian[(i * 300) + j] + 0.0).Should().Be(BitConverter.DoubleToInt64Bits(expected + 0.0));
            }
        }
    }

    private static long[] Bits(Tensor<double> x) => Bits(x.ToArray());

    private static long[] Bits(double[] x) => Array.ConvertAll(x, v => double.IsNaN(v) ? -1 : BitConverter.DoubleToInt64Bits(v));
}
