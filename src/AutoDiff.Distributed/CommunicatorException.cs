namespace AutoDiff.Distributed;

/// <summary>Ranks could not communicate: MPI reports an error, another rank has left or does not come, or ranks called different operations. The message says what, where, and what to do.</summary>
public sealed class CommunicatorException : InvalidOperationException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public CommunicatorException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public CommunicatorException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public CommunicatorException(string message, Exception innerException) : base(message, innerException) { }

    internal CommunicatorException(string operation, string message) : base(message) => Operation = operation;

    /// <summary>The operation that failed, such as Sum.</summary>
    public string Operation { get; } = "";
}
