using System.Numerics;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The memory of a run of a function over scenarios, for one run at a time. Scenarios go through the known courses, some lanes at a time: those that leave a course wait, and are tried with the next; what no course takes is
/// recorded, or called. Nothing depends on who runs beside whom: the derivatives by what is shared are kept for each scenario of a wave, and summed along a tree over the scenarios in order.
/// </summary>
internal sealed class ScenarioPass<T>(ScenarioFunction<T> function, int lanes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The scenarios whose derivatives by what is shared are summed as one vector, and that are called together. A constant, so that the same program gives the same bits on every machine.</summary>
    public const int BlockLength = 1024;

    /// <summary>The bytes that the derivatives by what is shared may take at a time, and the most blocks of a wave.</summary>
    private const int WaveBytes = 4 << 20;
    private const int MostBlocks = 64;

    private readonly int own = function.Own;
    private readonly int shared = function.Shared;
    private readonly int waveLength = BlockLength * Math.Clamp(WaveBytes / (BlockLength * Unsafe.SizeOf<T>() * Math.Max(function.Shared, 1)), 1, MostBlocks);
    private readonly Stack<Worker> idle = new();
    private Tensor<T> scenarios = null!;
    private Tensor<T> sharedNumbers = null!;
    private Tensor<T> values = null!;
    private Tensor<T> gradients = null!;
    private CancellationToken cancellationToken;
    private ScenarioCourse<T> course = null!;
    private long run;
    private int start;
    private int waiting;
    private int groups;
    private int[] rows = [];
    private bool[] done = [];
    private T[] slopes = [];
    private T[] sums = [];

    public int Lanes => lanes;

    /// <summary>Runs all scenarios.</summary>
    /// <returns>The derivatives by what is shared, of the sum of all values; and how many groups took a course of their own.</returns>
    public (Tensor<T> SharedGradient, int Groups) Run(long run, Tensor<T> scenarios, Tensor<T> sharedNumbers, Tensor<T> values, Tensor<T> gradients, CancellationToken cancellationToken)
    {
        (this.run, this.scenarios, this.sharedNumbers, this.values, this.gradients, this.cancellationToken, groups) = (run, scenarios, sharedNumbers, values, gradients, cancellationToken, 0);
        int count = scenarios.Shape[0];
        Reserve(count);
        try
        {
            foreach (Worker worker in idle)
            {
                worker.Inputs.Share(sharedNumbers);
            }

            for (start = 0; start < count; start += waveLength)
            {
                waiting = Math.Min(waveLength, count - start);
                RunWave(waiting);
            }

            return (SumOfBlocks(count), groups);
        }
        finally
        {
            (this.scenarios, this.sharedNumbers, this.values, this.gradients, this.cancellationToken) = (null!, null!, null!, null!, default);
        }
    }

    private void Reserve(int count)
    {
        int most = Math.Min(count, waveLength);
        if (rows.Length < most)
        {
            (rows, done) = (new int[most], new bool[most]);
            slopes = new T[function.IsDifferentiated ? shared * most : 0];
        }

        int length = function.IsDifferentiated ? Blocks(count) * shared : 0;
        if (sums.Length < length)
        {
            sums = new T[length];
        }
    }

    private static int Blocks(int count) => (int)(((long)count + BlockLength - 1) / BlockLength);

    private void RunWave(int length)
    {
        for (int i = 0; i < length; i++)
        {
            rows[i] = i;
        }

        done.AsSpan(0, length).Clear();
        foreach (ScenarioCourse<T> known in function.Courses)
        {
            if (known.Lanes == lanes && waiting > 0)
            {
                RunCourse(known);
            }
        }

        while (waiting > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Record() is not { } recorded || RunCourse(recorded) == 0)
            {
                CallBlocks();
            }
        }

        function.Order();
        for (int first = 0; first < length && function.IsDifferentiated; first += BlockLength)
        {
            Span<T> sum = sums.AsSpan((start + first) / BlockLength * shared, shared);
            for (int j = 0; j < shared; j++)
            {
                sum[j] = Reductions.Sum<T>(Slopes(j).Slice(first, Math.Min(BlockLength, length - first)));
            }
        }
    }

    /// <summary>The derivatives of the scenarios of a wave by a shared number.</summary>
    private Span<T> Slopes(int j) => slopes.AsSpan(j * rows.Length, rows.Length);

    /// <summary>The sum over all blocks, by a tree that depends on their number alone.</summary>
    private Tensor<T> SumOfBlocks(int count)
    {
        Tensor<T> sum = Tensor<T>.AllocateZeros([function.IsDifferentiated ? shared : 0]);
        int blocks = Blocks(count);
        if (blocks > 0)
        {
            foreach ((int left, int right) in new TreePairs(blocks))
            {
                Span<T> target = sums.AsSpan(left * sum.Length, sum.Length);
                VectorMath.Add<T>(target, sums.AsSpan(right * sum.Length, sum.Length), target);
            }

            sums.AsSpan(0, sum.Length).CopyTo(sum.Writable);
        }

        return sum;
    }

    /// <summary>Records a course for the first of those that wait. Null where they are to be called.</summary>
    private ScenarioCourse<T>? Record()
    {
        if (!function.MayRecord(run))
        {
            return null;
        }

        Worker worker = TakeWorker();
        worker.Inputs.LayOut(scenarios, start, rows.AsSpan(0, Math.Min(lanes, waiting)));
        ScenarioCourse<T>? recorded = function.Record(worker.Inputs.Tensors, lanes, run, cancellationToken);
        Return(worker);
        return recorded;
    }

    /// <summary>Runs a course for all that wait, on all threads. Those that leave it go on waiting.</summary>
    private int RunCourse(ScenarioCourse<T> course)
    {
        this.course = course;
        Threading.For((waiting + lanes - 1) / lanes, this, static (batch, pass) => pass.RunBatch(batch * pass.Lanes));
        (int left, int block) = (0, -1);
        for (int i = 0; i < waiting; i++)
        {
            int row = rows[i];
            if (!done[row])
            {
                rows[left++] = row;
            }
            else if (row / BlockLength != block)
            {
                block = row / BlockLength;
                groups++;
            }
        }

        int took = waiting - left;
        waiting = left;
        if (took > 0)
        {
            function.Use(course, took, run);
        }

        return took;
    }

    /// <summary>Runs a course for some of those that wait.</summary>
    private void RunBatch(int first)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlySpan<int> batch = rows.AsSpan(first, Math.Min(lanes, waiting - first));
        Worker worker = TakeWorker();
        worker.Inputs.LayOut(scenarios, start, batch);
        (ProgramRun<T> program, LaneCourse way) = worker.Prepare(course);
        way.Taken.Clear();
        way.Taken[..batch.Length].Fill(true);
        try
        {
            if (program.Run(worker.Inputs.Tensors))
            {
                PutBack(worker.Inputs, program.Outputs, batch, way.Taken);
            }
        }
        catch (ScenarioException)
        {
            // Code that the program calls, of a custom operation or a checkpoint, would part them: only a call can.
        }

        Return(worker);
    }

    /// <summary>Puts the results of lanes where those of their scenarios are.</summary>
    private void PutBack(ScenarioInputs<T> inputs, Tensor<T>[] results, ReadOnlySpan<int> batch, ReadOnlySpan<bool> taken)
    {
        PutBack(results[0].Values, values.Writable[start..], batch, taken);
        for (int i = 0; i < batch.Length; i++)
        {
            done[batch[i]] = taken[i];
        }

        if (function.IsDifferentiated)
        {
            inputs.PutBack(results.AsSpan(1, own), gradients, start, batch, taken);
            for (int j = 0; j < shared; j++)
            {
                PutBack(results[1 + own + j].Values, Slopes(j), batch, taken);
            }
        }
    }

    private static void PutBack(ReadOnlySpan<T> lanes, Span<T> places, ReadOnlySpan<int> batch, ReadOnlySpan<bool> taken)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            if (taken[i])
            {
                places[batch[i]] = lanes[i];
            }
        }
    }

    /// <summary>Calls the function for all that wait, block by block.</summary>
    private void CallBlocks()
    {
        var blocks = new List<Range>();
        for (int first = 0; first < waiting;)
        {
            int end = first + 1;
            while (end < waiting && rows[end] / BlockLength == rows[first] / BlockLength)
            {
                end++;
            }

            blocks.Add(first..end);
            first = end;
        }

        if (function.IsConcurrent)
        {
            Threading.For(blocks.Count, i => CallBlock(rows[blocks[i]]));
        }
        else
        {
            blocks.ForEach(block => CallBlock(rows[block]));
        }

        waiting = 0;
    }

    /// <summary>Calls the function for scenarios of a block, group by group.</summary>
    private void CallBlock(int[] all)
    {
        var left = new Queue<int[]>([all]);
        while (left.TryDequeue(out int[]? group))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref groups);
            var inputs = new ScenarioInputs<T>(own, shared, group.Length);
            inputs.Share(sharedNumbers);
            inputs.LayOut(scenarios, start, group);
            var followed = new ScenarioRun<T>(group.Length);
            using var tape = new Tape<T>();
            Tensor<T>[] xs = function.IsDifferentiated ? Array.ConvertAll(inputs.Tensors, tape.Variable) : inputs.Tensors;

            // Rules may look at numbers too.
            (Tensor<T> y, Tensor<T>[] derivatives) = followed.Call(() =>
            {
                Tensor<T> y = function.Call(xs, group.Length);
                return (y, !function.IsDifferentiated ? [] : y.RecordedOn is null ? Array.ConvertAll(xs, static x => Tensor<T>.AllocateZeros(x.Dimensions)) : tape.Gradient(y.Sum(), xs));
            });
            var took = new bool[group.Length];
            foreach (int i in followed.Following)
            {
                took[i] = true;
            }

            PutBack(inputs, [y, .. derivatives], group, took);
            foreach (List<int> others in followed.Left)
            {
                left.Enqueue([.. others.Select(i => group[i])]);
            }
        }
    }

    private Worker TakeWorker()
    {
        lock (idle)
        {
            if (idle.TryPop(out Worker? worker))
            {
                return worker;
            }
        }

        var made = new Worker(function, lanes);
        made.Inputs.Share(sharedNumbers);
        return made;
    }

    private void Return(Worker worker)
    {
        lock (idle)
        {
            idle.Push(worker);
        }
    }

    /// <summary>What one thread at a time runs courses in.</summary>
    private sealed class Worker(ScenarioFunction<T> function, int lanes)
    {
        private readonly Dictionary<ScenarioCourse<T>, (ProgramRun<T> Run, LaneCourse Lanes)> prepared = [];

        public ScenarioInputs<T> Inputs { get; } = new(function.Own, function.Shared, lanes);

        public (ProgramRun<T> Run, LaneCourse Lanes) Prepare(ScenarioCourse<T> course)
        {
            if (!prepared.TryGetValue(course, out (ProgramRun<T> Run, LaneCourse Lanes) run))
            {
                foreach (ScenarioCourse<T> gone in prepared.Keys.Except(function.Courses).ToArray())
                {
                    prepared.Remove(gone);
                }

                var lanes = new LaneCourse(course.Lanes, course.Leader);
                prepared[course] = run = (new ProgramRun<T>(course.Program, lanes), lanes);
            }

            return run;
        }
    }
}
