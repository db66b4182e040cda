using System.Diagnostics;
using System.Globalization;
using AutoDiff.Optimization;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>
/// A whole training job beside TorchSharp: epochs of digits in batches of 64 by Adam, and the test's digits in such batches, written as users write it, nothing disposed on our side and a scope for each batch on theirs. The two take turns by
/// epochs; they begin at the same numbers and see the same batches.
/// </summary>
internal static class DigitJob
{
    private const int Batch = 64;
    private const float Rate = 1e-3f;

    public static readonly string[] Columns =
    [
        "network", "digits", "AutoDiff, s an epoch", "TorchSharp", "ratio", "wanted", "right of the test's digits, %: AutoDiff", "TorchSharp's", "working set after the first, middle and last epoch, MB",
        "collections in an epoch, generations 0, 1, 2",
    ];

    public static List<string[]> Run(string? folder, int threads, int epochs)
    {
        (DigitSet train, DigitSet test) = folder is null ? DrawnDigits.Draw(12_000, 1).Split(6) : DigitSet.Read(folder);
        string digits = $"{train.Count:N0} {(folder is null ? "drawn" : "of MNIST")}, {test.Count:N0} for the test";
        Console.WriteLine($"{digits}; {threads} thread{(threads > 1 ? "s" : "")}, {epochs} epochs");
        Parallelism.MaxThreads = threads;
        torch.set_num_threads(threads);

        // An epoch of the perceptron is over before the just-in-time compiler is: it has more of them.
        return [Row(Network.Perceptron(784, 128, 64, 10), 0.7, [-1, 784], 4 * epochs), Row(Network.Convolutional(), 0.9, [-1, 1, 28, 28], epochs)];

        string[] Row(Network network, double wanted, int[] shape, int epochs)
        {
            var ours = new OurSide(network, train, test, shape);
            using var theirs = new TheirSide(network, train, test, shape);
            (double[] ourTimes, double[] theirTimes, double[] sets) = (new double[epochs], new double[epochs], new double[epochs]);
            int[] collections = new int[3];
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                int[] order = [.. Enumerable.Range(0, train.Count)];
                new Random(epoch).Shuffle(order);
                int[][] batches = [.. order.Chunk(Batch).Where(static batch => batch.Length == Batch)];
                int[] before = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
                ourTimes[epoch] = Seconds(() => ours.Epoch(batches));
                collections = [.. before.Select(static (count, generation) => GC.CollectionCount(generation) - count)];
                theirTimes[epoch] = Seconds(() => theirs.Epoch(batches));
                using var process = Process.GetCurrentProcess();
                sets[epoch] = process.WorkingSet64 / 1e6;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{network.Name}, epoch {epoch + 1}: {ourTimes[epoch]:0.000} s, TorchSharp {theirTimes[epoch]:0.000} s; {ours.Accuracy():0.00} and {theirs.Accuracy():0.00} %; {sets[epoch]:0} MB"));
            }

            // The first epochs have the just-in-time compiler in them.
            (double our, double their) = (Middle(ourTimes[(epochs / 2)..]), Middle(theirTimes[(epochs / 2)..]));
            return
            [
                network.Name, digits, $"{our:0.000}", $"{their:0.000}", $"{our / their:0.000}", $"≤ {wanted}", $"{ours.Accuracy():0.0}", $"{theirs.Accuracy():0.0}",
                $"{sets[0]:0}, {sets[epochs / 2]:0}, {sets[^1]:0}", string.Join(", ", collections),
            ];
        }
    }

    private static double Seconds(Action action)
    {
        Thread.Sleep(10);
        long begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static double Middle(double[] values) => values.Order().ElementAt(values.Length / 2);

    private sealed class OurSide(Network network, DigitSet train, DigitSet test, int[] shape)
    {
        private readonly Tensor<float> _images = Tensor.Create(train.Pixels, train.Count, DigitSet.Side * DigitSet.Side);
        private readonly Tensor<float> _tests = Tensor.Create(test.Pixels, test.Count, DigitSet.Side * DigitSet.Side);
        private readonly Adam<float> _adam = new(Rate);
        private Tensor<float>[] _parameters = [.. network.Start().Select(static p => p.Ours)];

        public void Epoch(int[][] batches)
        {
            foreach (int[] batch in batches)
            {
                Tensor<float> x = _images.Take(batch, 0).Reshape(shape);
                int[] labels = Array.ConvertAll(batch, i => train.Labels[i]);
                (_, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(p => Loss.CrossEntropy(network.Ours(x, p), labels), _parameters);
                _parameters = _adam.Step(_parameters, gradients);
            }
        }

        public double Accuracy()
        {
            int right = 0;
            foreach (int[] batch in Enumerable.Range(0, test.Count).Chunk(Batch))
            {
                Tensor<float> scores = network.Ours(_tests.Take(batch, 0).Reshape(shape), _parameters);
                right += scores.ArgMax(1).Zip(batch).Count(pair => pair.First == test.Labels[pair.Second]);
            }

            return 100.0 * right / test.Count;
        }
    }

    private sealed class TheirSide : IDisposable
    {
        private readonly Network _network;
        private readonly torch.Tensor _images, _labels, _tests, _testLabels;
        private readonly long[] _shape;
        private readonly TorchSharp.Modules.Parameter[] _parameters;
        private readonly torch.optim.Optimizer _adam;

        public TheirSide(Network network, DigitSet train, DigitSet test, int[] shape)
        {
            (_network, _shape) = (network, Array.ConvertAll(shape, static extent => (long)extent));
            (_images, _labels) = (torch.tensor(train.Pixels).reshape(train.Count, -1), torch.tensor(train.Labels, torch.int64));
            (_tests, _testLabels) = (torch.tensor(test.Pixels).reshape(test.Count, -1), torch.tensor(test.Labels, torch.int64));
            _parameters = [.. network.Start().Select(static p => new TorchSharp.Modules.Parameter(p.Theirs.detach().clone()))];
            _adam = torch.optim.Adam(_parameters, Rate);
        }

        public void Epoch(int[][] batches)
        {
            foreach (int[] batch in batches)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                torch.Tensor chosen = torch.tensor(batch, torch.int64);
                torch.Tensor x = _images.index_select(0, chosen).reshape(_shape);
                _adam.zero_grad();
                cross_entropy(_network.Theirs(x, _parameters), _labels.index_select(0, chosen)).backward();
                _adam.step();
            }
        }

        public double Accuracy()
        {
            using IDisposable none = torch.no_grad();
            long right = 0;
            for (long first = 0; first < _tests.shape[0]; first += Batch)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                long count = Math.Min(Batch, _tests.shape[0] - first);
                torch.Tensor scores = _network.Theirs(_tests.narrow(0, first, count).reshape(_shape), _parameters);
                right += scores.argmax(1).eq(_testLabels.narrow(0, first, count)).sum().item<long>();
            }

            return 100.0 * right / _tests.shape[0];
        }

        public void Dispose()
        {
            _adam.Dispose();
            foreach (torch.Tensor tensor in (torch.Tensor[])[_images, _labels, _tests, _testLabels, .. _parameters])
            {
                tensor.Dispose();
            }
        }
    }
}
