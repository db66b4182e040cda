using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Memory for time: regions of a program that are computed again in the sweeps instead of being kept.
public static partial class Differentiate
{
    /// <summary>f(x), without keeping what f computes on the way: a sweep that comes by records f again. The derivative is that of f, in every order and mode.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, of its input alone: a recorded tensor that it captured would lose its derivative, and is an error. It is called again in every sweep and must do the same each time. What it is given ends with the call.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), as one operation on the tape.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Derivative(x => Differentiate.Checkpoint(y => y.Sin().Exp(), x), 0)); // => 1
    /// </code>
    /// </example>
    public static Tensor<T> Checkpoint<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Checkpoint(OfOne(f), [Given(x)]);

    /// <summary>f(xs), without keeping what f computes on the way.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, of its inputs alone.</param>
    /// <param name="xs">The point.</param>
    /// <returns>f(xs), as one operation on the tape.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    public static Tensor<T> Checkpoint<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Checkpoint), nameof(f));
        Errors.NotNull(xs, nameof(Checkpoint), nameof(xs));
        return Checkpoint(nameof(Checkpoint), f, xs);
    }

    private static Tensor<T> Checkpoint<T>(string operation, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor<T>.Recompute(operation, xs, xs => Errors.Result(f(xs), operation, nameof(f)), (inputs, y) => new CheckpointRecord<T>(operation, inputs, y, f));

    /// <summary>The record of a checkpoint: both products record the function again, and sweep that, with what is known of the vectors.</summary>
    private sealed class CheckpointRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, Func<Tensor<T>[], Tensor<T>> f) : OuterRecord<T>(name, inputs, output, f, mayKeep: false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Func<Tensor<T>[], Tensor<T>> f = f;

        protected override Record<T> Anew(Tensor<T>[] inputs, Tensor<T> output) => new CheckpointRecord<T>(Name, inputs, output, f);

        public override SweepVector<T>[] VjpOfAll(SweepVector<T> g, Operands<T> operands)
        {
            SweepVector<T> u = Own(g, operands);
            return Outside(operands, (xs, _) =>
            {
                using var scope = new FunctionScope<T>(Name, f, xs, u.Values);
                return scope.Completed(scope.Vjp(u));
            });
        }

        public override SweepVector<T> PushForward(ReadOnlySpan<SweepVector<T>> tangents, Operands<T> operands)
        {
            SweepVector<T>[] ts = tangents.ToArray();
            int[] active = [.. Enumerable.Range(0, ts.Length).Where(i => !ts[i].IsZero)];
            SweepVector<T>[] vs = Array.ConvertAll(active, i => Own(ts[i], operands));
            return Outside(operands, (xs, _) =>
            {
                Tensor<T> At(Tensor<T>[] some) => f([.. Enumerable.Range(0, xs.Length).Select(i => Array.IndexOf(active, i) is var k && k >= 0 ? some[k] : xs[i])]);
                Tensor<T>[] point = Array.ConvertAll(active, i => xs[i]);
                if (Tape<T>.PassTangents(Name, At, point, vs) is { } product)
                {
                    return product;
                }

                using var scope = new FunctionScope<T>(Name, At, point, Tape<T>.ValuesOf(vs));
                return scope.Completed(scope.Jvp(vs));
            });
        }

        private static SweepVector<T> Own(SweepVector<T> v, Operands<T> operands) => new(Own(v.Values, operands)!, Own(v.Lanes, operands));
    }

    /// <summary>
    /// A loop, state ← step(state, parameters, i) for i = 0 ... n - 1, in bounded memory: steps are recorded as they are until their values take what they may. The others run in parts, each a checkpoint, of
    /// which only the states at the beginning are kept, as many as memory allows; a sweep records them again, part by part.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="step">One step, of its arguments alone.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="parameters">What all steps share; derivatives flow to it.</param>
    /// <param name="n">The number of steps.</param>
    /// <param name="leaf">At most so many steps are recorded as they are; if not given, as many as memory allows.</param>
    /// <param name="memory">
    /// The bytes that recorded steps may take, and the bytes of the states that one level of parts may keep; 64 MiB unless given. Where the states of n / leaf parts fit, a sweep takes each step once more;
    /// where they do not, parts are made of parts, and each such level takes the loop once more.
    /// </param>
    /// <param name="cancellationToken">Looked at before every step, of the sweeps too.</param>
    /// <returns>The state after the last step.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">n is negative, or leaf or the memory is below 1.</exception>
    /// <exception cref="TapeException">A step captured a recorded tensor.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> rate = Tensor.Scalar(0.5), start = Tensor.Scalar(1.0);
    /// Console.WriteLine(Differentiate.Derivative(r => Differentiate.Scan((y, p, i) => y * p[0], start, [r], 3), rate)); // => 0.75
    /// </code>
    /// </example>
    public static Tensor<T> Scan<T>(
        Func<Tensor<T>, Tensor<T>[], int, Tensor<T>> step, Tensor<T> state, Tensor<T>[] parameters, int n, int? leaf = null, long memory = ScanLoop<T>.Memory, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(step, nameof(Scan), nameof(step));
        Errors.NotNull(state, nameof(Scan), nameof(state));
        Errors.NoneNull(parameters, nameof(Scan), nameof(parameters));
        if (n < 0 || leaf < 1 || memory < 1)
        {
            throw Errors.OutOfRange(nameof(Scan), n < 0 ? nameof(n) : leaf < 1 ? nameof(leaf) : nameof(memory), $"n is {n}, leaf is {leaf?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"} and the memory is {memory}",
                "0 or more steps, and a leaf and a memory of 1 or more", "check the numbers");
        }

        var loop = new ScanLoop<T>(step, memory, cancellationToken);
        Tensor<T>[] inputs = [state, .. parameters];
        return n > leaf ? Savepoint.AllOrNothing(() => loop.Split(0, n, leaf.Value, inputs)) : Tensor<T>.Closed(nameof(Scan), inputs, () => loop.Record(0, n, inputs));
    }

    /// <summary>A loop in parts.</summary>
    internal sealed class ScanLoop<T>(Func<Tensor<T>, Tensor<T>[], int, Tensor<T>> step, long memory, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public const long Memory = 64L << 20;

        /// <summary>The steps as they are, as long as what they record fits; the rest in parts of as many steps.</summary>
        public Tensor<T> Record(int from, int to, Tensor<T>[] all)
        {
            Tape<T>? tape = Array.Find(all, static x => x.Tape is not null)?.Tape;
            Tensor<T> current = all[0];
            long bytes = 0;
            for (int i = from; i < to; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int start = tape?.Count ?? 0;
                current = Errors.Result(step(current, all[1..], i), nameof(Scan), nameof(step));
                bytes += tape is null ? 0 : BytesSince(tape, start);
                if (bytes > memory && i + 1 < to)
                {
                    return Split(i + 1, to, i + 1 - from, [current, .. all[1..]]);
                }
            }

            return current;
        }

        /// <summary>In parts that are checkpoints, one after the other: as many as their states may take memory, and no more than it takes to record each as it is.</summary>
        public Tensor<T> Split(int from, int to, int leaf, Tensor<T>[] all)
        {
            int steps = to - from;
            long states = Math.Max(2, memory / Math.Max(1, (long)all[0].Length * Unsafe.SizeOf<T>()));
            int parts = (int)Math.Min(states, (steps + (long)leaf - 1) / leaf);
            Tensor<T> current = all[0];
            for (int part = 0; part < parts; part++)
            {
                int first = from + (int)((long)steps * part / parts);
                int end = from + (int)((long)steps * (part + 1) / parts);
                current = Checkpoint(nameof(Scan), xs => end - first <= leaf ? Record(first, end, xs) : Split(first, end, leaf, xs), [current, .. all[1..]]);
            }

            return current;
        }

        private static long BytesSince(Tape<T> tape, int start)
        {
            long numbers = 0;
            for (int i = start; i < tape.Count; i++)
            {
                numbers += tape[i].Output.Length;
            }

            return numbers * Unsafe.SizeOf<T>();
        }
    }
}
