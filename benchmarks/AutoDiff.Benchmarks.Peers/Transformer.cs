using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>A small language model in both libraries: blocks of causal attention and of two dense layers, the layer norm in front of each, the loss that of the next token.</summary>
internal sealed class Transformer
{
    private const int Vocabulary = 64, Batch = 16, Length = 32, Blocks = 2, Width = 64, Heads = 4, Inner = 256;

    private readonly int[] tokens = Tokens(90), next = Tokens(91);
    private readonly torch.Tensor theirTokens, theirNext;

    public Transformer() => (theirTokens, theirNext) = (torch.tensor(tokens, torch.int64), torch.tensor(next, torch.int64));

    public static string Name => $"transformer of {Blocks} blocks, width {Width}, {Heads} heads, inner width {Inner}, {Vocabulary} tokens";

    public static string BatchName => $"batch {Batch} of {Length}";

    /// <summary>Parameters to start from, the same numbers for both.</summary>
    public static Input<float>[] Start()
    {
        List<Input<float>> parameters = [];
        Weights(1, Vocabulary, Width);
        Weights(4, Length, Width);
        for (int i = 0; i < Blocks; i++)
        {
            Norm();
            Weights(Width, Width, 3 * Width);
            Weights(Width, 3 * Width);
            Weights(Width, Width, Width);
            Weights(Width, Width);
            Norm();
            Weights(Width, Width, Inner);
            Weights(Width, Inner);
            Weights(Inner, Inner, Width);
            Weights(Inner, Width);
        }

        Norm();
        Weights(Width, Width, Vocabulary);
        return [.. parameters];

        void Add(double from, double to, int[] shape) => parameters.Add(Input<float>.Variable(92 + parameters.Count, from, to, shape));

        // Sums of so many inputs have the variance 1.
        void Weights(int inputs, params int[] shape) => Add(-Math.Sqrt(3.0 / inputs), Math.Sqrt(3.0 / inputs), shape);

        void Norm()
        {
            Add(0.5, 1.5, [Width]);
            Add(-0.1, 0.1, [Width]);
        }
    }

    /// <summary>The mean cross-entropy of the next tokens, with AutoDiff.</summary>
    public Tensor<float> Objective(Tensor<float>[] parameters)
    {
        var p = new Queue<Tensor<float>>(parameters);
        Tensor<float> x = p.Dequeue().Embedding(tokens, [Batch, Length]) + p.Dequeue();
        for (int i = 0; i < Blocks; i++)
        {
            Tensor<float>[] qkv = Dense(Norm(x)).Split(Width, axis: -1);
            Tensor<float> attended = OfHeads(qkv[0]).ScaledDotProductAttention(OfHeads(qkv[1]), OfHeads(qkv[2]), causal: true);
            x += Dense(attended.Transpose(1, 2).Reshape(Batch, Length, Width));
            x += Dense(Dense(Norm(x)).Gelu());
        }

        return Loss.CrossEntropy(Norm(x).MatMul(p.Dequeue()).Reshape(Batch * Length, Vocabulary), next);

        Tensor<float> Norm(Tensor<float> x) => x.LayerNorm(p.Dequeue(), p.Dequeue());

        Tensor<float> Dense(Tensor<float> x) => x.MatMul(p.Dequeue()) + p.Dequeue();

        static Tensor<float> OfHeads(Tensor<float> x) => x.Reshape(Batch, Length, Heads, Width / Heads).Transpose(1, 2);
    }

    /// <summary>The same with TorchSharp.</summary>
    public torch.Tensor Objective(torch.Tensor[] parameters)
    {
        var p = new Queue<torch.Tensor>(parameters);
        torch.Tensor x = p.Dequeue().index_select(0, theirTokens).reshape(Batch, Length, Width) + p.Dequeue();
        for (int i = 0; i < Blocks; i++)
        {
            torch.Tensor[] qkv = Dense(Norm(x)).split(Width, -1);
            torch.Tensor attended = scaled_dot_product_attention(OfHeads(qkv[0]), OfHeads(qkv[1]), OfHeads(qkv[2]), is_casual: true);
            x = x + Dense(attended.transpose(1, 2).reshape(Batch, Length, Width));
            x = x + Dense(gelu(Dense(Norm(x))));
        }

        return cross_entropy(Norm(x).matmul(p.Dequeue()).reshape(Batch * Length, Vocabulary), theirNext);

        torch.Tensor Norm(torch.Tensor x) => layer_norm(x, [Width], p.Dequeue(), p.Dequeue());

        torch.Tensor Dense(torch.Tensor x) => linear(x, p.Dequeue().t(), p.Dequeue());

        static torch.Tensor OfHeads(torch.Tensor x) => x.reshape(Batch, Length, Heads, Width / Heads).transpose(1, 2);
    }

    private static int[] Tokens(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Batch * Length).Select(_ => random.Next(Vocabulary))];
    }
}
