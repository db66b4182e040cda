using Microsoft.CodeAnalysis;

namespace AutoDiff.Analyzers;

/// <summary>What the analyzers report. Each rule has a section in docs/analyzers.md, which goes with the package.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor NumberReadInFunction = Rule("AD1001", "A number is read inside of a function that is differentiated",
        "'{0}' reads a number, through which no derivative flows: what is computed of it is a constant. Keep the tensor; Detach says that a constant is meant.");

    public static readonly DiagnosticDescriptor NumberReadInCompiledFunction = Rule("AD1002", "A number is read inside of a compiled function",
        "'{0}' reads a number, and the function is recorded again whenever it is another one. Keep the tensor; compare tensors before you read, or return the number as a result.");

    public static readonly DiagnosticDescriptor ParameterUnused = Rule("AD1003", "A function that is differentiated or compiled does not use its parameter",
        "The function does not use '{0}': its derivative is zero. Use it in place of the variable that is captured, or call it _ where a constant is meant.");

    public static readonly DiagnosticDescriptor CapturedVariableChanges = Rule("AD1004", "A variable that a compiled function captures changes",
        "'{0}' changes after the function was compiled, which goes on with the value that it had. Make it an input of the function.");

    public static readonly DiagnosticDescriptor ResultDropped = Rule("AD1005", "The result of an operation is dropped",
        "'{0}' gives a new value and changes none. Assign what it gives.");

    public static readonly DiagnosticDescriptor TensorLeavesTape = Rule("AD1006", "A tensor leaves the tape that it is recorded on",
        "The tensor is recorded on '{0}', which is disposed at the end of its scope; reading the tensor then throws. Write Detach() to take its values along.");

    public static readonly DiagnosticDescriptor MathOfNumber = Rule("AD1007", "A function of System.Math is taken of a number that was read inside of a function",
        "'{0}' is taken of a number that was read, through which no derivative flows. Take the operation '{1}' of the tensor.");

    public static readonly DiagnosticDescriptor TensorsComparedByReference = Rule("AD1008", "Two tensors are compared by reference",
        "'{0}' asks whether two tensors are the same object. AllClose compares their numbers, EqualTo element by element; ReferenceEquals says that the object is meant.");

    public static readonly DiagnosticDescriptor TapeInLoop = Rule("AD1009", "A tape is made in a loop and never disposed",
        "A tape that is made at every turn of a loop keeps its memory from the next one until the garbage collector runs. Declare it with using.");

    public static readonly DiagnosticDescriptor ChoiceByProduct = Rule("AD1010", "A choice is made by a product with a mask",
        "Where the mask is 0, '{0}' may be infinite or NaN, and 0 times that is NaN, in the value and in the derivative. Choose by Tensor.Where, which leaves the other lane out.");

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "AutoDiff", DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: "docs/analyzers.md#" + id.ToLowerInvariant());
}
