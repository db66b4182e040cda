using AutoDiff.Kernels;

namespace AutoDiff;

// What the operations on matrices share: checks, triangles, pieces of packed results. A matrix is the last two axes; axes in front are a batch.
public sealed partial class Tensor<T>
{
    /// <summary>The number of matrices in the batch.</summary>
    private int MatrixCount => Shapes.Length(shape.AsSpan(0, Rank - 2));

    /// <summary>The batch axes of a matrix or a batch of matrices.</summary>
    private int[] BatchAxes => shape[..^2];

    private Tensor<T> CheckMatrix(string operation) => Rank >= 2 ? this
        : throw Errors.Shape(operation, $"the operand has shape {Shapes.Format(shape)}", "a matrix, or a batch of matrices", "make a row or a column of a vector with ExpandDims");

    private Tensor<T> CheckSquare(string operation) => CheckMatrix(operation).shape[^1] == shape[^2] ? this
        : throw Errors.Shape(operation, $"the operand has shape {Shapes.Format(shape)}", "a square matrix, or a batch of square matrices", "check the last two axes");

    /// <summary>(A + Aᵀ) / 2: a linear map that is its own transpose.</summary>
    private Tensor<T> Symmetrize() => (this + Transpose()) * T.ScaleB(T.One, -1);

    /// <summary>Computes a composition of operations. If one of them throws, what was recorded before it is taken back.</summary>
    private static Tensor<T> AllOrNothing(string operation, ReadOnlySpan<Tensor<T>> inputs, Func<Tensor<T>> compute)
    {
        TapeOf(inputs, operation);
        return Savepoint.AllOrNothing(compute);
    }

    /// <summary>The part of each matrix on and below the diagonal number <paramref name="last"/> (on and above it, if <paramref name="upper"/>), and zeros elsewhere.</summary>
    private Tensor<T> SelectTriangle(bool upper, int last) => Linear(new SelectMap<T>(TriangleMask(shape, upper, last)), nameof(SelectTriangle));

    private static Tensor<T> TriangleMask(int[] shape, bool upper, int last)
    {
        Tensor<T> mask = Allocate([shape[^2], shape[^1]]);
        for (int i = 0; i < shape[^2]; i++)
        {
            Span<T> row = mask.Writable.Slice(i * shape[^1], shape[^1]);
            int split = Math.Clamp(upper ? i + last : i + last + 1, 0, row.Length);
            row[..split].Fill(upper ? T.Zero : T.One);
            row[split..].Fill(upper ? T.One : T.Zero);
        }

        return mask.BroadcastTo(shape);
    }

    /// <summary>A constant matrix by its elements.</summary>
    private static Tensor<T> MatrixOf(int m, int n, Func<int, int, T> element)
    {
        Tensor<T> result = Allocate([m, n]);
        Span<T> values = result.Writable;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                values[(i * n) + j] = element(i, j);
            }
        }

        return result;
    }

    /// <summary>The diagonals of square matrices, as vectors.</summary>
    private Tensor<T> Diagonals() => Part(0, shape[^1] + 1, 2, shape[^1]);

    /// <summary>A part of the last axis from <paramref name="start"/> on, under a shape of its own: one result of an operation that packs several into a vector.</summary>
    private Tensor<T> Piece(int start, params int[] pieceShape) => Part(start, 1, 1, pieceShape);

    /// <summary>Gives back an intermediate result that only its views are to keep, as they do for as long as they live. What is on a tape, or belongs to a rule of a sweep, is theirs to give back.</summary>
    private void GiveBack()
    {
        if (tape is null && Context<T>.Current.Scratch is null)
        {
            Dispose();
        }
    }

    /// <summary>Of the last <paramref name="own"/> axes, taken as one, the elements from <paramref name="start"/> on at a distance of <paramref name="stride"/>.</summary>
    private Tensor<T> Part(int start, int stride, int own, params int[] partShape)
    {
        int[] lead = shape[..^own];
        int total = Shapes.Length(shape.AsSpan(Rank - own));
        int count = Shapes.Length(partShape);
        return Linear(new StridedMap<T>(shape, [.. lead, .. partShape], [Shapes.Length(lead), count], [total, stride], start, [count, 1], 0, fillsSource: count == total, fillsTarget: true), nameof(Part));
    }

    /// <summary>Packs pieces of the given ranks, which share their leading axes, into vectors.</summary>
    private static Tensor<T> Pack(params ReadOnlySpan<(Tensor<T> X, int Rank)> pieces)
    {
        var flat = new Tensor<T>[pieces.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            (Tensor<T> x, int rank) = pieces[i];
            int split = x.Rank - rank;
            flat[i] = x.Reshape([.. x.shape.AsSpan(0, split), Shapes.Length(x.shape.AsSpan(split))]);
        }

        return Tensor.Concat<T>(flat, -1);
    }

    /// <summary>One number for each matrix, as a factor of its elements.</summary>
    private Tensor<T> AsFactor() => ExpandDims(-1).ExpandDims(-1);

    /// <summary>
    /// Ready for a system with another tensor: this stretched so that its batch axes are the last batch axes of the common shape (one matrix for many right-hand sides stays one), the other stretched
    /// to the whole of it.
    /// </summary>
    private static (Tensor<T> A, Tensor<T> B) AlignBatches(Tensor<T> a, Tensor<T> b, string operation)
    {
        int[] batch = Shapes.Broadcast(a.BatchAxes, b.BatchAxes, operation);
        bool suffix = a.BatchAxes.AsSpan().SequenceEqual(batch.AsSpan(Math.Max(0, batch.Length - a.Rank + 2)));
        return (suffix ? a : a.BroadcastTo([.. batch, .. a.shape.AsSpan(a.Rank - 2)]), b.BroadcastTo([.. batch, .. b.shape.AsSpan(b.Rank - 2)]));
    }
}
