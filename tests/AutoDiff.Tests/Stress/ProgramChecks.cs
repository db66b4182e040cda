using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Stress;

/// <summary>A random program contradicts what must hold of every program.</summary>
public sealed class ProgramException(string message) : Exception(message);

/// <summary>What must hold of every random program. A check throws; the number that it gives says whether finite differences had something to say.</summary>
internal static class ProgramChecks
{
    /// <summary>The largest program (elements times steps) that second derivatives and Jacobians are taken of.</summary>
    private const int MostWorkForSecondOrder = 1_500;

    /// <summary>
    /// Values, both sweeps, recorded ones too, batches, second derivatives, Jacobians; nothing recorded changes, nothing rented stays away; the same bits with any number of threads.
    /// </summary>
    /// <returns>Whether finite differences settled, so that they were compared.</returns>
    public static bool Check(RandomProgram program)
    {
        Tensor<double>[] inputs = program.Inputs();
        using var tape = new Tape<double>();
        Tensor<double>[] x = Array.ConvertAll(inputs, tape.Variable);
        Tensor<double> y = program.Run(x);
        Same("value on a tape and off it", y, program.Run(inputs));
        Tensor<double>[] v = program.Directions(0);
        Tensor<double> value = y.Detach();
        if (!ReferenceEquals(y.Tape, tape) || !value.Values.ToArray().All(double.IsFinite))
        {
            // A constant, or a point at which the program has no value (the logarithm of a difference of equal numbers).
            return false;
        }

        Tensor<double> u = RandomProgram.Numbers(new Random(program.Seed), y.Shape);
        (Tensor<double>[] backward, Tensor<double>[] forward) = Sweeps(tape, y, x, u, v);
        Tensor<double>[] along = CheckRecorded(tape, y, x, u, v, backward, forward);
        CheckBatches(tape, y, x, u, v, backward, forward);
        if (program.Steps.Length * (y.Length + inputs.Sum(input => input.Length)) <= MostWorkForSecondOrder)
        {
            CheckSecondOrder(tape, x, along, program);
            CheckJacobians(tape, y, x[0]);
        }

        CheckThreads(program, inputs, value, u, backward);
        return !program.Detaches && CheckDifferences(program, inputs, u, v, Inner([u], forward).Sum);
    }

    /// <summary>Gradients by a backward and by a forward sweep, and what sweeps must leave as it was.</summary>
    private static (Tensor<double>[] Backward, Tensor<double>[] Forward) Sweeps(Tape<double> tape, Tensor<double> y, Tensor<double>[] x, Tensor<double> u, Tensor<double>[] v)
    {
        ulong[] before = Checksums(tape);
        Tensor<double>[] backward = tape.Vjp(y, u, x);
        Tensor<double>[] forward = tape.Jvp([y], x, v);
        Tensor<double>[] again = tape.Vjp(y, u, x);
        for (int i = 0; i < x.Length; i++)
        {
            Same($"the gradient by input {i}, first and second time", backward[i], again[i]);
        }

        foreach (Tensor<double> result in tape.Jvp([y], x, v).Concat(again))
        {
            result.Dispose();
        }

        Unchanged(before, tape, "sweeps that are not recorded");
        (double one, double size) = Inner([u], forward);
        (double other, double otherSize) = Inner(backward, v);
        Close("<u, J v> and <u J, v>", one, other, 1e-10 * (1 + size + otherSize));
        return (backward, forward);
    }

    /// <summary>Recorded sweeps give the same numbers. The result is the gradient along the directions, recorded.</summary>
    private static Tensor<double>[] CheckRecorded(Tape<double> tape, Tensor<double> y, Tensor<double>[] x, Tensor<double> u, Tensor<double>[] v, Tensor<double>[] backward, Tensor<double>[] forward)
    {
        ulong[] before = Checksums(tape);
        Tensor<double>[] recorded = tape.Vjp(y, u, x, record: true);
        for (int i = 0; i < x.Length; i++)
        {
            Close($"the gradient by input {i}, recorded and not", backward[i], recorded[i], 1e-11);
        }

        Close("the tangent, recorded and not", forward[0], tape.Jvp([y], x, v, record: true)[0], 1e-11);
        Unchanged(before, tape, "recorded sweeps");
        return recorded;
    }

