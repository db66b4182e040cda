using AutoDiff;
using AutoDiff.Optimization;

// A recurrent network reads a text character by character and learns to say what comes next.
Console.WriteLine("A character-level recurrent network");
bool allHold = true;
const string text =
    "the tape keeps what the program does. a sweep goes back along the tape, and at each step it multiplies by a small matrix that it never forms. "
    + "what comes out at the end is the gradient. go forward along the same tape and you get a tangent. go along it twice and you get a curvature. ";
const int hidden = 48, window = 20, steps = 400, batch = 16;
string alphabet = string.Concat(text.Distinct().Order());
int[] codes = [.. text.Select(c => alphabet.IndexOf(c, StringComparison.Ordinal))];
int letters = alphabet.Length;
Tensor<float> oneHot = Tensor.Identity<float>(letters);
var random = new Random(5);

Tensor<float> Uniform(int rows, int columns)
{
    float bound = 1 / MathF.Sqrt(rows);
    return Tensor.Create<float>([.. Enumerable.Range(0, rows * columns).Select(_ => bound * ((2 * random.NextSingle()) - 1))], rows, columns);
}

var parameters = new Parameters<float>(
    ("input", Uniform(letters, hidden)), ("recurrent", Uniform(hidden, hidden)), ("bias", Tensor.Zeros<float>(hidden)),
    ("output", Uniform(hidden, letters)), ("output bias", Tensor.Zeros<float>(letters)));

// One step of the network: the new state from the old one and the letters read.
static Tensor<float> Next(Parameters<float> p, Tensor<float> state, Tensor<float> input) => (input.MatMul(p["input"]) + state.MatMul(p["recurrent"]) + p["bias"]).Tanh();

// The mean of -log of the probability given to the right letter, over windows that begin at the given places.
Tensor<float> Loss(Parameters<float> p, int[] places)
{
    Tensor<float> state = Tensor.Zeros<float>(places.Length, hidden);
    Tensor<float> sum = Tensor.Scalar(0f);
    for (int t = 0; t < window; t++)
    {
        state = Next(p, state, oneHot.Take([.. places.Select(place => codes[place + t])]));
        Tensor<float> target = oneHot.Take([.. places.Select(place => codes[place + t + 1])]);
        sum -= ((state.MatMul(p["output"]) + p["output bias"]).LogSoftmax(-1) * target).Sum();
    }

    return sum / (window * places.Length);
}

Console.WriteLine($"{text.Length} characters, {letters} different ones, {parameters.Length} parameters, {steps} steps of Adam.");
var optimizer = new Adam<float>(Schedule.Cosine(0.01, steps, 0.001).AfterWarmup(20)) { MaxNorm = 1 };
var losses = new List<float>();
for (int step = 1; step <= steps; step++)
{
    int[] places = [.. Enumerable.Range(0, batch).Select(_ => random.Next(text.Length - window - 1))];
    (Tensor<float> loss, Parameters<float> gradients) = Differentiate.ValueAndGradient(p => Loss(p, places), parameters);
    parameters = optimizer.Step(parameters, gradients);
    losses.Add(loss.ToScalar());
    if (step == 1 || step % 50 == 0)
    {
        Console.WriteLine($"step {step,3}: loss {losses[^1]:0.000}");
    }
}

// What the network says when its own most probable letter is what it reads next.
Tensor<float> memory = Tensor.Zeros<float>(1, hidden);
string said = text[..12];
for (int i = 0; i < 90; i++)
{
    memory = Next(parameters, memory, oneHot.Take([alphabet.IndexOf(said[i], StringComparison.Ordinal)]));
    if (i >= 11)
    {
        float[] scores = (memory.MatMul(parameters["output"]) + parameters["output bias"]).ToArray();
        said += alphabet[Array.IndexOf(scores, scores.Max())];
    }
}

Console.WriteLine($"\"{said}\"");
Check($"at first the loss is that of guessing, log {letters} = {Math.Log(letters):0.00}", Math.Abs(losses[0] - Math.Log(letters)) < 0.3);
Check("it has fallen below 0.6", losses[^10..].Average() < 0.6);
Check("most words that it says are words of the text", said.Split(' ')[..^1].Count(word => text.Split(' ').Contains(word)) >= 0.6 * said.Split(' ').Length);
return allHold ? 0 : 1;

// Says whether something that should hold does hold.
void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
    allHold &= holds;
}
