namespace AutoDiff;

/// <summary>A file of arrays is truncated, damaged, or holds something that is not supported. The message says what, and where.</summary>
public sealed class ArrayFileException : FormatException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public ArrayFileException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public ArrayFileException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public ArrayFileException(string message, Exception innerException) : base(message, innerException) { }
}
