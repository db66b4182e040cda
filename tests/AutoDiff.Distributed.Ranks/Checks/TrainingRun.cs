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
        Checkpoint<double> state = Checkpoint.Load<double>(c, path)
            ?? new Checkpoint<double>(0, [new RandomKey(1).Normal<double>(4, 8), new RandomKey(2).Normal<double>(8)], adam.SaveState(), new RandomKey(77));
        adam.LoadState(state.Optimizer);
        Tensor<double>[] p = state.Parameters;
        for (int step = state.Step; step < Steps; step++)
        {
            atStep(step);

            // Every step has rows of its own, drawn from the key.
            RandomKey key = state.Key.Derive(step);
            (_, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(c, (p, rows) => (rows[0].MatMul(p[0]).Tanh().MatMul(p[1]) - rows[0][.., 0]).Square().Sum(), p,
                [RowSource.Normal<double>(key, 50, 4)]);
            p = adam.Step(p, gradients);
            if ((step + 1) % Every == 0)
            {
                Checkpoint.Save(c, path, new Checkpoint<double>(step + 1, p, adam.SaveState(), state.Key));
            }
        }

        return Expect.Digest(14695981039346656037, p);
    }
}
