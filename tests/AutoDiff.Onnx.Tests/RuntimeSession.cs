using System.Numerics;
using AutoDiff;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AutoDiff.Onnx.Tests;

/// <summary>A model in ONNX Runtime: the judge of what is written.</summary>
internal sealed class RuntimeSession : IDisposable
{
    private readonly InferenceSession session;

    public RuntimeSession(byte[] model)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        session = new InferenceSession(model, options);
    }

    /// <summary>The results as doubles, with their shapes.</summary>
    public (double[] Values, int[] Shape)[] Run<T>(Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string[] names = [.. session.InputNames];
        var inputs = new List<NamedOnnxValue>();
        for (int i = 0; i < xs.Length; i++)
        {
            bool isDouble = session.InputMetadata[names[i]].ElementType == typeof(double);
            inputs.Add(isDouble ? NamedOnnxValue.CreateFromTensor(names[i], new DenseTensor<double>(Array.ConvertAll(xs[i].ToArray(), double.CreateTruncating), xs[i].Shape))
                : NamedOnnxValue.CreateFromTensor(names[i], new DenseTensor<float>(Array.ConvertAll(xs[i].ToArray(), float.CreateTruncating), xs[i].Shape)));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(inputs);
        return [.. results.Select(static result => result.Value is DenseTensor<double> doubles ? (doubles.ToArray(), doubles.Dimensions.ToArray())
            : result.Value is DenseTensor<float> floats ? (floats.ToArray().Select(static v => (double)v).ToArray(), floats.Dimensions.ToArray())
            : throw new InvalidOperationException($"{result.Name} has the type {result.Value.GetType()}"))];
    }

    public void Dispose() => session.Dispose();
}
