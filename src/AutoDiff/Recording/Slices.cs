using System.Numerics;

namespace AutoDiff;

/// <summary>Ways in which operations take all slices at once, for their declarations.</summary>
internal static class Slices<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Of an operation on rows, with a number of rows that it takes from its operands: the rows of all slices are the rows of one operand. An operand without that axis is the same for all rows, and has
    /// to be the same for all slices.
    /// </summary>
    public static Tensor<T>? Rows(Tensor<T>[] reads, Record<T> record, int slices)
    {
        var operands = new Tensor<T>[reads.Length];
        for (int i = 0; i < reads.Length; i++)
        {
            bool hasRows = record.MatchingAxes(i) is [0, ..];
            if (!hasRows && record.IsSliced(reads, i))
            {
                return null;
            }

            Tensor<T> x = reads[i];
            operands[i] = !hasRows ? x : Merged(record.IsSliced(reads, i) ? x : x.BroadcastTo([slices, .. x.Shape]));
        }

        ReadOnlySpan<int> shape = record.Output.Shape;
        return record.Again(operands, [slices * shape[0], .. shape[1..]]).Reshape([slices, .. shape]);
    }

    private static Tensor<T> Merged(Tensor<T> x) => x.Reshape([x.Shape[0] * x.Shape[1], .. x.Shape[2..]]);

    /// <summary>
    /// Of an operation whose operands have batch axes, each of them the last ones of those of the largest operand, and so of the result: the axis of slices goes before the batch axes that all have.
    /// </summary>
    /// <param name="reads">What it reads.</param>
    /// <param name="record">The operation.</param>
    /// <param name="slices">The number of slices.</param>
    /// <param name="largest">The operand that may have more batch axes than the others: if it alone is sliced, they serve all slices as they are.</param>
    /// <param name="own">Of each operand, and after them of the result, the number of axes behind those of the batch.</param>
    /// <param name="operation">The operation of such operands.</param>
    public static Tensor<T> Batches(Tensor<T>[] reads, Record<T> record, int slices, int largest, int[] own, Func<Tensor<T>[], Tensor<T>> operation)
    {
        int least = int.MaxValue;
        bool alone = true;
        for (int i = 0; i < reads.Length; i++)
        {
            least = Math.Min(least, record.Read(i).Rank - own[i]);
            alone &= record.IsSliced(reads, i) == (i == largest);
        }

        if (alone)
        {
            return operation(reads);
        }

        Tensor<T>[] spread = record.Spread(reads, slices);
        return operation([.. spread.Select((x, i) => x.MoveAxis(0, record.Read(i).Rank - own[i] - least))]).MoveAxis(record.Output.Rank - own[^1] - least, 0);
    }

    /// <summary>
    /// Of an operation without a derivative, such as one that finds places: a kernel that goes through the slices. The result of each is where it would be by itself, so that integers (see
    /// <see cref="Tensor{T}.Integers"/>) can be taken apart again.
    /// </summary>
    public static Tensor<T> OneByOne(Tensor<T>[] reads, Record<T> record, int slices)
    {
        int[] shape = record.Output.Dimensions;
        int length = record.Output.Length;
        int[][] own = [.. Enumerable.Range(0, reads.Length).Select(i => record.Read(i).Dimensions)];
        return Tensor<T>.General(record.Name, reads, [slices, .. shape],
            value: (inputs, y) =>
            {
                var parts = new Tensor<T>[own.Length];
                for (int s = 0; s < slices; s++)
                {
                    for (int i = 0; i < parts.Length; i++)
                    {
                        parts[i] = inputs[i].Rank == own[i].Length ? inputs[i] : inputs[i].View(own[i], s * Shapes.Length(own[i]));
                    }

                    record.Compute(parts, y.View(shape, s * length));
                }
            },
            vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, parameters: record.Parameters, slices: OneByOne);
    }

    /// <summary>
    /// The places of all slices, one after the other, each list <paramref name="outer"/> times, as places in one list: what is picked from each slice, or each part of it, begins <paramref name="extent"/>
    /// further on.
    /// </summary>
    public static Tensor<T> Places(Tensor<T> places, int outer, int extent)
    {
        int slices = places.Shape[0], count = slices == 0 ? 0 : places.Length / slices;
        int[] own = places.Shape[1..].ToArray();
        return Tensor<T>.Integral("SlicePlaces", [places], [slices * outer * count], (inputs, all) =>
        {
            int next = 0;
            for (int s = 0; s < slices; s++)
            {
                ReadOnlySpan<int> numbers = inputs[0].View(own, s * count).Integers;
                for (int part = s * outer; part < (s + 1) * outer; part++)
                {
                    foreach (int number in numbers)
                    {
                        all[next++] = (part * extent) + number;
                    }
                }
            }
        }, (outer, extent));
    }
}
