namespace AutoDiff;

/// <summary>The scenarios of a <see cref="Lane{T}"/> disagree on a comparison, or on a number, that a program asks for; and nothing is there that could run each group by its own branch.</summary>
public sealed class ScenarioException : InvalidOperationException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public ScenarioException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public ScenarioException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public ScenarioException(string message, Exception innerException) : base(message, innerException) { }

    internal static ScenarioException Disagreement() => new("Lane: the scenarios disagree on a comparison, or on a number that the program reads. Expected one answer for all of them. "
        + "To fix it, run the function by Differentiate.Map, which runs each group by its own branch; or choose with Max, Min and Clamp instead of a branch.");
}
