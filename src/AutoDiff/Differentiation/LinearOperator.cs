using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>A linear map that is known by its products alone, without a matrix.</summary>
/// <typeparam name="T">The element type.</typeparam>
public abstract class LinearOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes an operator between two shapes.</summary>
    /// <param name="inputShape">The shape of v.</param>
    /// <param name="outputShape">The shape of A v.</param>
    /// <exception cref="TensorShapeException">A shape is none that a tensor can have.</exception>
    protected LinearOperator(ReadOnlySpan<int> inputShape, ReadOnlySpan<int> outputShape)
    {
        Shapes.Length(inputShape, nameof(LinearOperator<>));
        Shapes.Length(outputShape, nameof(LinearOperator<>));
        InputDimensions = inputShape.ToArray();
        OutputDimensions = outputShape.ToArray();
    }

    /// <summary>The shape of v in A v.</summary>
    public ReadOnlySpan<int> InputShape => InputDimensions;

    /// <summary>The shape of A v.</summary>
    public ReadOnlySpan<int> OutputShape => OutputDimensions;

    /// <summary>The number of rows of the matrix: the length of A v.</summary>
    public int Rows => Shapes.Length(OutputDimensions);

    /// <summary>The number of columns of the matrix: the length of v.</summary>
    public int Columns => Shapes.Length(InputDimensions);

    internal int[] InputDimensions { get; }

    internal int[] OutputDimensions { get; }

    /// <summary>The product with a vector, A v.</summary>
    /// <param name="v">A tensor of the input's shape, after optional batch axes.</param>
    /// <returns>A tensor of the output's shape, after the batch axes.</returns>
    /// <exception cref="TensorShapeException">v has another shape.</exception>
    public abstract Tensor<T> Apply(Tensor<T> v);

    /// <summary>The product with a vector from the left, u^T A.</summary>
    /// <param name="u">A tensor of the output's shape, after optional batch axes.</param>
    /// <returns>A tensor of the input's shape, after the batch axes.</returns>
    /// <exception cref="TensorShapeException">u has another shape.</exception>
    public abstract Tensor<T> ApplyTransposed(Tensor<T> u);

    /// <summary>The transposed operator.</summary>
    /// <returns>The operator of Aᵀ.</returns>
    public LinearOperator<T> Transpose() => this is TransposedOperator<T> transposed ? transposed.Original : new TransposedOperator<T>(this);

    /// <summary>The matrix, of shape [rows, columns]: one product with the identity, from the side that has fewer vectors.</summary>
    /// <param name="cancellationToken">Looked at before the product; <see cref="JacobianOperator{T}"/> looks at it before every sweep.</param>
    /// <returns>A tensor of shape [rows, columns].</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public virtual Tensor<T> ToMatrix(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Columns < Rows
            ? Apply(Tensor.Identity<T>(Columns).Reshape([Columns, .. InputDimensions])).Reshape(Columns, Rows).Transpose()
            : ApplyTransposed(Tensor.Identity<T>(Rows).Reshape([Rows, .. OutputDimensions])).Reshape(Rows, Columns);
    }

    /// <summary>The composition A B: first B, then A. For Jacobians this is the chain rule, J_{g∘f} = J_g J_f.</summary>
    /// <param name="outer">The operator that is applied last.</param>
    /// <param name="inner">The operator that is applied first.</param>
    /// <exception cref="ArgumentNullException">outer or inner is null.</exception>
    /// <exception cref="TensorShapeException">The output of the inner operator does not have the shape of the input of the outer one.</exception>
    /// <returns>The product.</returns>
    public static LinearOperator<T> operator *(LinearOperator<T> outer, LinearOperator<T> inner)
    {
        Errors.NotNull(outer, "Compose", nameof(outer));
        Errors.NotNull(inner, "Compose", nameof(inner));
        return outer.InputShape.SequenceEqual(inner.OutputShape)
            ? new ComposedOperator<T>(outer, inner)
            : throw Errors.Shape("Compose", $"the inner operator gives the shape {Shapes.Format(inner.OutputShape)}, the outer one takes {Shapes.Format(outer.InputShape)}", "equal shapes",
                "write the operator that is applied last on the left");
    }

    /// <summary>Checks that a vector has a shape, after optional batch axes.</summary>
    private protected static Tensor<T> Check(Tensor<T> vector, int[] shape, string operation, [CallerArgumentExpression(nameof(vector))] string argument = "")
    {
        Errors.NotNull(vector, operation, argument);
        int lead = vector.Rank - shape.Length;
        return lead >= 0 && vector.Shape[lead..].SequenceEqual(shape)
            ? vector
            : throw Errors.Shape(operation, $"the vector has shape {Shapes.Format(vector.Shape)}", $"{Shapes.Format(shape)}, after optional batch axes", "reshape the vector");
    }
}

/// <summary>A linear operator with its sides exchanged.</summary>
internal sealed class TransposedOperator<T>(LinearOperator<T> original) : LinearOperator<T>(original.OutputShape, original.InputShape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public LinearOperator<T> Original => original;

    public override Tensor<T> Apply(Tensor<T> v) => original.ApplyTransposed(v);

    public override Tensor<T> ApplyTransposed(Tensor<T> u) => original.Apply(u);
}

/// <summary>Two linear operators, one after the other.</summary>
internal sealed class ComposedOperator<T>(LinearOperator<T> outer, LinearOperator<T> inner) : LinearOperator<T>(inner.InputShape, outer.OutputShape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LinearOperator<T> Outer => outer;

    private LinearOperator<T> Inner => inner;

    public override Tensor<T> Apply(Tensor<T> v) => Run(this, v, transposed: false);

    public override Tensor<T> ApplyTransposed(Tensor<T> u) => Run(this, u, transposed: true);

    /// <summary>Applies the operators that a composition is made of, one after the other: a product of many may be nested as deep as it is long.</summary>
    private static Tensor<T> Run(LinearOperator<T> whole, Tensor<T> v, bool transposed)
    {
        var pending = new Stack<(LinearOperator<T> Operator, bool Transposed)>();
        pending.Push((whole, transposed));
        while (pending.TryPop(out (LinearOperator<T> Operator, bool Transposed) next))
        {
            switch (next.Operator)
            {
                case ComposedOperator<T> composed:
                    // The one that is applied first comes to the top.
                    pending.Push((next.Transposed ? composed.Inner : composed.Outer, next.Transposed));
                    pending.Push((next.Transposed ? composed.Outer : composed.Inner, next.Transposed));
                    break;
                case TransposedOperator<T> other:
                    pending.Push((other.Original, !next.Transposed));
                    break;
                default:
                    v = next.Transposed ? next.Operator.ApplyTransposed(v) : next.Operator.Apply(v);
                    break;
            }
        }

        return v;
    }
}