    /// <summary>Two vectors in one sweep give what each gives alone.</summary>
    private static void CheckBatches(Tape<double> tape, Tensor<double> y, Tensor<double>[] x, Tensor<double> u, Tensor<double>[] v, Tensor<double>[] backward, Tensor<double>[] forward)
    {
        Tensor<double>[] stacked = tape.Vjp(y, Tensor.Stack([u * -0.5, u]), x);
        for (int i = 0; i < x.Length; i++)
        {
            Close($"the gradient by input {i}, in a batch and alone", backward[i], stacked[i][1], 1e-11);
            Close($"the gradient by input {i}, in a batch and alone, times -0.5", backward[i] * -0.5, stacked[i][0], 1e-11);
        }

        Tensor<double> both = tape.Jvp([y], x, Array.ConvertAll(v, v => Tensor.Stack([v, v * 2.0])))[0];
        Close("the tangent, in a batch and alone", forward[0], both[0], 1e-11);
        Close("the tangent, in a batch and alone, doubled", forward[0] * 2.0, both[1], 1e-11);
    }

    /// <summary>The Hessian is symmetric, and forward over backward is backward over backward.</summary>
    private static void CheckSecondOrder(Tape<double> tape, Tensor<double>[] x, Tensor<double>[] gradients, RandomProgram program)
    {
        int[] active = [.. Enumerable.Range(0, x.Length).Where(i => ReferenceEquals(gradients[i].Tape, tape))];
        if (active.Length == 0)
        {
            return;
        }

        Tensor<double>[] g = Array.ConvertAll(active, i => gradients[i]);
        (Tensor<double>[] v, Tensor<double>[] w) = (program.Directions(1), program.Directions(2));
        Tensor<double>[] hv = tape.Jvp(g, x, v);
        Tensor<double>[] hw = tape.Vjp(g, Array.ConvertAll(active, i => w[i]), x);
        (double one, double size) = Inner(hv, Array.ConvertAll(active, i => w[i]));
        (double other, double otherSize) = Inner(hw, v);
        Close("<w, H v> forward over backward, and <H w, v> backward over backward", one, other, 1e-9 * (1 + size + otherSize));

        if (active.Length == x.Length && !program.Detaches)
        {
            (double crossed, double crossedSize) = Inner(tape.Jvp(g, x, w), v);
            Close("<w, H v> and <v, H w>", one, crossed, 1e-9 * (1 + size + crossedSize));
        }
    }

