using AutoDiff.Optimization;

namespace AutoDiff.Distributed.Ranks.Checks;

/// <summary>Sums over rows: their bits are those of one rank.</summary>
internal static class SumChecks
{
    private static readonly RandomKey Key = new(57);

    private static Tensor<double> Loss(Tensor<double>[] p, Tensor<double>[] rows)
    {
        Tensor<double> z = rows[0].MatMul(p[0]).Tanh().MatMul(p[1]);
        return (z.Softplus() - (z * rows[1])).Sum();
    }

    private static Tensor<double> Payoff(Tensor<double>[] p, Tensor<double>[] rows) => ((p[0] * ((p[1] * rows[0].Sum(1)) - (1.5 * p[1] * p[1])).Exp()) - 100.0).Relu().Sum();

    /// <summary>The bits of everything here that is the same for any number of ranks.</summary>
    public static ulong Digest(Communicator c)
    {
        ulong digest = 14695981039346656037;
        foreach (int n in (int[])[0, 1, 5, 8, 203])
        {
            (double value, Tensor<double>[] gradients) = PlainCase(c, n);
            digest = Expect.Digest(digest, [Tensor.Scalar(value), .. gradients]);
        }

        (float singleValue, Tensor<float>[] singles) = DataParallel.ValueAndGradient(c, (p, rows) => (rows[0] * p[0]).Exp().Sum(), [Tensor.Full(0.1f, 3000)], [Key.Normal<float>(40, 3000)]);
        digest = Expect.Digest(digest, [Tensor.Scalar(singleValue), .. singles]);
        digest = Expect.Digest(digest, Training(c));
        Sparse(c);
        foreach (int n in (int[])[0, 7, 100, 20_001])
        {
            (double value, Tensor<double>[] gradients) = MonteCarlo(c, n);
            digest = Expect.Digest(digest, [Tensor.Scalar(value), .. gradients]);
        }

        return digest;
    }

    private static (double Value, Tensor<double>[] Gradients) PlainCase(Communicator c, int n)
    {
        (Tensor<double> x, Tensor<double> y) = (Key.Derive(n).Normal<double>(n, 4), Key.Derive(n + 1).Uniform<double>(n));
        Tensor<double>[] p = [Key.Derive(2).Normal<double>(4, 500), Key.Derive(3).Normal<double>(500)];
        (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(c, Loss, p, [x, y]);

        // A rank that holds its own rows alone gives the same.
        Range own = DataParallel.RowsOf(c, n);
        (double again, Tensor<double>[] same) = DataParallel.ValueAndGradient(c, Loss, p, [ShardedRows.Part(x[own], own.Start.Value, n), ShardedRows.Part(y[own], own.Start.Value, n)]);
        Expect.Bits(Tensor.Scalar(again), Tensor.Scalar(value), "a part of the rows");
        for (int i = 0; i < p.Length; i++)
        {
            Expect.Bits(same[i], gradients[i], "a part of the rows");
        }

        (double fast, Tensor<double>[] fastGradients) = DataParallel.ValueAndGradient(c, Loss, p, [x, y], order: Summation.Fast);
        (Tensor<double> plain, Tensor<double>[] plainGradients) = Differentiate.ValueAndGradient(q => Loss(q, [x, y]), p);
        Expect.Near(value, plain.ToScalar(), "the value of all rows");
        Expect.Near(fast, plain.ToScalar(), "the value of all rows, fast");
        for (int i = 0; i < p.Length; i++)
        {
            Expect.Near(gradients[i], plainGradients[i], "the gradient of all rows", 1e-10);
            Expect.Near(fastGradients[i], plainGradients[i], "the gradient of all rows, fast", 1e-10);
        }

        return (value, gradients);
    }

    /// <summary>Training with an optimizer on every rank.</summary>
    private static Tensor<double>[] Training(Communicator c)
    {
        (Tensor<double> x, Tensor<double> y) = (Key.Derive(8).Normal<double>(64, 4), Key.Derive(9).Uniform<double>(64));
        Tensor<double>[] p = [Key.Derive(10).Normal<double>(4, 8), Key.Derive(11).Normal<double>(8)];
        var adam = new Adam<double>(0.05);
        double first = 0, last = 0;
        for (int step = 0; step < 20; step++)
        {
            (last, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(c, Loss, p, [x, y]);
            first = step == 0 ? last : first;
            p = adam.Step(p, gradients);
        }

        Expect.True(last < first, "training lowers the loss");
        return p;
    }

    /// <summary>Sparse derivatives whose colors are dealt, more and fewer of them than ranks.</summary>
    private static void Sparse(Communicator c)
    {
        Tensor<double> x = Key.Derive(12).Normal<double>(60);
        foreach (int width in (int[])[1, 2, 9])
        {
            Tensor<double> F(Tensor<double> x) => Enumerable.Range(0, width).Select(k => x[k..(x.Length - width + k + 1)] * (k + 1.0)).Aggregate((a, b) => a + b).Sin();
            (SparseMatrix<double> dealt, SparseMatrix<double> alone) = (DataParallel.Jacobian(c, new SparseJacobian<double>(F), x), new SparseJacobian<double>(F).Evaluate(x));
            Expect.Near(dealt.ToDense(), alone.ToDense(), $"a sparse Jacobian of {width} colors");
            Tensor<double> Scalar(Tensor<double> x) => F(x).Square().Sum();
            Expect.Near(DataParallel.Hessian(c, new SparseHessian<double>(Scalar), x).ToDense(), new SparseHessian<double>(Scalar).Evaluate(x).ToDense(), $"a sparse Hessian of width {width}");
        }
    }

    private static (double Value, Tensor<double>[] Gradients) MonteCarlo(Communicator c, int n)
    {
        Tensor<double>[] market = [Tensor.Scalar(100.0), Tensor.Scalar(0.1)];
        RowSource<double>[] paths = [RowSource.Normal<double>(new RandomKey(7), n, 3)];
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Payoff, market, [RowSource.Normal<double>(new RandomKey(7), 100, 3)]);
        (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(c, sum, market, paths);
        (double expected, Tensor<double>[] expectedGradients) = sum.ValueAndGradient(market, paths);
        Expect.Bits(Tensor.Scalar(value), Tensor.Scalar(expected), "a compiled sum has the bits of one machine");
        for (int i = 0; i < market.Length; i++)
        {
            Expect.Bits(gradients[i], expectedGradients[i], "a compiled sum has the bits of one machine");
        }

        // Rows that are held in parts.
        Tensor<double> drawn = new RandomKey(3).Normal<double>(n, 3);
        Range own = DataParallel.RowsOf(c, sum, market, n);
        (double part, _) = DataParallel.ValueAndGradient(c, sum, market, [ShardedRows.Part(drawn[own], own.Start.Value, n)]);
        (double whole, _) = sum.ValueAndGradient(market, [drawn]);
        Expect.Bits(Tensor.Scalar(part), Tensor.Scalar(whole), "a compiled sum over parts");
        (double fast, _) = DataParallel.ValueAndGradient(c, sum, market, paths, Summation.Fast);
        Expect.Near(fast, expected, "a compiled sum, fast");
        return (value, gradients);
    }
}
