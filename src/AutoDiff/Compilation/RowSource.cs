using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>Rows of data over which a <see cref="CompiledSum{T}"/> sums: those of a tensor, or rows that are drawn when they are needed and never stored.</summary>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class RowSource<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected RowSource(int count, int[] rowShape) => (Count, RowShape) = (count, rowShape);

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    internal int[] RowShape { get; }

    /// <summary>A tensor for a block of so many rows, to be laid out.</summary>
    internal virtual Tensor<T> NewBlock(int count) => Tensor<T>.Over([], 0, [count, .. RowShape]);

    /// <summary>Makes a tensor of a block the rows from <paramref name="start"/> on.</summary>
    internal abstract void LayOut(Tensor<T> block, int start);

    /// <summary>The rows of a tensor, along its first axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <returns>The converted value.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    public static implicit operator RowSource<T>(Tensor<T> x) => RowSource.Of(x);
}

/// <summary>Makes rows that a compiled sum runs over.</summary>
public static class RowSource
{
    /// <summary>The rows of a tensor, along its first axis. They are read where they lie.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The tensor, a constant.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentNullException">x is null.</exception>
    /// <exception cref="TensorShapeException">The tensor is a scalar.</exception>
    /// <exception cref="TapeException">The tensor is recorded on a tape, whose derivatives would be lost.</exception>
    public static RowSource<T> Of<T>(Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(RowSource), nameof(x));
        return x.Rank == 0 ? throw Errors.Shape(nameof(RowSource), "a scalar has no rows", "a tensor with a first axis", "reshape it")
            : x.RecordedOn is not null ? throw Errors.Tape(nameof(RowSource), "the rows are recorded on a tape, and their derivatives would be lost", "constants", "Detach() them, or sum plainly")
            : new OfTensor<T>(x);
    }

    /// <summary>Rows of normally distributed numbers with mean 0 and standard deviation 1. Row i has the same numbers wherever and in whatever block it is drawn; a shorter row begins like a longer one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key. Use it for these rows alone.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="shape">The shape of a row.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="TensorShapeException">The count or an extent is negative.</exception>
    public static RowSource<T> Normal<T>(RandomKey key, int count, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new Drawn<T>(Checked(count), shape.ToArray(), (start, length, y) => CounterRandom.NormalRows(key.Seed, start, length, y));

    /// <summary>Rows of numbers uniformly distributed over the open interval (0, 1). Row i has the same numbers wherever and in whatever block it is drawn.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="key">The key. Use it for these rows alone.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="shape">The shape of a row.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="TensorShapeException">The count or an extent is negative.</exception>
    public static RowSource<T> Uniform<T>(RandomKey key, int count, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new Drawn<T>(Checked(count), shape.ToArray(), (start, length, y) => CounterRandom.UniformRows(key.Seed, start, length, y));

    /// <summary>The numbers of the rows: 0, 1, ..., count - 1, each a row that is a number.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="count">The number of rows.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="TensorShapeException">The count is negative.</exception>
    public static RowSource<T> Numbers<T>(int count) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new Drawn<T>(Checked(count), [], static (start, _, y) =>
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = T.CreateChecked(start + i);
            }
        });

    private static int Checked(int count) => count >= 0 ? count
        : throw Errors.Shape(nameof(RowSource), $"{count} rows were asked for", "0 or more", "check the count");

    private sealed class OfTensor<T>(Tensor<T> x) : RowSource<T>(x.Shape[0], x.Dimensions[1..]) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int row = Shapes.Length(x.Shape[1..]);

        internal override void LayOut(Tensor<T> block, int start) => block.LayOver(x, start * row);
    }

    /// <summary>Writes rows, given the number of the first one and the length of each.</summary>
    private delegate void Draw<T>(int start, int length, Span<T> y);

    private sealed class Drawn<T>(int count, int[] shape, Draw<T> draw) : RowSource<T>(count, shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int row = Shapes.Length(shape, nameof(RowSource));

        internal override Tensor<T> NewBlock(int count) => Tensor<T>.Over(new T[(long)count * row], 0, [count, .. RowShape]);

        internal override void LayOut(Tensor<T> block, int start) => draw(start, row, block.Writable);
    }
}
