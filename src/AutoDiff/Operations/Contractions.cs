using System.Numerics;

namespace AutoDiff;

// Products that are contractions, or made of them.
public sealed partial class Tensor<T>
{
    /// <summary>The product of two tensors, summed over the last axes of the one and the first of the other.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="count">How many axes to sum over: 0 gives the outer product, 1 the matrix product.</param>
    /// <returns>The remaining axes of the first, then those of the second.</returns>
    /// <exception cref="TensorShapeException">The lengths of the axes differ.</exception>
    /// <exception cref="ArgumentException">There are not so many axes.</exception>
    public Tensor<T> TensorDot(Tensor<T> other, int count)
    {
        Errors.NotNull(other, nameof(TensorDot), nameof(other));
        return count >= 0 && count <= Math.Min(Rank, other.Rank)
            ? TensorDot(other, [.. Enumerable.Range(Rank - count, count)], [.. Enumerable.Range(0, count)])
            : throw Errors.Argument(nameof(TensorDot), nameof(count), $"{count} axes of the shapes {Shapes.Format(shape)} and {Shapes.Format(other.shape)} were asked for",
                "at most as many as either has", "lower the count");
    }

    /// <summary>The product of two tensors, summed over pairs of axes.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="axes">The axes of this tensor; negative ones count from the end.</param>
    /// <param name="otherAxes">The axis of the other that goes with each.</param>
    /// <returns>The remaining axes of the first, then those of the second.</returns>
    /// <exception cref="TensorShapeException">The numbers of axes, or their lengths, differ.</exception>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public Tensor<T> TensorDot(Tensor<T> other, ReadOnlySpan<int> axes, ReadOnlySpan<int> otherAxes)
    {
        Errors.NotNull(other, nameof(TensorDot), nameof(other));
        int[] x = [.. Enumerable.Range(0, Rank)];
        int[] y = [.. Enumerable.Range(Rank, other.Rank)];
        bool fits = axes.Length == otherAxes.Length;
        for (int i = 0; fits && i < axes.Length; i++)
        {
            int a = Shapes.Axis(axes[i], Rank, nameof(TensorDot));
            int b = Shapes.Axis(otherAxes[i], other.Rank, nameof(TensorDot));
            fits = shape[a] == other.shape[b];
            y[b] = y[b] < Rank ? throw Twice(b) : x[a] < 0 ? throw Twice(a) : a;
            x[a] = -1;
        }

        if (!fits)
        {
            throw Errors.Shape(nameof(TensorDot), $"the axes {Shapes.Format(axes)} and {Shapes.Format(otherAxes)} of the shapes {Shapes.Format(shape)} and {Shapes.Format(other.shape)} do not match",
                "pairs of axes of one length", "check the axes");
        }

        return Contraction<T>.Run(nameof(TensorDot), [this, other], [[.. Enumerable.Range(0, Rank)], y], [.. x.Where(label => label >= 0), .. y.Where(label => label >= Rank)]);

        static ArgumentException Twice(int axis) => Errors.Argument(nameof(TensorDot), nameof(axes), $"axis {axis} is named twice", "each axis at most once", "remove the repetition");
    }

    /// <summary>The inner product over the last axes: z_ij = Σ_k x_ik y_jk.</summary>
    /// <param name="other">The other tensor, with a last axis of the same length.</param>
    /// <returns>The other axes of the first, then those of the second; a scalar for two vectors.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">An operand is a scalar, or the last axes differ in length.</exception>
    public Tensor<T> Inner(Tensor<T> other)
    {
        Errors.NotNull(other, nameof(Inner), nameof(other));
        return Rank > 0 && other.Rank > 0 && shape[^1] == other.shape[^1] ? TensorDot(other, [-1], [-1])
            : throw Errors.Shape(nameof(Inner), $"the shapes are {Shapes.Format(shape)} and {Shapes.Format(other.shape)}", "last axes of the same length", "multiply by a scalar with *");
    }

    /// <summary>The inner products of vectors along an axis, Σ x y, with broadcasting.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="axis">The axis of the common shape; negative ones count from the end.</param>
    /// <returns>The products, without the axis.</returns>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> VecDot(Tensor<T> other, int axis = -1)
    {
        Errors.NotNull(other, nameof(VecDot), nameof(other));
        int rank = Shapes.Broadcast(shape, other.shape, nameof(VecDot)).Length;
        int a = Shapes.Axis(axis, rank, nameof(VecDot));
        return (this * other).Sum(a);
    }

    /// <summary>The cross product of vectors of three along an axis, with broadcasting. dz = dx × y + x × dy.</summary>
    /// <param name="other">The other tensor.</param>
    /// <param name="axis">The axis of length 3 of the common shape; negative ones count from the end.</param>
    /// <returns>A tensor of the broadcast shape.</returns>
    /// <exception cref="TensorShapeException">The shapes do not broadcast, or the axis does not have length 3 in both.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> Cross(Tensor<T> other, int axis = -1)
    {
        Errors.NotNull(other, nameof(Cross), nameof(other));
        int rank = Shapes.Broadcast(shape, other.shape, nameof(Cross)).Length;
        int a = Shapes.Axis(axis, rank, nameof(Cross)) - rank;
        if (-a > Math.Min(Rank, other.Rank) || shape[Rank + a] != 3 || other.shape[other.Rank + a] != 3)
        {
            throw Errors.Shape(nameof(Cross), $"the shapes are {Shapes.Format(shape)} and {Shapes.Format(other.shape)}", $"length 3 on axis {axis} of both", "name the axis of the vectors");
        }

        TapeOf(this, other, nameof(Cross));
        return (Roll(-1, a) * other.Roll(-2, a)) - (Roll(-2, a) * other.Roll(-1, a));
    }

