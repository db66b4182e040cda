using System.Collections.Concurrent;
using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The runs of a function over blocks of scenarios. Each block writes its values and gradients to places of its own, and gives its sum of the gradients by what is shared; so the bits depend neither on the order of
/// the blocks nor on their threads.
/// </summary>
internal sealed class ScenarioMap<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared, ScenarioOptions options, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The scenarios that run together. A constant, so that the same program gives the same bits on every machine.</summary>
    private const int BlockLength = 1024;

    private readonly int count = scenarios.Shape[0];
    private readonly int own = scenarios.Shape[1];
    private int groups;

    public Tensor<T> Values { get; } = Tensor<T>.Allocate([scenarios.Shape[0]]);

    public Tensor<T> Gradients { get; } = Tensor<T>.AllocateZeros([scenarios.Shape[0], scenarios.Shape[1]]);

    public int Groups => groups;

    /// <summary>Runs all blocks, and gives the gradient by what is shared, of the sum of all values: the sums of the blocks are joined by a tree that depends on their number alone.</summary>
    public Tensor<T> Run()
    {
        var sums = new Tensor<T>?[(int)(((long)count + BlockLength - 1) / BlockLength)];
        if (options.Compiled)
        {
            RunCompiled(sums);
        }

        int[] left = [.. Enumerable.Range(0, sums.Length).Where(b => sums[b] is null)];
        if (options.Concurrent)
        {
            Threading.For(left.Length, i => sums[left[i]] = RunBlock(left[i]));
        }
        else
        {
            foreach (int b in left)
            {
                sums[b] = RunBlock(b);
            }
        }

        for (int step = 1; step < sums.Length; step *= 2)
        {
            for (int b = 0; b + step < sums.Length; b += 2 * step)
            {
                sums[b] = sums[b]! + sums[b + step]!;
            }
        }

        return sums is [{ } sum, ..] ? sum : Tensor.Zeros<T>(shared.Length);
    }

    /// <summary>
    /// Records the function at a block whose scenarios take one course, and runs the whole blocks after it from the record, where they take the same path. What is left is null. Another block is
    /// tried only after one that did not part: a function whose scenarios always part is called once more than without a record.
    /// </summary>
    private void RunCompiled(Tensor<T>?[] sums)
    {
        int whole = count / BlockLength, first = 0;
        CompiledProgram<T>? program = null;
        bool together = true;
        while (first + 1 < whole)
        {
            try
            {
                program = together ? Record(first) : null;
            }
            catch (TapeException)
            {
                // A function that uses tapes of its own can be called as it is; one that uses recorded tensors from outside says so then.
                return;
            }

            if (program is not null)
            {
                break;
            }

            int before = groups;
            sums[first] = RunBlock(first++);
            together = groups == before + 1;
        }

        if (program is null)
        {
            return;
        }

        var idle = new ConcurrentBag<(ProgramRun<T> Run, Tensor<T>[] Inputs)>();
        Threading.For(whole - first, i =>
        {
            if (!idle.TryTake(out (ProgramRun<T> Run, Tensor<T>[] Inputs) worker))
            {
                worker = (new ProgramRun<T>(program), NewInputs());
            }

            sums[first + i] = RunBlock(first + i, worker.Run, worker.Inputs);
            idle.Add(worker);
        });
    }

    /// <summary>The program of a block; null where its scenarios part. The whole mask of each comparison is a guard, for the run looks at it.</summary>
    private CompiledProgram<T>? Record(int block)
    {
        Tensor<T>[] inputs = NewInputs();
        LayOut(block, inputs);
        var run = new ScenarioRun<T>(BlockLength);
        CompiledProgram<T> program = run.Call(() => Recorder<T>.Record(ValueAndGradients, inputs));
        return run.Left.Count == 0 ? program : null;
    }

    private Tensor<T>[] ValueAndGradients(Tensor<T>[] inputs)
    {
        (_, Tensor<T>[] gradients, Tensor<T> values) = Differentiate.ValueAndGradient(
            xs =>
            {
                Tensor<T> y = Call(xs.AsSpan(0, own), xs.AsSpan(own), BlockLength);
                return (y.Sum(), y);
            }, inputs);
        return [values, .. gradients];
    }

    /// <summary>The memory of a whole block: a vector for each number of a scenario; and the shared numbers.</summary>
    private Tensor<T>[] NewInputs()
    {
        var inputs = new Tensor<T>[own + shared.Length];
        for (int j = 0; j < inputs.Length; j++)
        {
            inputs[j] = j < own ? Tensor<T>.Over(new T[BlockLength], 0, [BlockLength]) : Tensor.Scalar(shared.At(j - own));
        }

        return inputs;
    }

    private void LayOut(int block, Tensor<T>[] inputs)
    {
        ReadOnlySpan<T> rows = scenarios.Values.Slice(block * BlockLength * own, BlockLength * own);
        for (int j = 0; j < own; j++)
        {
            Span<T> column = inputs[j].Writable;
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = rows[(i * own) + j];
            }
        }
    }

    /// <summary>Runs a whole block from the record. Null where its scenarios take another path.</summary>
    private Tensor<T>? RunBlock(int block, ProgramRun<T> run, Tensor<T>[] inputs)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LayOut(block, inputs);
        if (!run.Run(inputs))
        {
            return null;
        }

        Interlocked.Increment(ref groups);
        int start = block * BlockLength;
        run.Outputs[0].Values.CopyTo(Values.Writable[start..]);
        Span<T> gradients = Gradients.Writable.Slice(start * own, BlockLength * own);
        for (int j = 0; j < own; j++)
        {
            ReadOnlySpan<T> g = run.Outputs[1 + j].Values;
            for (int i = 0; i < g.Length; i++)
            {
                gradients[(i * own) + j] = g[i];
            }
        }

        // A sum begins with 0, as that of groups does, which makes 0 of -0.
        Tensor<T> sum = Tensor.Zeros<T>(shared.Length);
        Span<T> numbers = sum.Writable;
        for (int j = 0; j < numbers.Length; j++)
        {
            numbers[j] += run.Outputs[1 + own + j].Values[0];
        }

        return sum;
    }

    /// <summary>Runs a block by calling the function, group by group, and gives the gradient by what is shared, of the sum over its scenarios.</summary>
    private Tensor<T> RunBlock(int block)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int start = block * BlockLength;
        var waiting = new Queue<int[]>([[.. Enumerable.Range(start, Math.Min(BlockLength, count - start))]]);
        Tensor<T> sum = Tensor.Zeros<T>(shared.Length);
        while (waiting.TryDequeue(out int[]? rows))
        {
            Interlocked.Increment(ref groups);
            sum += RunGroup(rows, waiting);
        }

        return sum;
    }

    private Tensor<T> RunGroup(int[] rows, Queue<int[]> waiting)
    {
        using var tape = new Tape<T>();
        Tensor<T>[] xs = [.. Enumerable.Range(0, own).Select(j => tape.Variable(scenarios[.., j].Take(rows)))];
        Tensor<T>[] ps = [.. Enumerable.Range(0, shared.Length).Select(j => tape.Variable(shared.At(j)))];
        var run = new ScenarioRun<T>(rows.Length);
        Tensor<T> all = run.Call(() => Call(xs, ps, rows.Length));
        foreach (List<int> left in run.Left)
        {
            waiting.Enqueue([.. left.Select(i => rows[i])]);
        }

        int[] followed = [.. run.Following];
        Tensor<T> kept = followed.Length == rows.Length ? all : all.Take(followed);
        ReadOnlySpan<T> values = kept.Values;
        Span<T> places = Values.Writable;
        for (int i = 0; i < followed.Length; i++)
        {
            places[rows[followed[i]]] = values[i];
        }

        if (kept.RecordedOn is null)
        {
            return Tensor.Zeros<T>(shared.Length);
        }

        Tensor<T>[] gradients = tape.Gradient(kept.Sum(), [.. xs, .. ps]);
        Span<T> slopes = Gradients.Writable;
        for (int j = 0; j < own; j++)
        {
            ReadOnlySpan<T> g = gradients[j].Values;
            foreach (int i in followed)
            {
                slopes[(rows[i] * own) + j] = g[i];
            }
        }

        return shared.Length == 0 ? shared : Tensor.Stack<T>(gradients.AsSpan(own)).Detach();
    }

    /// <summary>Calls the function for so many scenarios: a value for each.</summary>
    private Tensor<T> Call(ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<Tensor<T>> ps, int length)
    {
        Tensor<T> y = f(Lanes(xs), Lanes(ps)).Tensor;
        return y.Rank == 0 ? y.StretchTo([length])
            : y.Length == length ? y
            : throw Errors.Shape(nameof(Differentiate.Map), $"f gave {y.Length} numbers for {length} scenarios", "one for each, or one that all share", "compute the result from the lanes that f is given");

        static Lane<T>[] Lanes(ReadOnlySpan<Tensor<T>> tensors)
        {
            var lanes = new Lane<T>[tensors.Length];
            for (int i = 0; i < lanes.Length; i++)
            {
                lanes[i] = new Lane<T>(tensors[i]);
            }

            return lanes;
        }
    }
}
