using System.Text.Json;
using System.Text.Json.Nodes;

namespace AutoDiff.GradBench.Suites;

/// <summary>Numbers between JSON and tensors.</summary>
internal static class Json
{
    /// <summary>The numbers of an array, or of arrays in arrays, one after the other.</summary>
    public static double[] Numbers(this JsonElement element)
    {
        var numbers = new List<double>();
        Collect(element);
        return numbers.ToArray();

        void Collect(JsonElement part)
        {
            if (part.ValueKind != JsonValueKind.Array)
            {
                numbers.Add(part.GetDouble());
                return;
            }

            foreach (JsonElement item in part.EnumerateArray())
            {
                Collect(item);
            }
        }
    }

    /// <summary>An array, or arrays of the same length in arrays, as a tensor.</summary>
    public static Tensor<double> Tensor(this JsonElement element)
    {
        var shape = new List<int>();
        for (JsonElement part = element; part.ValueKind == JsonValueKind.Array; part = part[0])
        {
            shape.Add(part.GetArrayLength());
            if (part.GetArrayLength() == 0)
            {
                break;
            }
        }

        return AutoDiff.Tensor.Create<double>(element.Numbers(), shape.ToArray());
    }

    public static Tensor<double> Tensor(this JsonElement element, string name) => element.GetProperty(name).Tensor();

    public static int[] Integers(this JsonElement element) => Array.ConvertAll(element.Numbers(), x => (int)x);

    public static int Integer(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    /// <summary>Numbers as an array.</summary>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)] // A list of numbers might be a tensor, too.
    public static JsonArray ToJson(IEnumerable<double> numbers) => new([.. numbers.Select(x => JsonValue.Create(x))]);

    public static JsonArray ToJson(IEnumerable<int> numbers) => new([.. numbers.Select(x => JsonValue.Create(x))]);

    /// <summary>A tensor as arrays in arrays, or as a number.</summary>
    public static JsonNode ToJson(Tensor<double> tensor) => tensor.Rank switch
    {
        0 => JsonValue.Create(tensor.ToScalar()),
        1 => ToJson(tensor.ToArray()),
        _ => new JsonArray([.. Enumerable.Range(0, tensor.Shape[0]).Select(i => ToJson(tensor[i]))]),
    };
}
