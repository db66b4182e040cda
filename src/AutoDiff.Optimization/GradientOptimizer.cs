using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Methods that take one step for each gradient, with a learning rate: for noisy gradients (batches of data) and for networks. <see cref="Step(Tensor{T}[], Tensor{T}[])"/> takes one step and keeps
/// what the method remembers between steps; the Minimize methods run it on full gradients, starting afresh.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public abstract partial class GradientOptimizer<T> : Minimizer<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
    /// <exception cref="ArgumentNullException">parameters or gradients is null.</exception>
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
            throw new ArgumentException("Step: the parameters have other lengths than in the steps before. Expected the same. To fix it, make a new optimizer for other parameters.", nameof(parameters));
        }

        return Advance(memory, parameters, gradients);
    }

    /// <summary>Takes one step with a single tensor of parameters.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradient">The gradient, in their shape.</param>
    /// <returns>The new parameters, as a constant.</returns>
    /// <exception cref="ArgumentNullException">parameters or gradient is null.</exception>
    /// <exception cref="ArgumentException">The gradient does not have the shape of the parameters, or the parameters not that of the steps before.</exception>
    public Tensor<T> Step(Tensor<T> parameters, Tensor<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradient);
        if (!parameters.Shape.SequenceEqual(gradient.Shape))
        {
            throw new ArgumentException($"Step: the gradient has shape [{string.Join(", ", gradient.Shape.ToArray())}]. Expected that of the parameters, [{string.Join(", ", parameters.Shape.ToArray())}]. "
                + "To fix it, take the gradient with respect to these parameters.", nameof(gradient));
        }

        return Step([parameters], [gradient])[0];
    }

    /// <summary>Takes one step with named parameters.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradients">The gradients, under the same names.</param>
    /// <returns>The new parameters.</returns>
    /// <exception cref="ArgumentNullException">parameters or gradients is null.</exception>
    /// <exception cref="ArgumentException">The gradients do not have the names and shapes of the parameters, or the parameters not the shapes of the steps before.</exception>
    /// <example>
    /// <code>
    /// var optimizer = new Adam&lt;double>(0.1);
    /// var model = new Parameters&lt;double>(("x", Tensor.Scalar(3.0)));
    /// for (int step = 0; step &lt; 200; step++)
    /// {
    ///     (_, Parameters&lt;double> gradients) = Differentiate.ValueAndGradient(p => p["x"].Square(), model);
    ///     model = optimizer.Step(model, gradients);
    /// }
    /// Console.WriteLine(model["x"].Abs() &lt; 0.01); // => 1
    /// </code>
    /// </example>
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

    /// <summary>Compiles value, gradients and the update of the parameters into one step that allocates nothing (see docs/compiling.md). The optimizer starts afresh for it.</summary>
    /// <param name="loss">From the parameters and a batch of data to a scalar. What it captures is a constant.</param>
    /// <param name="parameters">The parameters at the start.</param>
    /// <param name="batch">An example of the data of a step.</param>
    /// <returns>The compiled step.</returns>
    /// <exception cref="ArgumentNullException">loss, parameters or batch is null.</exception>
    /// <exception cref="TensorShapeException">loss returns more than one element.</exception>
    public CompiledTraining<T> Compile(Func<Tensor<T>[], Tensor<T>[], Tensor<T>> loss, Tensor<T>[] parameters, params Tensor<T>[] batch)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(batch);
        Array.ForEach(parameters, static x => ArgumentNullException.ThrowIfNull(x, nameof(parameters)));
        Array.ForEach(batch, static x => ArgumentNullException.ThrowIfNull(x, nameof(batch)));
        return new CompiledTraining<T>(this, loss, parameters, batch);
    }

    /// <summary>Adds what is remembered between steps to what a checkpoint writes.</summary>
    internal void Save(string prefix, List<KeyValuePair<string, StoredArray>> arrays, List<KeyValuePair<string, string>> metadata)
    {
        metadata.Add(new($"{prefix}.steps", Steps.ToString(CultureInfo.InvariantCulture)));
        for (int i = 0; i < (memory?.First.Length ?? 0); i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i}");
            arrays.Add(new($"{name}.first", StoredArray.Create(Tensor.Create<T>(memory!.First[i]))));
            arrays.Add(new($"{name}.second", StoredArray.Create(Tensor.Create<T>(memory.Second[i]))));
        }
    }

    /// <summary>Reads what a checkpoint remembers; the action sets it.</summary>
    internal Action Load(string prefix, SafeTensors file)
    {
        if (!file.Metadata.TryGetValue($"{prefix}.steps", out string? text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps))
        {
            throw new ArrayFileException($"The checkpoint does not say how many steps '{prefix}' has taken. Expected a file that TrainingCheckpoint.Write has written.");
        }

        var (first, second) = (new List<T[]>(), new List<T[]>());
        for (int i = 0; file.Arrays.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i}.first"), out StoredArray? mean); i++)
        {
            StoredArray? square = file.Arrays.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i}.second"));
            if (square is null || square.Length != mean.Length || square.Type != mean.Type || mean.Type != StoredArray.Create(Tensor.Scalar(T.Zero)).Type)
            {
                throw new ArrayFileException($"What the checkpoint remembers of parameter {i} of '{prefix}' is not complete, or of another element type. Expected two arrays of equal length and of type {typeof(T).Name}.");
            }

            first.Add(mean.ToTensor<T>().ToArray());
            second.Add(square.ToTensor<T>().ToArray());
        }

        return () => memory = steps == 0 && first.Count == 0 ? null : new Memory([.. first], [.. second]) { Steps = steps };
    }

    /// <summary>Writes the new values of one parameter; they may be written where the old ones are. <paramref name="first"/> and <paramref name="second"/> are what the method remembers of it, zeros at first; steps count from 1.</summary>
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

        double rate = Rate.RateAt(run.Steps);
        run.Steps++;
        var next = new Tensor<T>[parameters.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = Tensor.Create<T, int>(i, (values, i) => UpdateAll(parameters[i].AsSpan(), gradients[i].AsSpan(), values, run.First[i], run.Second[i], rate, run.Steps), parameters[i].Shape);
        }

        return next;
    }

    /// <summary>Takes a step where the parameters lie.</summary>
    internal void StepInPlace(Memory run, Workspace<T> workspace)
    {
        double scale = double.IsFinite(MaxNorm) ? GradientClipping.ScaleFor(workspace, run.First.Length, MaxNorm) : 1;
        double rate = Rate.RateAt(run.Steps);
        run.Steps++;
        for (int i = 0; i < run.First.Length; i++)
        {
            ReadOnlySpan<T> gradient = workspace.Output(i + 1);
            if (scale != 1)
            {
                gradient = run.Scaled(i, gradient, T.CreateSaturating(scale));
            }

            Span<T> x = workspace.Input(i);
            UpdateAll(x, gradient, x, run.First[i], run.Second[i], rate, run.Steps);
        }
    }

    /// <summary>Writes the new values of one parameter, on several threads where it is large: each element depends on itself alone.</summary>
    private unsafe void UpdateAll(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> next, T[] first, T[] second, double rate, int step)
    {
        const int Long = 1 << 17;
        int threads = Parallelism.MaxThreads;
        if (next.Length < Long || threads == 1)
        {
            Update(x, g, next, first, second, rate, step);
            return;
        }

        fixed (T* from = x, slope = g, to = next)
        {
            (nint a, nint b, nint c, int length) = ((nint)from, (nint)slope, (nint)to, next.Length);
            int part = ((length / threads) + Vector<T>.Count) / Vector<T>.Count * Vector<T>.Count;
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            {
                int start = Math.Min(thread * part, length);
                int count = Math.Min(part, length - start);
                Update(new ReadOnlySpan<T>((T*)a + start, count), new ReadOnlySpan<T>((T*)b + start, count), new Span<T>((T*)c + start, count), first.AsSpan(start, count), second.AsSpan(start, count), rate, step);
            });
        }
    }

    /// <summary>What a method remembers between steps: two numbers for each element.</summary>
    internal sealed class Memory(T[][] first, T[][] second)
    {
        private T[][]? scaled;

        public readonly T[][] First = first;
        public readonly T[][] Second = second;

        public Memory(Tensor<T>[] parameters)
            : this(Array.ConvertAll(parameters, parameter => new T[parameter.Length]), Array.ConvertAll(parameters, parameter => new T[parameter.Length]))
        {
        }

        public int Steps { get; set; }

        /// <summary>A gradient times a number, in memory that is kept.</summary>
        public ReadOnlySpan<T> Scaled(int i, ReadOnlySpan<T> gradient, T factor)
        {
            scaled ??= Array.ConvertAll(First, static first => new T[first.Length]);
            Span<T> target = scaled[i];
            for (int k = 0; k < target.Length; k++)
            {
                target[k] = gradient[k] * factor;
            }

            return target;
        }

        public bool Fits(Tensor<T>[] others) => others.Length == First.Length && First.Zip(others).All(pair => pair.First.Length == pair.Second.Length);
    }
}
