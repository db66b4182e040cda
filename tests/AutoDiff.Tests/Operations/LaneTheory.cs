namespace AutoDiff.Tests.Operations;

/// <summary>
/// A lane that was not chosen contributes exactly 0, whatever stands there. Half of the lanes of an operation's result, or of its operands, are structurally zero; what only they read is once good,
/// and once NaN or infinite. Nothing may change, in both modes and in first and second order.
/// </summary>
internal static class LaneTheory
{
    /// <summary>Rows of operations that take a whole of elements together, though some have no part in some of the results: see docs/conventions.md.</summary>
    private static readonly string[] Coupled =
        ["Lu:", "Qr:", "TriangularSolve", "LogCumSumExp", "ScaledDotProductAttention: causal", "ScaledDotProductAttention: a masked row", "ScaledDotProductAttention: bias, mask"];

    /// <summary>So many elements are tried one by one.</summary>
    private const int Most = 40;

    public static int Run(OperationRow<double> row)
    {
        int comparisons = 1;
        if (Coupled.Any(name => row.Name.StartsWith(name, StringComparison.Ordinal)))
        {
            return comparisons;
        }

        foreach (int[][] shapes in row.ShapeCases())
        {
            if (shapes.Sum(Plain.Count) > Most)
            {
                continue;
            }

            var trial = new Theories<double>.Trial(row, "Lanes", shapes);
            Tensor<double> y = row.F(trial.X);
            if (y.Length is < 2 or > Most)
            {
                continue;
            }

            bool[][] readers = Readers(row, trial.X, y);
            foreach (Func<int, bool> live in new Func<int, bool>[] { j => j % 2 == 0, j => j < y.Length / 2, j => j >= y.Length / 2, j => j / Math.Max(1, y.Length / Math.Max(1, y.Shape[0])) % 2 == 1 })
            {
                comparisons += DeadResults(row, trial, y, readers, live) + DeadOperands(row, trial, y, readers, live);
            }
        }

        return comparisons;
    }

    /// <summary>The cotangent has structural zeros.</summary>
    private static int DeadResults(OperationRow<double> row, Theories<double>.Trial trial, Tensor<double> y, bool[][] readers, Func<int, bool> live)
    {
        Tensor<double> mask = Mask(y.Length, live).Reshape(y.Shape);
        Tensor<double> u = trial.Random(y.Shape);
        Tensor<double> F(Tensor<double>[] x) => Tensor.Where(mask, row.F(x), 0.0);
        Tensor<double> Phi(Tensor<double>[] x) => (F(x) * u).Sum();
        Tensor<double>[] v = trial.Directions();
        int comparisons = 0;
        foreach (Tensor<double>[] bad in Spoiled(row, trial.X, y, j => !live(j), readers, e => !Enumerable.Range(0, y.Length).Any(j => live(j) && readers[e][j]), _ => false))
        {
            Same(trial, "gradient", Differentiate.Gradient(Phi, trial.X), Differentiate.Gradient(Phi, bad));
            Same(trial, "product with the Jacobian", [Differentiate.Jvp(F, trial.X, v)], [Differentiate.Jvp(F, bad, v)]);
            if (row.Order >= 2)
            {
                Same(trial, "product with the Hessian", Differentiate.Hvp(Phi, trial.X, v), Differentiate.Hvp(Phi, bad, v));
            }

            comparisons++;
        }

        return comparisons;
    }

    /// <summary>The tangent has structural zeros.</summary>
    private static int DeadOperands(OperationRow<double> row, Theories<double>.Trial trial, Tensor<double> y, bool[][] readers, Func<int, bool> live)
    {
        int total = trial.X.Sum(x => x.Length);
        bool[] deadResult = [.. Enumerable.Range(0, y.Length).Select(j => !Enumerable.Range(0, total).Any(e => live(e) && readers[e][j]))];
        Tensor<double>[] masks = Split(Mask(total, live), trial.X);
        Tensor<double>[] v = trial.Directions();
        int comparisons = 0;
        foreach (Tensor<double>[] bad in Spoiled(row, trial.X, y, j => deadResult[j], readers, e => !live(e) && Enumerable.Range(0, y.Length).All(j => !readers[e][j] || deadResult[j]), live))
        {
            Func<Tensor<double>[], Tensor<double>> With(Tensor<double>[] rest) => x => row.F([.. x.Select((own, i) => Tensor.Where(masks[i], own, rest[i]))]);
            Same(trial, "product with the Jacobian, some tangents structurally zero", [Differentiate.Jvp(With(trial.X), trial.X, v)], [Differentiate.Jvp(With(bad), trial.X, v)]);
            comparisons++;
        }

        return comparisons;
    }

