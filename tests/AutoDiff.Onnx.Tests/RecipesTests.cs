using AutoDiff;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace AutoDiff.Onnx.Tests;

/// <summary>The recipes of docs/interop.md for libraries that bring native code along: the page quotes the lines that are compiled and run here.</summary>
public class RecipesTests
{
    private readonly Tensor<float> tensor = Tensor.Create([[1f, 2f, 3f], [4f, 5f, 6f]]);

    [Fact]
    public void A_vector_of_ML_NET_and_back()
    {
        var buffer = new VBuffer<float>(tensor.Length, tensor.ToArray());
        Tensor<float> back = Tensor.Create<float>([.. buffer.DenseValues()]);
        back.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void A_column_of_ML_NET()
    {
        IDataView data = new MLContext().Data.LoadFromEnumerable([new Sample { Features = [1, 2, 3] }, new Sample { Features = [4, 5, 6] }]);

        // A column of vectors as one tensor [rows, columns].
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        Tensor<float> features = Tensor.Create(rows);
        features.Shape.ToArray().Should().Equal(2, 3);
        features.ToArray().Should().Equal(tensor.ToArray());
    }

    [Fact]
    public void A_session_of_ONNX_Runtime()
    {
        byte[] model = OnnxFile.ToBytes<float>(xs => [2f * xs[0]], [tensor], new OnnxOptions { InputNames = ["x"], OutputNames = ["y"] });
        using var session = new InferenceSession(model);

        long[] shape = [.. tensor.Shape.ToArray().Select(extent => (long)extent)];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(tensor.ToArray(), shape);
        using var results = session.Run(new RunOptions(), ["x"], [input], ["y"]);
        int[] extents = [.. results[0].GetTensorTypeAndShape().Shape.Select(extent => (int)extent)];
        Tensor<float> output = Tensor.Create(results[0].GetTensorDataAsSpan<float>(), extents);
        output.Shape.ToArray().Should().Equal(2, 3);
        output.ToArray().Should().Equal(2, 4, 6, 8, 10, 12);
    }

    [Fact]
    public void The_page_says_the_same()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "AutoDiff.sln")))
        {
            root = root.Parent!;
        }

        HashSet<string> tested = [.. File.ReadLines(Path.Combine(root.FullName, "tests", "AutoDiff.Onnx.Tests", "RecipesTests.cs")).Select(line => line.Trim())];
        string[] quoted = [.. File.ReadAllText(Path.Combine(root.FullName, "docs", "interop.md")).ReplaceLineEndings("\n").Split("```text\n").Skip(1).SelectMany(block => block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n'))];
        quoted.Should().HaveCountGreaterThan(9).And.BeSubsetOf(tested);
    }

    private sealed class Sample
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
