using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>A constraint of a <see cref="NonlinearProgram{T}"/>: a function of the unknowns, of any shape, and what its elements are compared with. It holds element by element.</summary>
/// <remarks>
/// Numbers and tensors that broadcast to the function's result serve as bounds. An element with the same bound from both sides is an equation; an infinite bound is none.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Constraint<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a constraint; <see cref="EqualTo"/>, or <see cref="Lower"/> and <see cref="Upper"/>, say what is asked of the function.</summary>
    /// <param name="function">The function of the unknowns.</param>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    public Constraint(Func<Tensor<T>, Tensor<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>The function of the unknowns.</summary>
    public Func<Tensor<T>, Tensor<T>> Function { get; }

    /// <summary>The value that the function must equal; not together with bounds.</summary>
    public TensorOrNumber<T>? EqualTo { get; init; }

    /// <summary>The lower bound of the function; null, or negative infinity, for none.</summary>
    public TensorOrNumber<T>? Lower { get; init; }

    /// <summary>The upper bound of the function; null, or positive infinity, for none.</summary>
    public TensorOrNumber<T>? Upper { get; init; }
}
