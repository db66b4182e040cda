using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

// Jacobians by batched sweeps.
public sealed partial class Tape<T>
{
    /// <summary>Inputs that have no more columns than this together travel through one forward sweep.</summary>
    private const int SharedColumns = 64;

    /// <summary>The Jacobian of y with respect to x, computed in a given way.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="options">The mode and the bound on memory.</param>
    /// <param name="record">Whether the sweeps are recorded too, so that the Jacobian can be differentiated again.</param>
    /// <param name="cancellationToken">Looked at before every sweep, and while a pattern is looked for.</param>
    /// <returns>A tensor of shape [..y.Shape, ..x.Shape].</returns>
    /// <exception cref="ArgumentNullException">options, y or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    /// <exception cref="TensorShapeException">The Jacobian would have more elements or axes than a tensor can have.</exception>
    public Tensor<T> Jacobian(Tensor<T> y, Tensor<T> x, JacobianOptions options, bool record = false, CancellationToken cancellationToken = default)
    {
        Errors.NotNull(options, nameof(Jacobian), nameof(options));
        int[] shape = [.. Errors.NotNull(y, nameof(Jacobian), nameof(y)).Shape, .. Errors.NotNull(x, nameof(Jacobian), nameof(x)).Shape];
        Shapes.Length(shape, nameof(Jacobian), y, x);
        if (options.Mode == JacobianMode.Sparse)
        {
            CheckRecorded(y, nameof(Jacobian), nameof(y));
            CheckRecorded(x, nameof(Jacobian), nameof(x));
            return record
                ? throw Errors.Tape(nameof(Jacobian), "a recorded Jacobian was asked for by colors", "Forward or Reverse", "ask for another mode, or do not record")
                : ColoredPlan<T>.Jacobian(Root, y, x, options, cancellationToken).Evaluate(Root, y, x, null, cancellationToken).ToDense().Reshape(shape);
        }

        JacobianPlan plan = PlanJacobian(y, x, options, cancellationToken);
        bool completed = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            Tensor<T> jacobian = plan.Mode == JacobianMode.Forward
                ? JacobianByColumns([y], [x], options.MemoryBound, record, cancellationToken)[0][0]
                : JacobianByRows(y, [x], options.MemoryBound, record, cancellationToken)[0];
            completed = true;
            return jacobian;
        }
        finally
        {
            // The recorded sweeps of a call that is canceled are taken back.
            savepoint.End(completed);
        }
    }

    /// <summary>The Jacobians of y by several tensors, row by row: all of them by the same backward sweeps.</summary>
    internal Tensor<T>[] JacobianByRows(Tensor<T> y, Tensor<T>[] xs, long bound, bool record, CancellationToken cancellationToken = default)
    {
        foreach (Tensor<T> x in xs)
        {
            Shapes.Length([.. y.Shape, .. x.Shape], nameof(Jacobian), y, x);
        }

        Tensor<T>[] blocks = InChunks(y.Length, ChunkLength([y], xs, bound), (start, count) =>
            SweepUnits([Units(start, count, y.Dimensions)], record, units => ValuesOf(Vjp(nameof(Jacobian), [y], units, xs, record))), cancellationToken);
        return [.. blocks.Select((block, j) => block.Reshape([.. y.Shape, .. xs[j].Shape]))];
    }

    /// <summary>
    /// The Jacobians of several tensors by several others, column by column: element [i][j] is that of y_i by x_j. All outputs come out of the same forward sweep, and inputs of a few elements share one.
    /// </summary>
    internal Tensor<T>[][] JacobianByColumns(Tensor<T>[] ys, Tensor<T>[] xs, long bound, bool record, CancellationToken cancellationToken = default)
    {
        if (xs.Length == 0)
        {
            return Array.ConvertAll(ys, static _ => Array.Empty<Tensor<T>>());
        }

        int[] ends = new int[xs.Length];
        for (int j = 0; j < xs.Length; j++)
        {
            ends[j] = checked((j == 0 ? 0 : ends[j - 1]) + xs[j].Length);
            foreach (Tensor<T> y in ys)
            {
                Shapes.Length([.. y.Shape, .. xs[j].Shape], nameof(Jacobian), y, xs[j]);
            }
        }

        // An input of many columns has sweeps of its own: in one that it shared, records that depend on one input would carry the zeros of the others.
        var columns = new List<Tensor<T>>[ys.Length];
        int chunk = ChunkLength(ys, xs, bound);
        int start = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            int end = Array.Find(ends, end => end > start);
            foreach (int later in ends)
            {
                end = later > end && later - start <= SharedColumns ? later : end;
            }

            // No columns at all are one sweep with none, which gives the shapes.
            int count = Math.Min(chunk, end - start);
            (int[] inputs, SweepVector<T>[] units) = UnitsOfAll(start, count, xs, ends);
            Tensor<T>[] parts = SweepUnits(units, record, units => ValuesOf(Jvp(nameof(Jacobian), ys, Array.ConvertAll(inputs, j => xs[j]), units, record)));
            for (int i = 0; i < ys.Length; i++)
            {
                (columns[i] ??= []).Add(parts[i].Reshape([parts[i].Shape[0], ys[i].Length]));
            }

            start += count;
        }
        while (start < ends[^1]);

        return [.. columns.Select((parts, i) =>
        {
            Tensor<T> transposed = parts.Count == 1 ? parts[0] : Tensor.Concat<T>(parts.ToArray());
            return xs.Select((x, j) => (xs.Length == 1 ? transposed : transposed[(ends[j] - x.Length)..ends[j]]).Transpose().Reshape([.. ys[i].Shape, .. x.Shape])).ToArray();
        })];
    }

    /// <summary>The unit vectors number start, start + 1, ... of several tensors taken as one vector: for each tensor that they meet, its part of them.</summary>
    private static (int[] Inputs, SweepVector<T>[] Units) UnitsOfAll(int start, int count, Tensor<T>[] xs, int[] ends)
    {
        int[] met = [.. Enumerable.Range(0, xs.Length).Where(j => xs.Length == 1 || (ends[j] - xs[j].Length < start + count && ends[j] > start))];
        if (met.Length < 2)
        {
            int only = met.Length == 0 ? 0 : met[0];
            return ([only], [Units(start - ends[only] + xs[only].Length, count, xs[only].Dimensions)]);
        }

        return (met, Array.ConvertAll(met, j =>
        {
            Tensor<T> units = Tensor.Zeros<T>([count, .. xs[j].Shape]);
            int first = ends[j] - xs[j].Length;
            for (int i = Math.Max(start, first); i < Math.Min(start + count, ends[j]); i++)
            {
                units.Writable[((i - start) * xs[j].Length) + i - first] = T.One;
            }

            return new SweepVector<T>(units);
        }));
    }

    /// <summary>
    /// A sweep with vectors whose zeros are structural: row i of a Jacobian is the gradient of the i-th element, to which the others contribute nothing. Where they would, the result shows it: 0 · ∞ is NaN. So a
    /// sweep that is not recorded runs without minding lanes, and only if NaN comes out once more with them. A recorded sweep, which may be run at other values, minds them from the start.
    /// What is left of the others otherwise is the sign of a zero, 0 · -1: zeros have no sign here, so that both ways give the same bits.
    /// </summary>
    internal static Tensor<T>[] SweepUnits(SweepVector<T>[] units, bool record, Func<SweepVector<T>[], Tensor<T>[]> sweep)
    {
        SweepVector<T>[] laned = Array.ConvertAll(units, own => new SweepVector<T>(own.Values, Lanes<T>.Settled(own.Values), own.FirstUnit));
        if (record)
        {
            return Array.ConvertAll(sweep(laned), static result => result + T.Zero);
        }

        Tensor<T>[] results = sweep(units);
        if (Array.Exists(results, static result => TensorPrimitives.IsNaNAny(result.Values)))
        {
            Array.ForEach(results, static result => result.Dispose());
            results = sweep(laned);
        }

        Array.ForEach(units, static own => own.Values.Dispose());
        return Array.ConvertAll(results, static result => HasNegativeZero(result.Values) ? result + T.Zero : result);
    }

    private static bool HasNegativeZero(ReadOnlySpan<T> values) => typeof(T) == typeof(double)
        ? MemoryMarshal.Cast<T, long>(values).Contains(long.MinValue)
        : MemoryMarshal.Cast<T, int>(values).Contains(int.MinValue);

    /// <summary>Likewise with one vector and one result.</summary>
    internal static Tensor<T> SweepUnits(SweepVector<T> units, bool record, Func<SweepVector<T>, Tensor<T>> sweep) => SweepUnits([units], record, units => [sweep(units[0])])[0];

    /// <summary>How <see cref="Jacobian(Tensor{T}, Tensor{T}, JacobianOptions, bool, CancellationToken)"/> would compute the Jacobian of y with respect to x, and why.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <param name="cancellationToken">Looked at while a pattern is looked for.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentNullException">y or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public JacobianPlan PlanJacobian(Tensor<T> y, Tensor<T> x, JacobianOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckRecorded(y, nameof(Jacobian), nameof(y));
        CheckRecorded(x, nameof(Jacobian), nameof(x));
        options ??= JacobianOptions.Default;
        int chunk = ChunkLength(y, x, options.MemoryBound);

        // A vector costs about the same in either direction: each record's rule is applied once.
        return options.Mode switch
        {
            JacobianMode.Forward => Plan(JacobianMode.Forward, x.Length, "as asked"),
            JacobianMode.Reverse => Plan(JacobianMode.Reverse, y.Length, "as asked"),
            JacobianMode.Sparse => ColoredPlan<T>.Jacobian(Root, y, x, options, cancellationToken) is var colored
                ? Plan(JacobianMode.Sparse, colored.Colors, $"as asked; {colored.Pattern.Count} elements may differ from zero, and {(colored.ByColumns ? "columns" : "rows")} take fewer colors")
                : null!,
            _ when x.Length < y.Length => Plan(JacobianMode.Forward, x.Length, "there are fewer columns than rows"),
            _ => Plan(JacobianMode.Reverse, y.Length, "there are no more rows than columns"),
        };

        JacobianPlan Plan(JacobianMode mode, int vectors, string reason) =>
            new() { Mode = mode, Rows = y.Length, Columns = x.Length, Vectors = vectors, Chunk = Math.Min(chunk, Math.Max(vectors, 1)), Reason = reason };
    }

    /// <summary>Runs batched sweeps for all vectors of a plan, and puts the results one after the other.</summary>
    internal static Tensor<T> InChunks(JacobianPlan plan, Func<int, int, Tensor<T>> sweep, CancellationToken cancellationToken) =>
        InChunks(plan.Vectors, plan.Chunk, (start, count) => [sweep(start, count)], cancellationToken)[0];

    /// <summary>Likewise for sweeps with several results.</summary>
    private static Tensor<T>[] InChunks(int vectors, int chunk, Func<int, int, Tensor<T>[]> sweep, CancellationToken cancellationToken)
    {
        var parts = new List<Tensor<T>[]>();
        for (int start = 0; start == 0 || start < vectors; start += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            parts.Add(sweep(start, Math.Min(chunk, vectors - start)));
        }

        return parts.Count == 1 ? parts[0] : [.. Enumerable.Range(0, parts[0].Length).Select(i => Tensor.Concat<T>([.. parts.Select(part => part[i])]))];
    }

    /// <summary>As many vectors as keep the batch of the largest recorded value between y and x within a bound, at least one.</summary>
    internal int ChunkLength(Tensor<T> y, Tensor<T> x, long bound) => ChunkLength([y], [x], bound);

    private int ChunkLength(Tensor<T>[] ys, Tensor<T>[] xs, long bound)
    {
        Tape<T> tape = Root;
        int largest = 1;
        (int first, int length) = Reachability<T>.Window(tape, xs, ys);
        for (int i = 0; i < length; i++)
        {
            largest = Math.Max(largest, tape[first + i].Output.Length);
        }

        return (int)Math.Clamp(bound / ((long)largest * Unsafe.SizeOf<T>()), 1, int.MaxValue / 2);
    }

    /// <summary>The unit vectors number start, start + 1, ..., each in a given shape.</summary>
    internal static SweepVector<T> Units(int start, int count, int[] shape)
    {
        Tensor<T> units = Tensor.Zeros<T>([count, .. shape]);
        int n = Shapes.Length(shape);
        for (int i = 0; i < count; i++)
        {
            units.Writable[(i * n) + start + i] = T.One;
        }

        return new(units, firstUnit: start);
    }
}
