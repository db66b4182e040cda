using System.Text;

namespace AutoDiff.Onnx;

/// <summary>A model as bytes. The numbers of the fields are those of onnx.proto.</summary>
internal static class OnnxModelWriter
{
    public static byte[] Write(OnnxModelFile model)
    {
        var writer = new ProtobufWriter();
        // Versions of the format by operator set, as in the table of onnx/helper.py.
        writer.Integer(1, model.Opset switch { <= 14 => 7, <= 18 => 8, <= 20 => 9, <= 22 => 10, _ => 11 });
        writer.Text(2, model.Producer);
        writer.Message(7, graph => Graph(graph, model));
        writer.Message(8, opset =>
        {
            opset.Text(1, "");
            opset.Integer(2, model.Opset);
        });
        return writer.Written.ToArray();
    }

    private static void Graph(ProtobufWriter writer, OnnxModelFile model)
    {
        foreach (OnnxNode node in model.Nodes)
        {
            writer.Message(1, to => Node(to, node));
        }

        writer.Text(2, model.Name);
        foreach (OnnxTensor constant in model.Constants)
        {
            writer.Message(5, to => Tensor(to, constant));
        }

        foreach (OnnxValue input in model.Inputs)
        {
            writer.Message(11, to => Value(to, input));
        }

        foreach (OnnxValue output in model.Outputs)
        {
            writer.Message(12, to => Value(to, output));
        }
    }

    private static void Node(ProtobufWriter writer, OnnxNode node)
    {
        foreach (string input in node.Inputs)
        {
            writer.Text(1, input);
        }

        foreach (string output in node.Outputs)
        {
            writer.Text(2, output);
        }

        writer.Text(4, node.Type);
        foreach ((string name, object value) in node.Attributes)
        {
            writer.Message(5, to => Attribute(to, name, value));
        }
    }

    private static void Attribute(ProtobufWriter writer, string name, object value)
    {
        writer.Text(1, name);
        switch (value)
        {
            case float number:
                writer.Float(2, number);
                writer.Integer(20, 1);
                break;
            case long number:
                writer.Integer(3, number);
                writer.Integer(20, 2);
                break;
            case string text:
                writer.Bytes(4, Encoding.UTF8.GetBytes(text));
                writer.Integer(20, 3);
                break;
            case long[] numbers:
                foreach (long number in numbers)
                {
                    writer.Integer(8, number);
                }

                writer.Integer(20, 7);
                break;
            default:
                throw new InvalidOperationException($"An attribute of type {value.GetType()} is not written.");
        }
    }

    private static void Tensor(ProtobufWriter writer, OnnxTensor tensor)
    {
        foreach (long extent in tensor.Shape)
        {
            writer.Integer(1, extent);
        }

        writer.Integer(2, (long)tensor.Type);
        writer.Text(8, tensor.Name);
        writer.Bytes(9, tensor.Data);
    }

    private static void Value(ProtobufWriter writer, OnnxValue value)
    {
        writer.Text(1, value.Name);
        writer.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, (long)value.Type);
            tensor.Message(2, shape =>
            {
                foreach ((long length, string? name) in value.Shape)
                {
                    shape.Message(1, axis =>
                    {
                        if (name is null)
                        {
                            axis.Integer(1, length);
                        }
                        else
                        {
                            axis.Text(2, name);
                        }
                    });
                }
            });
        }));
    }
}