    /// <summary>
    /// The operands with NaN, infinity and 0 in place of some elements, where the results that are not free do not change by it, and those that are free do not turn to live operands (as a maximum would).
    /// </summary>
    private static IEnumerable<Tensor<double>[]> Spoiled(OperationRow<double> row, Tensor<double>[] x, Tensor<double> y, Func<int, bool> free, bool[][] readers, Func<int, bool> spoil, Func<int, bool> live)
    {
        int total = readers.Length;
        if (!Enumerable.Range(0, total).Any(spoil))
        {
            yield break;
        }

        foreach (double value in new[] { double.NaN, double.PositiveInfinity, 0.0 })
        {
            double[] flat = [.. x.SelectMany(own => own.ToArray())];
            for (int e = 0; e < total; e++)
            {
                flat[e] = spoil(e) ? value : flat[e];
            }

            Tensor<double>[] bad = Split(Tensor.Create(flat), x);
            Tensor<double>[] moved = Split(Tensor.Create<double>([.. flat.Select((own, e) => live(e) ? own + 0.173 : own)]), x);
            double[] expected = y.ToArray();
            if (Value(row, bad) is { } other && other.SequenceEqual(y.Shape) && Enumerable.Range(0, y.Length).All(j => free(j) || other.Values[j].Equals(expected[j]))
                && Value(row, moved) is { } third && third.SequenceEqual(y.Shape) && Enumerable.Range(0, total).All(e => !live(e)) | Enumerable.Range(0, y.Length).All(j => !free(j) || third.Values[j] == other.Values[j]))
            {
                yield return bad;
            }
        }
    }

    /// <summary>For each element of the operands the results that change with it.</summary>
    private static bool[][] Readers(OperationRow<double> row, Tensor<double>[] x, Tensor<double> y)
    {
        double[] flat = [.. x.SelectMany(own => own.ToArray())];
        double[] expected = y.ToArray();
        var readers = new bool[flat.Length][];
        for (int e = 0; e < flat.Length; e++)
        {
            readers[e] = new bool[expected.Length];
            double kept = flat[e];
            foreach (double value in new[] { double.NaN, double.PositiveInfinity, kept + 0.371, kept - 0.293 })
            {
                flat[e] = value;
                Output? other = Value(row, Split(Tensor.Create(flat), x));
                for (int j = 0; j < expected.Length; j++)
                {
                    readers[e][j] |= other is null || other.Values.Length != expected.Length || !other.Values[j].Equals(expected[j]);
                }
            }

            flat[e] = kept;
        }

        return readers;
    }

    private static Output? Value(OperationRow<double> row, Tensor<double>[] x)
    {
        try
        {
            Tensor<double> y = row.F(x);
            return new Output(y.ToArray(), y.Shape.ToArray());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ArithmeticException)
        {
            return null;
        }
    }

    private static Tensor<double> Mask(int length, Func<int, bool> live) => Tensor.Create<double>([.. Enumerable.Range(0, length).Select(j => live(j) ? 1.0 : 0.0)]);

    private static Tensor<double>[] Split(Tensor<double> flat, Tensor<double>[] like)
    {
        int start = 0;
        return Array.ConvertAll(like, x => flat[start..(start += x.Length)].Reshape(x.Shape));
    }

    private static void Same(Theories<double>.Trial trial, string what, Tensor<double>[] expected, Tensor<double>[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            trial.Close($"{what} ({i}) with good and bad numbers in dead lanes", expected[i].ToArray(), actual[i], 0, 0);
        }
    }

    private sealed record Output(double[] Values, int[] Shape)
    {
        public bool SequenceEqual(ReadOnlySpan<int> shape) => shape.SequenceEqual(Shape);
    }
}
