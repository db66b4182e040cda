using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Onnx;

/// <summary>A model that was read: a function of tensors, made of the operations of the library, so that it can be differentiated, compiled, and written again. It may be used by several threads at once.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class OnnxModel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OnnxModelFile model;
    private readonly Dictionary<string, Item<T>> constants = [];
    private readonly Dictionary<string, int> lastUse = [];

    internal OnnxModel(OnnxModelFile model)
    {
        this.model = model;
        (Name, Opset, Producer) = (model.Name, (int)model.Opset, model.Producer);
        InputNames = [.. model.Inputs.Select(static x => x.Name)];
        OutputNames = [.. model.Outputs.Select(static y => y.Name)];
        foreach (OnnxTensor constant in model.Constants)
        {
            constants[constant.Name] = ToItem(constant);
        }

        CheckNodes();
    }

    /// <summary>The name of the graph.</summary>
    public string Name { get; }

    /// <summary>The program that wrote the model.</summary>
    public string Producer { get; }

    /// <summary>The version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>The names of the inputs, in order.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The names of the results, in order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>The names of the constants: the weights of a network, and whatever else the model holds.</summary>
    public IReadOnlyList<string> ConstantNames => [.. model.Constants.Where(static c => c.Type is OnnxType.Float or OnnxType.Double).Select(static c => c.Name)];

    /// <summary>The value of a constant: where a fit of it begins.</summary>
    /// <param name="name">The name.</param>
    /// <returns>A constant tensor.</returns>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    /// <exception cref="ArgumentException">There is no such constant of numbers.</exception>
    public Tensor<T> Constant(string name) => constants.TryGetValue(Errors.NotNull(name, nameof(Constant), nameof(name)), out Item<T> item) && item.Numbers is { } numbers ? numbers
        : throw Errors.Argument(nameof(Constant), nameof(name), $"there is no constant '{name}'", "one of ConstantNames", "check the name");

    /// <summary>The result of a model with one input and one result.</summary>
    /// <param name="x">The input. If it is recorded, so is the result.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OnnxException">The model cannot be run at this input.</exception>
    /// <exception cref="ArgumentException">The model has more inputs or results.</exception>
    public Tensor<T> Invoke(Tensor<T> x)
    {
        Tensor<T>[] results = Invoke([x], null);
        return results.Length == 1 ? results[0]
            : throw Errors.Argument(nameof(Invoke), nameof(x), $"the model has {results.Length} results", "one result", "give the input as an array: the results are an array then");
    }

    /// <summary>The results of the model.</summary>
    /// <param name="xs">The inputs, in the order of <see cref="InputNames"/>.</param>
    /// <returns>The results, in order.</returns>
    /// <exception cref="OnnxException">The model cannot be run at these inputs.</exception>
    /// <exception cref="ArgumentException">The number of inputs is not that of the model.</exception>
    public Tensor<T>[] Invoke(params Tensor<T>[] xs) => Invoke(xs, null);

    /// <summary>The results of the model with some of its constants replaced, so that they can be fitted.</summary>
    /// <param name="xs">The inputs, in the order of <see cref="InputNames"/>.</param>
    /// <param name="parameters">Constants by their names, in the shapes of the model's; none are replaced by default.</param>
    /// <returns>The results, in order.</returns>
    /// <exception cref="ArgumentNullException">xs or parameters is null.</exception>
    /// <exception cref="OnnxException">The model cannot be run at these inputs.</exception>
    /// <exception cref="ArgumentException">The number of inputs is not that of the model, or there is no such constant.</exception>
    public Tensor<T>[] Invoke(Tensor<T>[] xs, IReadOnlyDictionary<string, Tensor<T>>? parameters)
    {
        Errors.NotNull(xs, nameof(Invoke), nameof(xs));
        if (xs.Length != model.Inputs.Count)
        {
            throw Errors.Argument(nameof(Invoke), nameof(xs), $"{xs.Length} inputs were given", $"{model.Inputs.Count}: {string.Join(", ", InputNames)}", "give one tensor for each input");
        }

        var values = new Dictionary<string, Item<T>>(constants);
        foreach ((string name, Tensor<T> value) in parameters ?? new Dictionary<string, Tensor<T>>())
        {
            if (!Errors.NotNull(value, nameof(Invoke), nameof(parameters)).Shape.SequenceEqual(Constant(name).Shape))
            {
                throw Errors.Shape(nameof(Invoke), $"the constant '{name}' has shape {Shapes.Format(value.Shape)}", Shapes.Format(Constant(name).Shape), "give it in the shape of the model's");
            }

            values[name] = value;
        }

        for (int i = 0; i < xs.Length; i++)
        {
            values[model.Inputs[i].Name] = InputOf(model.Inputs[i], Errors.NotNull(xs[i], nameof(Invoke), nameof(xs)));
        }

        for (int i = 0; i < model.Nodes.Count; i++)
        {
            Run(model.Nodes[i], values);
            foreach (string name in model.Nodes[i].Inputs)
            {
                if (lastUse.GetValueOrDefault(name, -1) == i)
                {
                    values.Remove(name);
                }
            }
        }

        return [.. model.Outputs.Select(output => values.TryGetValue(output.Name, out Item<T> item) ? item.Numbers ?? Tensor.Create<T>([.. item.Integers!.Values.Select(T.CreateChecked)], item.Shape)
            : throw new OnnxException($"Invoke: nothing computes the result '{output.Name}'. Expected a node for each result. To fix it, check the model."))];
    }

    private void Run(OnnxNode node, Dictionary<string, Item<T>> values)
    {
        var inputs = new Item<T>?[node.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Inputs[i].Length == 0 ? (Item<T>?)null
                : values.TryGetValue(node.Inputs[i], out Item<T> item) ? item
                : throw new OnnxException($"Invoke: nothing before it computes '{node.Inputs[i]}', an input of {node.Type}. Expected nodes in the order of evaluation. To fix it, check the model.");
        }

        Item<T>[] outputs;
        try
        {
            outputs = NodeOperations<T>.Run(new NodeContext<T>(node, inputs, model.Opset));
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or InvalidCastException)
        {
            throw new OnnxException($"{node.Type}: the node of '{node.Outputs.FirstOrDefault()}' cannot be run at these inputs: {exception.Message}", exception);
        }

        for (int i = 0; i < node.Outputs.Length; i++)
        {
            if (node.Outputs[i].Length > 0)
            {
                values[node.Outputs[i]] = i < outputs.Length ? outputs[i] : throw OnnxException.OfOperation(node.Type, $"result {i} is asked for", "leave it out");
            }
        }
    }

    /// <summary>An operation that is not known is told when the model is read. What nobody reads any more is let go of.</summary>
    private void CheckNodes()
    {
        var outputs = new HashSet<string>(OutputNames);
        for (int i = 0; i < model.Nodes.Count; i++)
        {
            OnnxNode node = model.Nodes[i];
            if (node.Domain is not ("" or "ai.onnx") || !NodeOperations<T>.IsKnown(node.Type))
            {
                throw OnnxException.OfOperation(node.Domain.Length > 0 ? $"{node.Domain}.{node.Type}" : node.Type, "the operation is not known here", "convert the model, or run it in ONNX Runtime");
            }

            foreach (string name in node.Inputs.Where(name => !outputs.Contains(name)))
            {
                lastUse[name] = i;
            }
        }
    }

    private static Item<T> InputOf(OnnxValue input, Tensor<T> x)
    {
        if (input.Type is OnnxType.Int64 or OnnxType.Int32)
        {
            return new IntegerArray([.. x.ToArray().Select(long.CreateChecked)], x.Dimensions);
        }

        bool fits = input.Shape.Length == x.Rank || input.Shape.Length == 0;
        for (int axis = 0; fits && axis < input.Shape.Length; axis++)
        {
            fits = input.Shape[axis].Name is not null || input.Shape[axis].Length == x.Shape[axis];
        }

        return fits ? x : throw Errors.Shape(nameof(Invoke), $"the input '{input.Name}' has shape {Shapes.Format(x.Shape)}",
            $"[{string.Join(", ", input.Shape.Select(static axis => axis.Name ?? axis.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]", "reshape it");
    }

    internal static Item<T> ToItem(OnnxTensor constant)
    {
        int[] shape = Array.ConvertAll(constant.Shape, static n => checked((int)n));
        return constant.Type switch
        {
            OnnxType.Int64 => new IntegerArray(MemoryMarshal.Cast<byte, long>(constant.Data).ToArray(), shape),
            OnnxType.Int32 => new IntegerArray([.. MemoryMarshal.Cast<byte, int>(constant.Data).ToArray().Select(static i => (long)i)], shape),
            OnnxType.Bool => Tensor.Create<T>([.. constant.Data.Select(static b => b == 0 ? T.Zero : T.One)], shape),
            OnnxType.Double => Tensor.Create<T>([.. MemoryMarshal.Cast<byte, double>(constant.Data).ToArray().Select(T.CreateTruncating)], shape),
            _ => Tensor.Create<T>([.. MemoryMarshal.Cast<byte, float>(constant.Data).ToArray().Select(T.CreateTruncating)], shape),
        };
    }
}
