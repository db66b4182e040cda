using System.Diagnostics;
using AutoDiff;
using AutoDiff.Distributed;
using AutoDiff.Optimization;
using Samples;

// A network that tells two spirals apart, trained with the rows of each batch dealt to the ranks:
//   mpirun -n 2 dotnet DataParallelTraining.dll [steps] [checkpoint]
// With a checkpoint, a run that was cut off goes on where it was, on any number of ranks, and ends with the same bits.
int steps = args.Length > 0 ? int.Parse(args[0]) : 400;
string? path = args.Length > 1 ? args[1] : null;
using Communicator communicator = Ranks.Join();

const int batch = 256;
static (Tensor<double> X, Tensor<double> Y) Spirals(RandomKey key, int count)
{
    RandomKey[] keys = key.Split(3);
    Tensor<double> radius = keys[0].Uniform<double>(count).Sqrt();
    Tensor<double> label = keys[1].Uniform<double>(count) > 0.5;
    Tensor<double> angle = (2.5 * Math.PI * radius) + (Math.PI * label);
    Tensor<double> points = Tensor.Stack<double>([radius * angle.Cos(), radius * angle.Sin()], 1);
    return (points + (0.02 * keys[2].Normal<double>(count, 2)), label);
}

// Two layers of 32 and a number: the logarithm of the odds.
static Tensor<double> Network(Tensor<double>[] p, Tensor<double> x)
{
    Tensor<double> h = (x.MatMul(p[0]) + p[1]).Tanh();
    h = (h.MatMul(p[2]) + p[3]).Tanh();
    return h.MatMul(p[4]) + p[5];
}

// The sum over rows of the logistic loss.
static Tensor<double> Objective(Tensor<double>[] p, Tensor<double>[] rows) => Loss.BinaryCrossEntropyWithLogits(Network(p, rows[0]), rows[1], reduction: Reduction.Sum);

RandomKey[] keys = new RandomKey(1).Split(4);
Tensor<double>[] start =
[
    3 * keys[0].Normal(2, 32), Tensor.Zeros(32), keys[1].Normal(32, 32) / Math.Sqrt(32), Tensor.Zeros(32), keys[2].Normal(32) / Math.Sqrt(32), Tensor.Scalar(0.0),
];
var adam = new Adam<double>(Schedule.Cosine(0.02, steps));
Parameters<double> Named(Tensor<double>[] p) => new([.. p.Select((x, i) => ($"layer {i / 2}, {(i % 2 == 0 ? "weights" : "biases")}", x))]);
TrainingState<double>? saved = path is null ? null : Checkpoint.Load(communicator, path, Named(start), adam);
Tensor<double>[] p = saved is null ? start : [.. saved.Parameters.Values];
RandomKey key = saved?.Key ?? keys[3];
int done = adam.Steps;

double first = 0, last = 0;
var watch = Stopwatch.StartNew();
Terminal.Progress("training", report =>
{
    for (int step = done; step < steps; step++)
    {
        // Every rank could draw all rows; it reads those of its shards.
        (Tensor<double> x, Tensor<double> y) = Spirals(key.Derive(step), batch);
        (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(communicator, Objective, p, [x, y]);
        p = adam.Step(p, Array.ConvertAll(gradients, g => g / batch));
        last = value / batch;
        first = step == done ? last : first;
        if (path is not null && (step + 1) % 50 == 0)
        {
            Checkpoint.Save(communicator, path, Named(p), adam, key);
        }

        report((step + 1.0) / steps, $"loss {last:0.0000}");
    }
});

(Tensor<double> testX, Tensor<double> testY) = Spirals(new RandomKey(99), 2000);
double right = (Network(p, testX) > 0.0).EqualTo(testY).Mean().ToScalar();
Terminal.Line($"loss {first:0.000} -> {last:0.000}, {100 * right:0.0} % of 2000 new points right, {steps / watch.Elapsed.TotalSeconds:0} steps a second");
Terminal.Line($"bits {p.Aggregate(14695981039346656037UL, (hash, tensor) => tensor.ToArray().Aggregate(hash, (h, x) => (h ^ BitConverter.DoubleToUInt64Bits(x)) * 1099511628211UL)):x16}");
Terminal.Check("of the new points 95 % are classified right, where there was time to learn", steps < 400 || right > 0.95);
return Terminal.Finish();
