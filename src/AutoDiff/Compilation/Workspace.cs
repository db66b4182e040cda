using System.Numerics;

namespace AutoDiff;

/// <summary>Memory in which a compiled function runs again and again without allocating anything. For one thread at a time; the compiled function itself is shared.</summary>
/// <remarks>Disposing is optional: it releases the memory early.</remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Workspace<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CompiledFunction<T> function;
    private readonly List<ProgramRun<T>> prepared = [];
    private Tensor<T>[]? own;
    private Tensor<T>[]? results;
    private ProgramRun<T>? last;
    private int running;
    private volatile bool disposed;

    internal Workspace(CompiledFunction<T> function) => this.function = function;

    /// <summary>The results of the last run.</summary>
    internal Tensor<T>[] Results => results ?? throw new InvalidOperationException("Workspace: there are no results yet. Expected a run before. To fix it, call Run first.");

    /// <summary>The results of the last run as tensors of their own.</summary>
    internal Tensor<T>[] TakeResults()
    {
        Tensor<T>[] taken = last?.TakeOutputs() ?? Results;
        results = null;
        return taken;
    }

    /// <summary>Runs the function at inputs. They are read where they lie, not copied.</summary>
    /// <param name="xs">The inputs, constants.</param>
    /// <exception cref="ArgumentException">The number of inputs is not that of the example.</exception>
    /// <exception cref="TapeException">An input is recorded on a tape, whose derivatives would be lost.</exception>
    /// <exception cref="InvalidOperationException">The workspace is running on another thread.</exception>
    /// <exception cref="CompiledFunctionException">The check of <see cref="CompileOptions.VerifyEvery"/> found a difference.</exception>
    /// <exception cref="ObjectDisposedException">The workspace has been disposed.</exception>
    public void Run(params ReadOnlySpan<Tensor<T>> xs)
    {
        function.CheckInputs(xs);
        foreach (Tensor<T> x in xs)
        {
            if (x.RecordedOn is not null)
            {
                throw Errors.Tape(nameof(Run), $"an input of shape {Shapes.Format(x.Shape)} is recorded on a tape, and its derivatives would be lost", "constants",
                    "call Invoke, which calls the function itself then, or Detach() the input");
            }
        }

        RunAt(xs);
    }

    /// <summary>Runs the function at the numbers that were written to <see cref="Input"/>.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor{T}})"/>
    public void Run() => RunAt(OwnInputs());

    /// <summary>The place of an input in the workspace, to be written before <see cref="Run()"/>; zeros at first. It has the shape of the example, row-major.</summary>
    /// <param name="i">The number of the input.</param>
    /// <returns>The memory of the input.</returns>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    /// <exception cref="ObjectDisposedException">The workspace has been disposed.</exception>
    public Span<T> Input(int i)
    {
        Tensor<T>[] inputs = OwnInputs();
        return (uint)i < (uint)inputs.Length ? inputs[i].Writable
            : throw Errors.Argument(nameof(Input), nameof(i), $"input {i} was asked for", $"a number from 0 to {inputs.Length - 1}", "check the number");
    }

    /// <summary>Writes whole numbers to the place of an input, such as one that the function takes as indices (<see cref="Tensor{T}.AsIndices"/>).</summary>
    /// <param name="i">The number of the input.</param>
    /// <param name="numbers">The numbers, row-major, as many as the input has elements.</param>
    /// <exception cref="ArgumentException">There is no such input, it has more or fewer elements, or a number is too large to be one of the element type: a float holds those up to 2²⁴.</exception>
    /// <exception cref="ObjectDisposedException">The workspace has been disposed.</exception>
    public void SetInput(int i, ReadOnlySpan<int> numbers)
    {
        Span<T> input = Input(i);
        if (numbers.Length != input.Length)
        {
            throw Errors.Argument(nameof(SetInput), nameof(numbers), $"{numbers.Length} numbers were given for input {i}", $"{input.Length} numbers", "give one for each element");
        }

        for (int k = 0; k < numbers.Length; k++)
        {
            input[k] = Indices<T>.Exactly(numbers[k], k);
        }
    }

    /// <summary>A result of the last run, row-major; valid until the next run.</summary>
    /// <param name="i">The number of the result.</param>
    /// <returns>The numbers of the result.</returns>
    /// <exception cref="ArgumentException">There is no such result.</exception>
    /// <exception cref="InvalidOperationException">There was no run yet.</exception>
    /// <exception cref="ObjectDisposedException">The workspace has been disposed.</exception>
    public ReadOnlySpan<T> Output(int i)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Tensor<T>[] outputs = Results;
        return (uint)i < (uint)outputs.Length ? outputs[i].Values
            : throw Errors.Argument(nameof(Output), nameof(i), $"result {i} was asked for", $"a number from 0 to {outputs.Length - 1}", "check the number");
    }

    /// <summary>Releases the memory, as soon as a run that is under way has ended. Afterward the workspace, and spans taken from it, must not be used.</summary>
    public void Dispose()
    {
        disposed = true;
        if (Interlocked.Exchange(ref running, 1) == 0)
        {
            prepared.Clear();
            (own, results, last) = (null, null, null);
            Volatile.Write(ref running, 0);
        }
    }

    private Tensor<T>[] OwnInputs()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return own ??= Array.ConvertAll(function.InputShapes, static shape => Tensor<T>.Over(new T[Shapes.Length(shape)], 0, shape));
    }

    private void RunAt(ReadOnlySpan<Tensor<T>> xs)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            throw new InvalidOperationException("Workspace: it is running already, on another thread or further up on this one. Expected one run at a time. To fix it, create a workspace for each thread.");
        }

        (results, last) = (null, null);
        try
        {
            bool verify = function.CountRun();
            results = RunProgram(xs) ?? function.Call(Array.ConvertAll(xs.ToArray(), Lasting));
            if (verify)
            {
                function.Verify(xs.ToArray(), results);
            }
        }
        finally
        {
            Volatile.Write(ref running, 0);
            if (disposed)
            {
                Dispose();
            }
        }
    }

    /// <summary>An input for the function itself. What it returns may share the memory of its operands, and the workspace's own inputs are written to before the results are read.</summary>
    private Tensor<T> Lasting(Tensor<T> x) => own is not null && Array.IndexOf(own, x) >= 0 ? x.Copy() : x;

    /// <summary>The results of a program that holds at the inputs: one that is known, or a new one. Null where the function has been given up.</summary>
    private Tensor<T>[]? RunProgram(ReadOnlySpan<Tensor<T>> xs)
    {
        // Those that ran here come first, the last one before all others.
        CompiledProgram<T>[] programs = function.Kept;
        for (int i = 0; i < prepared.Count; i++)
        {
            ProgramRun<T> run = prepared[i];
            if (run.Program.Fits(xs) && Array.IndexOf(programs, run.Program) >= 0 && run.Run(xs))
            {
                return Used(run, i);
            }
        }

        foreach (CompiledProgram<T> program in programs)
        {
            if (program.Fits(xs) && PlaceOf(program) < 0 && Prepare(program) is var run && run.Run(xs))
            {
                return Used(run, PlaceOf(program));
            }
        }

        if (function.Record(xs.ToArray()) is not { } recorded)
        {
            return null;
        }

        ProgramRun<T> first = Prepare(recorded);
        if (!first.Run(xs))
        {
            return null;
        }

        return First(first, PlaceOf(recorded));
    }

    private Tensor<T>[] Used(ProgramRun<T> run, int place)
    {
        function.Used(run.Program);
        return First(run, place);
    }

    private Tensor<T>[] First(ProgramRun<T> run, int place)
    {
        if (place > 0)
        {
            prepared.RemoveAt(place);
            prepared.Insert(0, run);
        }

        last = run;
        return run.Outputs;
    }

    private int PlaceOf(CompiledProgram<T> program)
    {
        for (int i = 0; i < prepared.Count; i++)
        {
            if (ReferenceEquals(prepared[i].Program, program))
            {
                return i;
            }
        }

        return -1;
    }

    private ProgramRun<T> Prepare(CompiledProgram<T> program)
    {
        // What the function has let go of goes here too.
        CompiledProgram<T>[] kept = function.Kept;
        prepared.RemoveAll(run => !kept.Contains(run.Program));
        var run = new ProgramRun<T>(program);
        prepared.Add(run);
        return run;
    }
}
