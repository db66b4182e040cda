using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff.Onnx;

/// <summary>The operations that are neither elementwise nor linear maps, by name or by the kind of their parameters. Null for what has no counterpart.</summary>
internal sealed class GeneralFormulas<T>(GraphBuilder graph) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Expression? Write(Record<T> record, Expression[] x, Size[][] shapes, Size[] output) => (record.Name, record.Parameters) switch
    {
        ("MatMul", Transposition transposed) => Product(x[0], x[1], shapes[0].Length, shapes[1].Length, transposed),
        ("Softmax", null) => x[0].Call("Softmax", ("axis", 1L)),
        ("LogSoftmax", null) => x[0].Call("LogSoftmax", ("axis", 1L)),
        ("Max", null) => x[0].Reduce("ReduceMax", 1),
        ("Min", null) => x[0].Reduce("ReduceMin", 1),
        ("LogSumExp", null) => LogSumExp(x[0]),
        ("Variance", T freedom) => Variance(x[0]) / N(freedom),
        ("StandardDeviation", T freedom) => (Variance(x[0]) / N(freedom)).Call("Sqrt"),
        ("LogMeanExp", null) => LogSumExp(x[0]) - Math.Log(record.Input(0).Shape[1]),
        ("Norm", T order) => Norm(x[0], double.CreateTruncating(order)),
        ("Divide", T) => x[1].EqualTo(0).Choose(0, x[0] / x[1]),
        ("InverseDeviations", Standardization<T> how) => 1 / Deviation(Centered(x[0], how), how),
        (_, Standardization<T> how) => Centered(x[0], how) is var centered ? centered / Deviation(centered, how) : null,
        ("Where", null) => x[2].Choose(x[0], x[1]),
        ("FusedMultiplyAdd", null) => (x[0] * x[1]) + x[2],
        ("CrossEntropy", null) => -(x[1] * x[0].Call("LogSoftmax", ("axis", 1L))).Reduce("ReduceSum", 1),
        ("LogCumSumExp", bool reverse) => LogCumSumExp(x[0], reverse, shapes[0].Length),
        ("NanToNum", (T nan, T high, T low)) => x[0].IsNaN().Choose(N(nan), (x[0] > double.MaxValue).Choose(N(high), (x[0] < -double.MaxValue).Choose(N(low), x[0]))),
        ("Determinant", null) when record.Output.Rank == shapes[0].Length - 2 => x[0].Call("Det"),
        (_, OpenSlot<T> { Form: ConvolutionForm<T> form, Slot: var slot }) when HasNoBatch(form, slot, shapes) => Convolution(form, slot, x),
        (_, AttentionForm<T> form) => Attention(form, x),
        (_, AxisWindows[] windows) => Winners(windows, x[0]),
        (_, PlacesUse.Pick or PlacesUse.PickOrZero) when shapes[0].Length == 2 => new Expression(graph, graph.Add("GatherElements", [x[0].Name, x[1].Name], ("axis", 1L))),
        (_, PlacesUse.Put) when shapes[0].Length == 2 && graph.Opset >= 16 => new Expression(graph, graph.Add("ScatterElements",
            [graph.Add("Expand", [graph.Number(0), graph.Sizes(output)]), x[1].Name, x[0].Name], ("axis", 1L), ("reduction", "add"))),
        _ => null,
    };

    private static Expression LogSumExp(Expression x)
    {
        // With an infinite maximum the differences would be NaN.
        Expression largest = x.Reduce("ReduceMax", 1);
        Expression finite = (largest.Call("Abs") <= double.MaxValue).Choose(largest, 0);
        return (x - finite).Call("Exp").Reduce("ReduceSum", 1).Call("Log") + finite;
    }

    /// <summary>The sum of squared deviations from the mean.</summary>
    private static Expression Variance(Expression x)
    {
        Expression deviations = x - x.Reduce("ReduceMean", 1);
        return (deviations * deviations).Reduce("ReduceSum", 1);
    }

    private static Expression Norm(Expression x, double order)
    {
        Expression a = x.Call("Abs");
        return order switch
        {
            0 => (!a.EqualTo(0)).AsNumbers().Reduce("ReduceSum", 1),
            1 => a.Reduce("ReduceSum", 1),
            double.PositiveInfinity => a.Reduce("ReduceMax", 1),
            double.NegativeInfinity => a.Reduce("ReduceMin", 1),
            _ => Powered(a, order),
        };
    }

    /// <summary>The norm of the elements over the largest of them, whose powers do not leave the range.</summary>
    private static Expression Powered(Expression a, double order)
    {
        Expression largest = a.Reduce("ReduceMax", 1);
        Expression scale = largest.EqualTo(0).Choose(1, largest);
        Expression sum = (order == 2 ? (a / scale) * (a / scale) : (a / scale).With("Pow", a.Number(order))).Reduce("ReduceSum", 1);
        return largest * (order == 2 ? sum.Call("Sqrt") : sum.With("Pow", sum.Number(1 / order)));
    }

    private static Expression Centered(Expression x, Standardization<T> how) => how.IsCentered ? x - x.Reduce("ReduceMean", 1) : x;

    private static Expression Deviation(Expression centered, Standardization<T> how) => ((centered * centered).Reduce("ReduceMean", 1) + N(how.Epsilon)).Call("Sqrt");

    private Expression LogCumSumExp(Expression x, bool reverse, int rank)
    {
        Expression largest = x.Reduce("ReduceMax", rank - 1);
        string sums = graph.Add("CumSum", [(x - largest).Call("Exp").Name, graph.IntegersOf([rank - 1])], ("reverse", reverse ? 1L : 0L));
        return new Expression(graph, sums).Call("Log") + largest;
    }

    private static Expression Product(Expression x, Expression y, int xRank, int yRank, Transposition transposed)
    {
        if (xRank == 2 && yRank == 2 && (transposed.OfX || transposed.OfY))
        {
            return x.With("Gemm", y, ("transA", transposed.OfX ? 1L : 0L), ("transB", transposed.OfY ? 1L : 0L));
        }

        return (transposed.OfX ? LastAxesExchanged(x, xRank) : x).With("MatMul", transposed.OfY ? LastAxesExchanged(y, yRank) : y);
    }

    private static Expression LastAxesExchanged(Expression x, int rank)
    {
        long[] order = [.. Enumerable.Range(0, rank)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return x.Call("Transpose", ("perm", order));
    }

    private static bool HasNoBatch(ConvolutionForm<T> form, int slot, Size[][] shapes) =>
        shapes[0].Length == form.Shape((slot + 1) % 3).Length && shapes[1].Length == form.Shape((slot + 2) % 3).Length && (slot != 2 || form.Convolution.Groups == 1);

    private Expression Convolution(ConvolutionForm<T> form, int slot, Expression[] x)
    {
        int axes = form.Shape(2).Length - 2;
        int[] extents = form.Shape(1)[^axes..], counts = form.Shape(0)[^axes..], window = form.Shape(2)[^axes..];
        (int[] stride, int[] dilation, int[] padding) = form.Convolution.Windows.Along(axes);
        (string, object)[] attributes =
        [
            ("dilations", Longs(dilation)), ("group", (long)form.Convolution.Groups), ("kernel_shape", Longs(window)), ("pads", (long[])[.. Longs(padding), .. Longs(padding)]), ("strides", Longs(stride)),
        ];
        switch (slot)
        {
            case 0:
                return x[0].With("Conv", x[1], attributes);
            case 1:
                long[] more = new long[axes];
                for (int i = 0; i < axes; i++)
                {
                    more[i] = extents[i] - ((((counts[i] - 1L) * stride[i]) + ((window[i] - 1L) * dilation[i]) + 1) - (2L * padding[i]));
                }

                return x[1].With("ConvTranspose", x[0], [.. attributes, ("output_padding", more)]);
            default:
                // The gradient by the kernel convolves inputs with cotangents: samples are summed as channels are elsewhere, and stride and dilation trade places.
                long[] after = new long[axes];
                for (int i = 0; i < axes; i++)
                {
                    after[i] = Math.Max(0, ((window[i] - 1L) * dilation[i]) + ((counts[i] - 1L) * stride[i]) + 1 - extents[i] - padding[i]);
                }

                long[] exchanged = [1, 0, .. Enumerable.Range(2, axes)];
                string product = x[1].Call("Transpose", ("perm", exchanged)).With("Conv", x[0].Call("Transpose", ("perm", exchanged)), ("dilations", Longs(stride)), ("group", 1L),
                    ("kernel_shape", Longs(counts)), ("pads", (long[])[.. Longs(padding), .. after]), ("strides", Longs(dilation))).Name;
                string kept = graph.Add("Slice", [product, graph.Integers(new long[axes]), graph.Integers(Longs(window)), graph.Integers([.. Enumerable.Range(2, axes)])]);
                return new Expression(graph, kept).Call("Transpose", ("perm", exchanged));
        }
    }

    private Expression Attention(AttentionForm<T> form, Expression[] x)
    {
        Attention.Extents e = form.Extents;
        int queries = e.Queries * e.Width;
        int keys = queries + (e.Keys * e.Width);
        Expression q = Part(x[0], 0, queries, e.Queries, e.Width);
        Expression k = Part(x[0], queries, keys, e.Keys, e.Width);
        Expression v = Part(x[0], keys, keys + (e.Keys * e.ValueWidth), e.Keys, e.ValueWidth);
        Expression scores = q.With("MatMul", LastAxesExchanged(k, 3)) * N(form.Scale);
        scores = form.BiasAt == 0 ? scores : scores + x[form.BiasAt];
        if (form.MaskAt == 0)
        {
            return scores.Call("Softmax", ("axis", 2L)).With("MatMul", v);
        }

        // Rows without any weight have scores of 0, and no part in the result.
        Expression mask = x[form.MaskAt];
        Expression any = mask.Reduce("ReduceSum", -1) > 0;
        Expression weights = mask.Choose(scores, any.Choose(double.NegativeInfinity, 0)).Call("Softmax", ("axis", 2L));
        return any.Choose(weights, 0).With("MatMul", v);
    }

    private Expression Part(Expression packed, int start, int end, int rows, int columns)
    {
        string part = graph.Add("Slice", [packed.Name, graph.Integers(start), graph.Integers(end), graph.Integers(1)]);
        return new Expression(graph, graph.Add("Reshape", [part, graph.Integers(-1, rows, columns)]));
    }

    /// <summary>The places of the largest elements of windows: their numbers within the windows, looked up in a table of places. What a window lacks repeats its first place.</summary>
    private Expression Winners(AxisWindows[] windows, Expression x)
    {
        var table = new List<List<long>>();
        foreach (int d in Enumerable.Range(0, windows[0].Count))
        {
            foreach (int h in Enumerable.Range(0, windows[1].Count))
            {
                foreach (int w in Enumerable.Range(0, windows[2].Count))
                {
                    table.Add([.. from i in Steps(windows[0], d) from j in Steps(windows[1], h) from k in Steps(windows[2], w) select (((i * windows[1].Extent) + j) * (long)windows[2].Extent) + k]);
                }
            }
        }

        int most = table.Max(static window => window.Count);
        long[] flat = [.. table.SelectMany(window => window.Concat(Enumerable.Repeat(window[0], most - window.Count)))];
        string gathered = graph.Add("Gather", [x.Name, graph.IntegersOf(flat, table.Count, most)], ("axis", 1L));
        string number = graph.Add("ArgMax", [gathered], ("axis", 2L), ("keepdims", 0L));
        string place = graph.Add("Add", [number, graph.Integers([.. Enumerable.Range(0, table.Count).Select(i => (long)i * most)])]);
        string winners = graph.Add("Gather", [graph.Integers(flat), place], ("axis", 0L));
        return new Expression(graph, winners);

        static IEnumerable<int> Steps(AxisWindows axis, int window)
        {
            for (int i = axis.Begin[window]; i < axis.End[window]; i += axis.Step)
            {
                yield return i;
            }
        }
    }

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, static n => (long)n);

    private static double N(T c) => double.CreateTruncating(c);
}
