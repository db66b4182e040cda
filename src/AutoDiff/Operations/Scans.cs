using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>y = the running sums of x along the middle axis of [outer, n, inner]. Its transpose runs the other way.</summary>
internal sealed class CumulativeSumMap<T>(int[] shape, int outer, int n, int inner, bool reverse) : LinearMap<T>(shape, shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Outer => outer;

    public int Count => n;

    public int Inner => inner;

    public bool IsReverse => reverse;

    public override void Apply(ReadOnlySpan<T> x, Span<T> y, int batch) => Recurrences.CumulativeSum(x, batch * outer, n, inner, reverse, y);

    public override void VisitNonzeros(Action<int, int> edge)
    {
        for (int y = 0; y < outer * n * inner; y++)
        {
            int t = y / inner % n;
            for (int s = reverse ? n - 1 : 0; reverse ? s >= t : s <= t; s += reverse ? -1 : 1)
            {
                edge(y, y + ((s - t) * inner));
            }
        }
    }

    public override void AddStructure(ProgramStructure structure)
    {
        base.AddStructure(structure);
        structure.Add([outer, n, inner, reverse ? 1 : 0]);
    }

    protected override LinearMap<T> Transpose() => new CumulativeSumMap<T>(To, outer, n, inner, !reverse);
}

// Scans: each element of the result depends on the elements up to its place.
public sealed partial class Tensor<T>
{
    /// <summary>The running sums along an axis, y_t = Σ_{s≤t} x_s. The cotangent is summed the other way.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="reverse">Whether to run from the end, y_t = Σ_{s≥t} x_s.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Create(1, 2, 3).CumSum(0)); // => [1, 3, 6]
    /// </code>
    /// </example>
    public Tensor<T> CumSum(int axis, bool reverse = false)
    {
        if (IsAxisOfScalar(axis))
        {
            return Reshape(1).CumSum(0, reverse).Reshape();
        }

        (int outer, int n, int inner) = Around(Shapes.Axis(axis, Rank, nameof(CumSum)));
        return Linear(new CumulativeSumMap<T>(shape, outer, n, inner, reverse), nameof(CumSum));
    }

