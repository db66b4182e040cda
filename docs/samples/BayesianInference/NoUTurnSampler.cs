using AutoDiff;

namespace BayesianInference;

/// <summary>
/// The No-U-Turn sampler (Hoffman and Gelman, JMLR 15, 2014) with multinomial weights and the generalized criterion (Betancourt, A Conceptual Introduction to Hamiltonian Monte Carlo, 2017,
/// appendix A.4), and the adaptation of the Stan Reference Manual: dual averaging of the step, the variances of a diagonal metric in windows of doubling length. One chain, on one thread.
/// </summary>
internal sealed class NoUTurnSampler(CompiledFunction<double> valueAndGradient, int dimension, RandomKey key) : IDisposable
{
    private const int MaxDepth = 10;
    private const double MaxEnergyError = 1000, TargetAcceptance = 0.8;

    private readonly Workspace<double> workspace = valueAndGradient.CreateWorkspace();

    /// <summary>The inverse of the diagonal metric: an estimate of the variances.</summary>
    private readonly double[] variances = [.. Enumerable.Repeat(1.0, dimension)];

    private double step = 1, acceptance;
    private int leaps;

    // The stream of random numbers, drawn in blocks.
    private double[] uniforms = [];
    private int nextUniform, blocks;

    /// <summary>How many trajectories of those that were kept ran into an energy error: regions that the step is too long for.</summary>
    public int Divergences { get; private set; }

    /// <summary>How often the gradient was computed.</summary>
    public long Gradients { get; private set; }

    public void Dispose() => workspace.Dispose();

    /// <summary>Adapts, then draws.</summary>
    public double[][] Sample(int warmup, int draws, Action<int> progress)
    {
        State state = At([.. Enumerable.Range(0, dimension).Select(_ => (4 * Uniform()) - 2)]);
        (int initial, int window) = (75, 25);
        int windowEnd = initial + window;
        var averaging = new DualAveraging(FirstStep(state));
        var moments = new Moments(dimension);
        for (int i = 0; i < warmup; i++)
        {
            step = averaging.Step;
            state = Next(state);
            averaging.Update(acceptance);
            if (i >= initial && i < warmup - 50)
            {
                moments.Add(state.Position);
                if (i == windowEnd - 1)
                {
                    // The last window is as long as there is room: it takes in one that would be shorter than twice its length.
                    moments.TakeVariances(variances);
                    window *= 2;
                    windowEnd = windowEnd + (3 * window) > warmup - 50 ? warmup - 50 : windowEnd + window;
                    averaging = new DualAveraging(FirstStep(state));
                }
            }

            progress(i + 1);
        }

        (step, Divergences) = (averaging.Average, 0);
        var result = new double[draws][];
        for (int i = 0; i < draws; i++)
        {
            state = Next(state);
            result[i] = state.Position;
            progress(warmup + i + 1);
        }

        return result;
    }

    /// <summary>One transition: a trajectory is doubled forward or backward in time until it turns back on itself, and a state of it is chosen by its weight.</summary>
    private State Next(State from)
    {
        State start = WithMomentum(from);
        double energy = Energy(start);
        (acceptance, leaps) = (0, 0);
        var tree = new Tree(start, start, start.Momentum, 0, start);
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            bool forward = Uniform() < 0.5;
            if (Extended(forward ? tree.Last : tree.First, depth, forward, energy) is not { } more)
            {
                break;
            }

            // The new half is preferred: a state that is far away is worth more than one nearby.
            State chosen = Math.Log(Uniform()) < more.LogWeight - tree.LogWeight ? more.Chosen : tree.Chosen;
            (tree, bool goesOn) = forward ? Joined(tree, more, chosen) : Joined(more, tree, chosen);
            if (!goesOn)
            {
                break;
            }
        }

