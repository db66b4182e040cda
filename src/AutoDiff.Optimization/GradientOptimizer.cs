using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Methods that take one step for each gradient, with a learning rate: for noisy gradients (batches of data) and for networks. <see cref="Step(Tensor{T}[], Tensor{T}[])"/> takes one step and keeps
/// what the method remembers between steps; the Minimize methods run it on full gradients, starting afresh.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public abstract class GradientOptimizer<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Memory? memory;

    private protected GradientOptimizer(Schedule rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        Rate = rate;
    }

    /// <summary>The learning rate at each step.</summary>
    public Schedule Rate { get; }

    /// <summary>The largest common norm of the gradients; longer ones are scaled to it. Infinite for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not positive.</exception>
    public double MaxNorm { get; init => field = Setting.Positive(value, nameof(GradientOptimizer<>), nameof(MaxNorm), infinite: true); } = double.PositiveInfinity;

    /// <summary>How many steps have been taken with <see cref="Step(Tensor{T}[], Tensor{T}[])"/>.</summary>
    public int Steps => memory?.Steps ?? 0;

    /// <summary>Takes one step.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradients">For each parameter the gradient, in its shape.</param>
    /// <returns>The new parameters, as constants.</returns>
    /// <exception cref="ArgumentException">The gradients do not have the shapes of the parameters, or the parameters not those of the steps before.</exception>
    public Tensor<T>[] Step(Tensor<T>[] parameters, Tensor<T>[] gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        if (parameters.Length != gradients.Length)
        {
            throw new ArgumentException($"Step: {gradients.Length} gradients were given for {parameters.Length} parameters. Expected one for each. To fix it, give the gradients in the order of the parameters.", nameof(gradients));
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(parameters[i], nameof(parameters));
            ArgumentNullException.ThrowIfNull(gradients[i], nameof(gradients));
            if (!parameters[i].Shape.SequenceEqual(gradients[i].Shape))
            {
                throw new ArgumentException($"Step: gradient {i} has shape [{string.Join(", ", gradients[i].Shape.ToArray())}]. Expected that of its parameter, "
                    + $"[{string.Join(", ", parameters[i].Shape.ToArray())}]. To fix it, give the gradients in the order of the parameters.", nameof(gradients));
            }
        }

        memory ??= new Memory(parameters);
        if (!memory.Fits(parameters))
        {
            throw new ArgumentException("Step: the parameters have other lengths than in the steps before. Expected the same. To fix it, make a new optimiser for other parameters.", nameof(parameters));
        }

        return Advance(memory, parameters, gradients);
    }

    /// <summary>Takes one step with a single tensor of parameters.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradient">The gradient, in their shape.</param>
    /// <returns>The new parameters, as a constant.</returns>
    /// <exception cref="ArgumentException">The gradient does not have the shape of the parameters, or the parameters not that of the steps before.</exception>
    public Tensor<T> Step(Tensor<T> parameters, Tensor<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradient);
        return Step([parameters], [gradient])[0];
    }

    /// <summary>Takes one step with named parameters.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradients">The gradients, under the same names.</param>
    /// <returns>The new parameters.</returns>
    /// <exception cref="ArgumentException">The gradients do not have the names and shapes of the parameters, or the parameters not the shapes of the steps before.</exception>
    public Parameters<T> Step(Parameters<T> parameters, Parameters<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        if (!parameters.Keys.SequenceEqual(gradients.Keys, StringComparer.Ordinal))
        {
            throw new ArgumentException($"Step: the gradients are named {string.Join(", ", gradients.Keys)}. Expected the names of the parameters, {string.Join(", ", parameters.Keys)}, in their order. "
                + "To fix it, take the gradients with respect to these parameters.", nameof(gradients));
        }

        return parameters.WithValues(Step(parameters.Values.ToArray(), gradients.Values.ToArray()));
    }

    /// <summary>Writes the new values of one parameter. <paramref name="first"/> and <paramref name="second"/> are what the method remembers of it, zeros at first; steps count from 1.</summary>
    private protected abstract void Update(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, Span<T> first, Span<T> second, double rate, int step);

    private protected override StoppingReason Run(Problem<T> problem, Watch watch)
    {
        double[] x = problem.Start;
        var run = new Memory([Problem<T>.Flat(x)]);
        while (true)
        {
            (double value, double[] gradient) = problem.ValueAndGradient(x);
            if (watch.AtPoint(x, value, gradient) is { } reason)
            {
                return reason;
            }

            double[] next = Problem<T>.ToVector(Advance(run, [Problem<T>.Flat(x)], [Problem<T>.Flat(gradient)])[0]);

            // The value may rise, and a plateau be left again: only the length of the step can say that the run is over.
            watch.Stepped(0, 1, Vectors.Norm(Vectors.Add(next, -1, x)), Vectors.Norm(next));
            x = next;
        }
    }

    private Tensor<T>[] Advance(Memory run, Tensor<T>[] parameters, Tensor<T>[] gradients)
    {
        if (double.IsFinite(MaxNorm))
        {
            gradients = GradientClipping.ByNorm(gradients, MaxNorm);
        }

        double rate = Rate.At(run.Steps);
        run.Steps++;
        var next = new Tensor<T>[parameters.Length];
        for (int i = 0; i < next.Length; i++)
        {
            var values = new T[parameters[i].Length];
            Update(parameters[i].AsSpan(), gradients[i].AsSpan(), values, run.First[i], run.Second[i], rate, run.Steps);
            next[i] = Tensor.Create<T>(values, parameters[i].Shape);
        }

        return next;
    }

    /// <summary>What a method remembers between steps: two numbers for each element.</summary>
    private sealed class Memory(Tensor<T>[] parameters)
    {
        public readonly T[][] First = Array.ConvertAll(parameters, parameter => new T[parameter.Length]);
        public readonly T[][] Second = Array.ConvertAll(parameters, parameter => new T[parameter.Length]);

        public int Steps { get; set; }

        public bool Fits(Tensor<T>[] others) => others.Length == First.Length && First.Zip(others).All(pair => pair.First.Length == pair.Second.Length);
    }
}
