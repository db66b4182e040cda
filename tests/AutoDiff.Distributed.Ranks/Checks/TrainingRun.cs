using AutoDiff.Optimization;

namespace AutoDiff.Distributed.Ranks.Checks;

/// <summary>A run of training that saves what it needs to go on, and may be cut off anywhere.</summary>
internal static class TrainingRun
{
    public const int Steps = 24;
    private const int Every = 5;

    /// <summary>Runs from where the file says to the end.</summary>
    /// <param name="c">The ranks.</param>
    /// <param name="path">The file.</param>
    /// <param name="atStep">What happens at the start of each step.</param>
    /// <returns>The bits of the parameters at the end.</returns>
    public static ulong Run(Communicator c, string path, Action<int> atStep)
    {
        var adam = new Adam<double>(Schedule.Cosine(0.05, Steps)) { MaxNorm = 1 };
        (Tensor<double>[] p, RandomKey run) = ([new RandomKey(1).Normal<double>(4, 8), new RandomKey(2).Normal<double>(8)], new RandomKey(77));
        if (Checkpoint.Load(c, path, Named(p), adam) is { } state)
        {
            (p, run) = ([.. state.Parameters.Values], state.Key);
        }

        for (int step = adam.Steps; step < Steps; step++)
        {
            atStep(step);

            // Every step has rows of its own, drawn from the key.
            RandomKey key = run.Derive(step);
            (_, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(c, (p, rows) => (rows[0].MatMul(p[0]).Tanh().MatMul(p[1]) - rows[0][.., 0]).Square().Sum(), p,
                [RowSource.Normal<double>(key, 50, 4)]);
            p = adam.Step(p, gradients);
            if ((step + 1) % Every == 0)
            {
                Checkpoint.Save(c, path, Named(p), adam, run);
            }
        }

        return Expect.Digest(14695981039346656037, p);

        static Parameters<double> Named(Tensor<double>[] p) => new(("hidden", p[0]), ("output", p[1]));
    }
}