    /// <summary>The Kronecker product: every element of the first times the whole of the second.</summary>
    /// <param name="other">The other tensor; where the ranks differ the smaller is taken with leading axes of length 1.</param>
    /// <returns>A tensor whose axes have the products of the lengths.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="TensorShapeException">The result would have more elements than a tensor can have.</exception>
    public Tensor<T> Kron(Tensor<T> other)
    {
        Errors.NotNull(other, nameof(Kron), nameof(other));
        int rank = Math.Max(Rank, other.Rank);
        int[] outer = [.. Enumerable.Repeat(1, rank - Rank), .. shape];
        int[] inner = [.. Enumerable.Repeat(1, rank - other.Rank), .. other.shape];
        int[] target = [.. outer.Zip(inner, (a, b) => Shapes.Extent((long)a * b, nameof(Kron), shape, other.shape))];
        Shapes.Length(target, nameof(Kron), this, other);
        TapeOf(this, other, nameof(Kron));
        Tensor<T> x = Reshape([.. outer.SelectMany(extent => new[] { extent, 1 })]);
        Tensor<T> y = other.Reshape([.. inner.SelectMany(extent => new[] { 1, extent })]);
        return (x * y).Reshape(target);
    }
}

public static partial class Tensor
{
    /// <summary>The product of a chain of matrices, in the order of the least work (Cormen et al., matrix-chain multiplication).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="matrices">The matrices, at least one; the first may be a vector, which counts as a row, and the last one, which counts as a column.</param>
    /// <returns>The product; axes of vectors are dropped.</returns>
    /// <exception cref="ArgumentNullException">matrices is null.</exception>
    /// <exception cref="TensorShapeException">An operand is no matrix, the lengths do not chain, or none is given.</exception>
    public static Tensor<T> ChainMatMul<T>(params ReadOnlySpan<Tensor<T>> matrices) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = matrices.Length;
        foreach (Tensor<T> x in matrices)
        {
            Errors.NotNull(x, nameof(ChainMatMul), nameof(matrices));
        }

        Tensor<T>.TapeOf(matrices, nameof(ChainMatMul));
        var factors = new Tensor<T>[n];
        var sizes = new long[n + 1];
        for (int i = 0; i < n; i++)
        {
            Tensor<T> x = matrices[i];
            bool isVector = x.Rank == 1 && n > 1 && (i == 0 || i == n - 1);
            factors[i] = !isVector ? x : i == 0 ? x.ExpandDims(0) : x.ExpandDims(1);
            if (factors[i].Rank != 2 || (i > 0 && factors[i].Shape[0] != sizes[i]))
            {
                throw Errors.Shape(nameof(ChainMatMul), $"operand {i} has shape {Shapes.Format(x.Shape)}{(i > 0 ? $" after {sizes[i]} columns" : "")}", "matrices that chain; vectors at the ends only",
                    "transpose or reshape a factor");
            }

            (sizes[i], sizes[i + 1]) = (factors[i].Shape[0], factors[i].Shape[1]);
        }

        if (n == 0)
        {
            throw Errors.Shape(nameof(ChainMatMul), "no matrices were given", "at least one", "give the matrices in one list");
        }

        // work[i, j] is the least number of products for the factors i to j, and cut[i, j] where the last product splits them.
        var work = new long[n, n];
        var cut = new int[n, n];
        for (int span = 1; span < n; span++)
        {
            for (int i = 0; i + span < n; i++)
            {
                int j = i + span;
                work[i, j] = long.MaxValue;
                for (int k = i; k < j; k++)
                {
                    long total = work[i, k] + work[k + 1, j] + (sizes[i] * sizes[k + 1] * sizes[j + 1]);
                    if (total < work[i, j])
                    {
                        (work[i, j], cut[i, j]) = (total, k);
                    }
                }
            }
        }

        Tensor<T> product = Multiply(0, n - 1);
        bool dropsRow = n > 1 && matrices[0].Rank == 1;
        bool dropsColumn = n > 1 && matrices[^1].Rank == 1;
        return product.Reshape([.. dropsRow ? [] : product.Shape[..1], .. dropsColumn ? [] : product.Shape[1..]]);

        Tensor<T> Multiply(int i, int j) => i == j ? factors[i] : Multiply(i, cut[i, j]).MatMul(Multiply(cut[i, j] + 1, j));
    }

    /// <summary>A bilinear form for each output: z_o = Σ_ij x_i W_oij y_j.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The left vectors, [..., m].</param>
    /// <param name="weight">The matrices, [outputs, m, n].</param>
    /// <param name="y">The right vectors, [..., n].</param>
    /// <returns>The values, [..., outputs]; the leading axes broadcast.</returns>
    /// <exception cref="ArgumentNullException">x, weight or y is null.</exception>
    /// <exception cref="TensorShapeException">The shapes do not fit.</exception>
    public static Tensor<T> Bilinear<T>(Tensor<T> x, Tensor<T> weight, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(Bilinear), nameof(x));
        Errors.NotNull(weight, nameof(Bilinear), nameof(weight));
        Errors.NotNull(y, nameof(Bilinear), nameof(y));
        return x.Rank >= 1 && y.Rank >= 1 && weight.Rank == 3 && weight.Shape[1] == x.Shape[^1] && weight.Shape[2] == y.Shape[^1]
            ? Einsum("...i,oij,...j->...o", x, weight, y)
            : throw Errors.Shape(nameof(Bilinear), $"the shapes are {Shapes.Format(x.Shape)}, {Shapes.Format(weight.Shape)} and {Shapes.Format(y.Shape)}", "[..., m], [outputs, m, n] and [..., n]",
                "check the order of the operands");
    }
}
