using System.Runtime.InteropServices;

namespace AutoDiff.Onnx;

/// <summary>A model from bytes. Fields that do not matter for running it are passed over.</summary>
internal static class OnnxModelReader
{
    public static OnnxModelFile Read(ReadOnlySpan<byte> bytes)
    {
        var model = new OnnxModelFile();
        var reader = new ProtobufReader(bytes);
        bool hasGraph = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    model.Producer = reader.Text();
                    break;
                case 7:
                    Graph(reader.Bytes(), model);
                    hasGraph = true;
                    break;
                case 8:
                    OperatorSet(reader.Bytes(), model);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return hasGraph && model.Opset > 0 ? model : throw Missing(hasGraph ? "an operator set" : "a graph");
    }

    private static void OperatorSet(ReadOnlySpan<byte> bytes, OnnxModelFile model)
    {
        var reader = new ProtobufReader(bytes);
        (string domain, long version) = ("", 0);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        model.Opset = domain is "" or "ai.onnx" ? version : model.Opset;
    }

    private static void Graph(ReadOnlySpan<byte> bytes, OnnxModelFile model)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    model.Nodes.Add(Node(reader.Bytes()));
                    break;
                case 2:
                    model.Name = reader.Text();
                    break;
                case 5:
                    model.Constants.Add(Tensor(reader.Bytes()));
                    break;
                case 11:
                    model.Inputs.Add(Value(reader.Bytes()));
                    break;
                case 12:
                    model.Outputs.Add(Value(reader.Bytes()));
                    break;
                case 15:
                    throw new OnnxException("Read: the model has sparse constants. Expected dense ones. To fix it, write the model without sparse initializers.");
                default:
                    reader.Skip();
                    break;
            }
        }

        // Files of old list constants among the inputs as well.
        model.Inputs.RemoveAll(input => model.Constants.Exists(constant => constant.Name == input.Name));
    }

    private static OnnxNode Node(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var (inputs, outputs, attributes) = (new List<string>(), new List<string>(), new List<(string, object)>());
        (string type, string domain) = ("", "");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(reader.Text());
                    break;
                case 2:
                    outputs.Add(reader.Text());
                    break;
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    attributes.Add(Attribute(reader.Bytes()));
                    break;
                case 7:
                    domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxNode(type, [.. inputs], [.. outputs], [.. attributes]) { Domain = domain };
    }

    private static (string Name, object Value) Attribute(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        string name = "";
        object value = 0L;
        var (integers, floats) = (new List<long>(), new List<float>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    value = reader.Float();
                    break;
                case 3:
                    value = reader.Integer();
                    break;
                case 4:
                    value = reader.Text();
                    break;
                case 5:
                    value = Tensor(reader.Bytes());
                    break;
                case 7:
                    reader.Floats(floats);
                    value = floats;
                    break;
                case 8:
                    reader.Integers(integers);
                    value = integers;
                    break;
                case 20:
                    // An empty list has a type alone.
                    value = reader.Integer() switch { 7 when value is 0L => integers, 6 when value is 0L => floats, _ => value };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (name, value switch { List<long> list => list.ToArray(), List<float> list => list.ToArray(), _ => value });
    }

    private static OnnxTensor Tensor(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var (shape, integers, floats, doubles) = (new List<long>(), new List<long>(), new List<float>(), new List<double>());
        (string name, OnnxType type, byte[]? raw) = ("", 0, null);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Integers(shape);
                    break;
                case 2:
                    type = (OnnxType)reader.Integer();
                    break;
                case 4:
                    reader.Floats(floats);
                    break;
                case 5 or 7:
                    reader.Integers(integers);
                    break;
                case 8:
                    name = reader.Text();
                    break;
                case 9:
                    raw = reader.Bytes().ToArray();
                    break;
                case 10:
                    reader.Doubles(doubles);
                    break;
                case 14 when reader.Integer() == 0:
                    break;
                case 13 or 14:
                    throw new OnnxException("Read: the model keeps constants in other files. Expected all of them in the file. To fix it, write the model without external data.");
                default:
                    reader.Skip();
                    break;
            }
        }

        raw ??= type switch
        {
            OnnxType.Float => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(floats)).ToArray(),
            OnnxType.Double => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(doubles)).ToArray(),
            OnnxType.Int64 => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(integers)).ToArray(),
            OnnxType.Int32 => MemoryMarshal.AsBytes<int>(integers.ConvertAll(static i => (int)i).ToArray()).ToArray(),
            OnnxType.Bool => integers.ConvertAll(static i => (byte)(i == 0 ? 0 : 1)).ToArray(),
            _ => [],
        };
        long length = 1;
        foreach (long extent in shape)
        {
            length = extent >= 0 && length <= int.MaxValue ? length * Math.Min(extent, int.MaxValue) : -1;
        }

        int size = type switch { OnnxType.Float or OnnxType.Int32 => 4, OnnxType.Double or OnnxType.Int64 => 8, OnnxType.Bool => 1, _ => 0 };
        return size == 0 ? throw new OnnxException($"Read: the constant '{name}' has elements of type {(int)type}. Expected numbers in single or double precision, integers or truth values. To fix it, convert the model.")
            : length < 0 || length * size != raw.Length ? throw new OnnxException($"Read: the constant '{name}' has {raw.Length} bytes for the shape [{string.Join(", ", shape)}]. Expected one element for each place. To fix it, write the file again.")
            : new OnnxTensor(name, type, [.. shape], raw);
    }

    private static OnnxValue Value(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        (string name, OnnxType type) = ("", 0);
        var axes = new List<(long, string?)>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    type = TensorType(reader.Bytes(), axes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxValue(name, type, [.. axes]);
    }

    private static OnnxType TensorType(ReadOnlySpan<byte> bytes, List<(long, string?)> axes)
    {
        var reader = new ProtobufReader(bytes);
        OnnxType type = 0;
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var tensor = new ProtobufReader(reader.Bytes());
            while (tensor.Next())
            {
                switch (tensor.Field)
                {
                    case 1:
                        type = (OnnxType)tensor.Integer();
                        break;
                    case 2:
                        Shape(tensor.Bytes(), axes);
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }

        return type;
    }

    private static void Shape(ReadOnlySpan<byte> bytes, List<(long, string?)> axes)
    {
        var shape = new ProtobufReader(bytes);
        while (shape.Next())
        {
            if (shape.Field != 1)
            {
                shape.Skip();
                continue;
            }

            var axis = new ProtobufReader(shape.Bytes());
            (long Length, string? Name) extent = (0, "?");
            while (axis.Next())
            {
                switch (axis.Field)
                {
                    case 1:
                        extent = (axis.Integer(), null);
                        break;
                    case 2:
                        extent = (0, axis.Text());
                        break;
                    default:
                        axis.Skip();
                        break;
                }
            }

            axes.Add(extent);
        }
    }

    private static OnnxException Missing(string what) => new($"Read: the file has no {what[(what.IndexOf(' ') + 1)..]}. Expected an ONNX model. To fix it, write the file again.");
}
