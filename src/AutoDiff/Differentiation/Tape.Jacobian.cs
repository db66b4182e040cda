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
            ? InChunks(plan, (start, count) => WithUnits(start, count, x, units => Jvp(y, x, units, record))).Reshape(x.Length, y.Length).Transpose().Reshape(shape)
            : InChunks(plan, (start, count) => WithUnits(start, count, y, units => Vjp(y, units, x, record))).Reshape(shape);

        // A recorded sweep keeps its cotangents.
        Tensor<T> WithUnits(int start, int count, Tensor<T> of, Func<Tensor<T>, Tensor<T>> sweep)
        {
            Tensor<T> units = Units(start, count, of.Dimensions);
            Tensor<T> result = sweep(units);
            if (!record)
            {
                units.Dispose();
            }

            return result;
        }
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
    internal static Tensor<T> Units(int start, int count, int[] shape)
    {
        Tensor<T> units = Tensor.Zeros<T>([count, .. shape]);
        int n = Shapes.Length(shape);
        for (int i = 0; i < count; i++)
        {
            units.Writable[(i * n) + start + i] = T.One;
        }

        units.FirstUnit = start;
        return units;
    }
}
