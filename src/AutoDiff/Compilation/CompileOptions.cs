namespace AutoDiff;

/// <summary>How a function is compiled.</summary>
public sealed class CompileOptions
{
    /// <summary>After every so many runs the function is run uncompiled as well, and a difference of a single bit throws a <see cref="CompiledFunctionException"/>; null, the default, never does so.</summary>
    public int? VerifyEvery { get; init; }

    /// <summary>
    /// How many recorded programs are kept, for other shapes and for other paths that the function takes where it looks at values; the one that has not been used for the longest time goes first. 8 by default; 32
    /// where <see cref="Differentiate.CompileMap{T}"/> is given no options.
    /// </summary>
    public int MaxPrograms { get; init; } = 8;

    internal static CompileOptions Default { get; } = new();

    internal static CompileOptions ForMap { get; } = new() { MaxPrograms = 32 };

    internal CompileOptions Checked(string operation) =>
        VerifyEvery < 1 ? throw Errors.Argument(operation, "options", $"VerifyEvery is {VerifyEvery.Value}", "1 or more, or null", "leave it out, or give n to check every n-th run")
        : MaxPrograms < 1 ? throw Errors.Argument(operation, "options", $"MaxPrograms is {MaxPrograms}", "1 or more", "give the number of programs to keep")
        : this;
}

/// <summary>A compiled function and the plain one gave different numbers (see <see cref="CompileOptions.VerifyEvery"/>): the function depends on something that is not among its inputs and has changed.</summary>
public sealed class CompiledFunctionException : InvalidOperationException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public CompiledFunctionException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public CompiledFunctionException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public CompiledFunctionException(string message, Exception innerException) : base(message, innerException) { }
}
