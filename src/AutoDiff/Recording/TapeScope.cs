using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// A named part of a program: operations that are recorded while it is open remember it, and reports name it together with the file and the line where it was opened.
/// <c>using (TapeScope.Enter("layer 1")) { ... }</c>. Scopes nest.
/// </summary>
/// <remarks>
/// A scope belongs to the thread that opened it, and holds for every tape of that thread; it does not follow an await to another thread. It may be closed on any thread. It changes no value and no
/// derivative.
/// </remarks>
public sealed class TapeScope : IDisposable
{
    private readonly RecordingThread thread;
    private readonly string file;
    private volatile bool closed;

    private TapeScope(RecordingThread thread, string name, string file, int line) => (this.thread, Name, this.file, Line, Parent) = (thread, name, file, line, thread.Scope);

    /// <summary>The innermost open scope of this thread, or null.</summary>
    public static TapeScope? Current => RecordingThread.Current.Scope;

    /// <summary>The name given.</summary>
    public string Name { get; }

    /// <summary>The name of the source file that opened the scope, without its folder.</summary>
    public string File => file[(file.AsSpan().LastIndexOfAny('/', '\\') + 1)..];

    /// <summary>The line that opened the scope.</summary>
    public int Line { get; }

    /// <summary>The scope around this one, or null.</summary>
    public TapeScope? Parent { get; }

    /// <summary>The names from the outermost scope to this one, as in "network / layer 1".</summary>
    public string Path
    {
        get
        {
            var names = new Stack<string>();
            for (TapeScope? scope = this; scope is not null; scope = scope.Parent)
            {
                names.Push(scope.Name);
            }

            return string.Join(" / ", names);
        }
    }

    internal bool IsClosed => closed;

    /// <summary>Opens a scope. It is closed by disposing it.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <returns>The scope, to be disposed.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    /// <example>
    /// <code>
    /// using var tape = new Tape&lt;double>();
    /// Tensor&lt;double> x = tape.Variable(1.0);
    /// using (TapeScope.Enter("layer 1"))
    /// {
    ///     _ = x.Sin();
    /// }
    /// Console.WriteLine(tape.OperationAt(1).Scope!.Path); // => layer 1
    /// </code>
    /// </example>
    public static TapeScope Enter(string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Errors.NotNull(name, nameof(TapeScope), nameof(name));
        Errors.NotNull(file, nameof(TapeScope), nameof(file));
        RecordingThread thread = RecordingThread.Current;
        var scope = new TapeScope(thread, name, file, line);
        thread.Scope = scope;
        return scope;
    }

    /// <summary>Closes the scope, and those inside it that are still open. On another thread too: what the first one records from then on is outside it. A second time it does nothing.</summary>
    public void Dispose()
    {
        closed = true;
        thread.NoteClosed();
    }

    /// <summary>The path with the place in the source, as in "network / layer 1 (Model.cs:20)".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Path} ({File}:{Line})";
}
