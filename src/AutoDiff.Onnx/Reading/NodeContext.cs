using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>A node with the values of its inputs: what the operations of the reader see.</summary>
internal readonly ref struct NodeContext<T>(OnnxNode node, Item<T>?[] inputs, long opset) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public OnnxNode Node => node;

    public string Type => node.Type;

    public long Opset => opset;

    public int Count => inputs.Length;

    /// <summary>The first input, as numbers.</summary>
    public Tensor<T> X => Numbers(0);

    /// <summary>The second input, as numbers.</summary>
    public Tensor<T> Y => Numbers(1);

    public bool Has(int i) => i < inputs.Length && inputs[i] is not null;

    public Item<T> this[int i] => Has(i) ? inputs[i]!.Value : throw Wrong($"input {i} is missing");

    /// <summary>An input as numbers; integers are converted.</summary>
    public Tensor<T> Numbers(int i) => this[i] is { Numbers: { } numbers } ? numbers
        : this[i].Integers is { } integers ? Tensor.Create<T>([.. integers.Values.Select(T.CreateChecked)], integers.Shape) : throw Wrong($"input {i} has no numbers");

    /// <summary>Numbers that may be left out.</summary>
    public Tensor<T>? Optional(int i) => Has(i) ? Numbers(i) : null;

    /// <summary>An input as integers.</summary>
    public long[] Integers(int i) => this[i].Integers?.Values ?? throw Wrong($"input {i} is no list of integers that is known before the model runs");

    /// <summary>Integers from an attribute, or from an input, where later operator sets have them; null where neither is given.</summary>
    public long[]? IntegersOf(string attribute, int input) => node[attribute] is long[] values ? values : Has(input) ? Integers(input) : null;

    public long Integer(string attribute, long otherwise = 0) => node[attribute] is long value ? value : otherwise;

    public double Number(string attribute, double otherwise) => node[attribute] is float value ? value : otherwise;

    public string Text(string attribute, string otherwise) => node[attribute] as string ?? otherwise;

    public int[]? List(string attribute) => node[attribute] is long[] values ? Array.ConvertAll(values, static v => checked((int)v)) : null;

    /// <summary>An axis that may be counted from the end.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Wrong($"there is no axis {axis} of {rank}");

    public OnnxException Wrong(string what) => OnnxException.OfOperation(node.Type, $"{what} (node of '{node.Outputs.FirstOrDefault()}')", "check the model with the checker of the onnx package");

    public OnnxException Unsupported(string what) => OnnxException.OfOperation(node.Type, $"{what} is not known here (node of '{node.Outputs.FirstOrDefault()}')", "convert the model, or run it in ONNX Runtime");
}
