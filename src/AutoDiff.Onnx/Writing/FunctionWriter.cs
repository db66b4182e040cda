using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>Records a function, once or at two lengths of the batch, and makes a model of it.</summary>
internal static class FunctionWriter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The lengths at which a function is recorded whose batch is free: primes, which other lengths of a shape seldom are.</summary>
    private const int FirstLength = 13, SecondLength = 17;

    public static OnnxModelFile Write(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, OnnxOptions options)
    {
        if (options.Opset is < OnnxOptions.LeastOpset or > OnnxOptions.GreatestOpset)
        {
            throw Errors.Argument(nameof(Write), nameof(options), $"the operator set is {options.Opset}", $"one from {OnnxOptions.LeastOpset} to {OnnxOptions.GreatestOpset}", "choose another one");
        }

        string[] inputs = Names(options.InputNames, example.Length, "x", nameof(options.InputNames));
        Tensor<T>[] constants = Array.ConvertAll(example, static x => x.Detach());
        int? freeInput = CheckBatch(constants, options);
        bool free = freeInput is not null;
        CompiledProgram<T> first = Record(f, free ? Resized(constants, options, FirstLength) : constants);
        CompiledProgram<T> second = free ? Record(f, Resized(constants, options, SecondLength)) : first;
        if (first.Outputs.Length != second.Outputs.Length)
        {
            throw BatchLengths.Differs(nameof(Write));
        }

        string[] outputs = Names(options.OutputNames, first.Outputs.Length, "y", nameof(options.OutputNames));
        var model = new OnnxModelFile { Name = options.Name, Producer = "AutoDiff", Opset = options.Opset };
        OnnxType type = typeof(T) == typeof(float) || options.SinglePrecision ? OnnxType.Float : OnnxType.Double;
        var graph = new GraphBuilder(model, type) { Batch = freeInput is { } input ? (inputs[input], options.BatchAxes![input]!.Value) : null };
        foreach (string name in (string[])[.. inputs, .. outputs])
        {
            if (!graph.Reserve(name))
            {
                throw Errors.Argument(nameof(Write), nameof(options), $"two inputs or results have the name '{name}'", "a name for each", "choose other names");
            }
        }

        var lengths = new BatchLengths(FirstLength, free ? SecondLength : null);
        var writer = new ProgramWriter<T>(graph, lengths);
        string[] results = writer.Write(new(first, second), inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            model.Inputs.Add(Describe(inputs[i], first.Inputs[i], second.Inputs[i]));
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            model.Nodes.Add(new OnnxNode("Identity", [results[i]], [outputs[i]], []));
            model.Outputs.Add(Describe(outputs[i], first.Outputs[i], second.Outputs[i]));
        }

        return model;

        OnnxValue Describe(string name, Value<T> a, Value<T> b) => new(name, type, Array.ConvertAll(writer.SizesOf(new(a, b)), static size => size switch
        {
            { IsKnown: true } => (size.Constant, (string?)null),
            { Factor: 1, Constant: 0 } => (0, "batch"),
            _ => (0, $"{size.Factor}*batch{(size.Constant == 0 ? "" : $"{size.Constant:+0;-0}")}"),
        }));
    }

    private static CompiledProgram<T> Record(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] xs)
    {
        try
        {
            return Recorder<T>.Record(f, xs);
        }
        catch (TapeException exception)
        {
            throw new OnnxException($"Write: the function cannot be recorded: {exception.Message}", exception);
        }
    }

    /// <summary>The first input with a free axis, if any.</summary>
    private static int? CheckBatch(Tensor<T>[] example, OnnxOptions options)
    {
        if (options.BatchAxes is not { } axes)
        {
            return null;
        }

        if (axes.Count != example.Length)
        {
            throw Errors.Argument(nameof(Write), nameof(options), $"{axes.Count} batch axes are given for {example.Length} inputs", "one for each input", "give null for inputs without a batch");
        }

        int? found = null;
        for (int i = 0; i < axes.Count; i++)
        {
            if (axes[i] is not { } axis)
            {
                continue;
            }

            if (axis < 0 || axis >= example[i].Rank || example[i].Shape[axis] == 0)
            {
                throw Errors.Argument(nameof(Write), nameof(options), $"the batch axis of input {i} is {axis}, of a tensor of shape {Shapes.Format(example[i].Shape)}", "an axis that is not empty",
                    "name the axis from the front");
            }

            found ??= i;
        }

        return found;
    }

    /// <summary>The example with its rows repeated to another length of the batch.</summary>
    private static Tensor<T>[] Resized(Tensor<T>[] example, OnnxOptions options, int length) =>
        [.. example.Select((x, i) => options.BatchAxes![i] is { } axis ? x.Take([.. Enumerable.Range(0, length).Select(row => row % x.Shape[axis])], axis) : x)];

    private static string[] Names(IReadOnlyList<string>? given, int count, string stem, string option)
    {
        if (given is null)
        {
            return count == 1 ? [stem] : [.. Enumerable.Range(0, count).Select(i => $"{stem}{i}")];
        }

        return given.Count == count && given.All(static name => !string.IsNullOrEmpty(name)) ? [.. given]
            : throw Errors.Argument(nameof(Write), option, $"{given.Count} names are given", $"{count}, none of them empty", "give one name for each");
    }
}
