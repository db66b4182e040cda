using System.Numerics;
using System.Numerics.Tensors;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>
    /// A loop over the rows of a tensor, state ← step(state, row, parameters), that gives all states. The step is compiled: it is called for the first row, and run from its record for the others, in the
    /// value and in its derivatives, of which nothing is kept but the states.
    /// </summary>
    /// <remarks>
    /// <para>What the step captures, besides its arguments, is a constant with the value of the first call. Where a step takes another course, by a value that it looks at, it is called and recorded
    /// again (<see cref="CompiledFunction{T}"/>).</para>
    /// <para>Products of derivatives are taken step by step, λ ← λ ∂step/∂state from the last row to the first, or t ← ∂step/∂state t + ∂step/∂row t_row + ∂step/∂parameters t_parameters from the first to
    /// the last. Derivatives of these run the loop as it is written. The compiled steps are kept as long as the record of this call: call it in a function that is compiled itself to keep them from one
    /// evaluation to the next.</para>
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="step">One step, of its arguments alone: the state before it, the row, the parameters. It gives the state after it, of the same shape.</param>
    /// <param name="state">The state before the first row.</param>
    /// <param name="rows">What each step gets of its own: row i is <c>rows[i]</c>, along the first axis.</param>
    /// <param name="parameters">What all steps share.</param>
    /// <param name="cancellationToken">Looked at before every row, of the sweeps too.</param>
    /// <returns>The states after each row, stacked along a new first axis: the last one is <c>[^1]</c>. Of shape [0, ...] where there are no rows.</returns>
    /// <exception cref="ArgumentNullException">step, state, rows or parameters is null, or step gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The rows are a scalar, or a step gives a state of another shape.</exception>
    /// <exception cref="TapeException">The step captured a recorded tensor.</exception>
    public static Tensor<T> ScanRows<T>(
        Func<Tensor<T>, Tensor<T>, Tensor<T>[], Tensor<T>> step, Tensor<T> state, Tensor<T> rows, Tensor<T>[] parameters, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(step, nameof(ScanRows), nameof(step));
        Errors.NotNull(state, nameof(ScanRows), nameof(state));
        Errors.NotNull(rows, nameof(ScanRows), nameof(rows));
        Errors.NoneNull(parameters, nameof(ScanRows), nameof(parameters));
        if (rows.Rank == 0)
        {
            throw Errors.Shape(nameof(ScanRows), "the rows are a scalar", "a tensor with an axis to run along", "give one row for each step");
        }

        return new RowScan<T>(step, [state, rows, .. parameters], cancellationToken).States();
    }
}

