using AutoDiff.Optimization;
using AutoDiff;
using Samples;

// A recurrent network reads a text character by character and learns to say what comes next.
Terminal.Heading("A character-level recurrent network");
const string text =
    "the tape keeps what the program does. a sweep goes back along the tape, and at each step it multiplies by a small matrix that it never forms. "
    + "what comes out at the end is the gradient. go forward along the same tape and you get a tangent. go along it twice and you get a curvature. ";
const int hidden = 48, window = 20, steps = 400, batch = 16;
string alphabet = string.Concat(text.Distinct().Order());
int[] codes = [.. text.Select(c => alphabet.IndexOf(c, StringComparison.Ordinal))];
int letters = alphabet.Length;
var key = new RandomKey(5);
var parameters = new Parameters<float>(
    ("input", Initialize.XavierUniform<float>(key.Derive(0), [letters, hidden])), ("recurrent", Initialize.Orthogonal<float>(key.Derive(1), [hidden, hidden])), ("bias", Tensor.Zeros<float>(hidden)),
    ("output", Initialize.XavierUniform<float>(key.Derive(2), [hidden, letters])), ("output bias", Tensor.Zeros<float>(letters)));

// One step of the network: the new states from the old ones and the letters read.
static Tensor<float> Next(Parameters<float> p, Tensor<float> states, int[] read) => (p["input"].Take(read) + states.MatMul(p["recurrent"]) + p["bias"]).Tanh();

static Tensor<float> Scores(Parameters<float> p, Tensor<float> states) => states.MatMul(p["output"]) + p["output bias"];

// The mean cross-entropy of the next letters, over windows that begin at the given places.
Tensor<float> Objective(Parameters<float> p, int[] places)
{
    Tensor<float> states = Tensor.Zeros<float>(places.Length, hidden);
    Tensor<float> sum = Tensor.Scalar(0f);
    for (int t = 0; t < window; t++)
    {
        states = Next(p, states, [.. places.Select(place => codes[place + t])]);
        sum += Loss.CrossEntropy(Scores(p, states), (int[])[.. places.Select(place => codes[place + t + 1])]);
    }

    return sum / window;
}

Terminal.Line($"{text.Length} characters, {letters} different ones, {parameters.Length} parameters, {steps} steps of Adam.");
var optimizer = new Adam<float>(Schedule.Cosine(0.01, steps, 0.001).AfterWarmup(20)) { MaxNorm = 1 };
var losses = new List<float>();
Terminal.Progress("training", report =>
{
    for (int step = 1; step <= steps; step++)
    {
        int[] places = key.Derive(3).Derive(step).Integers(0, text.Length - window - 1, batch);
        (Tensor<float> loss, Parameters<float> gradients) = Differentiate.ValueAndGradient(p => Objective(p, places), parameters);
        parameters = optimizer.Step(parameters, gradients);
        losses.Add(loss.ToScalar());
        report((double)step / steps, $"loss {losses[^1]:0.000}");
    }
});
Terminal.Table(["step", "loss"], ((int[])[1, 50, 100, 200, 300, steps]).Select(step => new[] { $"{step}", $"{losses[step - 1]:0.000}" }));

// What the network says when its own most probable letter is what it reads next.
Tensor<float> memory = Tensor.Zeros<float>(1, hidden);
string said = text[..12];
for (int i = 0; i < 90; i++)
{
    memory = Next(parameters, memory, [alphabet.IndexOf(said[i], StringComparison.Ordinal)]);
    if (i >= 11)
    {
        said += alphabet[Scores(parameters, memory).ArgMax(1)[0]];
    }
}

Terminal.Line($"\"{said}\"");
Terminal.Check($"at first the loss is that of guessing, log {letters} = {Math.Log(letters):0.00}", Math.Abs(losses[0] - Math.Log(letters)) < 0.3);
Terminal.Check("it has fallen below 0.6", losses[^10..].Average() < 0.6);
Terminal.Check("most words that it says are words of the text", said.Split(' ')[..^1].Count(word => text.Split(' ').Contains(word)) >= 0.6 * said.Split(' ').Length);
return Terminal.Finish();
