using AutoDiff;

namespace Pictures;

/// <summary>A small transformer: blocks of attention and of two dense layers, each added to what came in. Scopes name its parts.</summary>
internal sealed class Transformer(Tape<double> tape, int width, int blocks)
{
    private int drawn;

    /// <summary>The loss for a sequence of vectors [positions, width] and the vectors that it should become.</summary>
    public Tensor<double> Loss(Tensor<double> x, Tensor<double> target)
    {
        Tensor<double> state = x;
        for (int i = 0; i < blocks; i++)
        {
            using (TapeScope.Enter($"block {i + 1}"))
            {
                state = Normalize(state + Attention(state));
                state = Normalize(state + Dense(state));
            }
        }

        using (TapeScope.Enter("loss"))
        {
            return (state - target).Square().Mean();
        }
    }

    private Tensor<double> Attention(Tensor<double> x)
    {
        using (TapeScope.Enter("attention"))
        {
            Tensor<double> queries = x.MatMul(Weights("query", width, width));
            Tensor<double> keys = x.MatMul(Weights("key", width, width));
            Tensor<double> values = x.MatMul(Weights("value", width, width));
            Tensor<double> scores = queries.MatMul(keys.Transpose()) / Math.Sqrt(width);
            return scores.Softmax(-1).MatMul(values).MatMul(Weights("output", width, width));
        }
    }

    private Tensor<double> Dense(Tensor<double> x)
    {
        using (TapeScope.Enter("dense"))
        {
            return (x.MatMul(Weights("up", width, 4 * width)) + Weights("bias", 1, 4 * width)).Relu().MatMul(Weights("down", 4 * width, width)) + Weights("bias", 1, width);
        }
    }

    private static Tensor<double> Normalize(Tensor<double> x)
    {
        using (TapeScope.Enter("normalize"))
        {
            Tensor<double> centered = x - x.Mean(-1, keepDims: true);
            return centered / (centered.Square().Mean(-1, keepDims: true) + 1e-6).Sqrt();
        }
    }

    /// <summary>A variable with values that differ from element to element, the same in each run.</summary>
    private Tensor<double> Weights(string name, int rows, int columns)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Sin((12.9898 * i) + (78.233 * ++drawn)) / Math.Sqrt(rows);
        }

        return tape.Variable(Tensor.Create(values, rows, columns), name);
    }
}
