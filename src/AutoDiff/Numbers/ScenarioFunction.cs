using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>A course that scenarios take through a function, recorded for so many lanes.</summary>
/// <param name="program">The program of the course.</param>
/// <param name="lanes">How many scenarios it runs at a time.</param>
/// <param name="leader">A lane that took the course when it was recorded.</param>
internal sealed class ScenarioCourse<T>(CompiledProgram<T> program, int lanes, int leader) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public CompiledProgram<T> Program => program;

    public int Lanes => lanes;

    public int Leader => leader;

    /// <summary>The run that took it last.</summary>
    public long LastRun { get; set; }

    /// <summary>How many scenarios of that run took it.</summary>
    public int Scenarios { get; set; }
}

/// <summary>
/// A function of scenarios: called for each group of them that takes one course, or recorded, course by course, and run from the records. Each scenario is computed by itself, and so has the same bits in whatever
/// company it is. May be run by several threads at once.
/// </summary>
/// <param name="f">The function, of the numbers of a scenario and of the shared numbers.</param>
/// <param name="own">The numbers of a scenario.</param>
/// <param name="shared">The numbers that all share.</param>
/// <param name="differentiated">Whether derivatives are asked for.</param>
/// <param name="maxCourses">The courses that are kept; 0 where the function is called.</param>
/// <param name="concurrent">Whether several threads may call the function at once.</param>
internal sealed class ScenarioFunction<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, int own, int shared, bool differentiated, int maxCourses, bool concurrent) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The fewest scenarios that run from a record at a time, and those with which the memory of one is found out.</summary>
    private const int LeastLanes = 32;

    /// <summary>The bytes that a run of a record may take: they are to stay in the second level of the cache.</summary>
    private const int RunBytes = 512 << 10;

    /// <summary>So many records in a row, besides those that are kept, that no later run could use, and the function is called.</summary>
    private const int MissesToGiveUp = 32;

    private readonly Lock gate = new();
    private readonly List<ScenarioPass<T>> idle = [];
    private volatile ScenarioCourse<T>[] courses = [];
    private int mostLanes;
    private int recordings;
    private int missesInARow;
    private long runs;

    public int Own => own;

    public int Shared => shared;

    public bool IsDifferentiated => differentiated;

    public bool IsConcurrent => concurrent;

    public int Recordings => Volatile.Read(ref recordings);

    public long Runs => Interlocked.Read(ref runs);

    /// <summary>Why the function is called, instead of being recorded; null where it is not.</summary>
    public string? GivenUp { get; private set; }

    /// <summary>The recorded courses, that which most scenarios take first.</summary>
    public ScenarioCourse<T>[] Courses => courses;

    /// <summary>Runs the function for scenarios, a row for each.</summary>
    /// <returns>The derivatives by what is shared, of the sum of all values, where they are asked for; and how many groups took a course of their own.</returns>
    public (Tensor<T> SharedGradient, int Groups) Run(Tensor<T> scenarios, Tensor<T> sharedNumbers, Tensor<T> values, Tensor<T> gradients, CancellationToken cancellationToken)
    {
        Savepoint savepoint = Savepoint.Set();
        bool completed = false;
        try
        {
            Prepare(scenarios, sharedNumbers, cancellationToken);
            long run = Interlocked.Increment(ref runs);
            ScenarioPass<T> pass = Take((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)scenarios.Shape[0]), (uint)mostLanes));
            try
            {
                (Tensor<T> SharedGradient, int Groups) result = pass.Run(run, scenarios, sharedNumbers, values, gradients, cancellationToken);
                completed = true;
                return result;
            }
            finally
            {
                lock (gate)
                {
                    idle.Add(pass);
                }
            }
        }
        finally
        {
            savepoint.End(completed);
        }
    }

    /// <summary>Calls the function for so many scenarios: a value for each.</summary>
    public Tensor<T> Call(ReadOnlySpan<Tensor<T>> inputs, int length)
    {
        Tensor<T> y = f(Lanes(inputs[..own]), Lanes(inputs[own..])).Tensor;
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

    /// <summary>Whether another course may be recorded: not where the function is called, or as many courses as are kept have been taken by this run.</summary>
    public bool MayRecord(long run) => GivenUp is null && (courses.Length < maxCourses || Array.Exists(courses, course => course.LastRun < run));

    /// <summary>Records the course that most of some scenarios take. Null where the function turns out to be one that is called.</summary>
    public ScenarioCourse<T>? Record(Tensor<T>[] inputs, int lanes, long run, CancellationToken cancellationToken)
    {
        if (++missesInARow > maxCourses + MissesToGiveUp)
        {
            GivenUp = $"the last {missesInARow - 1} records were of courses that no later run took";
            return null;
        }

        CompiledProgram<T> program;
        var scenarios = new ScenarioRun<T>(lanes);
        try
        {
            program = scenarios.Call(() => Recorder<T>.Record(inputs => Evaluate(inputs, lanes), inputs, cancellationToken));
        }
        catch (TapeException exception)
        {
            // A function that uses tapes of its own can be called as it is; one that uses recorded tensors from outside says so then.
            GivenUp = exception.Message;
            return null;
        }

        var course = new ScenarioCourse<T>(program, lanes, scenarios.Following[0]) { LastRun = run };
        lock (gate)
        {
            recordings++;
            ScenarioCourse<T>[] kept = courses;
            courses = [.. kept.Length < maxCourses ? kept : kept.Except([kept.MinBy(static course => course.LastRun)!]), course];
        }

        return course;
    }

    /// <summary>Notes that so many scenarios of a run took a course.</summary>
    public void Use(ScenarioCourse<T> course, int scenarios, long run)
    {
        if (course.LastRun < run)
        {
            (course.LastRun, course.Scenarios, missesInARow) = (run, 0, 0);
        }

        course.Scenarios += scenarios;
    }

    /// <summary>Puts the course that most scenarios of a run took first.</summary>
    public void Order()
    {
        lock (gate)
        {
            ScenarioCourse<T>[] all = courses;
            for (int i = 1; i < all.Length; i++)
            {
                if (all[i].Scenarios > all[i - 1].Scenarios)
                {
                    courses = [.. all.OrderByDescending(static course => course.Scenarios)];
                    return;
                }
            }
        }
    }

    /// <summary>Records the function for a few scenarios, where it is to be recorded, and finds out how many may run at a time: a power of two, a part of a block.</summary>
    public void Prepare(Tensor<T> scenarios, Tensor<T> sharedNumbers, CancellationToken cancellationToken)
    {
        if (maxCourses == 0 || mostLanes > 0 || scenarios.Shape[0] == 0)
        {
            return;
        }

        var inputs = new ScenarioInputs<T>(own, shared, LeastLanes);
        inputs.Share(sharedNumbers);
        inputs.LayOut(scenarios, 0, [.. Enumerable.Range(0, Math.Min(LeastLanes, scenarios.Shape[0]))]);
        long bytes = Record(inputs.Tensors, LeastLanes, 0, cancellationToken) is { } course ? course.Program.ArenaLength * Unsafe.SizeOf<T>() / LeastLanes : RunBytes;
        bytes += (own + shared) * Unsafe.SizeOf<T>();
        mostLanes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(RunBytes / Math.Max(bytes, 1), LeastLanes, ScenarioPass<T>.BlockLength));
    }

    private Tensor<T>[] Evaluate(Tensor<T>[] inputs, int length)
    {
        if (!differentiated)
        {
            return [Call(inputs, length)];
        }

        (_, Tensor<T>[] gradients, Tensor<T> values) = Differentiate.ValueAndGradient(
            xs =>
            {
                Tensor<T> y = Call(xs, length);
                return (y.Sum(), y);
            }, inputs);
        return [values, .. gradients];
    }

    /// <summary>Memory in which so many scenarios run at a time.</summary>
    private ScenarioPass<T> Take(int lanes)
    {
        lanes = Math.Max(lanes, LeastLanes);
        lock (gate)
        {
            int i = idle.FindIndex(pass => pass.Lanes == lanes);
            if (i >= 0)
            {
                ScenarioPass<T> pass = idle[i];
                idle.RemoveAt(i);
                return pass;
            }
        }

        return new ScenarioPass<T>(this, lanes);
    }
}
