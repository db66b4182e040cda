using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Recording;

/// <summary>Tests that measure the heap run alone.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public class MemoryTestsRunAlone;

/// <summary>What long programs keep: nothing.</summary>
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ten_thousand_steps_do_not_grow_the_heap(bool dispose)
    {
        Tensor<double> inputs = Tensor.LinearSpace(-1.0, 1.0, 60).Reshape(20, 3);
        Tensor<double> targets = inputs.Sum(1).Sin();
        Tensor<double> w = Tensor.LinearSpace(-0.5, 0.5, 24).Reshape(3, 8);
        Tensor<double> v = Tensor.LinearSpace(-0.3, 0.3, 8);
        double first = Run(100);
        Run(900);
        long before = WatchedPools.LivingBytes();
        double last = Run(10_000);
        long after = WatchedPools.LivingBytes();
        last.Should().BeLessThan(first, "the loop trains");
        (after - before).Should().BeLessThan(150_000, "the smallest object has 24 bytes: ten thousand steps that leave one each would leave 240,000");

        double Run(int steps)
        {
            double loss = 0;
            for (int step = 0; step < steps; step++)
            {
                var tape = new Tape<double>();
                Tensor<double> a = tape.Variable(w);
                Tensor<double> b = tape.Variable(v);
                Tensor<double> error = (inputs.MatMul(a).Tanh().MatMul(b) - targets).Square().Mean();
                Tensor<double>[] gradients = tape.Gradient(error, [a, b]);
                loss = error.ToScalar();
                w -= gradients[0] * 0.05;
                v -= gradients[1] * 0.05;
                if (dispose)
                {
                    tape.Dispose();
                }
            }

            return loss;
        }
    }

    [Fact]
    public void Large_disposed_steps_reuse_their_buffers()
    {
        Tensor<double> x0 = Tensor.LinearSpace(0.0, 1.0, 100_000);
        Step();
        Step();
        long allocated = WatchedPools.Allocated(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                Step();
            }
        });
        allocated.Should().BeLessThan(10 * 100_000 * 8, "a step makes more than five arrays of that length, and gives them back");

        void Step()
        {
            using var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(x0);
            Tensor<double> gradient = tape.Gradient(((x.Sin() * x.Exp()).Square() + x).Sum(), x);
            gradient.Dispose();
        }
    }

    [Fact]
    public void Reused_buffers_never_show_another_tensors_values()
    {
        const int n = 5000;
        var kept = new List<(Tensor<double> Tensor, double[] Values)>();
        var random = new Random(5);
        for (int round = 0; round < 60; round++)
        {
            var tape = new Tape<double>();
            Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.5, 1.0 + round, n));
            Tensor<double> y = x.Log() * x + x.Reshape(50, 100).Transpose().Softmax(0).Reshape(n);
            Tensor<double> z = Tensor.Where(y > 0.5, y.Sqrt(), y * 2.0) + y[(n - 1)..] + y.Flip() * x[..1];
            Keep(y.Detach());
            Keep(x.Detach().Reshape(2, n / 2)[1]);
            Keep(tape.Gradient(z.Sum(), x));
            Keep(tape.Gradient(z.Square().Sum(), x, record: true).Detach());
            Keep(tape.Jvp(z, x, Tensor.Ones<double>(n)));
            Keep(Differentiate.Hvp(v => (Tensor.Where(v > 1.0, v.Log(), v.Square()) * v.Flip()).Sum(), Tensor.LinearSpace(0.5, 2.0 + round, n), Tensor.Ones<double>(n)));
            if (round % 3 != 0)
            {
                tape.Dispose();
            }

            while (kept.Count > 20)
            {
                int victim = random.Next(kept.Count);
                Check(kept[victim]);
                kept[victim].Tensor.Dispose();
                kept.RemoveAt(victim);
            }

            kept.ForEach(Check);
        }

        void Keep(Tensor<double> tensor) => kept.Add((tensor, tensor.ToArray()));

        static void Check((Tensor<double> Tensor, double[] Values) item) => item.Tensor.AsSpan().SequenceEqual(item.Values).Should().BeTrue("a tensor keeps its values whatever is disposed around it");
    }

    /// <summary>Cotangents die at once: what a backward sweep allocates is a few buffers, however long the tape is. (Of a length that no other test has, so that the pool holds none.)</summary>
    [Fact]
    public void A_backward_sweep_needs_a_few_buffers_besides_the_recorded_values()
    {
        const int n = 1_500_000;
        const long buffer = 8L * 2_097_152;
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.0, 1.0, n));
        Tensor<double> y = x;
        for (int i = 0; i < 12; i++)
        {
            y = ((y * x) + y.Sin()).Tanh();
        }

        Tensor<double> sum = y.Sum();
        WatchedPools.Allocated(() => tape.Gradient(sum, x)).Should().BeLessThan(8 * buffer, "48 operations have 60 cotangents, of which a few live at a time");
    }

    /// <summary>A Jacobian needs its own numbers (once in parts, once whole), and besides them a few batches within the bound.</summary>
    [Fact]
    public void The_bound_on_the_memory_of_a_Jacobian_holds()
    {
        const int n = 1800;
        const long bound = 1 << 20;
        const long result = 8L * n * n;
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.LinearSpace(0.0, 1.0, n));
        Tensor<double> y = (x.Sin() * x.Flip() + x).Exp();
        var options = new JacobianOptions { Mode = JacobianMode.Reverse, MemoryBound = bound };
        ((long)tape.PlanJacobian(y, x, options).Chunk * n * 8).Should().BeLessThanOrEqualTo(bound);

        Tensor<double> jacobian = x;
        long allocated = WatchedPools.Allocated(() => jacobian = tape.Jacobian(y, x, options));

        // Pooled arrays have the next power of two of elements.
        allocated.Should().BeLessThan((2 * 4L * result / 3) + (16 * 2 * bound), "every batch stays within the bound");
        jacobian.At(3, n - 4).Should().NotBe(0);
    }
}