        acceptance /= leaps;
        return tree.Chosen;
    }

    /// <summary>The 2^depth states that follow a state; null where they diverge, or a part of them turns back.</summary>
    private Tree? Extended(State from, int depth, bool forward, double energy)
    {
        if (depth == 0)
        {
            State next = Leap(from, forward ? step : -step);
            double logWeight = energy - Energy(next);
            logWeight = double.IsNaN(logWeight) ? double.NegativeInfinity : logWeight;
            acceptance += Math.Min(1, Math.Exp(logWeight));
            leaps++;
            bool diverges = logWeight < -MaxEnergyError;
            Divergences += diverges ? 1 : 0;
            return diverges ? null : new Tree(next, next, next.Momentum, logWeight, next);
        }

        if (Extended(from, depth - 1, forward, energy) is not { } near || Extended(forward ? near.Last : near.First, depth - 1, forward, energy) is not { } far)
        {
            return null;
        }

        State chosen = Math.Log(Uniform()) < far.LogWeight - LogSum(near.LogWeight, far.LogWeight) ? far.Chosen : near.Chosen;
        (Tree joined, bool goesOn) = forward ? Joined(near, far, chosen) : Joined(far, near, chosen);
        return goesOn ? joined : null;
    }

    /// <summary>Two trajectories, one after the other in time, and whether they go on: neither the whole nor a half with the first state of the other turns back.</summary>
    private (Tree Tree, bool GoesOn) Joined(Tree a, Tree b, State chosen)
    {
        double[] sum = Plus(a.Momentum, b.Momentum);
        bool goesOn = GoesOn(a.First, b.Last, sum) && GoesOn(a.First, b.First, Plus(a.Momentum, b.First.Momentum)) && GoesOn(a.Last, b.Last, Plus(b.Momentum, a.Last.Momentum));
        return (new Tree(a.First, b.Last, sum, LogSum(a.LogWeight, b.LogWeight), chosen), goesOn);
    }

    private bool GoesOn(State first, State last, double[] momentum) => Inner(first.Momentum, momentum) > 0 && Inner(last.Momentum, momentum) > 0;

    /// <summary>One step of the leapfrog integrator.</summary>
    private State Leap(State s, double h)
    {
        var (position, momentum) = (new double[dimension], new double[dimension]);
        for (int i = 0; i < dimension; i++)
        {
            momentum[i] = s.Momentum[i] + (0.5 * h * s.Gradient[i]);
            position[i] = s.Position[i] + (h * variances[i] * momentum[i]);
        }

        State next = At(position);
        for (int i = 0; i < dimension; i++)
        {
            momentum[i] += 0.5 * h * next.Gradient[i];
        }

        return next with { Momentum = momentum };
    }

    /// <summary>A state without momentum. Where the density has no value, such as where a covariance is not positive definite to rounding, it is 0.</summary>
    private State At(double[] position)
    {
        Gradients++;
        position.CopyTo(workspace.Input(0));
        try
        {
            workspace.Run();
            return new State(position, [], workspace.Output(0)[0], workspace.Output(1).ToArray());
        }
        catch (FactorizationException)
        {
            return new State(position, [], double.NegativeInfinity, new double[dimension]);
        }
    }

    private State WithMomentum(State s)
    {
        double[] normal = key.Derive(blocks++).Normal(dimension).ToArray();
        return s with { Momentum = [.. normal.Zip(variances, (z, v) => z / Math.Sqrt(v))] };
    }

    /// <summary>A step with an acceptance near the target, found by doubling or halving.</summary>
    private double FirstStep(State from)
    {
        double h = step;
        for (int direction = 0; ; h *= direction > 0 ? 2 : 0.5)
        {
            State start = WithMomentum(from);
            bool good = Energy(start) - Energy(Leap(start, h)) > Math.Log(TargetAcceptance);
            direction = direction == 0 ? (good ? 1 : -1) : direction;
            if (good != direction > 0)
            {
                return h;
            }
        }
    }

    private double Energy(State s) => (0.5 * Inner(s.Momentum, s.Momentum)) - s.LogDensity;

    private double Inner(double[] p, double[] q)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += p[i] * variances[i] * q[i];
        }

        return sum;
    }

    private double Uniform()
    {
        if (nextUniform == uniforms.Length)
        {
            (uniforms, nextUniform) = (key.Derive(blocks++).Uniform(256).ToArray(), 0);
        }

        return uniforms[nextUniform++];
    }

    private static double[] Plus(double[] p, double[] q) => [.. p.Zip(q, (a, b) => a + b)];

    private static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    private sealed record State(double[] Position, double[] Momentum, double LogDensity, double[] Gradient);

    /// <summary>A trajectory: its ends in time, the sum of its momenta, the logarithm of the sum of its weights, and the state chosen from it.</summary>
    private sealed record Tree(State First, State Last, double[] Momentum, double LogWeight, State Chosen);
}
