using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The solution of an initial value problem as a function of its inputs (the state at the start, then the parameters), with its two products, which go step by step over the states that
/// were kept. Derivatives of these take the steps again in checkpoints, so that their results are functions of the inputs.
/// </summary>
internal sealed class OdeSolution<T>(OdeProblem<T> problem, long budget = OdeSolution<T>.Budget) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many numbers are kept of states and stages, unless even a state at every n-th of n² steps takes more.</summary>
    public const long Budget = (64L << 20) / sizeof(double);

    private Trajectory? last;

    /// <summary>The solution as an operation.</summary>
    public Tensor<T> Of(Tensor<T>[] xs) => new LocalProgram<T>(nameof(Ode), at => Again(At(at)), at => At(at).Output, (g, at, _) => Vjp(g, at), Jvp).At(xs);

    private Tensor<T>[] Vjp(Tensor<T> g, Tensor<T>[] xs)
    {
        return Tape<T>.OffTape(nameof(Ode), () =>
        {
            Trajectory trajectory = At(xs);
            int batch = g.Rank - 1 - xs[0].Rank;
            Tensor<T>[] total = Array.ConvertAll(xs, x => Tensor.Zeros<T>([.. g.Shape[..batch], .. x.Shape]));
            Tensor<T> OfTime(int k) => g.Slice([.. Enumerable.Repeat((TensorIndex)Range.All, batch), k]);

            total[0] = OfTime(problem.Intervals);
            int interval = problem.Intervals - 1;
            for (int i = trajectory.Steps.Count - 1; i >= 0; i--)
            {
                problem.ThrowIfCanceled();
                OdeStep<T> step = trajectory.Steps[i];
                for (; interval > step.Interval; interval--)
                {
                    total[0] += OfTime(interval);
                }

                Tensor<T>[] parts = OdeStepper<T>.Vjp(problem, step, trajectory.StateBefore(problem, i), xs[1..], total[0]);
                total[0] = parts[0];
                for (int j = 1; j < xs.Length; j++)
                {
                    total[j] += parts[j];
                }
            }

            total[0] += OfTime(0);
            return total;
        });
    }

    private Tensor<T> Jvp(Tensor<T>?[] ts, Tensor<T>[] xs)
    {
        int[] active = LocalProgram<T>.Active(ts);
        return Tape<T>.OffTape(nameof(Ode), () =>
        {
            Trajectory trajectory = At(xs);
            int[] batch = ts[active[0]]!.Shape[..^xs[active[0]].Rank].ToArray();
            Tensor<T> t = ts[0] ?? Tensor.Zeros<T>([.. batch, .. xs[0].Shape]);
            Tensor<T> y = xs[0];
            int[] moving = [0, .. active.Where(i => i > 0)];
            Tensor<T>[] tangents = Array.ConvertAll(moving, i => i == 0 ? t : ts[i]!);
            var states = new List<Tensor<T>> { t };
            for (int i = 0; i < trajectory.Steps.Count; i++)
            {
                problem.ThrowIfCanceled();
                OdeStep<T> step = trajectory.Steps[i];
                if (step.Interval == states.Count)
                {
                    states.Add(tangents[0]);
                }

                y = step.State ?? OdeStepper<T>.Take(problem, trajectory.Steps[i - 1], y, xs[1..]);
                tangents[0] = OdeStepper<T>.Jvp(problem, step, y, xs[1..], moving, tangents);
            }

            states.Add(tangents[0]);
            return Tensor.Stack<T>(states.ToArray(), batch.Length);
        });
    }

    /// <summary>The steps of a trajectory once more, from inputs that may be recorded.</summary>
    private Func<Tensor<T>[], Tensor<T>> Again(Trajectory trajectory) => xs =>
    {
        var states = new List<Tensor<T>> { xs[0] };
        for (int k = 0; k < problem.Intervals; k++)
        {
            OdeStep<T>[] steps = [.. trajectory.Steps.Where(step => step.Interval == k)];
            states.Add(Differentiate.Scan(
                (y, p, i) =>
                {
                    problem.ThrowIfCanceled();
                    return OdeStepper<T>.Take(problem, steps[i], y, p);
                },
                states[^1], xs[1..], steps.Length));
        }

        return Tensor.Stack<T>(states.ToArray());
    };

    /// <summary>The trajectory from given inputs: the last one, or, where these are others, a new one.</summary>
    private Trajectory At(Tensor<T>[] xs)
    {
        Trajectory? known = last;
        if (known is null || !known.Inputs.Zip(xs).All(static pair => ReferenceEquals(pair.First, pair.Second) || pair.First.Values.SequenceEqual(pair.Second.Values)))
        {
            known = Tape<T>.OffTape(nameof(Ode), () => Integrate(Array.ConvertAll(xs, static x => x.Copy())));
            last = known;
        }

        return known;
    }

    private Trajectory Integrate(Tensor<T>[] xs)
    {
        Tensor<T>[] p = xs[1..];
        OdeStepper<T> stepper = OdeStepper<T>.Of(problem, p);
        var trajectory = new Trajectory(xs, budget);
        Tensor<T> y = xs[0];
        var states = new List<Tensor<T>> { y };
        int left = problem.Options.MaxSteps;
        double h = 0;
        double unit = 0;
        for (int k = 0; k < problem.Intervals; k++)
        {
            (double t, double to, double length) = problem.Interval(k, p);
            if (k > 0 && unit != length)
            {
                h *= Math.Abs(unit / length);
                stepper.ScaleTime(length / unit);
            }

            unit = length;
            double direction = Math.Sign(to - t);
            while (t != to)
            {
                problem.ThrowIfCanceled();
                if (h == 0)
                {
                    h = problem.FirstStep(y, problem.ConstantSlope(k, t, y, p), p);
                }

                bool final = h >= Math.Abs(to - t) * 0.99;
                double step = final ? to - t : direction * h;
                (Tensor<T> next, Tensor<T>? stages, double error, double factor) = stepper.Try(k, t, step, y);
                if (left-- <= 0 || (!(error <= 1) && t + (0.1 * step) == t))
                {
                    throw Stopped(k, t, step, left < 0, error);
                }

                if (error <= 1)
                {
                    trajectory.Add(new OdeStep<T>(k, t, step, y, stages, xs));
                    (t, y) = (final ? to : t + step, next);
                    stepper.Accept();

                    // A step that the end of the interval cut short says little about the next.
                    h = final ? Math.Max(h, Math.Abs(step) * factor) : Math.Abs(step) * factor;
                }
                else
                {
                    h = Math.Abs(step) * Math.Min(factor, 0.9);
                }
            }

            states.Add(y);
        }

        trajectory.Output = Tensor.Stack<T>(states.ToArray());
        return trajectory;
    }

    private ConvergenceException Stopped(int interval, double t, double step, bool limit, double error)
    {
        string advice = limit
            ? problem.Options.Method == OdeMethod.DormandPrince ? "Allow more steps; if the problem is stiff, take OdeMethod.Radau" : "Allow more steps, or ask for less"
            : "The solution may go to infinity there, or the slope jump; solve up to that time only";
        return new ConvergenceException(string.Create(CultureInfo.InvariantCulture,
            $"Ode: stopped in interval {interval} at t = {t:g6} with steps of {step:g3}: {(limit ? "the largest number of steps was reached" : double.IsFinite(error) ? "no step is short enough for the tolerance" : "the slope is not finite")}. {advice}."));
    }

    /// <summary>Steps, and the states before them as far as they are kept.</summary>
    private sealed class Trajectory(Tensor<T>[] inputs, long budget)
    {
        private int stride = 1;
        private long held;
        private (int First, Tensor<T>[] States) segment = (0, []);

        public Tensor<T>[] Inputs => inputs;

        public List<OdeStep<T>> Steps { get; } = [];

        public Tensor<T> Output { get; set; } = inputs[0];

        /// <summary>Adds a step; of every other one the state is forgotten when there are too many.</summary>
        public void Add(OdeStep<T> step)
        {
            Steps.Add(Keeps(Steps.Count) ? step : Bare(step));
            held += Keeps(Steps.Count - 1) ? step.State!.Length + (step.Stages?.Length ?? 0) : 0;
            if (held > budget && Steps.Count > 2 * stride * stride)
            {
                stride *= 2;
                for (int i = 0; i < Steps.Count; i++)
                {
                    Steps[i] = Keeps(i) ? Steps[i] : Bare(Steps[i]);
                }

                held = Steps.Sum(static s => (long)(s.State?.Length ?? 0) + (s.Stages?.Length ?? 0));
            }
        }

        /// <summary>The state before a step; those between two that were kept are computed together.</summary>
        public Tensor<T> StateBefore(OdeProblem<T> problem, int i)
        {
            if (Steps[i].State is { } state)
            {
                return state;
            }

            (int first, Tensor<T>[] states) = segment;
            if (i < first || i >= first + states.Length)
            {
                first = i - (i % stride);
                states = new Tensor<T>[i - first + 1];
                states[0] = Steps[first].State!;
                for (int j = 1; j < states.Length; j++)
                {
                    states[j] = OdeStepper<T>.Take(problem, Steps[first + j - 1], states[j - 1], inputs[1..]);
                }

                segment = (first, states);
            }

            return states[i - first];
        }

        private bool Keeps(int i) => i % stride == 0;

        private static OdeStep<T> Bare(OdeStep<T> step) => step with { State = null, Stages = null };
    }
}
