using System.Runtime.InteropServices;

namespace AutoDiff.Onnx;

/// <summary>The element types of ONNX that are met here (TensorProto.DataType of onnx.proto).</summary>
internal enum OnnxType
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Double = 11,
}

/// <summary>One operation of a graph: values by their names, and attributes, which are a long, a float, a string, a tensor, or arrays of numbers.</summary>
internal sealed record OnnxNode(string Type, string[] Inputs, string[] Outputs, (string Name, object Value)[] Attributes)
{
    public string Domain { get; init; } = "";

    public object? this[string attribute] => Attributes.FirstOrDefault(a => a.Name == attribute).Value;
}

/// <summary>A constant: its elements as little-endian bytes, row-major.</summary>
internal sealed record OnnxTensor(string Name, OnnxType Type, long[] Shape, byte[] Data)
{
    public static OnnxTensor OfIntegers(string name, ReadOnlySpan<long> values, params long[] shape) => new(name, OnnxType.Int64, shape, MemoryMarshal.AsBytes(values).ToArray());
}

/// <summary>An input or a result: a name, a type, and for each axis its length, or a name where it is free.</summary>
internal sealed record OnnxValue(string Name, OnnxType Type, (long Length, string? Name)[] Shape);

/// <summary>A model: one graph, in the order of evaluation.</summary>
internal sealed class OnnxModelFile
{
    public string Name { get; set; } = "";

    public string Producer { get; set; } = "";

    public long Opset { get; set; }

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxTensor> Constants { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];
}
