using System.Globalization;
using AutoDiff;
using AutoDiff.Optimization;
using Company.AutoDiffTraining1;

// dotnet run                trains from the beginning
// dotnet run -- resume      goes on from the last checkpoint
const int Epochs = 20;
const int BatchSize = 64;
string checkpoint = Path.Combine(AppContext.BaseDirectory, "checkpoint.safetensors");

// Replace this by your data: rows of numbers, and the class of each row.
var key = new RandomKey(1);
(Tensor<float> points, int[] classes) = Data.Rings(640, key.Derive(0));
int trained = 512;
(Tensor<float> heldPoints, int[] heldClasses) = (points[trained..], classes[trained..]);

Parameters<float> parameters = Model.Create(key.Derive(1), hidden: 32);
int steps = Epochs * (trained / BatchSize);
var optimizer = new AdamW<float>(Schedule.Cosine(0.03, steps).AfterWarmup(steps / 20), decay: 0.01) { MaxNorm = 1 };
int first = 0;
if (args is ["resume"] && File.Exists(checkpoint))
{
    TrainingState<float> state = TrainingCheckpoint.Read(checkpoint, like: parameters, optimizer);
    parameters = state.Parameters;
    first = int.Parse(state.Notes["epochs"], CultureInfo.InvariantCulture);
}

for (int epoch = first; epoch < Epochs; epoch++)
{
    float sum = 0;
    foreach (int[] batch in key.Derive(2).Derive(epoch).Permutation(trained).Chunk(BatchSize))
    {
        // A key for each step: a run that goes on draws what an uninterrupted one would have drawn.
        RandomKey dropout = key.Derive(3).Derive(optimizer.Steps);
        Tensor<float> x = points.Take(batch);
        int[] expected = [.. batch.Select(row => classes[row])];
        (Tensor<float> loss, Parameters<float> gradients) =
            Differentiate.ValueAndGradient(p => Loss.CrossEntropy(Model.Forward(p, x, dropout), expected), parameters);
        parameters = optimizer.Step(parameters, gradients);
        sum += loss.ToScalar() * batch.Length;
    }

    (float heldLoss, float accuracy) = Evaluate();
    Console.WriteLine($"epoch {epoch + 1,3}   loss {sum / trained:0.000}   held out {heldLoss:0.000}   accuracy {accuracy:0.0%}");
    TrainingCheckpoint.Write(checkpoint, parameters, optimizer, key, new Dictionary<string, string> { ["epochs"] = $"{epoch + 1}" });
}

Console.WriteLine($"accuracy {Evaluate().Accuracy:0.0%}");

// On the rows that were not trained on. Nothing is recorded outside of Differentiate, so there is no mode to switch.
(float Loss, float Accuracy) Evaluate()
{
    Tensor<float> logits = Model.Forward(parameters, heldPoints);
    int right = logits.ArgMax(1).Zip(heldClasses).Count(pair => pair.First == pair.Second);
    return (Loss.CrossEntropy(logits, heldClasses).ToScalar(), (float)right / heldClasses.Length);
}
