namespace AutoDiff.Onnx;

/// <summary>A function cannot be written as an ONNX model, a file is no model that can be read, or a model cannot be run. The message names the operation.</summary>
public sealed class OnnxException : NotSupportedException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public OnnxException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public OnnxException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public OnnxException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The name of the operation that has no counterpart; null where it is something else that stands in the way.</summary>
    public string? Operation { get; private init; }

    internal static OnnxException OfOperation(string operation, string what, string remedy) => new($"{operation}: {what}. To fix it, {remedy}.") { Operation = operation };
}
