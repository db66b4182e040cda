using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Distributed.Summing;

namespace AutoDiff.Distributed;

/// <summary>
/// Values and gradients of sums over rows that are dealt to the ranks of a communicator. Every rank gets the whole sums, so that the same optimizer on every rank takes the same step.
/// </summary>
/// <remarks>
/// The rows are cut into a fixed number of shards, whatever the number of ranks, and the sums of the shards are joined along a fixed tree: the same bits on 1, 2, 3, 4 or 8 ranks. Value and gradients travel
/// together, in one message.
/// </remarks>
public static class DataParallel
{
    /// <summary>The number of shards where it is not given.</summary>
    private const int DefaultShards = 8;

    /// <summary>The sum of a loss over all rows, and its gradients with respect to the parameters.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="loss">From parameters and some rows to the sum over these rows, a scalar.</param>
    /// <param name="parameters">The parameters, the same on every rank.</param>
    /// <param name="rows">
    /// All rows, by tensors that share the first axis, of which each rank reads those of its shards alone: tensors that every rank holds, rows that are drawn (<see cref="RowSource"/>), or a rank's own part of them
    /// (<see cref="ShardedRows"/>).
    /// </param>
    /// <param name="shards">How many shards the rows are cut into: as many ranks at most have work. Another number gives other last digits.</param>
    /// <param name="order">In what order sums are added. <see cref="Summation.Fast"/> takes all rows of a rank at once, and does without the same bits.</param>
    /// <returns>The value and the gradients, the same on every rank.</returns>
    /// <exception cref="ArgumentNullException">communicator or loss is null.</exception>
    /// <exception cref="TensorShapeException">The numbers of rows differ, or the loss is no scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer shards than ranks.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public static (T Value, Tensor<T>[] Gradients) ValueAndGradient<T>(
        Communicator communicator, Func<Tensor<T>[], Tensor<T>[], Tensor<T>> loss, Tensor<T>[] parameters, RowSource<T>[] rows, int shards = DefaultShards, Summation order = Summation.Ordered)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(ValueAndGradient), nameof(communicator));
        Errors.NotNull(loss, nameof(ValueAndGradient), nameof(loss));
        CheckParameters(parameters);
        int n = CountRows(rows);
        CheckShards(communicator, shards);
        communicator.CompareParameters(parameters, n, order == Summation.Fast ? -1 : shards);
        int length = checked(1 + parameters.Sum(static p => p.Length));
        T[] Sum(int start, int end)
        {
            var sum = new T[length];
            if (start < end)
            {
                Tensor<T>[] block = Array.ConvertAll(rows, r => r.NewBlock(end - start));
                for (int k = 0; k < block.Length; k++)
                {
                    rows[k].LayOut(block[k], start);
                }

                (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(p => loss(p, block), parameters);
                Pack(value, gradients, sum);
            }

            return sum;
        }

        var total = new T[length];
        if (order == Summation.Fast)
        {
            SumInAnyOrder(communicator, Sum(OrderedSum.FirstShard(n, communicator.Rank, communicator.Size), OrderedSum.FirstShard(n, communicator.Rank + 1, communicator.Size)), total);
        }
        else
        {
            var tree = NewTree<T>(shards);
            for (int shard = OrderedSum.FirstShard(shards, communicator.Rank, communicator.Size); shard < OrderedSum.FirstShard(shards, communicator.Rank + 1, communicator.Size); shard++)
            {
                tree.Add(new TreeNode(0, shard), Sum(OrderedSum.FirstShard(n, shard, shards), OrderedSum.FirstShard(n, shard + 1, shards)));
            }

            SumInOrder(communicator, shards, tree, total);
        }

        return Unpack(parameters, total);
    }

    /// <summary>The sum of a loss over rows of tensors that every rank holds, and its gradients with respect to the parameters.</summary>
    /// <inheritdoc cref="ValueAndGradient{T}(Communicator, Func{Tensor{T}[], Tensor{T}[], Tensor{T}}, Tensor{T}[], RowSource{T}[], int, Summation)"/>
    public static (T Value, Tensor<T>[] Gradients) ValueAndGradient<T>(
        Communicator communicator, Func<Tensor<T>[], Tensor<T>[], Tensor<T>> loss, Tensor<T>[] parameters, Tensor<T>[] rows, int shards = DefaultShards, Summation order = Summation.Ordered)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ValueAndGradient(communicator, loss, parameters, Array.ConvertAll(Errors.NotNull(rows, nameof(ValueAndGradient), nameof(rows)), RowSource.Of), shards, order);

    /// <summary>The sum of a compiled function over all rows, and its gradients with respect to the parameters: the bits are those of <see cref="CompiledSum{T}.ValueAndGradient(Tensor{T}[], RowSource{T}[], CancellationToken)"/> on one machine.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="sum">The compiled sum, made by each rank in the same way.</param>
    /// <param name="parameters">The parameters, the same on every rank.</param>
    /// <param name="rows">All rows, of which each rank reads its own alone. Row i of a <see cref="RowSource"/> that is drawn has the same numbers wherever it is drawn.</param>
    /// <param name="order">In what order sums are added.</param>
    /// <returns>The value and the gradients, the same on every rank.</returns>
    /// <exception cref="ArgumentNullException">communicator or sum is null.</exception>
    /// <exception cref="TensorShapeException">The numbers of rows differ, or the shape of a row is not that of the example.</exception>
    /// <exception cref="ArgumentException">There are more or fewer parameters or rows than in the example.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public static (T Value, Tensor<T>[] Gradients) ValueAndGradient<T>(
        Communicator communicator, CompiledSum<T> sum, Tensor<T>[] parameters, RowSource<T>[] rows, Summation order = Summation.Ordered) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(ValueAndGradient), nameof(communicator));
        Errors.NotNull(sum, nameof(ValueAndGradient), nameof(sum));
        int chunks = sum.CountChunks(parameters, rows);
        communicator.CompareParameters(parameters, rows[0].Count, order == Summation.Fast ? -1 : chunks);
        int first = OrderedSum.FirstShard(chunks, communicator.Rank, communicator.Size);
        double[][] own = sum.SumChunks(parameters, rows, chunks, first, OrderedSum.FirstShard(chunks, communicator.Rank + 1, communicator.Size));
        var tree = NewTree<double>(chunks);
        for (int i = 0; i < own.Length; i++)
        {
            tree.Add(new TreeNode(0, first + i), own[i]);
        }

        var total = new double[checked(1 + parameters.Sum(static p => p.Length))];
        if (order == Summation.Fast)
        {
            var mine = new double[total.Length];
            foreach ((_, double[] part) in tree.Nodes)
            {
                Kernels.VectorMath.Add<double>(mine, part, mine);
            }

            SumInAnyOrder(communicator, mine, total);
        }
        else if (chunks > 0)
        {
            SumInOrder(communicator, chunks, tree, total);
        }

        return CompiledSum<T>.Unpack(parameters, total);
    }

    /// <summary>The sum of a compiled function over rows of tensors that every rank holds, and its gradients with respect to the parameters.</summary>
    /// <inheritdoc cref="ValueAndGradient{T}(Communicator, CompiledSum{T}, Tensor{T}[], RowSource{T}[], Summation)"/>
    public static (T Value, Tensor<T>[] Gradients) ValueAndGradient<T>(
        Communicator communicator, CompiledSum<T> sum, Tensor<T>[] parameters, Tensor<T>[] rows, Summation order = Summation.Ordered) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ValueAndGradient(communicator, sum, parameters, Array.ConvertAll(Errors.NotNull(rows, nameof(ValueAndGradient), nameof(rows)), RowSource.Of), order);

    /// <summary>The sparse Jacobian of a function, its colors dealt to the ranks: each sweeps its own, and the products are gathered.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="jacobian">The Jacobian, made by each rank of the same function.</param>
    /// <param name="x">The point, the same on every rank.</param>
    /// <returns>The matrix, the same on every rank: with the bits of one machine where the products of a color do not depend on how many travel together.</returns>
    /// <exception cref="ArgumentNullException">jacobian or x is null.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public static SparseMatrix<T> Jacobian<T>(Communicator communicator, SparseJacobian<T> jacobian, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.NotNull(jacobian, nameof(Jacobian), nameof(jacobian)).Evaluate(Errors.NotNull(x, nameof(Jacobian), nameof(x)), ShareOf<T>(communicator, nameof(Jacobian)));

    /// <summary>The sparse Hessian of a scalar function, its colors dealt to the ranks.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="hessian">The Hessian, made by each rank of the same function.</param>
    /// <param name="x">The point, the same on every rank.</param>
    /// <returns>The matrix, the same on every rank.</returns>
    /// <exception cref="ArgumentNullException">hessian or x is null.</exception>
    /// <exception cref="CommunicatorException">Another rank has left, or makes another call.</exception>
    public static SparseMatrix<T> Hessian<T>(Communicator communicator, SparseHessian<T> hessian, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.NotNull(hessian, nameof(Hessian), nameof(hessian)).Evaluate(Errors.NotNull(x, nameof(Hessian), nameof(x)), ShareOf<T>(communicator, nameof(Hessian)));

    /// <summary>The rows that a rank reads of so many.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="count">The number of all rows.</param>
    /// <param name="shards">The number of shards.</param>
    /// <param name="order">In what order sums are added.</param>
    /// <returns>A range of rows.</returns>
    /// <exception cref="ArgumentNullException">communicator is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or there are fewer shards than ranks.</exception>
    public static Range RowsOf(Communicator communicator, int count, int shards = DefaultShards, Summation order = Summation.Ordered)
    {
        Errors.NotNull(communicator, nameof(RowsOf), nameof(communicator));
        CheckShards(communicator, shards);
        (int rank, int size) = (communicator.Rank, communicator.Size);
        return count < 0 ? throw Errors.OutOfRange(nameof(RowsOf), nameof(count), $"the count is {count}", "0 or more", "check the count")
            : order == Summation.Fast ? OrderedSum.FirstShard(count, rank, size)..OrderedSum.FirstShard(count, rank + 1, size)
            : OrderedSum.FirstShard(count, OrderedSum.FirstShard(shards, rank, size), shards)..OrderedSum.FirstShard(count, OrderedSum.FirstShard(shards, rank + 1, size), shards);
    }

    /// <summary>The rows that a rank reads for a compiled sum.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="sum">The compiled sum.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="count">The number of all rows.</param>
    /// <returns>A range of rows.</returns>
    /// <exception cref="ArgumentNullException">communicator, sum or parameters is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Range RowsOf<T>(Communicator communicator, CompiledSum<T> sum, Tensor<T>[] parameters, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(RowsOf), nameof(communicator));
        Errors.NotNull(sum, nameof(RowsOf), nameof(sum));
        Errors.NotNull(parameters, nameof(RowsOf), nameof(parameters));
        if (count < 0)
        {
            throw Errors.OutOfRange(nameof(RowsOf), nameof(count), $"the count is {count}", "0 or more", "check the count");
        }

        int chunks = sum.CountChunks(parameters, count);
        return sum.RowsOfChunks(count, chunks, OrderedSum.FirstShard(chunks, communicator.Rank, communicator.Size), OrderedSum.FirstShard(chunks, communicator.Rank + 1, communicator.Size));
    }

    private static ColorShare<T> ShareOf<T>(Communicator communicator, string operation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rank, int size) = (Errors.NotNull(communicator, operation, nameof(communicator)).Rank, communicator.Size);
        return new ColorShare<T>(
            colors => (OrderedSum.FirstShard(colors, rank, size), OrderedSum.FirstShard(colors, rank + 1, size) - OrderedSum.FirstShard(colors, rank, size)),
            communicator.Gather);
    }

    private static ShardTree<T[]> NewTree<T>(int shards) where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(shards, static (left, right) =>
    {
        Kernels.VectorMath.Add<T>(left, right, left);
        return left;
    });

    private static unsafe void SumInOrder<T>(Communicator communicator, int shards, ShardTree<T[]> tree, T[] total) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GCHandle[] pins = [.. tree.Nodes.Select(static node => GCHandle.Alloc(node.Sum, GCHandleType.Pinned))];
        try
        {
            fixed (T* to = total)
            {
                OrderedSum.OfShards(communicator.Carrier, shards, Array.ConvertAll(pins, static pin => pin.AddrOfPinnedObject()), to, total.Length, nameof(ValueAndGradient));
            }
        }
        finally
        {
            Array.ForEach(pins, static pin => pin.Free());
        }
    }

    private static unsafe void SumInAnyOrder<T>(Communicator communicator, T[] own, T[] total) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* from = own, to = total)
        {
            communicator.Carrier.SumInAnyOrder(from, to, total.Length, nameof(ValueAndGradient));
        }
    }

    private static void Pack<T>(Tensor<T> value, Tensor<T>[] gradients, T[] sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sum[0] = value.ToScalar();
        int start = 1;
        foreach (Tensor<T> gradient in gradients)
        {
            gradient.AsSpan().CopyTo(sum.AsSpan(start));
            start += gradient.Length;
        }
    }

    private static (T Value, Tensor<T>[] Gradients) Unpack<T>(Tensor<T>[] parameters, T[] sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int start = 1;
        return (sum[0], Array.ConvertAll(parameters, parameter =>
        {
            start += parameter.Length;
            return Tensor.Create<T>(sum.AsSpan(start - parameter.Length, parameter.Length), parameter.Shape);
        }));
    }

    private static void CheckParameters<T>(Tensor<T>[] parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Tensor<T> parameter in Errors.NotNull(parameters, nameof(ValueAndGradient), nameof(parameters)))
        {
            if (Errors.NotNull(parameter, nameof(ValueAndGradient), nameof(parameters)).RecordedOn is not null)
            {
                throw Errors.Tape(nameof(ValueAndGradient), "a parameter is recorded on a tape, and its derivatives would be lost", "constants", "Detach() it, or sum with Communicator.Sum");
            }
        }
    }

    private static int CountRows<T>(RowSource<T>[] rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] counts = Array.ConvertAll(Errors.NotNull(rows, nameof(ValueAndGradient), nameof(rows)), static r => Errors.NotNull(r, nameof(ValueAndGradient), nameof(rows)).Count);
        return counts.Length == 0 ? throw Errors.Shape(nameof(ValueAndGradient), "there are no rows", "one tensor of rows or more", "give data, or RowSource.Numbers for rows that have none")
            : Array.TrueForAll(counts, count => count == counts[0]) ? counts[0]
            : throw Errors.Shape(nameof(ValueAndGradient), $"the numbers of rows are {string.Join(", ", counts)}", "the same number of rows", "check the first axes");
    }

    private static void CheckShards(Communicator communicator, int shards)
    {
        if (shards < communicator.Size)
        {
            throw Errors.OutOfRange(nameof(DataParallel), nameof(shards), $"there are {shards} shards for {communicator.Size} ranks, and some ranks would have nothing to do", "as many shards as ranks or more",
                "give a number of shards that is as large as the largest number of ranks that is to give the same bits, best a power of two");
        }
    }
}