    /// <summary>The running products along an axis, y_t = Π_{s≤t} x_s. dy_t = x_t dy_(t-1) + y_(t-1) dx_t: nothing is divided, so zeros are exact in every order.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="reverse">Whether to run from the end.</param>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumProd(int axis, bool reverse = false) => AlongLast(axis, nameof(CumProd), x =>
    {
        int n = x.shape[^1];
        return n == 0 ? x
            : reverse ? Recur(x, x[TensorIndex.Ellipsis, ^1..].PadLast(n - 1, 0), reverse, nameof(CumProd))
            : Recur(x, x[TensorIndex.Ellipsis, ..1].PadLast(0, n - 1), reverse, nameof(CumProd));
    });

    /// <summary>The largest element so far along an axis. The derivative goes to that element alone, of equal ones to the last.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape; NaN from the first NaN on.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumMax(int axis) => RunningExtremum(axis, nameof(CumMax), largest: true).Values;

    /// <summary>The smallest element so far along an axis. The derivative goes to that element alone, of equal ones to the last.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape; NaN from the first NaN on.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> CumMin(int axis) => RunningExtremum(axis, nameof(CumMin), largest: false).Values;

    /// <summary>The largest element so far along an axis, and where it is. The derivative goes to that element alone, of equal ones to the last.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape, NaN from the first NaN on; and for each of its elements, row-major, the index on the axis from which it came.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) CumMaxWithIndices(int axis) => RunningExtremumWithIndices(axis, nameof(CumMaxWithIndices), largest: true);

    /// <summary>The smallest element so far along an axis, and where it is. The derivative goes to that element alone, of equal ones to the last.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape, NaN from the first NaN on; and for each of its elements, row-major, the index on the axis from which it came.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public (Tensor<T> Values, Indices<T> Indices) CumMinWithIndices(int axis) => RunningExtremumWithIndices(axis, nameof(CumMinWithIndices), largest: false);

    /// <summary>The running log Σ_{s≤t} e^(x_s) along an axis, without overflow. dy_t = e^(y_(t-1) - y_t) dy_(t-1) + e^(x_t - y_t) dx_t.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="reverse">Whether to run from the end.</param>
    /// <returns>A tensor of the same shape; -∞, with a derivative of 0, as long as there is nothing but -∞.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public Tensor<T> LogCumSumExp(int axis, bool reverse = false) => AlongLast(axis, nameof(LogCumSumExp), rows => General(nameof(LogCumSumExp), [rows], rows.shape,
        value: (inputs, y) =>
        {
            using Kernels.Scratch<T> weights = new(y.length), factors = new(y.length);
            Recurrences.LogSumExp(inputs[0].Values, y.shape[^1], reverse, y.Writable, weights.Span, factors.Span);
        },
        vjp: (g, _, operands) => RecurTransposed(StepFactors(operands[0], operands.Output, reverse), g, reverse) * StepWeights(operands[0], operands.Output, reverse),
        jvp: (t, _, operands) => Recur(StepFactors(operands[0], operands.Output, reverse), t * StepWeights(operands[0], operands.Output, reverse), reverse, nameof(LogCumSumExp)),
        axes: _ => AlongLastAxis(rows.Rank), reach: EarlierOrLater(reverse), parameters: reverse, slices: (reads, _, _) => reads[0].LogCumSumExp(-1, reverse)));

    /// <summary>e^(x_t - y_t), as a function of x and y; it is computed from x alone, whose digits it keeps.</summary>
    private static Tensor<T> StepWeights(Tensor<T> x, Tensor<T> y, bool reverse) => General("LogCumSumExpWeights", [x, y], x.shape,
        value: (inputs, weights) =>
        {
            using Kernels.Scratch<T> y = new(weights.length), factors = new(weights.length);
            Recurrences.LogSumExp(inputs[0].Values, weights.shape[^1], reverse, y.Span, factors.Span, weights.Writable);
        },
        vjp: static (g, i, operands) => g * (i == 0 ? operands.Output : -operands.Output),
        jvp: static (t, i, operands) => t * (i == 0 ? operands.Output : -operands.Output), axes: _ => [.. Enumerable.Range(0, x.Rank)], parameters: reverse,
        slices: (reads, record, slices) => record.Spread(reads, slices) is [var x, var y] ? StepWeights(x, y, reverse) : null);

    /// <summary>e^(y_(t-1) - y_t), as a function of y, and 0 at the start; it is computed from x.</summary>
    private static Tensor<T> StepFactors(Tensor<T> x, Tensor<T> y, bool reverse) => General("LogCumSumExpFactors", [x, y], x.shape,
        value: (inputs, factors) =>
        {
            using Kernels.Scratch<T> y = new(factors.length), weights = new(factors.length);
            Recurrences.LogSumExp(inputs[0].Values, factors.shape[^1], reverse, y.Span, factors.Writable, weights.Span);
        },
        vjp: (g, i, operands) => i == 1 && operands.Times(g, operands.Output) is var h ? (reverse ? h.PadLast(1, -1) : h.PadLast(-1, 1)) - h : null,
        jvp: (t, i, operands) => i == 1 ? ((reverse ? t.PadLast(-1, 1) : t.PadLast(1, -1)) - t) * operands.Output : null,
        axes: i => i == 1 ? AlongLastAxis(x.Rank) : null,
        reach: (from, lanes, _) => lanes.Maximum(from >= 0 != reverse ? lanes.PadLast(1, -1) : lanes.PadLast(-1, 1)), parameters: reverse,
        slices: (reads, record, slices) => record.Spread(reads, slices) is [var x, var y] ? StepFactors(x, y, reverse) : null);

    /// <summary>For a tensor of some rank: the result runs in step with the operand on every axis but the last.</summary>
    private static int[] AlongLastAxis(int rank) => [.. Enumerable.Range(0, rank - 1), -1];

    private (Tensor<T> Values, Tensor<T> Places) RunningExtremum(int axis, string name, bool largest)
    {
        if (IsAxisOfScalar(axis))
        {
            (Tensor<T> values, Tensor<T> first) = Reshape(1).RunningExtremum(0, name, largest);
            return (values.Reshape(), first);
        }

        int a = Shapes.Axis(axis, Rank, name);
        Tensor<T> places = ChooseAlong(a, shape[a], name, (line, chosen) => Kernels.Ordering.RunningExtremum(line, chosen, largest), new LineOrder(a, LineChoiceKind.Running, largest));
        return (Picked(places, name), places);
    }

    private (Tensor<T> Values, Indices<T> Indices) RunningExtremumWithIndices(int axis, string name, bool largest)
    {
        (Tensor<T> values, Tensor<T> places) = RunningExtremum(axis, name, largest);
        return (values, IsAxisOfScalar(axis) ? FirstOfScalar : IndicesAlong(Shapes.Axis(axis, Rank, name), places, shape));
    }

    /// <summary>Applies an operation along the last axis to another axis: it is moved to the end and back.</summary>
    private Tensor<T> AlongLast(int axis, string name, Func<Tensor<T>, Tensor<T>> operation)
    {
        if (IsAxisOfScalar(axis))
        {
            return operation(Reshape(1)).Reshape();
        }

        int a = Shapes.Axis(axis, Rank, name);
        return operation(MoveAxis(a, -1)).MoveAxis(-1, a);
    }

    /// <summary>The last axis padded.</summary>
    private Tensor<T> PadLast(int before, int after, T value = default)
    {
        var widths = new (int, int)[Rank];
        widths[^1] = (before, after);
        return Pad(widths, value);
    }

    /// <summary>
    /// y_t = a_t y_(t-1) + b_t along the last axis, starting with y = b, with broadcasting. It is closed under differentiation: the tangent obeys the same recurrence, with ta_t y_(t-1) + tb_t in
    /// the place of b, and so does the cotangent, s_t = g_t + a_(t+1) s_(t+1), from the other end.
    /// </summary>
    internal static Tensor<T> Recur(Tensor<T> a, Tensor<T> b, bool reverse, string name)
    {
        int[] common = Shapes.Broadcast(a.shape, b.shape, name);
        return General(name, [a.StretchTo(common), b.StretchTo(common)], common,
            value: (inputs, y) => Recurrences.Linear(inputs[0].Values, inputs[1].Values, inputs[0].shape[^1], reverse, y.Writable),
            vjp: (g, i, operands) => RecurTransposed(operands[0], g, reverse) is var s && i == 1 ? s : TimesEarlier(s, operands.Output, reverse),
            jvp: (t, i, operands) => (i == 1 ? t : TimesEarlier(t, operands.Output, reverse)) is { } addend ? Recur(operands[0], addend, reverse, name) : null,
            axes: _ => AlongLastAxis(common.Length), reach: EarlierOrLater(reverse), parameters: reverse,
            slices: (reads, record, slices) => record.Spread(reads, slices) is [var a, var b] ? Recur(a, b, reverse, name) : null);
    }

    /// <summary>A step of a recurrence meets the steps before it, and is met by those behind.</summary>
    private static ReachOf<T> EarlierOrLater(bool reverse) => (from, lanes, to) => from >= 0 == to >= 0 ? lanes.Sum([-1], keepDims: true).Flat().StretchTo(lanes.shape)
        : lanes.CumSum(-1, reverse: from < 0 != reverse).Flat();

    /// <summary>s_t = g_t + a_(t+1) s_(t+1).</summary>
    private static Tensor<T> RecurTransposed(Tensor<T> a, Tensor<T> g, bool reverse) =>
        a.shape[^1] < 2 ? g : Recur(a.Roll(reverse ? 1 : -1, -1), g, !reverse, "LinearRecurrence");

    /// <summary>x_t y_(t-1), and 0 at the start.</summary>
    private static Tensor<T>? TimesEarlier(Tensor<T> x, Tensor<T> y, bool reverse) => y.shape[^1] < 2 ? null
        : reverse ? (x[TensorIndex.Ellipsis, ..^1] * y[TensorIndex.Ellipsis, 1..]).PadLast(0, 1)
        : (x[TensorIndex.Ellipsis, 1..] * y[TensorIndex.Ellipsis, ..^1]).PadLast(1, 0);
}

