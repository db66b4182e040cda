using System.Text.Json;

namespace AutoDiff.Tests.Conformance;

/// <summary>One call of an operation in PyTorch, with its results.</summary>
internal sealed class Sample
{
    private readonly JsonElement json;

    public Sample(int number, JsonElement json)
    {
        this.json = json;
        Number = number;
        Operation = json.GetProperty("op").GetString()!;
        SortedDictionary<int, Tensor<double>> leaves = [];
        FindLeaves(json.GetProperty("input"), leaves);
        FindLeaves(json.GetProperty("args"), leaves);
        FindLeaves(json.GetProperty("kwargs"), leaves);
        Leaves = [.. leaves.Values];
    }

    /// <summary>The line in the file, from 0.</summary>
    public int Number { get; }

    public string Operation { get; }

    /// <summary>The inputs by which PyTorch differentiated.</summary>
    public Tensor<double>[] Leaves { get; }

    public Tensor<double>[] Outputs => [.. json.GetProperty("outputs").EnumerateArray().Select(AsTensor)];

    public double[][] Cotangents => [.. json.GetProperty("cotangents").EnumerateArray().Select(ConformanceData.Numbers)];

    /// <summary>The gradients by each leaf; null where PyTorch saw no dependence.</summary>
    public double[]?[] Gradients => Optional("grads")!;

    public double[]?[]? Directions => Optional("hvp_v");

    public double[]?[]? HessianProducts => Optional("hvp");

    public Call CallWith(Tensor<double>[] leaves) => new(json, leaves);

    public override string ToString() => $"{Operation}, sample {Number}, args {Short("args")}, kwargs {Short("kwargs")}";

    private static Tensor<double> AsTensor(JsonElement tensor) =>
        Tensor.Create<double>(ConformanceData.Numbers(tensor.GetProperty("v")), ConformanceData.Integers(tensor.GetProperty("shape")));

    private static void FindLeaves(JsonElement element, SortedDictionary<int, Tensor<double>> leaves)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                FindLeaves(item, leaves);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("tensor", out JsonElement tensor))
        {
            if (tensor.TryGetProperty("leaf", out JsonElement leaf) && leaf.ValueKind == JsonValueKind.Number)
            {
                leaves[leaf.GetInt32()] = AsTensor(tensor);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                FindLeaves(property.Value, leaves);
            }
        }
    }

    private double[]?[]? Optional(string name) => json.TryGetProperty(name, out JsonElement values) && values.ValueKind == JsonValueKind.Array
        ? [.. values.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? null : ConformanceData.Numbers(value))]
        : null;

    private string Short(string name)
    {
        string text = json.GetProperty(name).GetRawText();
        return text.Length > 120 ? text[..120] + "..." : text;
    }

    /// <summary>The arguments of a sample, with given tensors in the places of the leaves.</summary>
    internal sealed class Call(JsonElement json, Tensor<double>[] leaves)
    {
        /// <summary>The first operand.</summary>
        public Tensor<double> X => AsOperand(json.GetProperty("input"));

        /// <summary>The first operand where it is a list of tensors.</summary>
        public Tensor<double>[] List => [.. json.GetProperty("input").EnumerateArray().Select(AsOperand)];

        /// <summary>The second operand.</summary>
        public Tensor<double> Y => Operand(0);

        /// <summary>An argument as it is written.</summary>
        public JsonElement Raw(int place) => json.GetProperty("args")[place];

        /// <summary>An argument by its place, or by name; a place of -1 means by name alone.</summary>
        public Tensor<double> Operand(int place, string? name = null) => OperandOrNull(place, name)!;

        public Tensor<double>? OperandOrNull(int place, string? name = null) => Find(place, name) is { } value ? AsOperand(value) : null;

        public int Int(int place, string? name = null, int otherwise = 0) => Find(place, name) is { } value ? (int)ConformanceData.Number(value) : otherwise;

        public int? IntOrNull(int place, string? name = null) => Find(place, name) is { } value ? (int)ConformanceData.Number(value) : null;

        public double Double(int place, string? name = null, double otherwise = 0) => Find(place, name) is { } value ? ConformanceData.Number(value) : otherwise;

        public bool Bool(int place, string? name = null, bool otherwise = false) => Find(place, name) is { } value ? ConformanceData.Number(value) != 0 : otherwise;

        public string? Text(int place, string? name = null) => Find(place, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        /// <summary>Numbers of an argument that may be one number, several, or missing.</summary>
        public int[] Ints(int place, string? name = null) => Find(place, name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } values => ConformanceData.Integers(values),
            { ValueKind: JsonValueKind.Object } tensor => ConformanceData.Integers(tensor.GetProperty("tensor").GetProperty("v")),
            { } value => [(int)ConformanceData.Number(value)],
        };

        public Reduction Reduction => Find(-1, "reduction")?.GetString() switch
        {
            "none" => Reduction.None,
            "sum" => Reduction.Sum,
            _ => Reduction.Mean,
        };

        private JsonElement? Find(int place, string? name)
        {
            JsonElement args = json.GetProperty("args");
            if (place >= 0 && place < args.GetArrayLength())
            {
                return args[place].ValueKind == JsonValueKind.Null ? null : args[place];
            }

            return name is not null && json.GetProperty("kwargs").TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }

        private Tensor<double> AsOperand(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return Tensor.Scalar(ConformanceData.Number(element));
            }

            JsonElement tensor = element.GetProperty("tensor");
            return tensor.TryGetProperty("leaf", out JsonElement leaf) && leaf.ValueKind == JsonValueKind.Number ? leaves[leaf.GetInt32()] : AsTensor(tensor);
        }
    }
}
