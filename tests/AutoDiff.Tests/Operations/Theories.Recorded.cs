using System.Numerics;

namespace AutoDiff.Tests.Operations;

// What is recorded is the same program as what is not.
internal static partial class Theories<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What becomes of an operation's output: cotangents that are whole, that fill a part, and sums of both in several orders.</summary>
    private static readonly Func<Tensor<T>, Tensor<T>>[] Surroundings =
    [
        static y => y,
        static y => y.Flatten()[(y.Length / 3)..],
        static y => Tensor.Concat([y.Flatten()[..(y.Length / 2)], y.Flatten().Sin(), y.Flatten()[1..]]),
        static y => Tensor.Concat([y.Flatten().Flip(0)[..((y.Length + 1) / 2)] * T.CreateChecked(3), y.Flatten().Square(), -y.Flatten()]),
    ];

    /// <summary>A recorded sweep gives bitwise what an unrecorded one gives; and so do the sweeps of a recorded gradient.</summary>
    public static int RecordedSweeps(OperationRow<T> row)
    {
        int comparisons = 0;
        foreach (Func<Tensor<T>, Tensor<T>> surroundings in Surroundings)
        {
            Each(row, nameof(RecordedSweeps), trial =>
            {
                using var tape = new Tape<T>();
                Tensor<T>[] x = Array.ConvertAll(trial.X, tape.Variable);
                Tensor<T> y = row.F(x);
                y = y.Length == 0 ? y : surroundings(y);
                Tensor<T>[] gradients = Compare(trial, tape, "", [y], x, ref comparisons);
                gradients = gradients.Where(g => ReferenceEquals(g.Tape, tape)).ToArray();
                if (gradients.Length > 0 && row.Order >= 2)
                {
                    Compare(trial, tape, " of the recorded gradient", gradients, x, ref comparisons);
                }
            });
        }

        return comparisons;
    }

    private static Tensor<T>[] Compare(Trial trial, Tape<T> tape, string what, Tensor<T>[] ys, Tensor<T>[] x, ref int comparisons)
    {
        Tensor<T>[] u = Array.ConvertAll(ys, y => trial.Random(y.Shape));
        Tensor<T>[] v = trial.Directions();
        (Tensor<T>[] plain, Tensor<T>[] recorded) = (tape.Vjp(ys, u, x), tape.Vjp(ys, u, x, record: true));
        (Tensor<T>[] tangents, Tensor<T>[] recordedTangents) = (tape.Jvp(ys, x, v), tape.Jvp(ys, x, v, record: true));
        for (int i = 0; i < x.Length; i++)
        {
            trial.Same($"Vjp{what} by input {i}, not recorded and recorded", plain[i], recorded[i]);
        }

        for (int i = 0; i < ys.Length; i++)
        {
            trial.Same($"Jvp{what}, not recorded and recorded", tangents[i], recordedTangents[i]);
        }

        comparisons += x.Length + ys.Length;
        return recorded;
    }
}