public static partial class Tensor
{
    /// <summary>y_t = a_t y_(t-1) + b_t along an axis, with broadcasting. dy_t = a_t dy_(t-1) + y_(t-1) da_t + db_t.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="a">The factors.</param>
    /// <param name="b">The addends.</param>
    /// <param name="axis">The axis of the common shape; negative ones count from the end.</param>
    /// <param name="reverse">Whether to run from the end: y_t = a_t y_(t+1) + b_t.</param>
    /// <returns>All y, in the common shape. The state before the start is 0, so that the first factor has no effect; add a_0 times another state to the first addend.</returns>
    /// <exception cref="TensorShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor<T> LinearRecurrence<T>(Tensor<T> a, Tensor<T> b, int axis = -1, bool reverse = false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(a, nameof(LinearRecurrence), nameof(a));
        Errors.NotNull(b, nameof(LinearRecurrence), nameof(b));
        int[] common = Shapes.Broadcast(a.Dimensions, b.Dimensions, nameof(LinearRecurrence));
        int place = Shapes.Axis(axis, common.Length, nameof(LinearRecurrence));
        Tensor<T>.TapeOf([a, b], nameof(LinearRecurrence));
        return Tensor<T>.Recur(a.BroadcastTo(common).MoveAxis(place, -1), b.BroadcastTo(common).MoveAxis(place, -1), reverse, nameof(LinearRecurrence)).MoveAxis(-1, place);
    }

    /// <summary>All prefixes combined along an axis, y_t = f(... f(f(x_0, x_1), x_2) ..., x_t), in about log₂ n steps on whole tensors (Hillis and Steele 1986).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="x">The elements.</param>
    /// <param name="combine">An associative function of two tensors of one shape, element by element along the axis, in the library's operations; it gives a tensor of that shape.</param>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <returns>A tensor of the same shape. The derivative is that of the operations of the function.</returns>
    /// <exception cref="TensorShapeException">The function returns a tensor of another shape.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor<T> AssociativeScan<T>(Tensor<T> x, Func<Tensor<T>, Tensor<T>, Tensor<T>> combine, int axis = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(x, nameof(AssociativeScan), nameof(x));
        Errors.NotNull(combine, nameof(AssociativeScan), nameof(combine));
        int place = Shapes.Axis(axis, x.Rank, nameof(AssociativeScan));
        return Savepoint.AllOrNothing(() => AssociativeScanFrom(x.MoveAxis(place, 0), combine).MoveAxis(0, place));
    }

    private static Tensor<T> AssociativeScanFrom<T>(Tensor<T> y, Func<Tensor<T>, Tensor<T>, Tensor<T>> combine) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = y.Shape[0];
        for (int step = 1; step < n; step *= 2)
        {
            Tensor<T> later = y[step..];
            Tensor<T> combined = Errors.NotNull(combine(y[..(n - step)], later), nameof(AssociativeScan), nameof(combine));
            if (!combined.Shape.SequenceEqual(later.Shape))
            {
                throw Errors.Shape(nameof(AssociativeScan), $"the function made a tensor of shape {Shapes.Format(combined.Shape)} from two of shape {Shapes.Format(later.Shape)}",
                    "the same shape", "combine element by element along the axis");
            }

            y = Concat([y[..step], combined]);
        }

        return y;
    }
}
