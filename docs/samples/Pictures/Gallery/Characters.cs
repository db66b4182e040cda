using AutoDiff;
using AutoDiff.Optimization;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>A recurrent network learns a text, character by character.</summary>
internal static class Characters
{
    private const string Source =
        "the tape keeps what the program does. a sweep goes back along the tape, and at each step it multiplies by a small matrix that it never forms. "
        + "what comes out at the end is the gradient. go forward along the same tape and you get a tangent. go along it twice and you get a curvature. ";

    public static string Draw()
    {
        const int hidden = 48, window = 20, steps = 400, batch = 16;
        string alphabet = string.Concat(Source.Distinct().Order());
        int[] codes = [.. Source.Select(c => alphabet.IndexOf(c, StringComparison.Ordinal))];
        RandomKey key = new(5);
        var model = new Parameters<float>(
            ("input", Initialize.XavierUniform<float>(key.Derive(0), [alphabet.Length, hidden])), ("recurrent", Initialize.Orthogonal<float>(key.Derive(1), [hidden, hidden])), ("bias", Tensor.Zeros<float>(hidden)),
            ("output", Initialize.XavierUniform<float>(key.Derive(2), [hidden, alphabet.Length])), ("output bias", Tensor.Zeros<float>(alphabet.Length)));
        Tensor<float> Score(Parameters<float> p, int[] places)
        {
            (Tensor<float> state, Tensor<float> sum) = (Tensor.Zeros<float>(places.Length, hidden), Tensor.Scalar(0f));
            for (int t = 0; t < window; t++)
            {
                state = (p["input"].Take([.. places.Select(place => codes[place + t])]) + state.MatMul(p["recurrent"]) + p["bias"]).Tanh();
                sum += Loss.CrossEntropy(state.MatMul(p["output"]) + p["output bias"], (int[])[.. places.Select(place => codes[place + t + 1])]);
            }

            return sum / window;
        }

        var optimizer = new Adam<float>(Schedule.Cosine(0.01, steps, 0.001).AfterWarmup(20)) { MaxNorm = 1 };
        var losses = new List<(double, double)>();
        for (int step = 1; step <= steps; step++)
        {
            int[] places = key.Derive(3).Derive(step).Integers(0, Source.Length - window - 1, batch);
            (Tensor<float> loss, Parameters<float> gradients) = Differentiate.ValueAndGradient(p => Score(p, places), model);
            model = optimizer.Step(model, gradients);
            losses.Add((step, loss.ToScalar()));
        }

        return Figure.Of("A recurrent network learns a text", "The loss starts at that of guessing and falls below 0.6.", 340,
            new Plot("A recurrent network reads a text and learns what comes next", "step of Adam", "cross-entropy of the next letter") { Up = (0, 4) }
                .Line([(1, Math.Log(alphabet.Length)), (steps, Math.Log(alphabet.Length))], 4, $"guessing among {alphabet.Length} letters", dashed: true).Line(losses, 0, "the network"));
    }
}
