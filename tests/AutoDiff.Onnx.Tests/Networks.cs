namespace AutoDiff.Onnx.Tests;

/// <summary>Functions that people export: networks of every kind, and a pricer. The parameters are constants of the model, drawn from a fixed key.</summary>
internal static class Networks
{
    private static Tensor<double> Draw(int number, params int[] shape) => new RandomKey((ulong)number).Normal<double>(shape) * 0.3;

    /// <summary>Three layers, for any number of rows.</summary>
    public static Tensor<double> Perceptron(Tensor<double> x)
    {
        Tensor<double> h = (x.MatMul(Draw(1, 6, 16)) + Draw(2, 16)).Tanh();
        h = (h.MatMul(Draw(3, 16, 16)) + Draw(4, 16)).Relu().LayerNorm(Draw(5, 16) + 1.0, Draw(6, 16));
        return (h.MatMul(Draw(7, 16, 3)) + Draw(8, 3)).Softmax(-1);
    }

    /// <summary>Images [N, 1, 12, 12] to classes.</summary>
    public static Tensor<double> Convolutional(Tensor<double> x)
    {
        Tensor<double> h = x.Conv2D(Draw(11, 4, 1, 3, 3), Draw(12, 4), padding: 1).BatchNorm(Draw(13, 4) + 1.0, Draw(14, 4), Draw(15, 4), Draw(16, 4).Square() + 1.0).Relu().MaxPool2D(2);
        h = h.Conv2D(Draw(17, 8, 2, 3, 3), Draw(18, 8), stride: 2, padding: 1, groups: 2).LeakyRelu().AvgPool2D(3);
        return h.Reshape(x.Shape[0], 8).MatMul(Draw(19, 8, 5)) + Draw(20, 5);
    }

    /// <summary>One block of a decoder on [N, L, 8] with two heads: causal attention and a gated layer, each after a norm and around which the values are passed on.</summary>
    public static Tensor<double> Transformer(Tensor<double> x)
    {
        (int samples, int length) = (x.Shape[0], x.Shape[1]);
        Tensor<double> normal = x.RmsNorm(Draw(21, 8) + 1.0, epsilon: 1e-6);
        Tensor<double> Heads(Tensor<double> weight) => normal.MatMul(weight).Reshape(samples, length, 2, 4).Permute(0, 2, 1, 3);
        Tensor<double> attended = Heads(Draw(22, 8, 8)).RotaryEmbedding().ScaledDotProductAttention(Heads(Draw(23, 8, 8)).RotaryEmbedding(), Heads(Draw(24, 8, 8)), causal: true);
        x += attended.Permute(0, 2, 1, 3).Reshape(samples, length, 8).MatMul(Draw(25, 8, 8));
        normal = x.LayerNorm(Draw(26, 8) + 1.0, Draw(27, 8));
        return x + (normal.MatMul(Draw(28, 8, 16)).Gelu() * normal.MatMul(Draw(29, 8, 16))).MatMul(Draw(30, 16, 8));
    }

    /// <summary>An LSTM over [7, N, 4], and a layer on its last state.</summary>
    public static Tensor<double> Recurrent(Tensor<double> x)
    {
        var (_, hidden, _) = x.Lstm(Draw(31, 20, 4), Draw(32, 20, 5), Draw(33, 20), Draw(34, 20));
        return hidden.MatMul(Draw(35, 5, 2));
    }

    /// <summary>Calls by the formula of Black and Scholes: spot, strike, volatility, time and rate in the columns of [N, 5].</summary>
    public static Tensor<double> BlackScholes(Tensor<double> x)
    {
        (Tensor<double> spot, Tensor<double> strike, Tensor<double> volatility, Tensor<double> time, Tensor<double> rate) = (x[.., 0], x[.., 1], x[.., 2], x[.., 3], x[.., 4]);
        Tensor<double> spread = volatility * time.Sqrt();
        Tensor<double> d = ((spot / strike).Log() + ((rate + (volatility.Square() * 0.5)) * time)) / spread;
        return (spot * d.Ndtr()) - (strike * (-rate * time).Exp() * (d - spread).Ndtr());
    }
}
