using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Onnx;

/// <summary>Adds nodes and constants to a model, each with a name of its own. Equal constants are kept once.</summary>
internal sealed class GraphBuilder(OnnxModelFile model, OnnxType numberType)
{
    private readonly Dictionary<string, string> known = [];
    private readonly HashSet<string> names = [];
    private readonly Dictionary<string, int> counts = [];
    private string? batchLength;

    public OnnxModelFile Model => model;

    public OnnxType NumberType => numberType;

    public long Opset => model.Opset;

    /// <summary>The truth values from which numbers were made, by the name of the numbers: nobody needs to make them again.</summary>
    public Dictionary<string, string> Truths { get; } = [];

    /// <summary>Where the length of the batch is read: an input and its axis.</summary>
    public (string Input, int Axis)? Batch { get; set; }

    /// <summary>Takes a name that is given from outside.</summary>
    public bool Reserve(string name) => names.Add(name);

    /// <summary>An operation with one result. Returns the name of the result.</summary>
    public string Add(string type, ReadOnlySpan<string> inputs, params (string, object)[] attributes)
    {
        string output = NewName(type);
        model.Nodes.Add(new OnnxNode(type, inputs.ToArray(), [output], attributes));
        return output;
    }

    /// <summary>The name of a value of one's own, after what it is.</summary>
    public string NewName(string stem)
    {
        string name;
        do
        {
            int count = counts.GetValueOrDefault(stem);
            counts[stem] = count + 1;
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{count}");
        }
        while (!names.Add(name));
        return name;
    }

    /// <summary>A number, as a scalar.</summary>
    public string Number(double value) => Constant<double>([value], []);

    /// <summary>Numbers, in the element type of the model.</summary>
    public string Constant<T>(ReadOnlySpan<T> values, params int[] shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] data;
        if (numberType == OnnxType.Double)
        {
            var numbers = new double[values.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = double.CreateTruncating(values[i]);
            }

            data = MemoryMarshal.AsBytes<double>(numbers).ToArray();
        }
        else
        {
            var numbers = new float[values.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = float.CreateTruncating(values[i]);
            }

            data = MemoryMarshal.AsBytes<float>(numbers).ToArray();
        }

        return Keep(new OnnxTensor("", numberType, Array.ConvertAll(shape, static n => (long)n), data));
    }

    /// <summary>A list of integers.</summary>
    public string Integers(params ReadOnlySpan<long> values) => Keep(OnnxTensor.OfIntegers("", values, values.Length));

    /// <summary>Integers in some shape; none for a scalar.</summary>
    public string IntegersOf(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => Keep(OnnxTensor.OfIntegers("", values, shape.ToArray()));

    /// <summary>A list of sizes: a constant, or computed from the length of the batch.</summary>
    public string Sizes(params ReadOnlySpan<Size> sizes)
    {
        var known = new List<long>();
        var parts = new List<string>();
        foreach (Size size in sizes)
        {
            if (size.IsKnown)
            {
                known.Add(size.Constant);
                continue;
            }

            Flush();
            parts.Add(Evaluate(size));
        }

        Flush();
        return parts.Count switch { 0 => Integers(), 1 => parts[0], _ => Add("Concat", parts.ToArray(), ("axis", 0L)) };

        void Flush()
        {
            if (known.Count > 0)
            {
                parts.Add(Integers([.. known]));
                known.Clear();
            }
        }
    }

    /// <summary>The same elements in another shape. One length that depends on the batch is left to be inferred.</summary>
    public string Reshape(string x, ReadOnlySpan<Size> shape)
    {
        int free = 0;
        bool hasZero = false;
        foreach (Size size in shape)
        {
            free += size.IsKnown ? 0 : 1;
            hasZero |= size is { IsKnown: true, Constant: 0 };
        }

        if (free != 1 || hasZero)
        {
            return Add("Reshape", [x, Sizes(shape)], hasZero ? [("allowzero", 1L)] : []);
        }

        var inferred = new long[shape.Length];
        for (int i = 0; i < inferred.Length; i++)
        {
            inferred[i] = shape[i].IsKnown ? shape[i].Constant : -1;
        }

        return Add("Reshape", [x, Integers(inferred)]);
    }

    /// <summary>A size as a list of one.</summary>
    private string Evaluate(Size size)
    {
        string key = $"size {size.Factor} {size.Constant}";
        if (known.TryGetValue(key, out string? name))
        {
            return name;
        }

        (string input, int axis) = Batch!.Value;
        name = batchLength ??= Add("Gather", [Add("Shape", [input]), Integers(axis)]);
        name = size.Factor == 1 ? name : Add("Mul", [name, Integers(size.Factor)]);
        name = size.Constant == 0 ? name : Add("Add", [name, Integers(size.Constant)]);
        return known[key] = name;
    }

    private string Keep(OnnxTensor tensor)
    {
        string key = $"{tensor.Type} [{string.Join(",", tensor.Shape)}] {Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(tensor.Data))}";
        if (!known.TryGetValue(key, out string? name))
        {
            name = NewName("constant");
            model.Constants.Add(tensor with { Name = name });
            known[key] = name;
        }

        return name;
    }
}
