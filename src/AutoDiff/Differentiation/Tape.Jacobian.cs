using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Jacobians by batched sweeps.
public sealed partial class Tape<T>
{
    /// <summary>The Jacobian of y by x, computed in a given way.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="options">The mode and the bound on memory.</param>
    /// <param name="record">Whether the sweeps are recorded too, so that the Jacobian can be differentiated again.</param>
    /// <returns>A tensor of shape [..y.Shape, ..x.Shape].</returns>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public Tensor<T> Jacobian(Tensor<T> y, Tensor<T> x, JacobianOptions options, bool record = false)
    {
        Errors.NotNull(options, nameof(Jacobian), nameof(options));
        int[] shape = [.. Errors.NotNull(y, nameof(Jacobian), nameof(y)).Shape, .. Errors.NotNull(x, nameof(Jacobian), nameof(x)).Shape];
        Shapes.Length(shape, nameof(Jacobian), y, x);
        if (options.Mode == JacobianMode.Sparse)
        {
            CheckRecorded(y, nameof(Jacobian), nameof(y));
            CheckRecorded(x, nameof(Jacobian), nameof(x));
            return record
                ? throw Errors.Tape(nameof(Jacobian), "a recorded Jacobian was asked for by colours", "Forward or Reverse", "ask for another mode, or do not record")
                : ColoredPlan<T>.Jacobian(Root, y, x, options).Evaluate(Root, y, x).ToDense().Reshape(shape);
        }

        JacobianPlan plan = PlanJacobian(y, x, options);
        return plan.Mode == JacobianMode.Forward
            ? InChunks(plan, (start, count) => SweepUnits(Units(start, count, x.Dimensions), record, units => Jvp(nameof(Jvp), [y], [x], [units], record)[0].Values))
                .Reshape(x.Length, y.Length).Transpose().Reshape(shape)
            : InChunks(plan, (start, count) => SweepUnits(Units(start, count, y.Dimensions), record, units => Vjp(nameof(Vjp), [y], [units], [x], record)[0].Values)).Reshape(shape);
    }

    /// <summary>
    /// A sweep with vectors whose zeros are structural: row i of a Jacobian is the gradient of the i-th element, to which the others contribute nothing. Where they would, the result shows it: 0 · ∞ is NaN. So a
    /// sweep that is not recorded runs without minding lanes, and only if NaN comes out once more with them. A recorded sweep, which may be run at other values, minds them from the start.
    /// </summary>
    internal static Tensor<T> SweepUnits(SweepVector<T> units, bool record, Func<SweepVector<T>, Tensor<T>> sweep)
    {
        var laned = new SweepVector<T>(units.Values, Lanes<T>.Settled(units.Values), units.FirstUnit);
        if (record)
        {
            return sweep(laned);
        }

        Tensor<T> result = sweep(units);
        if (TensorPrimitives.IsNaNAny(result.Values))
        {
            result.Dispose();
            result = sweep(laned);
        }

        units.Values.Dispose();
        return result;
    }

    /// <summary>How <see cref="Jacobian(Tensor{T}, Tensor{T}, JacobianOptions, bool)"/> would compute the Jacobian of y by x, and why.</summary>
    /// <param name="y">The output, recorded on this tape.</param>
    /// <param name="x">A variable or an intermediate, recorded on this tape.</param>
    /// <param name="options">The mode and the bound on memory; null for the default.</param>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public JacobianPlan PlanJacobian(Tensor<T> y, Tensor<T> x, JacobianOptions? options = null)
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
            JacobianMode.Sparse => ColoredPlan<T>.Jacobian(Root, y, x, options) is var colored
                ? Plan(JacobianMode.Sparse, colored.Colors, $"as asked; {colored.Pattern.Count} elements may differ from zero, and {(colored.ByColumns ? "columns" : "rows")} take fewer colours")
                : null!,
            _ when x.Length < y.Length => Plan(JacobianMode.Forward, x.Length, "there are fewer columns than rows"),
            _ => Plan(JacobianMode.Reverse, y.Length, "there are no more rows than columns"),
        };

        JacobianPlan Plan(JacobianMode mode, int vectors, string reason) => new(mode, y.Length, x.Length, vectors, Math.Min(chunk, Math.Max(vectors, 1)), reason);
    }

    /// <summary>Runs batched sweeps for all vectors of a plan, and puts the results one after the other.</summary>
    internal static Tensor<T> InChunks(JacobianPlan plan, Func<int, int, Tensor<T>> sweep)
    {
        var parts = new List<Tensor<T>>();
        for (int start = 0; start == 0 || start < plan.Vectors; start += plan.Chunk)
        {
            parts.Add(sweep(start, Math.Min(plan.Chunk, plan.Vectors - start)));
        }

        return parts.Count == 1 ? parts[0] : Tensor.Concat<T>(parts.ToArray());
    }

    /// <summary>As many vectors as keep the batch of the largest recorded value between x and y within a bound, at least one.</summary>
    internal int ChunkLength(Tensor<T> y, Tensor<T> x, long bound)
    {
        Tape<T> tape = Root;
        int largest = 1;
        for (int i = tape.IndexOf(x); i <= tape.IndexOf(y); i++)
        {
            largest = Math.Max(largest, tape[i].Output.Length);
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
