using System.Numerics;

namespace AutoDiff;

/// <summary>The method that computes an operation with such inputs and output: made where somebody asks for it, for few records are written down.</summary>
internal delegate SpanMethod SpanMethodOf<T>(Tensor<T>[] inputs, Tensor<T> output) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// A method of the kernels that computes the whole value of an operation: from the numbers of its inputs, one span each, then what it is told, into a last span. Generated code contains that method and calls it.
/// </summary>
/// <param name="Type">The class.</param>
/// <param name="Name">The method.</param>
/// <param name="Arguments">What it is told: integers, truth values, numbers.</param>
internal sealed record SpanMethod(string Type, string Name, params object[] Arguments)
{
    /// <summary>The inputs that it reads; all of them unless given.</summary>
    public int[]? Inputs { get; init; }

    /// <summary>What is wrong with a matrix of which the method says that it has no result; null where it always has one.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the inputs after the first are directions, which it reads as one span: those of each matrix one behind the other.</summary>
    public bool TakesDirections { get; init; }

    /// <summary>Whether the matrices are so large that the method goes block by block.</summary>
    public bool IsLarge { get; init; }
}
