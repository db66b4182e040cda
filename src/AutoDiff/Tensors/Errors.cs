namespace AutoDiff;

/// <summary>The shapes, axes or lengths handed to an operation do not fit. The message names the operation, what it was given, what it expects and what to do.</summary>
/// <remarks>
/// <see cref="ArgumentException.ParamName"/> is null: what is wrong with a shape is how it stands to others, often to that of the tensor whose method was called, and no argument is at fault alone. Every other
/// <see cref="ArgumentException"/> of the library names the parameter.
/// </remarks>
public sealed class TensorShapeException : ArgumentException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public TensorShapeException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public TensorShapeException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public TensorShapeException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A tape is used in a way that cannot give a derivative: tensors of unrelated tapes are mixed, a tape is used from a second thread, or a tensor that is on no tape is differentiated.</summary>
public sealed class TapeException : InvalidOperationException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public TapeException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public TapeException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public TapeException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A matrix has no factorization of the kind asked for: it is singular, not positive definite, or not finite. The message names the operation, the matrix of the batch and the pivot.</summary>
public sealed class FactorizationException : ArithmeticException
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public FactorizationException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public FactorizationException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public FactorizationException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The one place that words errors: operation, what was given, what was expected, what to do.</summary>
internal static class Errors
{
    public static TensorShapeException Shape(string operation, Text given, Text expected, Text remedy) =>
        new(Say(operation, given, expected, remedy));

    public static ArgumentException Argument(string operation, string argument, Text given, Text expected, Text remedy) =>
        new(Say(operation, given, expected, remedy), argument);

    /// <summary>An index that names nothing.</summary>
    public static ArgumentOutOfRangeException OutOfRange(string operation, string argument, Text given, Text expected, Text remedy) =>
        new(argument, Say(operation, given, expected, remedy));

    public static TapeException Tape(string operation, Text given, Text expected, Text remedy) =>
        new(Say(operation, given, expected, remedy));

    /// <summary>The point of a derivative that comes out as numbers has to be a constant.</summary>
    public static void Constant<T>(Tensor<T> x, string operation) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (x.Tape is not null)
        {
            throw Tape(operation, "the point is recorded on a tape, and its derivatives would be lost", "a constant", "Detach() it, or use Differentiate, whose derivatives can be differentiated");
        }
    }

    /// <summary>A function that is computed off the tape used a recorded tensor of outside.</summary>
    public static TapeException Captured(string operation) =>
        Tape(operation, "the function uses a recorded tensor that is not one of its inputs, and the derivative by it would be lost", "a function of its inputs alone",
            "pass every recorded tensor as an input");

    /// <summary>A factorization that failed at matrix number <paramref name="matrix"/> of a batch.</summary>
    public static FactorizationException Factorization(string operation, int matrix, Text given, Text expected, Text remedy) =>
        new(Say(operation, $"matrix {matrix} of the batch {given.Take()}", expected, remedy));

    /// <summary>A file that cannot be read.</summary>
    public static ArrayFileException File(Text message, Exception? inner = null) => inner is null ? new(message.Take()) : new(message.Take(), inner);

    public static NotSupportedException ElementType(string type) =>
        new($"Tensor: elements of type {type} are asked for. Expected float or double. To fix it, convert the numbers to one of the two first.");

    public static ObjectDisposedException DisposedTape(string shape) =>
        new("Tape", $"A tensor of shape {shape} was recorded on a tape that has been disposed, or in a call that failed and was taken back, and its values went with it. "
            + "Read values, or Detach() the tensors you keep, before the tape is disposed.");

    public static ObjectDisposedException DisposedTape() =>
        new("Tape", "The tape has been disposed: it records nothing more, and has no derivatives to give. Take derivatives before it is disposed, or make a new Tape.");

    public static ObjectDisposedException DisposedTensor(string shape) =>
        new("Tensor", $"A tensor of shape {shape} has been disposed, and its values went with it. Dispose a tensor only when nothing uses it any more.");

    /// <summary>A null argument, named with its operation.</summary>
    public static TItem NotNull<TItem>(TItem? value, string operation, string argument) where TItem : class =>
        value ?? throw new ArgumentNullException(argument, $"{operation}: the argument '{argument}' is null. Expected a value.");

    /// <summary>An array that is not null, of items that are not.</summary>
    public static TItem[] NoneNull<TItem>(TItem[]? values, string operation, string argument) where TItem : class
    {
        foreach (TItem value in NotNull(values, operation, argument))
        {
            NotNull(value, operation, argument);
        }

        return values!;
    }

    /// <summary>What a function of the caller's returned, which is not to be null; the function is the argument at fault.</summary>
    public static TItem Result<TItem>(TItem? value, string operation, string function) where TItem : class =>
        value ?? throw new ArgumentNullException(function, $"{operation}: the result of {function} is null. Expected a value.");

    /// <summary>The argument that an expression begins with, as CallerArgumentExpression gives it: axes of axes[i], x of x.A.</summary>
    public static string Root(string expression)
    {
        int length = expression.AsSpan().IndexOfAny(".[( ");
        return length < 0 ? expression : expression[..length];
    }

    private static string Say(string operation, Text given, Text expected, Text remedy) => $"{operation}: {given.Take()}. Expected {expected.Take()}. To fix it, {remedy.Take()}.";
}
