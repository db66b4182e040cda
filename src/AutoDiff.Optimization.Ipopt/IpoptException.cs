namespace AutoDiff.Optimization;

/// <summary>Ipopt is not installed, or ended with an error of its own. The message says which, and what to do.</summary>
public sealed class IpoptException : InvalidOperationException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public IpoptException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public IpoptException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public IpoptException(string message, Exception innerException) : base(message, innerException) { }
}
