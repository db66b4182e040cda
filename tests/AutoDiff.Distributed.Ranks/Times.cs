using System.Diagnostics;
using AutoDiff.Distributed.Mpi;
using AutoDiff.Distributed.Summing;

namespace AutoDiff.Distributed.Ranks;

/// <summary>Times of sums, side by side in one process: what an ordered sum costs beside that of MPI, what a step costs that has nothing to compute, and how paths and rows scale.</summary>
internal static unsafe class Times
{
    public static void Print(Communicator c)
    {
        void Say(string text)
        {
            if (c.Rank == 0)
            {
                Console.WriteLine(FormattableString.Invariant($"{text}"));
            }
        }

        foreach (int count in (int[])[10, 1_000, 100_000, 6_250_000])
        {
            var own = new float[count];
            var sum = new float[count];
            Array.Fill(own, 1.5f);
            double mpi = double.PositiveInfinity, ordered = mpi, fast = mpi;
            int repeat = Math.Clamp(20_000 / count, 1, 200);
            fixed (float* from = own, to = sum)
            {
                (nint a, nint b) = ((nint)from, (nint)to);
                MpiConstants constants = MpiLibrary.Load().Constants;
                for (int round = 0; round < 7; round++)
                {
                    mpi = Math.Min(mpi, Time(c, repeat, () => MpiSession.Check(MpiFunctions.MPI_Allreduce((void*)a, (void*)b, count, constants.Float, constants.Sum, constants.World), "Sum")));
                    ordered = Math.Min(ordered, Time(c, repeat, () => OrderedSum.OfRanks(c.Carrier, (float*)a, (float*)b, count, "Sum")));
                    fast = Math.Min(fast, Time(c, repeat, () => c.Carrier.SumInAnyOrder((float*)a, (float*)b, count, "Sum")));
                }
            }

            Say(FormattableString.Invariant($"sum of {count,9} floats: MPI_Allreduce {mpi * 1e6:0.0} us, ordered {ordered / mpi:0.00} times, Fast {fast / mpi:0.00} times"));
        }

        // A step with ten parameters and a loss of next to nothing, beside the same step without a communicator.
        Communicator self = c.Split(c.Rank);
        Tensor<double>[] p = [.. Enumerable.Range(0, 10).Select(i => Tensor.Scalar(0.1 * i))];
        Tensor<double>[] rows = [Tensor.Ones<double>(c.Size)];
        static Tensor<double> Loss(Tensor<double>[] p, Tensor<double>[] rows) => (rows[0] * p[0]).Sum();
        double alone = double.PositiveInfinity, together = alone;
        for (int round = 0; round < 10; round++)
        {
            alone = Math.Min(alone, Time(c, 50, () => DataParallel.ValueAndGradient(self, Loss, p, rows, self.Size)));
            together = Math.Min(together, Time(c, 50, () => DataParallel.ValueAndGradient(c, Loss, p, rows, c.Size)));
        }

        Say(FormattableString.Invariant($"a step with 10 parameters: {together * 1e6:0.0} us, on one rank {alone * 1e6:0.0} us: {(together - alone) * 1e6:0.0} us for the communication"));

        // A step of a network, and what its sum takes, beside steps in which each rank takes its own rows alone. An overlap of sum and sweep could hide that at most.
        foreach (int width in (int[])[100, 1000])
        {
            Tensor<float>[] layers = [.. new[] { (784, width), (width, width), (width, 10) }.Select((shape, i) => new RandomKey(5).Derive(i).Normal<float>(shape.Item1, shape.Item2) * 0.03f)];
            Tensor<float> images = new RandomKey(6).Normal<float>(128 * c.Size, 784);
            Tensor<float> own = images[..128];
            static Tensor<float> Network(Tensor<float>[] p, Tensor<float>[] rows) => rows[0].MatMul(p[0]).Relu().MatMul(p[1]).Relu().MatMul(p[2]).LogSumExp(1).Sum();
            foreach (Summation order in (Summation[])[Summation.Ordered, Summation.Fast])
            {
                double apart = double.PositiveInfinity, joint = apart;
                for (int round = 0; round < 7; round++)
                {
                    apart = Math.Min(apart, Time(c, 1, () => DataParallel.ValueAndGradient(self, Network, layers, [own], 1, order)));
                    joint = Math.Min(joint, Time(c, 1, () => DataParallel.ValueAndGradient(c, Network, layers, [images], c.Size, order)));
                }

                Say(FormattableString.Invariant($"a step of a network of {layers.Sum(p => p.Length):N0} parameters, 128 rows a rank, {order}: {joint * 1e3:0.0} ms, {(joint - apart) / joint:0%} of them the sum"));
            }
        }

        // One rank computes all, the others wait; then all compute their part.
        static Tensor<double> Payoff(Tensor<double>[] p, Tensor<double>[] rows) => (p[0] * (p[1] * rows[0].Sum(1) - 4.0 * p[1] * p[1]).Exp() - 100.0).Relu().Sum();
        Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.1)];
        RowSource<double>[] paths = [RowSource.Normal<double>(new RandomKey(1), 400_000, 8)];
        CompiledSum<double> sums = Differentiate.CompileSum<double>(Payoff, market, paths);
        Scale("Monte Carlo, 400,000 paths", () => sums.ValueAndGradient(market, paths), () => DataParallel.ValueAndGradient(c, sums, market, paths));
        Tensor<double> x = new RandomKey(2).Normal<double>(1_000_000, 4);
        static Tensor<double> Logistic(Tensor<double>[] p, Tensor<double>[] rows)
        {
            Tensor<double> z = rows[0].MatMul(p[0]);
            return (z.Softplus() - (z * rows[1])).Sum();
        }

        Tensor<double>[] data = [x, x[.., 0] > 0.0];
        Tensor<double>[] w = [Tensor.Zeros<double>(4)];
        CompiledSum<double> logistic = Differentiate.CompileSum<double>(Logistic, w, data);
        Scale("a sum of 1,000,000 rows, compiled", () => logistic.ValueAndGradient(w, data), () => DataParallel.ValueAndGradient(c, logistic, w, data));
        Scale("a sum of 1,000,000 rows, plain", () => DataParallel.ValueAndGradient(self, Logistic, w, data), () => DataParallel.ValueAndGradient(c, Logistic, w, data));

        void Scale(string what, Action one, Action all)
        {
            double alone = double.PositiveInfinity, together = alone;
            for (int round = 0; round < 7; round++)
            {
                alone = Math.Min(alone, Time(c, 1, c.Rank == 0 ? one : () => { }));
                together = Math.Min(together, Time(c, 1, all));
            }

            Say(FormattableString.Invariant($"{what}: {alone * 1e3:0.0} ms on one rank, {alone / together:0.00} times as fast on {c.Size}"));
        }
    }

    /// <summary>Seconds for one call, that of the slowest rank.</summary>
    private static double Time(Communicator c, int repeat, Action action)
    {
        c.Barrier();
        long start = Stopwatch.GetTimestamp();
        for (int k = 0; k < repeat; k++)
        {
            action();
        }

        return c.Gather(Tensor.Scalar(Stopwatch.GetElapsedTime(start).TotalSeconds / repeat)).Max().ToScalar();
    }
}
