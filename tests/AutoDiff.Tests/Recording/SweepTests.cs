using AutoDiff.Tests.Differentiation;

namespace AutoDiff.Tests.Recording;

/// <summary>The two sweeps: depth, width, sharing, several ends, batches, cost.</summary>
public class SweepTests
{
    [Fact]
    public void A_chain_of_a_million_operations_needs_no_deep_stack()
    {
        double gradient = 0;
        double product = 0;
        var thread = new Thread(() =>
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(1.0);
            Tensor<double> y = x;
            for (int i = 0; i < 500_000; i++)
            {
                y = (y + 1e-6) * 1.000001;
            }

            gradient = tape.Gradient(y, x).ToScalar();
            product = tape.Jvp(y, x, Tensor.Scalar(2.0)).ToScalar();
        }, 1 << 20);
        thread.Start();
        thread.Join();
        gradient.Should().BeApproximately(Math.Pow(1.000001, 500_000), 1e-9);
        product.Should().BeApproximately(2 * gradient, 1e-9);
    }

    [Fact]
    public void A_hundred_thousand_leaves_in_one_sum()
    {
        using var tape = new Tape<double>();
        Tensor<double>[] leaves = Enumerable.Range(0, 100_000).Select(i => tape.Variable(i)).ToArray();
        Tensor<double> y = Tensor.Stack<double>(leaves).Square().Sum();
        Tensor<double>[] gradients = tape.Gradient(y, leaves);
        gradients.Select(g => g.ToScalar()).Should().Equal(Enumerable.Range(0, 100_000).Select(i => 2.0 * i));

        Tensor<double> sum = leaves.Aggregate((a, b) => a + b);
        tape.Gradient(sum, leaves).Should().OnlyContain(g => g.ToScalar() == 1);
        tape.Jvp([sum], leaves, leaves.Select((_, i) => Tensor.Scalar(i % 2.0)).ToArray())[0].ToScalar().Should().Be(50_000);
    }

    [Fact]
    public void The_same_tensor_twice_in_one_operation_gets_both_parts()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([2.0, 3]));
        tape.Gradient((x * x).Sum(), x).ToArray().Should().Equal(4, 6);
        tape.Gradient((x - x).Sum(), x).ToArray().Should().Equal(0, 0);
        tape.Gradient(x.Dot(x), x).ToArray().Should().Equal(4, 6);
        tape.Gradient(Tensor.Concat([x, x, x]).Sum(), x).ToArray().Should().Equal(3, 3);
        tape.Jvp((x / x).Sum(), x, x).ToScalar().Should().Be(0);
        tape.Jvp(x * x, x, Tensor.Create([1.0, 10])).ToArray().Should().Equal(4, 60);
    }

    [Fact]
    public void Paths_of_a_diamond_add_up()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(1.5);
        Tensor<double> y = x;
        for (int i = 0; i < 50; i++)
        {
            y = (y * 0.5) + (y * 0.25) + (y * 0.25);
        }

        tape.Gradient(y, x).ToScalar().Should().Be(1, "three paths of 50 stages are 3^50 paths, summed in 50 stages");
        tape.Jvp(y, x, Tensor.Scalar(2.0)).ToScalar().Should().Be(2);
    }

    [Fact]
    public void Intermediates_can_be_asked_for()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2]));
        Tensor<double> h = x * 3.0;
        Tensor<double> y = h.Square().Sum();
        tape.Gradient(y, h).ToArray().Should().Equal(6, 12);
        Tensor<double>[] both = tape.Gradient(y, [x, h, y]);
        both[0].ToArray().Should().Equal(18, 36);
        both[1].ToArray().Should().Equal(6, 12);
        both[2].ToScalar().Should().Be(1);
        tape.Jvp(y, h, Tensor.Create([1.0, 0])).ToScalar().Should().Be(6);
        tape.Jvp([y], [x, h], [Tensor.Create([1.0, 0]), Tensor.Create([0.0, 1])])[0].ToScalar().Should().Be(18 + 12, "a tangent of its own adds to the one that arrives");
    }

    [Fact]
    public void Sweeps_may_be_repeated_and_interleaved()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.7]));
        Tensor<double> y = (x.Sin() * x.Exp()).Sum();
        double[] first = tape.Gradient(y, x).ToArray();
        Tensor<double> recorded = tape.Gradient(y, x, record: true);
        Tensor<double> z = y * y;
        tape.Gradient(y, x).ToArray().Should().Equal(first);
        recorded.ToArray().Should().Equal(first);
        tape.Gradient(z, x).ToArray().Should().Equal(first.Select(g => 2 * y.ToScalar() * g));
        tape.Gradient(y, x).ToArray().Should().Equal(first);
    }

    [Fact]
    public void A_sweep_that_is_not_recorded_leaves_the_tape_as_it_was()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.3, 0.7]));
        Tensor<double> y = x.Softmax() * x;
        int count = tape.Count;
        tape.Vjp(y, Tensor.Create([1.0, 2]), x).Tape.Should().BeNull();
        tape.Jvp(y, x, x).Tape.Should().BeNull();
        tape.Jacobian(y, x).Tape.Should().BeNull();
        tape.Count.Should().Be(count);
        tape.Jacobian(y, x, record: true).Tape.Should().BeSameAs(tape);
        tape.Count.Should().BeGreaterThan(count);
    }

    [Fact]
    public void What_is_not_reached_gets_zeros_of_its_shape()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2]));
        Tensor<double> other = tape.Variable(Tensor.Ones<double>(2, 3));
        Tensor<double> y = x.Exp();
        Tensor<double> later = tape.Variable(Tensor.Ones<double>(4));
        Tensor<double>[] gradients = tape.Vjp(y, Tensor.Create([1.0, 1]), [x, other, later]);
        gradients[1].Shape.ToArray().Should().Equal(2, 3);
        gradients[1].ToArray().Should().OnlyContain(g => g == 0);
        gradients[2].Shape.ToArray().Should().Equal(4);
        tape.Jvp(y, other, other).ToArray().Should().Equal(0, 0);
        tape.Jvp(y, later, later).ToArray().Should().Equal(0, 0);
        tape.Vjp(y, Tensor.Ones<double>(5, 2), other).Shape.ToArray().Should().Equal(5, 2, 3);
        tape.Jacobian(y, other).Shape.ToArray().Should().Equal(2, 2, 3);
        tape.Gradient(other.Sum() * 0.0, x).ToArray().Should().Equal(0, 0);
    }

    [Fact]
    public void Several_outputs_and_inputs_in_one_sweep()
    {
        using var tape = new Tape<double>();
        Tensor<double> a = tape.Variable(Tensor.Create([1.0, 2]));
        Tensor<double> b = tape.Variable(3.0);
        Tensor<double> y = a * b;
        Tensor<double> z = a.Sum() + b;
        Tensor<double>[] back = tape.Vjp([y, z], [Tensor.Create([1.0, 10]), Tensor.Scalar(100.0)], [a, b]);
        back[0].ToArray().Should().Equal(103, 130);
        back[1].ToScalar().Should().Be(1 + 20 + 100);
        Tensor<double>[] forth = tape.Jvp([y, z, b], [a, b], [Tensor.Create([1.0, 10]), Tensor.Scalar(100.0)]);
        forth[0].ToArray().Should().Equal(3 + 100, 30 + 200);
        forth[1].ToScalar().Should().Be(111);
        forth[2].ToScalar().Should().Be(100);
        tape.Vjp([y, y], [Tensor.Create([1.0, 0]), Tensor.Create([0.0, 1])], [a])[0].ToArray().Should().Equal(3, 3);
    }

    [Fact]
    public void Batched_vectors_give_batched_products()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2, 3]));
        Tensor<double> y = Tensor.Stack([x[0] * x[1], x[2].Exp()]);
        Tensor<double> jacobian = tape.Jacobian(y, x);
        tape.Vjp(y, Tensor.Identity<double>(2), x).ToArray().Should().Equal(jacobian.ToArray());
        tape.Jvp(y, x, Tensor.Identity<double>(3)).Transpose().ToArray().Should().Equal(jacobian.ToArray());
        tape.Vjp(y, Tensor.Zeros<double>(0, 2), x).Shape.ToArray().Should().Equal(0, 3);
    }

    [Fact]
    public void A_jacobian_in_chunks_is_the_same()
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.0, 1.0, 3000));
        Tensor<double> jacobian = tape.Jacobian(x.Square(), x);
        jacobian.Shape.ToArray().Should().Equal(3000, 3000);
        jacobian.Sum().ToScalar().Should().BeApproximately(2 * x.Sum().ToScalar(), 1e-9);
        jacobian.At(2999, 2999).Should().Be(2);
        jacobian.At(2999, 2998).Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_n_slices_costs_n_slices(bool record)
    {
        long small = Allocated(500);
        long large = Allocated(2000);
        (large / (double)small).Should().BeLessThan(6, "four times the slices of four times the vector may cost four times, not sixteen times");

        long Allocated(int n)
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.0, 1.0, n));
            Tensor<double> y = Enumerable.Range(0, n).Select(i => x[i]).Aggregate((a, b) => a + b);
            tape.Gradient(y, x, record);
            long before = GC.GetAllocatedBytesForCurrentThread();
            tape.Gradient(y, x, record).ToArray().Should().OnlyContain(g => g == 1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Large_recorded_gradients_can_be_swept_again()
    {
        // Summed cotangents above the threshold of pooling: their buffers must stay with the tape.
        const int n = 3000;
        Tensor<double> x0 = Tensor.LinearSpace(0.1, 1.0, n);
        Tensor<double> h = Differentiate.Hvp(x => (x.Sin() * x.Exp() * x + x[..1500].Sum() * x[1500..].Sum() + x.Log()).Sum(), x0, Tensor.Ones<double>(n));
        Tensor<double> again = Differentiate.Hvp(x => (x.Sin() * x.Exp() * x + x[..1500].Sum() * x[1500..].Sum() + x.Log()).Sum(), x0, Tensor.Ones<double>(n));
        h.ToArray().Should().Equal(again.ToArray());
        double x = x0.At(7);
        double own = (2 * Math.Exp(x) * (Math.Sin(x) + Math.Cos(x))) + (2 * x * Math.Exp(x) * Math.Cos(x)) - (1 / (x * x));
        h.At(7).Should().BeApproximately(own + (1500.0 * n), 1e-8);
    }

    /// <summary>Random programs: a recorded sweep, and the sweeps of a recorded gradient, give bitwise what unrecorded ones give.</summary>
    [Fact]
    public void Sweeps_of_random_programs_give_the_same_bits_recorded_or_not()
    {
        var random = new Random(11);
        for (int run = 0; run < 400; run++)
        {
            (int, int)[] program = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => (random.Next(RandomPrograms.Kinds), random.Next(10)))];
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(RandomPrograms.Point);
            Tensor<double> y = RandomPrograms.Run(x, program);
            if (y.Tape is null)
            {
                continue;
            }

            Tensor<double> u = Tensor.Create([1.0, -0.5, 0.3, 0.7, 0.2, -0.9]);
            for (int order = 1; order <= 3; order++)
            {
                Tensor<double> g = tape.Vjp(y, u, x, record: true);
                Same(tape.Vjp(y, u, x), g);
                Same(tape.Jvp(y, x, u), tape.Jvp(y, x, u, record: true));
                if (g.Tape is null)
                {
                    break;
                }

                y = g;
            }

            void Same(Tensor<double> plain, Tensor<double> recorded) => plain.ToArray().Select(BitConverter.DoubleToInt64Bits).Should()
                .Equal(recorded.ToArray().Select(BitConverter.DoubleToInt64Bits), "run {0} of {1}", run, string.Join(", ", program));
        }
    }
}
