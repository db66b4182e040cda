using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// A named part of a program: operations that are recorded while it is open remember it, and reports name it together with the file and the line where it was opened.
/// <c>using (TapeScope.Enter("layer 1")) { ... }</c>. Scopes nest.
/// </summary>
/// <remarks>A scope belongs to the thread that opened it, and holds for every tape of that thread. It changes no value and no derivative.</remarks>
public sealed class TapeScope : IDisposable
{
    [ThreadStatic]
    private static TapeScope? current;

    private readonly string file;

    private TapeScope(string name, string file, int line, TapeScope? parent) => (Name, this.file, Line, Parent) = (name, file, line, parent);

    /// <summary>The innermost open scope of this thread, or null.</summary>
    public static TapeScope? Current => current;

    /// <summary>The name given.</summary>
    public string Name { get; }

    /// <summary>The name of the source file that opened the scope, without its folder.</summary>
    public string File => file[(file.AsSpan().LastIndexOfAny('/', '\\') + 1)..];

    /// <summary>The line that opened the scope.</summary>
    public int Line { get; }

    /// <summary>The scope around this one, or null.</summary>
    public TapeScope? Parent { get; }

    /// <summary>The names from the outermost scope to this one, as in "network / layer 1".</summary>
    public string Path => Parent is null ? Name : $"{Parent.Path} / {Name}";

    /// <summary>Opens a scope. It is closed by disposing it.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="file">The caller's file; filled in by the compiler.</param>
    /// <param name="line">The caller's line; filled in by the compiler.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public static TapeScope Enter(string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        current = new TapeScope(Errors.NotNull(name, nameof(TapeScope), nameof(name)), Errors.NotNull(file, nameof(TapeScope), nameof(file)), line, current);

    /// <summary>Closes the scope, and those inside of it that are still open. On another thread than the one that opened it, or a second time, it does nothing.</summary>
    public void Dispose()
    {
        TapeScope? open = current;
        while (open is not null && !ReferenceEquals(open, this))
        {
            open = open.Parent;
        }

        if (open is not null)
        {
            current = Parent;
        }
    }

    /// <summary>The path with the place in the source, as in "network / layer 1 (Model.cs:20)".</summary>
    public override string ToString() => $"{Path} ({File}:{Line})";
}
