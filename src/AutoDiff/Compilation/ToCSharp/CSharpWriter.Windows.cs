using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Windows that slide over spatial axes: convolutions, pooling, averages; attention, a row of scores at a time.</content>
internal sealed partial class CSharpWriter<T>
{
    private CSharpPlace? OfWindows(Value<T> value, CSharpPlace[] xs) => value.Record!.Parameters switch
    {
        OpenSlot<T> { Form: ConvolutionForm<T> form, Slot: var slot } => Convolution(value, form, slot, xs),
        AxisWindows[] windows => Winners(value, windows, xs[0]),
        PlacesUse.Put => Whole(value, "PutWinners", xs[0], xs[1], value.Operands[0].Shape[^1], value.Shape[^1]),
        PlacesUse use => Whole(value, "PickWinners", xs[0], xs[1], value.Operands[0].Shape[^1], value.Shape[^1], use == PlacesUse.Pick ? "double.NegativeInfinity" : "0.0"),
        AttentionForm<T> form => Attention(value, form, xs),
        _ => null,
    };

    /// <summary>A call of a method with whole operands, other arguments, and the result.</summary>
    private CSharpPlace Whole(Value<T> value, string method, params ReadOnlySpan<object> arguments)
    {
        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length > 0)
        {
            var texts = new List<string>();
            foreach (object argument in arguments)
            {
                texts.Add(argument is CSharpPlace place ? (place.Length == 0 ? Nothing : InArray(place).Slice("0", place.Length)) : argument is bool flag ? Flag(flag) : FormattableString.Invariant($"{argument}"));
            }

            code.Add($"{helpers.Use(method)}({string.Join(", ", texts)}, {result.Slice("0", value.Length)});");
        }

        return result;
    }

    private const string Nothing = "ReadOnlySpan<double>.Empty";

    private CSharpPlace Convolution(Value<T> value, ConvolutionForm<T> form, int slot, CSharpPlace[] xs)
    {
        // A gradient of the input that is a convolution itself is written as one.
        Convolution? mirror = slot == 1 ? form.Convolution.MirrorOf<T>() : null;
        Convolution convolution = mirror ?? form.Convolution;
        (int samples, int groups, int channels, int outputs) = convolution.Extents;
        (int rows, int rowPart, int height) = convolution.BlockOf<T>();
        int own = Shapes.Length(form.Shape(slot)), first = Shapes.Length(form.Shape((slot + 1) % 3)), second = Shapes.Length(form.Shape((slot + 2) % 3));
        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length == 0)
        {
            return result;
        }

        string table = code.Table([samples, groups, channels, outputs, rows, rowPart, height, .. convolution.Windows.Geometry]);
        (CSharpPlace x, CSharpPlace y) = (InArray(xs[0]), InArray(xs[1]));
        (string left, string right, string to) = (Operand(x, first), Operand(y, second), result.Slice($"i * {own}", own));
        string call = slot switch
        {
            0 => $"{helpers.Use("Convolve")}({left}, {right}, {table}",
            1 when mirror is not null => $"{helpers.Use("Convolve")}({right}, {helpers.Use("MirroredKernels")}({left}, {table}), {table}",
            1 => $"{helpers.Use("ConvolveBack")}({left}, {right}, {table}, {Flag(convolution.Windows.ArePlaces)}",
            _ => $"{helpers.Use("ConvolveKernels")}({left}, {right}, {table}, {convolution.PartsOfKernel(Math.Max(own, 1))}",
        };
        Each(value.Length / own, $"{call}, {to});");
        return result;

        static string Operand(CSharpPlace operand, int length) => length == 0 ? Nothing : operand.Slice(operand.Length == length ? "0" : $"i * {length}", length);
    }

    private CSharpPlace Winners(Value<T> value, AxisWindows[] windows, CSharpPlace x)
    {
        int[] lengths = [.. windows.Select(static axis => axis.Extent), .. windows.Select(static axis => axis.Count), .. windows.Select(static axis => axis.Step)];
        return Whole(value, "PlacesOfWinners", x, code.Table(lengths), code.Table([.. windows.SelectMany(static axis => axis.Begin)]), code.Table([.. windows.SelectMany(static axis => axis.End)]));
    }

    /// <summary>Weights along one axis after the other.</summary>
    private CSharpPlace Separable(Value<T> value, SeparableMap<T> map, int batch, CSharpPlace x)
    {
        int[] shape = [.. map.From];
        int lead = shape.Length - map.Axes.Length;
        CSharpPlace result = x;
        foreach (int k in map.Order)
        {
            AxisWeights<T> axis = map.Axes[k];
            int outer = batch * Shapes.Length(shape.AsSpan(0, lead + k)), inner = Shapes.Length(shape.AsSpan(lead + k + 1));
            int[][] rows = [.. Enumerable.Range(0, axis.To).Select(i => axis.Row(i).ToArray())];
            if (rows.Sum(static row => (long)row.Length) > LargestTable)
            {
                throw Refused(value.Record!);
            }

            shape[lead + k] = axis.To;
            CSharpPlace source = InArray(result);
            result = code.Allocate(outer * axis.To * inner);
            if (result.Length == 0)
            {
                continue;
            }

            int[] starts = [0, .. rows.Select((_, i) => rows[..(i + 1)].Sum(static row => row.Length))];
            string columns = code.Table([.. rows.SelectMany(static row => row)]);
            string weights = code.Table(Enumerable.Range(0, axis.To).SelectMany(axis.WeightsOf).Select(static weight => CSharpText.Literal(double.CreateTruncating(weight))));
            string from = source.Length == 0 ? Nothing : source.Slice("0", source.Length);
            code.Add($"{helpers.Use("WeighAlongAxis")}({from}, {axis.From}, {inner}, {code.Table(starts)}, {columns}, {weights}, {result.Slice("0", result.Length)});");
        }

        return result;
    }

    private CSharpPlace Attention(Value<T> value, AttentionForm<T> form, CSharpPlace[] xs)
    {
        Attention.Extents e = form.Extents;
        bool isGradient = value.Record!.Name == "AttentionGradient";
        int scores = e.Queries * e.Keys, ofY = e.Queries * e.ValueWidth, own = isGradient ? e.Packed : ofY;
        CSharpPlace packed = InArray(xs[isGradient ? 1 : 0]), result = code.Allocate(value.Length);
        if (value.Length == 0 || packed.Length == 0)
        {
            throw Refused(value.Record);
        }

        string[] arguments =
        [
            .. isGradient ? (string[])[InArray(xs[0]).Slice($"i * {ofY}", ofY)] : [], packed.Slice($"i * {e.Packed}", e.Packed), Matrix(form.MaskAt), Matrix(form.BiasAt),
            CSharpText.Literal(e.Queries), CSharpText.Literal(e.Keys), CSharpText.Literal(e.Width), CSharpText.Literal(e.ValueWidth), CSharpText.Literal(e.BlockRows), ScalarCode.N(double.CreateTruncating(form.Scale)),
        ];
        Each(e.Batch, $"{helpers.Use(isGradient ? "AttendBack" : "Attend")}({string.Join(", ", arguments)}, {result.Slice($"i * {own}", own)});");
        return result;

        string Matrix(int at) => at == 0 || xs[at].Length == 0 ? Nothing : InArray(xs[at]).Slice(xs[at].Length == scores ? "0" : $"i * {scores}", scores);
    }
}
