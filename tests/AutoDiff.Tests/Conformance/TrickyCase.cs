using System.Text.Json;

namespace AutoDiff.Tests.Conformance;

/// <summary>A function at a place where libraries go wrong, with the right value and gradients.</summary>
internal sealed class TrickyCase(JsonElement json)
{
    private const double DefaultTolerance = 1e-9;

    public string Id { get; } = json.GetProperty("id").GetString()!;

    /// <summary>Whether arithmetic that follows IEEE 754 step by step gives NaN, and the right answer is another.</summary>
    public bool IsIeeeTrap => json.GetProperty("verdict").GetString() == "ieee_trap";

    public double Tolerance => json.TryGetProperty("rtol", out JsonElement tolerance) ? tolerance.GetDouble() : DefaultTolerance;

    /// <summary>The inputs by name; those with expected gradients are to be differentiated by.</summary>
    public IReadOnlyDictionary<string, Tensor<double>> Inputs =>
        json.GetProperty("inputs").EnumerateObject().ToDictionary(input => input.Name, input => Read(input.Value, ConformanceData.Integers(input.Value.GetProperty("shape"))));

    public double[] Value => Flat(json.GetProperty("expected_value"));

    public int[] Shape => ConformanceData.Integers(json.GetProperty("expected_shape"));

    /// <summary>The gradients by name of the input.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients => json.GetProperty("expected_grads").EnumerateObject().ToDictionary(pair => pair.Name,
        pair => pair.Value.ValueKind == JsonValueKind.Object ? Read(pair.Value, ConformanceData.Integers(json.GetProperty("inputs").GetProperty(pair.Name).GetProperty("shape"))).ToArray() : Flat(pair.Value));

    /// <summary>The cotangent of the result; ones unless given.</summary>
    public Tensor<double> Cotangent(ReadOnlySpan<int> shape) => json.TryGetProperty("seed", out JsonElement seed) && seed.ValueKind != JsonValueKind.Null
        ? Tensor.Create<double>(Flat(seed), shape)
        : Tensor.Ones<double>(shape);

    public override string ToString() => $"{Id}: {json.GetProperty("expression").GetString()}";

    private static double[] Flat(JsonElement values) => values.ValueKind == JsonValueKind.Array ? ConformanceData.Numbers(values) : [ConformanceData.Number(values)];

    private static Tensor<double> Read(JsonElement input, int[] shape)
    {
        return input.TryGetProperty("data", out JsonElement data) ? Tensor.Create<double>(ConformanceData.Numbers(data), shape)
            : input.TryGetProperty("fill", out JsonElement fill) ? Tensor.Full(ConformanceData.Number(fill), shape)
            : Tensor.Create<double>([.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(Formula(input.GetProperty("formula").GetString()!))], shape);
    }

    private static Func<int, double> Formula(string text) => text switch
    {
        "10000 + (i % 10)" => i => 10000 + (i % 10),
        "(i%2==0) ? 1000 : 0.001" => i => i % 2 == 0 ? 1000 : 0.001,
        _ => throw new NotSupportedException($"There is no formula {text} here."),
    };
}
