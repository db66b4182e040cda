using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A forward sweep over the tape that carries, instead of tangents, the set of inputs on which each element depends. The structure of each operation is enough: an elementwise one passes sets on,
/// a linear one moves and unites them as its map says, others unite along the axes that they couple. No dense matrix is formed, and no value is looked at.
/// </summary>
internal static class PatternSweep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The pattern of the Jacobian of y with respect to x, both flattened, or null where it is so dense that more than a number of members of sets would have to be looked at.</summary>
    public static SparsityPattern? Run(Tape<T> tape, Tensor<T> y, Tensor<T> x, long bound, CancellationToken cancellationToken)
    {
        (int first, int length) = Reachability<T>.Window(tape, [x], [y]);
        var sets = new DependencySets(x.Length, bound);
        int[]?[] found = new int[Math.Max(length, 1)][];
        var lastUse = new int[found.Length];
        Reachability<T>.FindLastUses(tape, tape.Records, [y], first, lastUse);
        found[0] = [.. Enumerable.Range(1, x.Length)];
        for (int i = 1; i < found.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Record<T> record = tape[first + i];
            found[i] = lastUse[i] >= 0 ? Through(record, Inputs(tape, record, found, first), sets) : null;
            if (sets.IsExhausted)
            {
                return null;
            }

            for (int k = 0; k < record.InputCount; k++)
            {
                int place = tape.IndexOf(record.Input(k)) - first;
                if (place >= 0 && lastUse[place] == i)
                {
                    found[place] = null;
                }
            }
        }

        return ToPattern(length < 1 ? null : found[length - 1], y.Length, x.Length, sets, bound);
    }

    private static int[]?[] Inputs(Tape<T> tape, Record<T> record, int[]?[] found, int first)
    {
        var inputs = new int[record.InputCount][];
        for (int k = 0; k < inputs.Length; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            inputs[k] = place < 0 ? null! : found[place]!;
        }

        return inputs;
    }

    /// <summary>The sets of a record's output, one for each element; null where it depends on nothing.</summary>
    private static int[]? Through(Record<T> record, int[]?[] inputs, DependencySets sets)
    {
        int[]? result = null;
        for (int k = 0; k < inputs.Length; k++)
        {
            if (inputs[k] is not { } input)
            {
                continue;
            }

            int[]? part = record switch
            {
                LinearRecord<T> linear => ThroughMap(linear.Map, input, record.Output.Length, sets),
                AssembleRecord<T> assemble => ThroughMap(assemble.Pieces[k].Map, input, record.Output.Length, sets),
                _ => record.MatchingAxes(k) is { } axes ? ThroughAxes(axes, record.Input(k).Shape, record.Output.Shape, input, sets) : null,
            };
            if (part is null || result is null)
            {
                result ??= part;
                continue;
            }

            int[] sum = ReferenceEquals(result, part) ? result : new int[part.Length];
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] = sets.Union(result[i], part[i]);
            }

            result = sum;
        }

        return result;
    }

    private static int[] ThroughMap(LinearMap<T> map, int[] input, int length, DependencySets sets)
    {
        if (map is ReshapeMap<T>)
        {
            return input;
        }

        // The nonzeros of the matrix by rows: counted, then filled in. Axes in front of the map's own are a batch.
        int rows = Shapes.Length(map.To);
        int from = Shapes.Length(map.From);
        int batch = rows == 0 ? 0 : length / rows;
        var starts = new int[rows + 1];
        map.VisitNonzeros((y, _) => starts[y + 1]++);
        int most = 0;
        for (int i = 0; i < rows; i++)
        {
            most = Math.Max(most, starts[i + 1]);
            starts[i + 1] += starts[i];
        }

        var sources = new int[starts[rows]];
        int[] next = [.. starts];
        map.VisitNonzeros((y, x) => sources[next[y]++] = x);
        var result = new int[length];
        var many = new int[most];
        for (int b = 0; b < batch; b++)
        {
            for (int i = 0; i < rows; i++)
            {
                int n = starts[i + 1] - starts[i];
                for (int k = 0; k < n; k++)
                {
                    many[k] = input[(b * from) + sources[starts[i] + k]];
                }

                result[(b * rows) + i] = n == 1 ? many[0] : sets.Union(many.AsSpan(0, n));
            }
        }

        return result;
    }

    /// <summary>Unites along the axes that couple everything, then repeats along the axes of the output that the input does not have.</summary>
    private static int[] ThroughAxes(int[] axes, ReadOnlySpan<int> from, ReadOnlySpan<int> to, int[] input, DependencySets sets)
    {
        bool coupled = axes.AsSpan().Contains(-1);
        if (!coupled && from.SequenceEqual(to))
        {
            return input;
        }

        // The reduced input has the axes of the output; those that the input lacks have length 1.
        int[] reduced = [.. Enumerable.Repeat(1, to.Length)];
        int group = 1;
        for (int axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] >= 0)
            {
                reduced[axes[axis]] = from[axis];
            }
            else
            {
                group *= from[axis];
            }
        }

        int[] strides = Shapes.Strides(reduced);
        int[] united = input;
        if (coupled)
        {
            int count = Shapes.Length(reduced);
            var members = new int[count * group];
            var filled = new int[count];
            var counter = new int[axes.Length];
            foreach (int set in input)
            {
                int target = 0;
                for (int axis = 0; axis < axes.Length; axis++)
                {
                    target += axes[axis] < 0 ? 0 : counter[axis] * strides[axes[axis]];
                }

                members[(target * group) + filled[target]++] = set;
                for (int axis = axes.Length - 1; axis >= 0 && ++counter[axis] == from[axis]; axis--)
                {
                    counter[axis] = 0;
                }
            }

            united = new int[count];
            for (int i = 0; i < count; i++)
            {
                united[i] = sets.Union(members.AsSpan(i * group, group));
            }
        }

        var steps = new int[to.Length];
        Strided.FillBroadcastStrides(reduced, steps);
        var result = new int[Shapes.Length(to)];
        var place = new int[to.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int source = 0;
            for (int axis = 0; axis < place.Length; axis++)
            {
                source += place[axis] * steps[axis];
            }

            result[i] = united[source];
            for (int axis = place.Length - 1; axis >= 0 && ++place[axis] == to[axis]; axis--)
            {
                place[axis] = 0;
            }
        }

        return result;
    }

    private static SparsityPattern? ToPattern(int[]? rows, int rowCount, int columnCount, DependencySets sets, long bound)
    {
        var offsets = new int[rowCount + 1];
        for (int i = 0; i < rowCount; i++)
        {
            long next = offsets[i] + (rows is null ? 0L : sets.Size(rows[i]));
            if (next > bound)
            {
                return null;
            }

            offsets[i + 1] = Shapes.Extent(next, nameof(JacobianMode.Sparse));
        }

        var columns = new int[offsets[rowCount]];
        for (int i = 0; rows is not null && i < rowCount; i++)
        {
            sets.CopyTo(rows[i], columns.AsSpan(offsets[i]));
        }

        return new SparsityPattern(rowCount, columnCount, offsets, columns);
    }
}
