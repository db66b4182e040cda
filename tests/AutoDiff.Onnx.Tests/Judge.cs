using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace AutoDiff.Onnx.Tests;

/// <summary>Compares a function with its model in ONNX Runtime, and with the model read back.</summary>
internal static class Judge
{
    private const double Tolerance = 1e-6;

    /// <summary>
    /// What is wrong; null where nothing is. In double precision, or in single precision where ONNX Runtime has no such operation in double precision: then the inputs are rounded first, and the results
    /// may differ by what rounding does to a function.
    /// </summary>
    public static string? Compare(Func<Tensor<double>[], Tensor<double>[]> f, Tensor<double>[] xs, OnnxOptions? options = null, Tensor<double>[]? at = null)
    {
        byte[] model = OnnxFile.ToBytes(f, xs, options);
        at ??= xs;
        Tensor<double>[] expected = f(at);
        try
        {
            string? wrong = Differences(expected, OnnxFile.FromBytes<double>(model).Invoke(at).Select(static y => (y.ToArray(), y.Shape.ToArray())).ToArray(), Tolerance);
            if (wrong is not null)
            {
                return $"read back: {wrong}";
            }
        }
        catch (OnnxException exception)
        {
            return $"read back: {exception.Message}\n{Listing(model)}";
        }

        try
        {
            using var session = new RuntimeSession(model);
            return Differences(expected, session.Run(at), Tolerance);
        }
        catch (OnnxRuntimeException exception) when (exception.Message.Contains("NOT_IMPLEMENTED", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("NotImplemented", StringComparison.Ordinal))
        {
            Singles++;
            OnnxOptions own = options ?? new OnnxOptions();
            using var session = new RuntimeSession(OnnxFile.ToBytes(f, xs, new OnnxOptions
            {
                SinglePrecision = true, Opset = own.Opset, InputNames = own.InputNames, OutputNames = own.OutputNames, BatchAxes = own.BatchAxes, Name = own.Name,
            }));
            Tensor<double>[] rounded = Array.ConvertAll(at, static x => Tensor.Create([.. x.ToArray().Select(static v => (double)(float)v)], x.Shape));
            return Differences(f(rounded), session.Run(at), Tolerance);
        }
    }

    /// <summary>The nodes of a model, one a line.</summary>
    private static string Listing(byte[] model)
    {
        OnnxModelFile file = OnnxModelReader.Read(model);
        string Operand(string name) => file.Constants.Find(constant => constant.Name == name) is { Type: OnnxType.Int64, Data.Length: <= 64 } list
            ? $"[{string.Join(",", System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(list.Data).ToArray())}]" : name;
        return string.Join("\n", file.Nodes.Select(node => $"{node.Outputs[0]} = {node.Type}({string.Join(", ", node.Inputs.Select(Operand))})"));
    }

    /// <summary>How many comparisons were made in single precision.</summary>
    public static int Singles { get; private set; }

    private static string? Differences(Tensor<double>[] expected, (double[] Values, int[] Shape)[] actual, double tolerance)
    {
        if (expected.Length != actual.Length)
        {
            return $"{actual.Length} results instead of {expected.Length}";
        }

        for (int k = 0; k < expected.Length; k++)
        {
            if (!expected[k].Shape.SequenceEqual(actual[k].Shape))
            {
                return $"result {k} has shape [{string.Join(", ", actual[k].Shape)}] instead of [{string.Join(", ", expected[k].Shape.ToArray())}]";
            }

            double[] y = expected[k].ToArray();
            double scale = 1 + y.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (int i = 0; i < y.Length; i++)
            {
                bool equal = double.IsNaN(y[i]) ? double.IsNaN(actual[k].Values[i]) : double.IsInfinity(y[i]) ? y[i] == actual[k].Values[i] : Math.Abs(y[i] - actual[k].Values[i]) <= tolerance * scale;
                if (!equal)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"element {i} of result {k} is {actual[k].Values[i]} instead of {y[i]}");
                }
            }
        }

        return null;
    }
}
