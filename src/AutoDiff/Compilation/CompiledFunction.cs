using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// A function that was recorded once, and runs again at other inputs without being called: the same numbers, bit for bit, as the function returns, in memory planned ahead. Made by
/// <see cref="Differentiate.Compile{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, CompileOptions?, CancellationToken)"/>.
/// </summary>
/// <remarks>
/// <para>What the function captures is a constant, with the values that it had when the function was recorded. Where the function looks at values (<see cref="Tensor{T}.ToScalar"/>,
/// <see cref="Tensor{T}.At"/>, <see cref="Tensor{T}.AsSpan"/>, <see cref="Tensor{T}.ToArray"/>), the program remembers what it saw. At inputs where it would see something else, or whose shapes are others,
/// the function is recorded again; a few programs are kept. A function that keeps seeing something else is called as it is, which <see cref="Explain"/> tells.</para>
/// <para>The compiled function may be used by several threads at once. A <see cref="Workspace{T}"/> is for one thread at a time.</para>
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CompiledFunction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>So many runs in a row that no program fits, and the function is called as it is.</summary>
    private const int MissesToGiveUp = 32;

    private readonly Func<Tensor<T>[], Tensor<T>[]> f;
    private readonly CompileOptions options;
    private readonly Lock gate = new();
    private readonly Stack<Workspace<T>> idle = new();
    private volatile CompiledProgram<T>[] programs = [];
    private int recordings;
    private int missesInARow;
    private long runs;

    internal CompiledFunction(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, CompileOptions options, CancellationToken cancellationToken)
    {
        (this.f, this.options) = (f, options);
        InputShapes = Array.ConvertAll(example, static x => x.Dimensions);
        _ = Record(Array.ConvertAll(example, static x => x.Detach()), cancellationToken);
    }

    /// <summary>How often the function was recorded: once, unless it was given other shapes, or would have taken another path.</summary>
    public int Recordings => Volatile.Read(ref recordings);

    internal int[][] InputShapes { get; }

    /// <summary>Why the function is called as it is, instead of a program; null where it is not.</summary>
    internal string? GivenUp { get; private set; }

    /// <summary>The programs that are kept, the one that was used last first.</summary>
    internal CompiledProgram<T>[] Programs => [.. programs.OrderByDescending(static program => program.LastUse)];

    /// <summary>Likewise in no order.</summary>
    internal CompiledProgram<T>[] Kept => programs;

    internal long Runs => Interlocked.Read(ref runs);

    /// <summary>Runs the function at one input, with one result.</summary>
    /// <param name="x">The input. If it is recorded on a tape, the function itself is called, so that derivatives flow.</param>
    /// <returns>The result, a tensor of its own.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="ArgumentException">The function does not have one input and one result.</exception>
    public Tensor<T> Invoke(Tensor<T> x)
    {
        Tensor<T>[] results = Invoke([Errors.NotNull(x, nameof(Invoke), nameof(x))]);
        return results.Length == 1 ? results[0]
            : throw Errors.Argument(nameof(Invoke), nameof(x), $"the function has {results.Length} results", "one result", "give the input as an array: the results are an array then");
    }

    /// <summary>Runs the function at an array of numbers, with one result.</summary>
    /// <param name="x">The input.</param>
    /// <returns>The result, a tensor of its own.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="ArgumentException">The function does not have one input and one result.</exception>
    [OverloadResolutionPriority(-1)]
    public Tensor<T> Invoke(T[] x) => Invoke(Tensor.Create(Errors.NotNull(x, nameof(Invoke), nameof(x))));

    /// <summary>Runs the function.</summary>
    /// <param name="xs">The inputs. If one is recorded on a tape, the function itself is called, so that derivatives flow.</param>
    /// <returns>The results, tensors of their own.</returns>
    /// <exception cref="ArgumentException">The number of inputs is not that of the example.</exception>
    /// <exception cref="CompiledFunctionException">The check of <see cref="CompileOptions.VerifyEvery"/> found a difference.</exception>
    public Tensor<T>[] Invoke(params Tensor<T>[] xs)
    {
        CheckInputs(xs);
        if (GivenUp is not null || Array.Exists(xs, static x => x.RecordedOn is not null))
        {
            // Called as it is, it gives what it gives: derivatives flow to recorded tensors that it captured, too.
            CountRun();
            return Call(xs);
        }

        Workspace<T> workspace;
        lock (gate)
        {
            workspace = idle.TryPop(out Workspace<T>? kept) ? kept : new Workspace<T>(this);
        }

        // After an exception the workspace is as good as before.
        try
        {
            workspace.Run(xs);
            return workspace.TakeResults();
        }
        finally
        {
            lock (gate)
            {
                idle.Push(workspace);
            }
        }
    }

    /// <summary>Memory in which the function can be run again and again without allocating anything; one for each thread.</summary>
    /// <returns>The workspace.</returns>
    public Workspace<T> CreateWorkspace() => new(this);

    /// <summary>A report on the function: its programs with their steps, groups, memory, guards, and what stayed opaque and why.</summary>
    /// <returns>The report.</returns>
    public CompiledExplanation Explain() => CompiledReport.Of("compiled function", Programs, Recordings, Runs, GivenUp);

    /// <summary>
    /// The program that was used last as one HTML page that needs no other file: its steps, with the operations that run in one pass over the cache, and a drawing of its memory, in which values that are
    /// not needed at the same time share a place. Light and dark follow the reader's settings.
    /// </summary>
    /// <param name="title">The title of the page.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentNullException">The title is null.</exception>
    public string ToHtml(string title = "Compiled function") => CompiledPicture.Write(this, Errors.NotNull(title, nameof(ToHtml), nameof(title)));

    /// <summary>
    /// The function as C#: a file that needs nothing of this library, with a static class and its method Invoke, which takes a span for each input and each result. It has the bits of the compiled
    /// function: what the kernels of the library compute is written out, operation by operation.
    /// </summary>
    /// <remarks>
    /// <para>Small values become a variable for each element, others arrays and loops. The shapes are those of the program that was used last. Where the function looked at values, the code checks that it
    /// would see the same, and throws an <see cref="InvalidOperationException"/> where not.</para>
    /// <para>A product of a row and a column is summed in as many parts as the registers of the machine that writes the code have, and in decompositions those of the machine that runs it; everything else is the same on every machine.</para>
    /// <para>Large matrices are decomposed by pointers: the project that compiles the file has to allow unsafe blocks then, which the file says.</para>
    /// </remarks>
    /// <param name="className">The name of the class.</param>
    /// <param name="options">The names of inputs and results.</param>
    /// <returns>The text of the file; the same function gives the same text.</returns>
    /// <exception cref="NotSupportedException">An operation is not written as C#, which the message names; or the function is called as it is.</exception>
    /// <exception cref="ArgumentException">A name is none.</exception>
    public string ToCSharp(string className, CSharpOptions? options = null) => ToCSharp(className, options ?? new CSharpOptions(), []);

    /// <summary>The function as C#, with tables of integers that are for its callers.</summary>
    internal string ToCSharp(string className, CSharpOptions options, (string Name, int[] Values)[] tables)
    {
        Errors.NotNull(className, nameof(ToCSharp), nameof(className));
        if (!CSharpText.IsIdentifier(className) || className is nameof(Invoke) or "Require" || Array.Exists(tables, table => table.Name == className))
        {
            throw CSharpText.WrongName(className);
        }

        return Programs is [var program, ..] ? CSharpWriter<T>.Write(program, className, options, tables)
            : throw new NotSupportedException($"ToCSharp: the function is called as it is: {GivenUp}. Expected a function with a program. To fix it, see Explain.");
    }

    internal Tensor<T>[] Call(Tensor<T>[] xs)
    {
        // What f records on tapes of others before it fails is taken back.
        Tensor<T>[] ys = Savepoint.AllOrNothing(() => Errors.Result(f([.. xs]), nameof(Differentiate.Compile), nameof(f)));
        return Array.ConvertAll(ys, static y => Errors.Result(y, nameof(Differentiate.Compile), nameof(f)));
    }

    internal void CheckInputs(ReadOnlySpan<Tensor<T>> xs)
    {
        if (xs.Length != InputShapes.Length)
        {
            throw Errors.Argument(nameof(Invoke), nameof(xs), $"{xs.Length} inputs were given", $"{InputShapes.Length}, as in the example", "give one tensor for each input");
        }

        foreach (Tensor<T> x in xs)
        {
            Errors.NotNull(x, nameof(Invoke), nameof(xs));
        }
    }

    /// <summary>Counts a run. Whether it is one that is to be verified.</summary>
    internal bool CountRun()
    {
        long run = Interlocked.Increment(ref runs);
        return options.VerifyEvery is { } every && run % every == 0;
    }

    /// <summary>Notes that a program was good for a run.</summary>
    internal void Used(CompiledProgram<T> program)
    {
        missesInARow = 0;
        program.LastUse = Runs;
    }

    /// <summary>Records the function at inputs where no program holds. Null where it has been given up, or cannot be recorded.</summary>
    internal CompiledProgram<T>? Record(Tensor<T>[] xs, CancellationToken cancellationToken = default)
    {
        if (GivenUp is not null)
        {
            return null;
        }

        if (++missesInARow > MissesToGiveUp)
        {
            GivenUp = $"the last {MissesToGiveUp} runs each saw values that none before had seen, or had other shapes";
            return null;
        }

        CompiledProgram<T> program;
        try
        {
            program = Recorder<T>.Record(f, xs, cancellationToken);
        }
        catch (TapeException exception)
        {
            // A function that uses tapes of its own, or recorded tensors from outside, may still run as it is.
            GivenUp = exception.Message;
            return null;
        }

        lock (gate)
        {
            recordings++;
            program.LastUse = Runs;
            programs = [program, .. Programs.Take(options.MaxPrograms - 1)];
        }

        return program;
    }

    /// <summary>Compares results with those of the function itself, bit by bit.</summary>
    internal void Verify(Tensor<T>[] xs, Tensor<T>[] results) => Compare(Call(xs), results);

    /// <summary>Compares the results of a program with those of a plain run, bit by bit.</summary>
    internal static void Compare(ReadOnlySpan<Tensor<T>> expected, ReadOnlySpan<Tensor<T>> results)
    {
        if (expected.Length != results.Length)
        {
            throw Different($"the function gives {expected.Length} results, the program {results.Length}");
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Shape.SequenceEqual(results[i].Shape))
            {
                throw Different($"result {i} has shape {Shapes.Format(expected[i].Shape)}, in the program {Shapes.Format(results[i].Shape)}");
            }

            ReadOnlySpan<T> x = expected[i].Values;
            ReadOnlySpan<T> y = results[i].Values;
            if (!MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y)))
            {
                int place = 0;
                while (MemoryMarshal.AsBytes(x.Slice(place, 1)).SequenceEqual(MemoryMarshal.AsBytes(y.Slice(place, 1))))
                {
                    place++;
                }

                throw Different(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"element {place} of result {i} is {x[place]}, in the program {y[place]}"));
            }
        }

        static CompiledFunctionException Different(string what) => new($"Compile: {what}. Expected the same bits. To fix it, make what the function reads besides its inputs "
            + "(captured tensors and numbers that change, random draws, clocks) an input.");
    }
}
