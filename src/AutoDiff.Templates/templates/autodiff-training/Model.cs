using AutoDiff;
using AutoDiff.Optimization;

namespace Company.AutoDiffTraining1;

/// <summary>A network is a function of its parameters, which have names and never change: training makes new ones.</summary>
internal static class Model
{
    public static Parameters<float> Create(RandomKey key, int hidden) => new(
        ("hidden.weight", Initialize.KaimingNormal<float>(key.Derive(0), [2, hidden])),
        ("hidden.bias", Tensor.Zeros<float>(hidden)),
        ("output.weight", Initialize.XavierUniform<float>(key.Derive(1), [hidden, 2])),
        ("output.bias", Tensor.Zeros<float>(2)));

    /// <summary>The logits of rows of points. Dropout takes place where there is a key for it: in training.</summary>
    public static Tensor<float> Forward(Parameters<float> p, Tensor<float> x, RandomKey? dropout = null)
    {
        Tensor<float> hidden = (x.MatMul(p["hidden.weight"]) + p["hidden.bias"]).Relu();
        if (dropout is { } noise)
        {
            hidden = hidden.Dropout(0.1f, noise);
        }

        return hidden.MatMul(p["output.weight"]) + p["output.bias"];
    }
}
