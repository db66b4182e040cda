using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// A nonlinear program: minimize a function of a tensor x, where every constraint holds and x lies between bounds. <see cref="InteriorPoint{T}"/> solves it; derivatives come from the tape, sparse.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class NonlinearProgram<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a program of an objective; constraints and bounds are properties.</summary>
    /// <param name="objective">The function to minimize, with a result of length 1.</param>
    /// <exception cref="ArgumentNullException">The objective is null.</exception>
    public NonlinearProgram(Func<Tensor<T>, Tensor<T>> objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        Objective = objective;
    }

    /// <summary>The function to minimize.</summary>
    public Func<Tensor<T>, Tensor<T>> Objective { get; }

    /// <summary>The constraints; none by default.</summary>
    /// <exception cref="ArgumentNullException">The list, or one of the constraints, is null.</exception>
    public IReadOnlyList<Constraint<T>> Constraints
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (Constraint<T> constraint in value)
            {
                ArgumentNullException.ThrowIfNull(constraint, nameof(value));
            }

            field = value;
        }
    } = [];

    /// <summary>The lower bound of x: a number, or a tensor that broadcasts to x. Null, or negative infinity, for none. The objective is called at points strictly between the bounds only.</summary>
    public TensorOrNumber<T>? Lower { get; init; }

    /// <summary>The upper bound of x, given like the lower one. An element with the same bound from both sides is fixed.</summary>
    public TensorOrNumber<T>? Upper { get; init; }
}