    /// <summary>Rows, columns and colors give the same Jacobian.</summary>
    private static void CheckJacobians(Tape<double> tape, Tensor<double> y, Tensor<double> x)
    {
        Tensor<double> byRows = tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Reverse });
        Close("the Jacobian by rows and by columns", byRows, tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Forward }), 1e-10);
        Close("the Jacobian by rows and by colors", byRows, tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Sparse }), 1e-10);
        Close("the Jacobian by rows, all at once and in small chunks", byRows, tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Reverse, MemoryBound = 1 }), 1e-10);
    }

    /// <summary>Any number of threads gives the same bits.</summary>
    private static void CheckThreads(RandomProgram program, Tensor<double>[] inputs, Tensor<double> value, Tensor<double> u, Tensor<double>[] gradient)
    {
        if (!StressRun.Threads)
        {
            return;
        }

        int before = Threading.MaxThreads;
        try
        {
            foreach (int threads in StressRun.ThreadCounts)
            {
                Threading.MaxThreads = threads;
                Same($"the value with {before} and with {threads} threads", value, program.Run(inputs));
                Tensor<double>[] other = Differentiate.Vjp(program.Run, inputs, u);
                for (int i = 0; i < other.Length; i++)
                {
                    Same($"the gradient by input {i} with {before} and with {threads} threads", gradient[i], other[i]);
                }
            }
        }
        finally
        {
            Threading.MaxThreads = before;
        }
    }

    /// <summary>The derivative along a direction is that of central differences, where two step sizes of these agree (they do not where a kink is near).</summary>
    private static bool CheckDifferences(RandomProgram program, Tensor<double>[] inputs, Tensor<double> u, Tensor<double>[] v, double derivative)
    {
        (double coarse, double fine, double size) = (Central(1e-4), Central(5e-5), 1 + Math.Abs(derivative));
        double best = ((4 * fine) - coarse) / 3;
        bool settled = Math.Abs(fine - coarse) < 2e-6 * size;
        if (settled)
        {
            Close("the derivative along a direction, and finite differences", best, derivative, 1e-4 * size);
        }

        return settled;

        double Central(double h) => (Along(h) - Along(-h)) / (2 * h);

        double Along(double h) => (program.Run([.. inputs.Zip(v, (x, v) => x + (v * h))]) * u).Sum().ToScalar();
    }

    /// <summary>A checksum of every recorded tensor.</summary>
    private static ulong[] Checksums(Tape<double> tape)
    {
        var sums = new ulong[tape.Count];
        for (int i = 0; i < sums.Length; i++)
        {
            // Addition and multiplication by an odd number: every bit of every element counts, and its place.
            ulong sum = 14695981039346656037;
            foreach (ulong bits in MemoryMarshal.Cast<double, ulong>(tape[i].Output.Values))
            {
                sum = ((sum ^ bits) * 0x9E3779B97F4A7C15) + 1;
            }

            sums[i] = sum;
        }

        return sums;
    }

    private static void Unchanged(ulong[] before, Tape<double> tape, string what)
    {
        ulong[] after = Checksums(tape);
        for (int i = 0; i < before.Length; i++)
        {
            Require(before[i] == after[i], $"{what} changed the recorded tensor {i}, the result of {tape[i].Name}");
        }
    }

    private static (double Sum, double Size) Inner(ReadOnlySpan<Tensor<double>> x, ReadOnlySpan<Tensor<double>> y)
    {
        (double sum, double size) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<double> a = x[i].Values, b = y[i].Values;
            for (int j = 0; j < a.Length; j++)
            {
                sum += a[j] * b[j];
                size += Math.Abs(a[j] * b[j]);
            }
        }

        return (sum, size);
    }

    private static void Same(string what, Tensor<double> x, Tensor<double> y)
    {
        Require(x.Shape.SequenceEqual(y.Shape), $"{what} have different shapes");
        Require(MemoryMarshal.AsBytes(x.Values).SequenceEqual(MemoryMarshal.AsBytes(y.Values)), $"{what} differ in bits, the largest difference is {Largest(x, y)}");
    }

    private static void Close(string what, Tensor<double> x, Tensor<double> y, double tolerance)
    {
        Require(x.Shape.SequenceEqual(y.Shape), $"{what} have different shapes");
        double size = 1 + x.Values.ToArray().Where(double.IsFinite).Select(Math.Abs).Append(0).Max();
        bool agree = x.Values.ToArray().Zip(y.Values.ToArray(), (a, b) => Agreement.Within(b, a, tolerance * size)).All(static near => near);
        Require(agree, $"{what} differ by {Largest(x, y)}");
    }

    /// <summary>The largest difference; NaN if there is one that is not a number.</summary>
    private static double Largest(Tensor<double> x, Tensor<double> y) => x.Values.ToArray().Zip(y.Values.ToArray(), (a, b) => Math.Abs(a - b)).Aggregate(0.0, Math.Max);

    private static void Close(string what, double x, double y, double tolerance) => Require(Agreement.Within(y, x, tolerance), $"{what}: {x:R} and {y:R}, tolerance {tolerance:R}");

    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] MessageOfFailure message)
    {
        if (!condition)
        {
            throw new ProgramException(message.Text);
        }
    }
}
