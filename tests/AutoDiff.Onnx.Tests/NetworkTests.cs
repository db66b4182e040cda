namespace AutoDiff.Onnx.Tests;

/// <summary>Whole functions in ONNX Runtime, at the batch at which they were written and at others, and their gradients.</summary>
public class NetworkTests
{
    public static TheoryData<string> Names => ["Perceptron", "Convolutional", "Transformer", "Recurrent", "BlackScholes"];

    private static (Func<Tensor<double>, Tensor<double>> F, int[] Shape, int Axis) Network(string name) => name switch
    {
        "Perceptron" => (Networks.Perceptron, [4, 6], 0),
        "Convolutional" => (Networks.Convolutional, [2, 1, 12, 12], 0),
        "Transformer" => (Networks.Transformer, [2, 5, 8], 0),
        "Recurrent" => (Networks.Recurrent, [7, 3, 4], 1),
        _ => (Networks.BlackScholes, [6, 5], 0),
    };

    private static Tensor<double> Input(string name, int[] shape)
    {
        Tensor<double> x = new RandomKey(99).Uniform<double>(shape);
        return name == "BlackScholes" ? (x * Tensor.Create([40.0, 40.0, 0.3, 1.0, 0.05])) + Tensor.Create([80.0, 80.0, 0.1, 0.5, 0.0]) : x - 0.5;
    }

    [Theory, MemberData(nameof(Names))]
    public void A_network_agrees_with_ONNX_Runtime(string name)
    {
        var (f, shape, _) = Network(name);
        Judge.Compare(xs => [f(xs[0])], [Input(name, shape)]).Should().BeNull();
    }

    [Theory, MemberData(nameof(Names))]
    public void The_batch_of_a_network_is_free(string name)
    {
        var (f, shape, axis) = Network(name);
        foreach (int rows in (int[])[1, 3, 29])
        {
            int[] other = [.. shape];
            other[axis] = rows;
            Judge.Compare(xs => [f(xs[0])], [Input(name, shape)], new OnnxOptions { BatchAxes = [axis] }, [Input(name, other)]).Should().BeNull($"{rows} rows");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_value_with_its_gradient_agrees_with_ONNX_Runtime(string name)
    {
        var (f, shape, _) = Network(name);
        Judge.Compare(xs =>
        {
            var (value, gradient) = Differentiate.ValueAndGradient(x => f(x).Square().Sum(), xs[0]);
            return [value, gradient];
        }, [Input(name, shape)]).Should().BeNull();
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(21)]
    [InlineData(23)]
    public void Every_operator_set_gives_the_same(int opset) => Judge.Compare(xs => [Networks.Perceptron(xs[0])], [Input("Perceptron", [4, 6])], new OnnxOptions { Opset = opset }).Should().BeNull();

    [Fact]
    public void A_model_that_is_read_back_has_the_gradient_of_the_function()
    {
        Tensor<double> x = Input("Transformer", [2, 5, 8]);
        OnnxModel<double> model = OnnxFile.FromBytes<double>(OnnxFile.ToBytes(xs => [Networks.Transformer(xs[0])], [x]));
        Tensor<double> expected = Differentiate.Gradient(p => Networks.Transformer(p).Square().Sum(), x);
        Tensor<double> actual = Differentiate.Gradient(p => model.Invoke(p).Square().Sum(), x);
        (expected - actual).Abs().Max().ToScalar().Should().BeLessThan(1e-9);
    }

    [Fact]
    public void Constants_of_a_model_can_be_fitted()
    {
        Tensor<double> x = Input("Perceptron", [4, 6]);
        OnnxModel<double> model = OnnxFile.FromBytes<double>(OnnxFile.ToBytes(xs => [Networks.Perceptron(xs[0])], [x]));
        string name = model.ConstantNames.Single(n => model.Constant(n).Shape is [6, 16]);
        Tensor<double> gradient = Differentiate.Gradient(w => model.Invoke([x], new Dictionary<string, Tensor<double>> { [name] = w })[0].Square().Sum(), model.Constant(name));
        gradient.Shape.ToArray().Should().Equal(6, 16);
        gradient.Abs().Max().ToScalar().Should().BePositive();
    }
}