/// <summary>A loop over rows as a function of those of its inputs that are recorded.</summary>
/// <param name="step">One step.</param>
/// <param name="all">The state before the first row, the rows, the parameters.</param>
/// <param name="cancellationToken">Looked at before every row.</param>
internal sealed class RowScan<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>[], Tensor<T>> step, Tensor<T>[] all, CancellationToken cancellationToken)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Name = nameof(Differentiate.ScanRows);

    private readonly int[] active = [.. Enumerable.Range(0, all.Length).Where(i => all[i].Tape is not null)];
    private readonly int steps = all[1].Shape[0];
    private readonly int size = all[0].Length;
    private CompiledFunction<T>? taken;
    private CompiledFunction<T>? vjp;
    private Tuple<int[], CompiledFunction<T>>? jvp;

    /// <summary>All states, as one operation.</summary>
    public Tensor<T> States() => new LocalProgram<T>(Name, _ => xs => Plain(Point(xs)), Value, Vjp, Jvp).At(Array.ConvertAll(active, i => all[i]));

    private Tensor<T>[] Point(Tensor<T>[] xs) => LocalProgram<T>.With(all, active, xs);

    /// <summary>The inputs of a step.</summary>
    private static Tensor<T>[] At(Tensor<T>[] point, Tensor<T> state, int row) => [state, point[1][row], .. point[2..]];

    private Tensor<T> Take(Tensor<T>[] xs)
    {
        Tensor<T> next = Errors.Result(step(xs[0], xs[1], xs[2..]), Name, nameof(step));
        return next.Shape.SequenceEqual(xs[0].Shape) ? next
            : throw Errors.Shape(Name, $"a step gave a state of shape {Shapes.Format(next.Shape)}", $"{Shapes.Format(xs[0].Shape)}, that of the state before it", "return the next state");
    }

    /// <summary>The loop as it is written.</summary>
    private Tensor<T> Plain(Tensor<T>[] point)
    {
        Tensor<T> current = point[0];
        var states = new List<Tensor<T>>(steps);
        for (int i = 0; i < steps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            states.Add(current = Take(At(point, current, i)));
        }

        return steps > 0 ? Tensor.Stack([.. states]) : current.Reshape([1, .. current.Shape])[..0];
    }

    private Tensor<T> Value(Tensor<T>[] xs)
    {
        Tensor<T>[] point = Point(xs);
        Tensor<T> states = Tensor.Zeros<T>([steps, .. point[0].Shape]);
        if (steps == 0)
        {
            return states;
        }

        taken ??= Differentiate.Compile(at => [Take(at)], At(point, point[0], 0));
        using Workspace<T> workspace = taken.CreateWorkspace();
        for (int i = 0; i < steps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            workspace.Run(At(point, i == 0 ? point[0] : states[i - 1], i));
            Result(workspace, 0).CopyTo(states.Writable[(i * size)..]);
        }

        return states;
    }

    private Tensor<T>[] Vjp(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y) => Tape<T>.OffTape(Name, () =>
    {
        Tensor<T>[] point = Point(xs);
        int[] batch = g.Shape[..^y.Rank].ToArray();
        Tensor<T>[] totals = Array.ConvertAll(active, i => Tensor.Zeros<T>([.. batch, .. point[i].Shape]));
        if (steps == 0)
        {
            return totals;
        }

        int count = Shapes.Length(batch);
        int[] moving = Moving(active);
        Tensor<T> u = Tensor.Zeros<T>([.. batch, .. point[0].Shape]);
        vjp ??= Differentiate.Compile(
            at => Differentiate.Vjp(some => Take(LocalProgram<T>.With(at[1..], moving, some)), Array.ConvertAll(moving, i => at[1 + i]), at[0]), [u, .. At(point, point[0], 0)]);
        using Workspace<T> workspace = vjp.CreateWorkspace();
        for (int i = steps - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int k = 0; k < count; k++)
            {
                Span<T> part = u.Writable.Slice(k * size, size);
                TensorPrimitives.Add(part, g.Values.Slice(((k * steps) + i) * size, size), part);
            }

            workspace.Run([u, .. At(point, i == 0 ? point[0] : y[i - 1], i)]);
            for (int j = 0; j < active.Length; j++)
            {
                ReadOnlySpan<T> part = active[j] == 0 ? default : Result(workspace, Array.IndexOf(moving, active[j]));
                Span<T> total = totals[j].Writable;
                if (active[j] == 1)
                {
                    Scatter(part, total, count, i);
                }
                else if (active[j] > 1)
                {
                    TensorPrimitives.Add(total, part, total);
                }
            }

            // Last: of a step that is called as it is, the others may share the memory of u.
            Result(workspace, 0).CopyTo(u.Writable);
        }

        if (active[0] == 0)
        {
            totals[0] = u;
        }

        return totals;
    });

    private Tensor<T> Jvp(Tensor<T>?[] ts, Tensor<T>[] xs) => Tape<T>.OffTape(Name, () =>
    {
        Tensor<T>[] point = Point(xs);
        int[] known = LocalProgram<T>.Active(ts);
        int[] batch = ts[known[0]]!.Shape[..^xs[known[0]].Rank].ToArray();
        int count = Shapes.Length(batch);
        Tensor<T> states = Tensor.Zeros<T>([.. batch, steps, .. point[0].Shape]);
        Tensor<T>? OfInput(int i) => Array.IndexOf(active, i) is >= 0 and var place ? ts[place] : null;
        int[] moving = Moving([.. known.Select(j => active[j])]);
        Tensor<T> current = point[0];
        Tensor<T> t = OfInput(0)?.Copy() ?? Tensor.Zeros<T>([.. batch, .. point[0].Shape]);
        for (int i = 0; i < steps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Tensor<T>[] inputs = [.. At(point, current, i), .. moving.Select(k => k == 0 ? t : k > 1 ? OfInput(k)! : OfInput(1)!.Slice([.. Enumerable.Repeat((TensorIndex)Range.All, batch.Length), i]))];
            Tensor<T>[] results = Product(moving, inputs).Invoke(inputs);
            (current, t) = (results[0], results[1]);
            Scatter(Constant(t), states.Writable, count, i);
        }

        return states;
    });

    /// <summary>The state after a step and its tangent, compiled for those inputs that have one.</summary>
    private CompiledFunction<T> Product(int[] moving, Tensor<T>[] inputs)
    {
        if (jvp is not var (known, product) || !known.AsSpan().SequenceEqual(moving))
        {
            product = Differentiate.Compile(at =>
            {
                Tensor<T>[] point = at[..all.Length];
                return [Take(point), Differentiate.Jvp(some => Take(LocalProgram<T>.With(point, moving, some)), Array.ConvertAll(moving, i => point[i]), at[all.Length..])];
            }, inputs);
            jvp = new(moving, product);
        }

        return product;
    }

    /// <summary>Through which inputs of a step a derivative goes: the state, and the others of some.</summary>
    private static int[] Moving(int[] some) => [0, .. some.Where(static i => i > 0)];

    /// <summary>A row of each member of a batch, to its place among all rows.</summary>
    private void Scatter(ReadOnlySpan<T> row, Span<T> rows, int count, int place)
    {
        int length = row.Length / Math.Max(1, count);
        for (int k = 0; k < count; k++)
        {
            row.Slice(k * length, length).CopyTo(rows[(((k * steps) + place) * length)..]);
        }
    }

    private static ReadOnlySpan<T> Result(Workspace<T> workspace, int i) => Constant(workspace.Results[i]);

    /// <summary>The values of what a step gave. If that is recorded, it captured a recorded tensor, by which the derivative would be lost.</summary>
    private static ReadOnlySpan<T> Constant(Tensor<T> x) => x.Tape is null ? x.Values : throw Errors.Captured(Name);
}
