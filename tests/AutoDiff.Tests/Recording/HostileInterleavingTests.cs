using System.Collections.Concurrent;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Recording;

/// <summary>
/// Random programs (a thousand of each length in every run of the tests; AUTODIFF_PROGRAMS sets their number) that record, sweep, dispose, throw and read on three tapes and two threads, in turn and
/// at once. Every number is compared with one that is computed beside the library;
/// whatever cannot be done ends with an exception of a known kind, and what can be done does not.
/// </summary>
[Collection(nameof(MemoryTests))]
public class HostileInterleavingTests
{
    private sealed class ThrownByProgram : Exception;

    [Theory]
    [InlineData(2)]
    [InlineData(1100)]
    public void There_is_never_a_wrong_number(int length)
    {
        using var first = new Worker();
        using var second = new Worker();
        for (int seed = 0; seed < RandomProgramTests.Count; seed++)
        {
            new Program(seed, length, [first, second]).Run();
        }
    }

    /// <summary>A thread that does what it is told, one thing at a time.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly BlockingCollection<Action> work = [];

        public Worker() => new Thread(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable())
            {
                action();
            }
        }) { IsBackground = true }.Start();

        public Task<Exception?> Start(Action action)
        {
            var done = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
            work.Add(() => done.SetResult(Record.Exception(action)));
            return done.Task;
        }

        public void Dispose() => work.CompleteAdding();
    }

    private sealed class Track(Tape<double> tape, Tensor<double> x, int thread)
    {
        public Tape<double> Tape => tape;

        public Tensor<double> X => x;

        /// <summary>The number of the worker that owns it.</summary>
        public int Thread => thread;

        public bool Disposed { get; set; }
    }

    /// <summary>A tensor, what its numbers should be, and their derivatives by the variable of its tape, element by element.</summary>
    private sealed record Node(Tensor<double> Tensor, double[] Value, double[] Slope, Track? On)
    {
        public bool Dead { get; set; }

        /// <summary>Whether an operation was made of it, whose derivative may need its numbers.</summary>
        public bool Used { get; set; }
    }

    private sealed class Program(int seed, int length, Worker[] workers)
    {
        private readonly Random random = new(seed);
        private readonly Track[] tracks = new Track[3];
        private readonly List<Node> nodes = [];
        private string last = "";

        public void Run()
        {
            for (int i = 0; i < tracks.Length; i++)
            {
                tracks[i] = NewTrack(i % 2);
            }

            double[] numbers = Numbers();
            nodes.Add(new Node(Tensor.Create<double>(numbers), numbers, new double[length], null));
            for (int step = 0; step < 12; step++)
            {
                Step();
            }

            // What is alive at the end is right.
            foreach (Node node in nodes.Where(node => !node.Dead && node.On is not { Disposed: true }))
            {
                last = "check at the end";
                Do(node.On?.Thread ?? 0, mustSucceed: true, () => Check(node));
            }

            Array.ForEach(tracks, track => track.Tape.Dispose());
        }

        private void Step()
        {
            (Node a, Node b) = (Pick(), Pick());
            int thread = random.Next(2);
            int kind = random.Next(16);
            last = $"kind {kind} on thread {thread}, {Describe(a)}, {Describe(b)}";
            bool own = Own(a, thread);
            a.Used |= kind is not (4 or 5 or 12 or 13);
            b.Used |= kind is 1 or 2 or 3 or 6;
            bool both = own && Own(b, thread) && (a.On is null || b.On is null || a.On == b.On);
            switch (kind)
            {
                case 0:
                    Add(thread, own, a.On, () => a.Tensor.Sin(), Map(a, Math.Sin), Slopes(a, Math.Cos));
                    break;
                case 1 or 2:
                    Add(thread, both, a.On ?? b.On, () => a.Tensor * b.Tensor, Map(a, b, (x, y) => x * y), [.. a.Slope.Select((s, i) => (s * b.Value[i]) + (a.Value[i] * b.Slope[i]))]);
                    break;
                case 3:
                    Add(thread, both, a.On ?? b.On, () => (a.Tensor + b.Tensor) * 0.5, Map(a, b, (x, y) => (x + y) * 0.5), Map(a.Slope, b.Slope, (s, t) => (s + t) * 0.5));
                    break;
                case 4:
                    Sweep(thread, a);
                    break;
                case 5:
                    DisposeTrack(thread);
                    break;
                case 6:
                    Fail(thread, a, b);
                    break;
                case 7:
                    Add(thread, own, a.On, () => Differentiate.Gradient(z => (z * a.Tensor).Sum(), Tensor.Ones<double>(length)), a.Value, a.Slope);
                    break;
                case 8:
                    Add(thread, own, a.On, () => Differentiate.Jvp(z => z.Sin() is var s ? z * a.Tensor : s, Tensor.Ones<double>(length), Tensor.Full(2.0, length)), Map(a, x => 2 * x), Array.ConvertAll(a.Slope, s => 2 * s));
                    break;
                case 9:
                    Add(thread, own, a.On, () => Differentiate.Checkpoint(z => z.Sin() * z, a.Tensor), Map(a, x => Math.Sin(x) * x), Slopes(a, x => (Math.Cos(x) * x) + Math.Sin(x)));
                    break;
                case 10:
                    Hook(thread, a);
                    break;
                case 11:
                    // A constant copy, good on every thread and after the tape.
                    Add(thread, !a.Dead && a.On is not { Disposed: true }, null, () => a.Tensor.Detach(), a.Value, new double[length], keeps: a.On is not null);
                    break;
                case 12:
                    Do(thread, !a.Dead && a.On is not { Disposed: true }, () => Near(a.Tensor.ToArray(), a.Value));
                    break;
                case 13:
                    DisposeConstant(a);
                    break;
                default:
                    AtOnce(a, b);
                    break;
            }
        }

        /// <summary>Whether an operation of a node must succeed on a thread.</summary>
        private static bool Own(Node node, int thread) => !node.Dead && (node.On is null || (!node.On.Disposed && node.On.Thread == thread));

        private void Add(int thread, bool mustSucceed, Track? on, Func<Tensor<double>> make, double[] value, double[] slope, bool keeps = true)
        {
            Tensor<double>? made = null;
            if (Do(thread, mustSucceed, () => Near((made = make()).ToArray(), value)) && keeps)
            {
                nodes.Add(new Node(made!, value, slope, on));
            }
        }

        private void Sweep(int thread, Node y)
        {
            if (y.On is not { } on)
            {
                return;
            }

            bool record = random.Next(3) == 0;
            bool forward = random.Next(2) == 0;
            Do(thread, !on.Disposed && (on.Thread == thread || !record), () => Sweep(on, y, forward, record));
        }

        private void Sweep(Track on, Node y, bool forward, bool record)
        {
            Tensor<double> ones = Tensor.Ones<double>(length);
            Tensor<double> slope = forward ? on.Tape.Jvp(y.Tensor, on.X, ones, record) : on.Tape.Vjp(y.Tensor, ones, on.X, record);
            Near(slope.ToArray(), y.Slope);
        }

        private void DisposeTrack(int thread)
        {
            int i = random.Next(tracks.Length);
            Do(thread, true, () =>
            {
                tracks[i].Tape.Dispose();
                tracks[i].Tape.Dispose();
            });
            tracks[i].Disposed = true;
            Do(random.Next(2), true, Spoil);
            tracks[i] = NewTrack(random.Next(2));
        }

        /// <summary>A call that throws, after it has recorded wherever it can: all tapes are as they were.</summary>
        private void Fail(int thread, Node a, Node b)
        {
            int[] counts = Array.ConvertAll(tracks, track => track.Tape.Count);
            Tensor<double>? leaked = null;
            bool forward = random.Next(2) == 0;
            Tensor<double> Throws(Tensor<double> z)
            {
                leaked = z.Sin() * z;
                leaked = (Differentiate.Gradient(u => (u * z).Sum(), Tensor.Ones<double>(length)) * a.Tensor) + leaked;
                _ = b.Tensor * b.Tensor * z;
                throw new ThrownByProgram();
            }

            Do(thread, false, () =>
            {
                Tensor<double> point = Tensor.Ones<double>(length);
                _ = forward ? Differentiate.Jvp(Throws, point, point) : Differentiate.Hessian(z => Throws(z).Sum(), point);
                throw new InvalidOperationException("it must throw");
            });
            Array.ConvertAll(tracks, track => track.Tape.Count).Should().Equal(counts, "seed {0}: {1}", seed, last);
            Record.Exception(() => leaked?.ToArray()).Should().Match<Exception?>(e => leaked == null || e is ObjectDisposedException, "seed {0}: {1}", seed, last);
        }

        /// <summary>A hook that throws, differentiates, or disposes the tape that is being swept.</summary>
        private void Hook(int thread, Node y)
        {
            if (y.On is not { } on)
            {
                return;
            }

            int what = random.Next(3);
            Do(thread, false, () =>
            {
                Tensor<double> ones = Tensor.Ones<double>(length);
                Tensor<double> z = (y.Tensor.OnCotangent(g =>
                {
                    if (what == 0)
                    {
                        throw new ThrownByProgram();
                    }

                    if (what == 1)
                    {
                        on.Tape.Dispose();
                        on.Disposed = true;
                        Spoil();
                    }

                    return g * Differentiate.Gradient(u => u.Sum(), g);
                }) * ones) + (y.Tensor * 0.0);
                Near(on.Tape.Vjp(z, ones, on.X).ToArray(), y.Slope);
            });
            if (on.Disposed && Array.IndexOf(tracks, on) is var i && i >= 0)
            {
                tracks[i] = NewTrack(random.Next(2));
            }
        }

        private void DisposeConstant(Node constant)
        {
            if (constant.On is not null || constant.Used || nodes.Count(node => node.On is null && !node.Dead) < 2)
            {
                return;
            }

            // A tensor may be its own detached copy.
            Task<Exception?>[] tasks = Array.ConvertAll(workers, worker => worker.Start(constant.Tensor.Dispose));
            Array.ForEach(tasks, task => task.Result.Should().BeNull("seed {0}: {1}", seed, last));
            nodes.ForEach(node => node.Dead |= ReferenceEquals(node.Tensor, constant.Tensor));
            Do(0, true, Spoil);
        }

        /// <summary>The owner records, fails or disposes while the other thread sweeps and reads.</summary>
        private void AtOnce(Node y, Node other)
        {
            if (y.On is not { Disposed: false } on)
            {
                return;
            }

            int what = random.Next(3);
            bool forward = random.Next(2) == 0;
            Task<Exception?> reading = workers[1 - on.Thread].Start(() =>
            {
                for (int i = 0; i < 3; i++)
                {
                    Sweep(on, y, forward, record: false);
                    Near(y.Tensor.ToArray(), y.Value);
                    Near(y.Tensor.Detach().ToArray(), y.Value);
                }
            });
            Task<Exception?> owning = workers[on.Thread].Start(() =>
            {
                for (int i = 0; i < 6; i++)
                {
                    _ = on.X.Sin() * on.X;
                }

                if (what == 1)
                {
                    on.Tape.Dispose();
                    Spoil();
                }
                else if (what == 2)
                {
                    FluentActions.Invoking(() => Differentiate.Gradient(z => (z * on.X).Sum() is null ? z : throw new ThrownByProgram(), Tensor.Ones<double>(length))).Should().Throw<ThrownByProgram>();
                }
            });
            Judge(owning.Result, true);
            Judge(reading.Result, what != 1);
            if (what == 1)
            {
                on.Disposed = true;
                tracks[Array.IndexOf(tracks, on)] = NewTrack(random.Next(2));
            }
        }

        private bool Do(int thread, bool mustSucceed, Action action)
        {
            Exception? error = workers[thread].Start(action).Result;
            Judge(error, mustSucceed);
            return error is null;
        }

        private void Judge(Exception? error, bool mustSucceed)
        {
            bool known = error is null or TapeException or ObjectDisposedException or ThrownByProgram;
            if (!known || (mustSucceed && error is not null))
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {last}: {error}");
            }
        }

        private void Check(Node node)
        {
            Near(node.Tensor.ToArray(), node.Value);
            if (node.On is { } on)
            {
                Sweep(on, node, false, false);
                Sweep(on, node, true, false);
            }
        }

        private Track NewTrack(int thread)
        {
            Track? made = null;
            double[] numbers = Numbers();
            Do(thread, true, () =>
            {
                var tape = new Tape<double>();
                made = new Track(tape, tape.Variable(Tensor.Create<double>(numbers)), thread);
            });
            nodes.Add(new Node(made!.X, numbers, [.. Enumerable.Repeat(1.0, length)], made));
            return made;
        }

        /// <summary>Mostly of what was made last.</summary>
        private Node Pick() => nodes[random.Next(2) == 0 ? random.Next(nodes.Count) : Math.Max(0, nodes.Count - 1 - random.Next(4))];

        private double[] Numbers() => [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 2) - 1)];

        private void Spoil()
        {
            Tensor<double>[] spoilt = [.. Enumerable.Range(0, 6).Select(_ => Tensor.Full(-7e77, length))];
            Array.ForEach(spoilt, tensor => tensor.Dispose());
        }

        private string Describe(Node node) => $"{(node.On is null ? "constant" : $"tape {Array.IndexOf(tracks, node.On)} of thread {node.On.Thread}{(node.On.Disposed ? ", disposed" : "")}")}{(node.Dead ? ", dead" : "")}";

        private static double[] Map(Node a, Func<double, double> f) => Array.ConvertAll(a.Value, x => f(x));

        private static double[] Map(Node a, Node b, Func<double, double, double> f) => Map(a.Value, b.Value, f);

        private static double[] Map(double[] a, double[] b, Func<double, double, double> f) => [.. a.Select((x, i) => f(x, b[i]))];

        private static double[] Slopes(Node a, Func<double, double> derivative) => Map(a.Slope, a.Value, (s, x) => s * derivative(x));

        private static void Near(double[] actual, double[] expected)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (!Agreement.Within(actual[i], expected[i], 1e-9 * Math.Max(1, Math.Abs(expected[i]))))
                {
                    throw new Xunit.Sdk.XunitException($"element {i} is {actual[i]}, and should be {expected[i]}");
                }
            }
        }
    }
}
