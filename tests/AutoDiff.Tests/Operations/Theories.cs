using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoDiff.Kernels;
using AutoDiff.Tests.Stress;

namespace AutoDiff.Tests.Operations;

/// <summary>An operation contradicts a theory. The message names operation, shapes, theory, and both numbers.</summary>
public sealed class TheoryException(string message) : Exception(message);

/// <summary>
/// What must hold of every operation. Each theory takes a row of the table, checks it on all its shapes, and gives the number of comparisons that it made, so that one that compares nothing is noticed.
/// All numbers are random from fixed seeds; none is seeded with ones.
/// </summary>
internal static partial class Theories<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The spacing of the numbers at 1.</summary>
    private static readonly double Epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);

    /// <summary>The value agrees with the reference on plain arrays, in shape and numbers.</summary>
    public static int Value(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Value), trial =>
        {
            Func<Plain[], Plain> reference = row.Reference ?? throw new TheoryException($"{row}: the row has no reference.");
            Plain expected = reference(trial.Plain);
            Tensor<T> y = row.F(trial.X);
            trial.SameShape("shape of the value", expected.Shape, y.Shape);
            double size = trial.Plain.SelectMany(x => x.Values).Concat(expected.Values).Select(Math.Abs).Where(double.IsFinite).Append(1e-3).Max();
            trial.Close("value", expected.Values, y, 500 * Epsilon, size);
            comparisons += 1 + y.Length;
        });

        return comparisons;
    }

    /// <summary>⟨u, J v⟩ from a forward sweep equals ⟨uᵀ J, v⟩ from a backward sweep.</summary>
    public static int DotProduct(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(DotProduct), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            Tensor<T> u = trial.Random(y.Shape);
            Tensor<T>[] v = trial.Directions();
            (double forward, double size) = Inner([u], tape.Jvp([y], x, v));
            (double backward, double otherSize) = Inner(tape.Vjp(y, u, x), v);
            trial.Close("<u, J v> and <u J, v>", forward, backward, 1000 * Epsilon * Math.Max(size, otherSize));
            comparisons++;
        });

        return comparisons;
    }

    /// <summary>Directional derivatives of order 1 to 3, by every mixture of forward and backward sweeps, agree with each other and with differences of the order below.</summary>
    public static int Orders(OperationRow<T> row, int order)
    {
        int comparisons = 0;
        Each(row, nameof(Orders) + " " + order, trial =>
        {
            Tensor<T> y = row.F(trial.X);
            Tensor<T> u = trial.Random(y.Shape);
            Tensor<T>[][] v = Enumerable.Range(0, order).Select(_ => trial.Directions()).ToArray();
            Func<Tensor<T>[], Tensor<T>> phi = x => (row.F(x) * u).Sum();

            double first = double.NaN;
            double size = 0;
            for (int mixture = 0; mixture < 1 << order; mixture++)
            {
                double value = Number(Directional(phi, v, order, mixture)(trial.X));
                size = Math.Max(size, Math.Abs(value));
                first = mixture == 0 ? value : first;
                string modes = string.Concat(Enumerable.Range(0, order).Select(k => (mixture >> k & 1) == 0 ? 'F' : 'R'));
                trial.Close($"order {order}, derivative by the modes {modes} (innermost first) and by forward sweeps only", first, value, 1e4 * Epsilon * row.Tolerance * Math.Max(1, size) * Math.Sqrt(y.Length + 1));
                comparisons++;
            }

            (double difference, double error) = trial.Difference(Directional(phi, v, order - 1, 1), v[order - 1]);
            trial.Close($"order {order}, derivative and finite difference", difference, first, error);
            comparisons++;
        }, once: StressRun.Pool && order > 1); // poisoned buffers are found at one shape

        return comparisons;
    }

    /// <summary>One sweep with stacked cotangents or tangents equals as many sweeps, in first and second order.</summary>
    public static int Batching(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Batching), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            Tensor<T>[] first = tape.Vjp(y, trial.Random(y.Shape), x, record: true);
            comparisons += Stacked(trial, tape, x, [y], "", 2, 2) + Stacked(trial, tape, x, [y], "", 0) + Stacked(trial, tape, x, [y], "", 1);
            Tensor<T>[] recorded = first.Where(g => ReferenceEquals(g.Tape, tape)).ToArray();
            comparisons += recorded.Length == 0 || row.Order < 2 ? 0 : Stacked(trial, tape, x, recorded, "of the gradient ", 3);
        });

        return comparisons;
    }

    private static int Stacked(Trial trial, Tape<T> tape, Tensor<T>[] x, Tensor<T>[] ys, string what, params int[] batch)
    {
        int count = Plain.Count(batch);
        Tensor<T>[] u = Array.ConvertAll(ys, y => trial.Random([.. batch, .. y.Shape]));
        Tensor<T>[] v = Array.ConvertAll(x, x => trial.Random([.. batch, .. x.Shape]));
        Tensor<T>[] backward = tape.Vjp(ys, u, x);
        Tensor<T>[] forward = tape.Jvp(ys, x, v);
        for (int i = 0; i < x.Length; i++)
        {
            trial.SameShape($"shape of the batched Vjp {what}by input {i}", [.. batch, .. x[i].Shape], backward[i].Shape);
        }

        for (int i = 0; i < ys.Length; i++)
        {
            trial.SameShape($"shape of the batched Jvp {what}", [.. batch, .. ys[i].Shape], forward[i].Shape);
        }

        for (int k = 0; k < count; k++)
        {
            Tensor<T> Part(Tensor<T> stacked) => stacked.Detach().Reshape([count, .. stacked.Shape[batch.Length..]])[k];
            Tensor<T>[] one = tape.Vjp(ys, Array.ConvertAll(u, Part), x);
            for (int i = 0; i < x.Length; i++)
            {
                trial.Close($"Vjp {what}by input {i}, number {k} of a batch of {count} and alone", Doubles(one[i]), Part(backward[i]), 500 * Epsilon, Size(one[i]));
            }

            one = tape.Jvp(ys, x, Array.ConvertAll(v, Part));
            for (int i = 0; i < ys.Length; i++)
            {
                trial.Close($"Jvp {what}, number {k} of a batch of {count} and alone", Doubles(one[i]), Part(forward[i]), 500 * Epsilon, Size(one[i]));
            }
        }

        return 2 + (2 * count);
    }

    /// <summary>Sweeps are linear in their vectors, and zero gives zero.</summary>
    public static int Linearity(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Linearity), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            (T a, T b) = (T.CreateChecked(0.75), T.CreateChecked(-1.25));
            (Tensor<T> u, Tensor<T> w) = (trial.Random(y.Shape), trial.Random(y.Shape));
            (Tensor<T>[] ofU, Tensor<T>[] ofW, Tensor<T>[] ofSum) = (tape.Vjp(y, u, x), tape.Vjp(y, w, x), tape.Vjp(y, (u * a) + (w * b), x));
            (Tensor<T>[] v, Tensor<T>[] z) = (trial.Directions(), trial.Directions());
            Tensor<T>[] sum = v.Zip(z, (v, z) => (v * a) + (z * b)).ToArray();
            (Tensor<T> ofV, Tensor<T> ofZ, Tensor<T> ofBoth) = (tape.Jvp([y], x, v)[0], tape.Jvp([y], x, z)[0], tape.Jvp([y], x, sum)[0]);
            trial.Close("Jvp(a v + b z) and a Jvp(v) + b Jvp(z)", Doubles((ofV * a) + (ofZ * b)), ofBoth, 1000 * Epsilon, Size(ofV) + Size(ofZ));
            Tensor<T>[] ofZero = tape.Vjp(y, Tensor.Zeros<T>(y.Shape), x);
            for (int i = 0; i < x.Length; i++)
            {
                trial.Close($"Vjp(a u + b w) and a Vjp(u) + b Vjp(w) by input {i}", Doubles((ofU[i] * a) + (ofW[i] * b)), ofSum[i], 1000 * Epsilon, Size(ofU[i]) + Size(ofW[i]));
                trial.Close($"Vjp(0) by input {i}", new double[x[i].Length], ofZero[i], 0, 0);
            }

            comparisons += 1 + (2 * x.Length);
        });

        return comparisons;
    }

    /// <summary>The result is recorded where any one of the inputs is, whatever their shapes: its derivative may be zero, but can be asked for.</summary>
    public static int Recorded(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Recorded), trial =>
        {
            for (int i = 0; i < trial.X.Length; i++)
            {
                using var tape = new Tape<T>();
                Tensor<T>[] x = [.. trial.X];
                x[i] = tape.Variable(x[i]);
                Tensor<T> y = row.F(x);
                trial.Require(ReferenceEquals(y.Tape, tape), $"the result is not recorded where input {i} alone is");
                trial.SameShape($"shape of the tangent by input {i}", y.Shape, tape.Jvp(y, x[i], trial.X[i]).Shape);
                trial.SameShape($"shape of the recorded cotangent of input {i}", x[i].Shape, tape.Vjp(tape.Vjp(y, y.Detach(), x[i], record: true), trial.X[i], x[i]).Shape);
                comparisons++;
            }
        });

        return comparisons;
    }

    /// <summary>Values on a tape are bitwise those off it; misuse throws the same on and off the tape, and leaves the tape as it was.</summary>
    public static int Parity(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Parity), trial =>
        {
            using var tape = new Tape<T>();
            Tensor<T>[] x = Array.ConvertAll(trial.X, tape.Variable);
            Tensor<T> off = row.F(trial.X);
            Tensor<T> on = row.F(x);
            trial.Same("value off the tape and on it", off, on);
            trial.Require(off.Tape is null, "the value of constants is recorded");
            trial.Require(ReferenceEquals(on.Tape, tape) || (row.Constant && on.Tape is null), "the value of variables is not recorded");
            trial.Require(!row.Constant || on.Tape is null || tape.Gradient(on.Sum(), x).All(static g => !g.AsSpan().ContainsAnyExcept(T.Zero)), "a result without derivative has one");
            comparisons += 3;
            if (row.Constant || trial.X.Any(own => ReferenceEquals(own, off)))
            {
                return;
            }

            if (x.Length > 1)
            {
                using var other = new Tape<T>();
                Tensor<T>[] mixed = [x[0], .. trial.X[1..].Select(other.Variable)];
                (int count, int otherCount) = (tape.Count, other.Count);
                Exception? mixture = Record.Exception(() => row.F(mixed));
                trial.Require(mixture is TapeException, $"a mixture of two tapes: {Describe(mixture)}");
                trial.Require(row.Several || (tape.Count, other.Count) == (count, otherCount), "a mixture of two tapes recorded operations before it threw");
                comparisons += 2;
            }

            tape.Dispose();
            Exception? disposed = Record.Exception(() => row.F(x));
            trial.Require(disposed is ObjectDisposedException, $"inputs on a disposed tape: {Describe(disposed)}");
            comparisons++;
        });

        foreach (BadInput<T> bad in row.Bad)
        {
            using var tape = new Tape<T>();
            var made = new List<Tensor<T>>();
            Exception? off = Record.Exception(() => bad.Call(Input));
            made.ForEach(x => tape.Variable(x));
            int count = tape.Count;
            int next = 0;
            Exception? on = Record.Exception(() => bad.Call(shape => VariableAt(tape, next++, shape)));
            var trial = new Trial(row, nameof(Parity), made.Select(x => x.Shape.ToArray()).ToArray());
            trial.Require(off is not null && off.GetType().IsAssignableTo(bad.Exception), $"misuse off the tape: {Describe(off)} instead of {bad.Exception.Name}");
            trial.Require(on?.GetType() == off!.GetType() && on.Message == off.Message, $"misuse on the tape: {Describe(on)}, but off the tape: {Describe(off)}");
            trial.Require(tape.Count == count, $"misuse recorded {tape.Count - count} operations before it threw");
            comparisons += 3;

            Tensor<T> Input(params int[] shape)
            {
                made.Add(Tensor.Full(T.CreateChecked(0.5), shape));
                return made[^1];
            }

            static Tensor<T> VariableAt(Tape<T> tape, int i, int[] shape)
            {
                Tensor<T> x = tape[i].Output;
                return x.Shape.SequenceEqual(shape) ? x : throw new InvalidOperationException("The call asks for other inputs on the tape than off it.");
            }
        }

        return comparisons;

        static string Describe(Exception? exception) => exception is null ? "no exception" : $"{exception.GetType().Name} ({exception.Message})";
    }

    /// <summary>Gradients have the shape of their input, products that of the output, Jacobians both; rows and columns of the Jacobian agree.</summary>
    public static int Shapes(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Shapes), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            Tensor<T>[] gradients = tape.Vjp(y, trial.Random(y.Shape), x);
            trial.SameShape("shape of the Jvp", y.Shape, tape.Jvp([y], x, trial.Directions())[0].Shape);
            for (int i = 0; i < x.Length; i++)
            {
                trial.SameShape($"shape of the Vjp by input {i}", x[i].Shape, gradients[i].Shape);
                trial.Require(gradients[i].Tape is null, "the result of a sweep that is not recorded is on the tape");
                if (x[i].Length * y.Length <= 400)
                {
                    Tensor<T> byRows = tape.Jacobian(y, x[i], new JacobianOptions { Mode = JacobianMode.Reverse });
                    trial.SameShape($"shape of the Jacobian by input {i}", [.. y.Shape, .. x[i].Shape], byRows.Shape);
                    trial.Close($"Jacobian by columns and by rows, input {i}", Doubles(byRows), tape.Jacobian(y, x[i], new JacobianOptions { Mode = JacobianMode.Forward }), 500 * Epsilon, Size(byRows));
                    trial.Close($"Jacobian by colors and by rows, input {i}", Doubles(byRows), tape.Jacobian(y, x[i], new JacobianOptions { Mode = JacobianMode.Sparse }), 500 * Epsilon, Size(byRows));
                    comparisons += 3;
                }
            }

            comparisons += 1 + x.Length;
        });

        return comparisons;
    }

    /// <summary>Nothing that a caller holds is changed by a sweep: not the inputs, not the vectors, not the results of another sweep.</summary>
    public static int Mutation(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Mutation), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            Tensor<T> u = trial.Random(y.Shape);
            Tensor<T>[] v = trial.Directions();
            var held = new List<(string What, Tensor<T> Tensor, T[] Before)>();
            Hold("value", y);
            Hold("cotangent", u);
            Hold("input", trial.X);
            Hold("tangent", v);
            Hold("Vjp", tape.Vjp(y, u, x));
            Hold("Jvp", tape.Jvp([y], x, v));
            Hold("recorded Vjp", tape.Vjp(y, u, x, record: true));
            Hold("recorded Jvp", tape.Jvp([y], x, v, record: true));
            Hold("Vjp again", tape.Vjp(y, u, x));
            tape.Vjp(y, trial.Random(y.Shape), x);
            CheckHeld();

            // A result belongs to the caller: disposing it, and filling its memory with other numbers, touches no other result.
            foreach (Tensor<T> gradient in tape.Vjp(y, u, x))
            {
                gradient.Dispose();
            }

            tape.Vjp(y, trial.Random(y.Shape), x);
            Tensor<T> other = Tensor.Full(T.CreateChecked(12345), y.Shape);
            CheckHeld();
            GC.KeepAlive(other);

            void Hold(string what, params ReadOnlySpan<Tensor<T>> tensors)
            {
                foreach (Tensor<T> tensor in tensors)
                {
                    held.Add((what, tensor, tensor.ToArray()));
                }
            }

            void CheckHeld()
            {
                foreach ((string what, Tensor<T> tensor, T[] before) in held)
                {
                    trial.Same($"{what}, before and after other sweeps", before, tensor.AsSpan());
                    comparisons++;
                }
            }
        });

        return comparisons;
    }

    /// <summary>A sweep that is not recorded gives back all it rents when its results are disposed; a disposed tape gives back what it recorded.</summary>
    public static int Balance(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Balance), trial =>
        {
            using var tape = new Tape<T>();
            (Tensor<T>[] x, Tensor<T> y) = trial.Record(tape);
            (Tensor<T> u, Tensor<T>[] v) = (trial.Random(y.Shape), trial.Directions());
            Balanced("Vjp", () => tape.Vjp(y, u, x));
            Balanced("Jvp", () => tape.Jvp([y], x, v));
            Balanced("Vjp after a Jvp", () => tape.Vjp(y, u, x));
            WatchedPools.CheckReturned();

            // Buffers that nothing but the tape holds go back with it.
            int own = Enumerable.Range(0, tape.Count).Select(i => tape[i].Output.Buffer).OfType<Buffer<T>>().GroupBy(buffer => buffer).Count(records => records.Key.Holders == records.Count());
            int outstanding = WatchedPools.Outstanding;
            tape.Dispose();
            trial.Require(outstanding - WatchedPools.Outstanding == own, $"the disposed tape gave back {outstanding - WatchedPools.Outstanding} of its {own} buffers");
            comparisons++;

            void Balanced(string what, Func<Tensor<T>[]> sweep)
            {
                int before = WatchedPools.Outstanding;
                Tensor<T>[] results = sweep();
                foreach (Tensor<T> result in results)
                {
                    result.Dispose();
                }

                trial.Require(WatchedPools.Outstanding == before || row.CallsUser, $"{what} rented {WatchedPools.Outstanding - before} buffers more than it gave back");
                comparisons++;
            }
        });

        return comparisons;
    }

    /// <summary>The same program gives bitwise the same numbers again, on any number of threads, and its tangents without a tape are those of the forward sweep.</summary>
    public static int Determinism(OperationRow<T> row)
    {
        int comparisons = 0;
        int ownThreads = Threading.MaxThreads;
        try
        {
            Each(row, nameof(Determinism), Check);
        }
        finally
        {
            Threading.MaxThreads = ownThreads;
        }

        return comparisons;

        void Check(Trial trial)
        {
            List<Tensor<T>>? before = null;
            foreach (int threads in StressRun.ThreadCounts)
            {
                Threading.MaxThreads = threads;
                using var tape = new Tape<T>();
                Tensor<T>[] x = Array.ConvertAll(trial.X, tape.Variable);
                Tensor<T> y = row.F(x);
                var results = new List<Tensor<T>> { y.Detach() };
                if (!row.Constant)
                {
                    var random = new Random(7);
                    Tensor<T> u = Trial.Random(y.Shape, random);
                    Tensor<T>[] v = Array.ConvertAll(x, x => Trial.Random(x.Shape, random));
                    results.AddRange(tape.Vjp(y, u, x));
                    results.AddRange(tape.Vjp(y, u, x));
                    results.AddRange(tape.Jvp([y], x, v));
                    trial.Same("Jvp on a tape and without one", results[^1], Differentiate.Jvp(row.F, trial.X, v));
                    results.AddRange(tape.Vjp(y, u, x, record: true).Select(g => g.Detach()));
                    for (int i = 0; i < x.Length; i++)
                    {
                        trial.Same("Vjp, first and second time on one tape", results[1 + i], results[1 + x.Length + i]);
                    }
                }

                for (int i = 0; i < results.Count && before is not null; i++)
                {
                    trial.Same($"result {i} of a run before and of one with {threads} threads", before[i], results[i]);
                    comparisons++;
                }

                before = results;
            }
        }
    }

    /// <summary>Values and derivatives at special points are what the conventions say.</summary>
    public static int Conventions(OperationRow<T> row)
    {
        int comparisons = 0;
        foreach (Point point in row.Points.Where(point => point.Inputs.Concat(point.Gradients).Append(point.Value).All(values => values.All(IsRepresentable))))
        {
            // An elementwise function must not care where in a span an element stands.
            foreach (int count in point.IsElementwise ? new[] { 0, 1, 9 } : [1])
            {
                double[] Repeat(double[] values) => count == 0 ? values : Enumerable.Repeat(values, count).SelectMany(x => x).ToArray();
                Tensor<T> Make(double[] values) => Tensor.Create<T>(Array.ConvertAll(Repeat(values), value => T.CreateSaturating(value)), count == 0 ? [] : [count * values.Length]);
                using var tape = new Tape<T>();
                Tensor<T>[] x = Array.ConvertAll(point.Inputs, values => tape.Variable(Make(values)));
                Tensor<T> y = row.F(x);
                var trial = new Trial(row, nameof(Conventions), Array.ConvertAll(x, x => x.Shape.ToArray()));
                string at = "at " + string.Join("; ", point.Inputs.Select(values => string.Join(", ", values.Select(Format))));
                trial.Close($"value {at}", Repeat(point.Value), y, 200 * Epsilon, 0);
                comparisons++;
                if (!ReferenceEquals(y.Tape, tape))
                {
                    continue;
                }

                Tensor<T> seed = point.Seed is null ? Tensor.Ones<T>(y.Shape) : Tensor.Create<T>(Array.ConvertAll(point.Seed, value => T.CreateSaturating(value)), y.Shape);
                Tensor<T>[] gradients = tape.Vjp(y, seed, x);
                for (int i = 0; i < x.Length; i++)
                {
                    trial.Close($"gradient by input {i} {at}", Repeat(point.Gradients[i]), gradients[i], 200 * Epsilon, 0);
                    comparisons++;
                    if (point.IsElementwise)
                    {
                        trial.Close($"Jvp by input {i} {at}", Repeat(point.Gradients[i]), tape.Jvp(y, x[i], Tensor.Ones<T>(x[i].Shape)), 200 * Epsilon, 0);
                    }
                }
            }
        }

        return comparisons;

        static bool IsRepresentable(double value) =>
            !double.IsFinite(value) || value == 0 || (Math.Abs(value) is > 1e-30 and < 1e30 ? true : typeof(T) == typeof(double));
    }

    /// <summary>A fused operation equals its decomposition, in value and derivatives.</summary>
    public static int Fusion(OperationRow<T> row)
    {
        int comparisons = 0;
        Each(row, nameof(Fusion), trial =>
        {
            Tensor<T> y = row.F(trial.X);
            trial.Close("value, fused and composed", Doubles(row.Composed!(trial.X)), y, 500 * Epsilon, Size(y));
            Tensor<T> u = trial.Random(y.Shape);
            Tensor<T>[][] v = Enumerable.Range(0, 3).Select(_ => trial.Directions()).ToArray();
            for (int order = 1; order <= row.Order; order++)
            {
                double fused = Number(Directional(x => (row.F(x) * u).Sum(), v, order, 1)(trial.X));
                double composed = Number(Directional(x => (row.Composed!(x) * u).Sum(), v, order, 1)(trial.X));
                trial.Close($"derivative of order {order}, fused and composed", composed, fused, 1e5 * Epsilon * row.Tolerance * Math.Max(1, Math.Abs(composed)));
            }

            comparisons += 1 + row.Order;
        });

        return comparisons;
    }

    /// <summary>Value, gradient and a second derivative agree with those of another precision.</summary>
    public static int Precision(OperationRow<T> row, OperationRow<double> wide)
    {
        int comparisons = 0;
        using IEnumerator<Theories<double>.Trial> wideTrials = Theories<double>.Trials(wide, nameof(Precision)).GetEnumerator();
        Each(row, nameof(Precision), trial =>
        {
            wideTrials.MoveNext();
            Tensor<double>[] wideX = wideTrials.Current.X;
            (Tensor<T> y, Tensor<double> wideY) = (row.F(trial.X), wide.F(wideX));
            trial.Close("value and value in double", wideY.ToArray(), y, 1000 * Epsilon * row.Tolerance, trial.X.Append(y).Max(Size));
            comparisons++;
            if (!row.Constant)
            {
                (Tensor<T> u, Tensor<double> wideU) = (Trial.Random(y.Shape, new Random(3)), Theories<double>.Trial.Random(y.Shape, new Random(3)));
                Tensor<T>[] gradients = Differentiate.Vjp(row.F, trial.X, u);
                Tensor<double>[] wideGradients = Differentiate.Vjp(wide.F, wideX, wideU);
                for (int i = 0; i < gradients.Length; i++)
                {
                    trial.Close($"gradient by input {i} and gradient in double", wideGradients[i].ToArray(), gradients[i], 2000 * Epsilon * row.Tolerance, Size(gradients[i]));
                }

                Tensor<T>[] curvature = Differentiate.Hvp(x => (row.F(x) * u).Sum(), trial.X, trial.X);
                Tensor<double>[] wideCurvature = Differentiate.Hvp(x => (wide.F(x) * wideU).Sum(), wideX, wideX);
                for (int i = 0; i < curvature.Length; i++)
                {
                    trial.Close($"Hessian-vector product by input {i} and in double", wideCurvature[i].ToArray(), curvature[i], 4000 * Epsilon * row.Tolerance, Size(curvature[i]) + Size(gradients[i]));
                }

                comparisons += 2 * gradients.Length;
            }
        });

        return comparisons;
    }

    /// <summary>Checks a row on each of its shapes. What an operation throws is reported like any other failure.</summary>
    private static void Each(OperationRow<T> row, string theory, Action<Trial> check, bool once = false)
    {
        IEnumerable<Trial> trials = Trials(row, theory);
        foreach (Trial trial in once ? trials.Take(3).TakeLast(1) : trials)
        {
            try
            {
                check(trial);
            }
            catch (Exception exception) when (exception is not TheoryException)
            {
                trial.Require(false, $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace}");
            }
        }
    }

    /// <summary>The inputs of a row, one trial for each of its shapes.</summary>
    internal static IEnumerable<Trial> Trials(OperationRow<T> row, string theory) => row.ShapeCases().Select(shapes => new Trial(row, theory, shapes));

    /// <summary>The scalar function x ↦ derivative of phi along v_1, ..., v_order; bit k of the mixture says whether step k is taken by a backward sweep.</summary>
    private static Func<Tensor<T>[], Tensor<T>> Directional(Func<Tensor<T>[], Tensor<T>> phi, Tensor<T>[][] v, int order, int mixture)
    {
        Func<Tensor<T>[], Tensor<T>> current = phi;
        for (int k = 0; k < order; k++)
        {
            Func<Tensor<T>[], Tensor<T>> inner = current;
            Tensor<T>[] direction = v[k];
            current = (mixture >> k & 1) == 0
                ? x => Differentiate.Jvp(inner, x, direction)
                : x => Differentiate.Gradient(inner, x).Select((g, i) => (g * direction[i]).Sum()).Aggregate((sum, part) => sum + part);
        }

        return current;
    }

    private static (double Sum, double Size) Inner(ReadOnlySpan<Tensor<T>> x, ReadOnlySpan<Tensor<T>> y)
    {
        (double sum, double size) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double[] products = Doubles(x[i]).Zip(Doubles(y[i]), (a, b) => a * b).ToArray();
            sum += products.Sum();
            size += products.Sum(Math.Abs);
        }

        return (sum, size);
    }

    private static double Number(Tensor<T> x) => double.CreateChecked(x.ToScalar());

    private static double[] Doubles(Tensor<T> x) => Array.ConvertAll(x.ToArray(), double.CreateChecked);

    private static double Size(Tensor<T> x) => Doubles(x).Select(Math.Abs).Where(double.IsFinite).Append(0).Max();

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One row on one list of shapes: its inputs, its random numbers, and the words of a failure.</summary>
    internal sealed class Trial
    {
        private readonly OperationRow<T> row;
        private readonly string theory;
        private readonly int[][] shapes;
        private readonly Random random;

        public Trial(OperationRow<T> row, string theory, int[][] shapes, int point = 0)
        {
            (this.row, this.theory, this.shapes) = (row, theory, shapes);
            int seed = row.Name.Concat(string.Join(' ', shapes.Select(shape => string.Join('x', shape)))).Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) & int.MaxValue;
            random = new Random(unchecked(seed + (7919 * point)) & int.MaxValue);
            Plain = shapes.Length == row.Inputs ? Inputs() : [];
            X = Array.ConvertAll(Plain, x => Tensor.Create<T>(Array.ConvertAll(x.Values, value => T.CreateChecked(value)), x.Shape));
        }

        /// <summary>The inputs on plain arrays. All numbers are floats, so that every precision sees the same.</summary>
        public Plain[] Plain { get; }

        /// <summary>The inputs as constants.</summary>
        public Tensor<T>[] X { get; }

        public (Tensor<T>[] X, Tensor<T> Y) Record(Tape<T> tape)
        {
            Tensor<T>[] x = Array.ConvertAll(X, tape.Variable);
            Tensor<T> y = row.F(x);
            Require(ReferenceEquals(y.Tape, tape), "the result is not recorded");
            return (x, y);
        }

        public Tensor<T> Random(ReadOnlySpan<int> shape) => Random(shape, random);

        public static Tensor<T> Random(ReadOnlySpan<int> shape, Random random) =>
            Tensor.Create<T>(Enumerable.Range(0, Operations.Plain.Count(shape.ToArray())).Select(_ => T.CreateChecked((float)((2 * random.NextDouble()) - 1))).ToArray(), shape);

        /// <summary>A random tangent for each input.</summary>
        public Tensor<T>[] Directions() => Array.ConvertAll(X, x => row.Symmetric && x.Rank >= 2 ? Symmetrize(Random(x.Shape)) : Random(x.Shape));

        /// <summary>The derivative of a scalar function along a direction by central differences at three step sizes, extrapolated, and an estimate of its error.</summary>
        public (double Difference, double Error) Difference(Func<Tensor<T>[], Tensor<T>> phi, Tensor<T>[] v)
        {
            double size = 0;
            double At(double step)
            {
                Tensor<T> factor = Tensor.Scalar(T.CreateChecked(step));
                double value = Number(phi(X.Select((x, i) => x + (v[i] * factor)).ToArray()));
                size = Math.Max(size, Math.Abs(value));
                return value;
            }

            double Central(double h) => (At(h) - At(-h)) / (2 * h);

            if (row.Exact)
            {
                double exact = Central(1);
                return (exact, 1e4 * Epsilon * (1 + size));
            }

            const double step = 1.0 / 256;
            double[] d = [Central(step), Central(step / 2), Central(step / 4)];
            double[] e = [((4 * d[1]) - d[0]) / 3, ((4 * d[2]) - d[1]) / 3];
            double best = ((16 * e[1]) - e[0]) / 15;
            double error = Math.Abs(best - e[1]) + (100 * Epsilon * row.Tolerance * size / step * 4) + (1e5 * Epsilon);
            Require(error < 1e-4 * row.Tolerance * Math.Max(1, Math.Abs(best)), $"finite differences do not settle: {Format(e[0])}, {Format(e[1])}, {Format(best)}, error {Format(error)}");
            return (best, error);
        }

        public void Close(string what, double expected, double actual, double tolerance) =>
            Require(Agreement.Within(actual, expected, tolerance), $"{what}: {Format(expected)} and {Format(actual)}, tolerance {Format(tolerance)}");

        public void Close(string what, double[] expected, Tensor<T> actual, double relative, double size)
        {
            double[] values = Doubles(actual);
            Require(expected.Length == values.Length, $"{what}: {expected.Length} and {values.Length} elements");
            for (int i = 0; i < values.Length; i++)
            {
                double tolerance = relative * row.Tolerance * Math.Max(Math.Abs(expected[i]), size);
                Require(Agreement.Within(values[i], expected[i], tolerance), $"{what}, element {i}: {Format(expected[i])} and {Format(values[i])}, tolerance {Format(tolerance)}");
            }
        }

        public void Same(string what, Tensor<T> expected, Tensor<T> actual)
        {
            SameShape(what, expected.Shape, actual.Shape);
            Same(what, expected.AsSpan(), actual.AsSpan());
        }

        public void Same(string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        {
            if (!MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)))
            {
                int i = 0;
                while (MemoryMarshal.AsBytes(expected[i..(i + 1)]).SequenceEqual(MemoryMarshal.AsBytes(actual[i..(i + 1)])))
                {
                    i++;
                }

                Require(false, $"{what}, element {i}: {Format(double.CreateChecked(expected[i]))} and {Format(double.CreateChecked(actual[i]))} are not bitwise the same");
            }
        }

        public void SameShape(string what, ReadOnlySpan<int> expected, ReadOnlySpan<int> actual)
        {
            if (!expected.SequenceEqual(actual))
            {
                Require(false, $"{what}: [{string.Join(", ", expected.ToArray())}] and [{string.Join(", ", actual.ToArray())}]");
            }
        }

        public void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] MessageOfFailure message)
        {
            if (!condition)
            {
                throw Failure(message.Text);
            }
        }

        public void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw Failure(message);
            }
        }

        private TheoryException Failure(string message) =>
            new($"{row} on {string.Join(" ", shapes.Select(shape => "[" + string.Join(", ", shape) + "]"))} of {typeof(T).Name}, theory {theory}: {message}.");

        /// <summary>Random inputs: no two elements are equal or close, and all keep away from the points to avoid.</summary>
        private Plain[] Inputs()
        {
            int total = Math.Max(1, shapes.Sum(Operations.Plain.Count));
            double[] places = Enumerable.Range(0, total).Select(i => (i + 0.25 + (0.5 * random.NextDouble())) / total).ToArray();
            random.Shuffle(places);
            int next = 0;
            return shapes.Select((shape, input) =>
            {
                (double from, double to) = row.Domains is null ? row.Domain : row.Domains[input];
                double[] values = Enumerable.Range(0, Operations.Plain.Count(shape)).Select(_ => AwayFromPoints(from + ((to - from) * places[next++]))).ToArray();
                Plain x = new(values, shape);
                x = row.Prepare?.Invoke(x) ?? x;
                return x with { Values = Array.ConvertAll(x.Values, value => (double)(float)value) };
            }).ToArray();
        }

        private double AwayFromPoints(double x)
        {
            foreach (double point in row.Avoid)
            {
                if (Math.Abs(x - point) < 0.05)
                {
                    x += x < point ? -0.05 : 0.05;
                }
            }

            return x;
        }

        private static Tensor<T> Symmetrize(Tensor<T> x) => (x + x.Transpose()) * T.CreateChecked(0.5);
    }
}
