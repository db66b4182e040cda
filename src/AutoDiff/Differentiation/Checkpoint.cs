using System.Numerics;

namespace AutoDiff;

// Memory for time: regions of a program that are computed again in the sweeps instead of being kept.
public static partial class Differentiate
{
    /// <summary>f(x), without keeping what f computes on the way: a sweep that comes by records f again. The derivative is that of f, in every order and mode.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, of its input alone: a recorded tensor that it captured would lose its derivative, and is an error. It is called again in every sweep and must do the same each time. What it is given ends with the call.</param>
    /// <param name="x">The point.</param>
    /// <returns>f(x), as one operation on the tape.</returns>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    public static Tensor<T> Checkpoint<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Checkpoint(OfOne(f), [x]);

    /// <summary>f(xs), without keeping what f computes on the way.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function, of its inputs alone.</param>
    /// <param name="xs">The point.</param>
    /// <returns>f(xs), as one operation on the tape.</returns>
    /// <exception cref="TapeException">f captured a recorded tensor.</exception>
    public static Tensor<T> Checkpoint<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Checkpoint), nameof(f));
        Errors.NotNull(xs, nameof(Checkpoint), nameof(xs));
        return Checkpoint(nameof(Checkpoint), f, xs);
    }

    private static Tensor<T> Checkpoint<T>(string operation, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor<T>.Recompute(operation, xs, f, (inputs, y) => new CheckpointRecord<T>(operation, inputs, y, f));

    /// <summary>The record of a checkpoint: both products record the function again, and sweep that, with what is known of the vectors.</summary>
    private sealed class CheckpointRecord<T>(string name, Tensor<T>[] inputs, Tensor<T> output, Func<Tensor<T>[], Tensor<T>> f) : OuterRecord<T>(name, inputs, output, f)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Func<Tensor<T>[], Tensor<T>> f = f;

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
    /// A loop, state ← step(state, parameters, i) for i = 0 ... n - 1, that keeps O(log n) states instead of n: it is halved again and again, and each half is a checkpoint.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="step">One step, of its arguments alone.</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="parameters">What all steps share; derivatives flow to it.</param>
    /// <param name="n">The number of steps.</param>
    /// <param name="leaf">So many steps are recorded as they are. A sweep takes about log2(n / leaf) times the work of the loop besides its own.</param>
    /// <returns>The state after the last step.</returns>
    /// <exception cref="ArgumentException">n is negative, or leaf is below 1.</exception>
    /// <exception cref="TapeException">A step captured a recorded tensor.</exception>
    public static Tensor<T> Scan<T>(Func<Tensor<T>, Tensor<T>[], int, Tensor<T>> step, Tensor<T> state, Tensor<T>[] parameters, int n, int leaf = 16)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(step, nameof(Scan), nameof(step));
        Errors.NotNull(state, nameof(Scan), nameof(state));
        Errors.NotNull(parameters, nameof(Scan), nameof(parameters));
        if (n < 0 || leaf < 1)
        {
            throw Errors.OutOfRange(nameof(Scan), n < 0 ? nameof(n) : nameof(leaf), $"n is {n} and leaf is {leaf}", "0 or more steps, and a leaf of 1 or more", "check the numbers");
        }

        return Scan(nameof(Scan), step, state, parameters, n, leaf);
    }

    internal static Tensor<T> Scan<T>(string operation, Func<Tensor<T>, Tensor<T>[], int, Tensor<T>> step, Tensor<T> state, Tensor<T>[] parameters, int n, int leaf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] inputs = [state, .. parameters];
        return n > leaf ? Savepoint.AllOrNothing(() => Halve(0, n, inputs)) : Tensor<T>.Closed(operation, inputs, () => Halve(0, n, inputs));

        Tensor<T> Halve(int from, int to, Tensor<T>[] all)
        {
            if (to - from <= leaf)
            {
                Tensor<T> current = all[0];
                for (int i = from; i < to; i++)
                {
                    current = Errors.NotNull(step(current, all[1..], i), operation, "result of step");
                }

                return current;
            }

            int middle = from + ((to - from) / 2);
            Tensor<T> half = Checkpoint(operation, xs => Halve(from, middle, xs), all);
            return Checkpoint(operation, xs => Halve(middle, to, xs), [half, .. all[1..]]);
        }
    }
}
