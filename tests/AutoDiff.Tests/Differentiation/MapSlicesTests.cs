using System.Numerics;
using AutoDiff.Tests.Compilation;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Differentiation;

/// <summary>A function of a slice applied to all slices at once gives what a loop gives, bit for bit, in value and derivatives.</summary>
public class MapSlicesTests
{
    private const int Slices = 5;

    /// <summary>Operations of which an important part runs slice by slice, with the reason.</summary>
    private static readonly Dictionary<string, string> TakenOneByOne = new()
    {
        ["Histogram"] = "counts of all elements",
        ["LayerNorm"] = "weights that are others for each slice; those that all share run together",
        ["RmsNorm"] = "likewise",
        ["MatrixRank"] = "a count of singular values",
        ["OnCotangent"] = "code of the user",
        ["SegmentMax"] = "places that values decide, of groups",
        ["Unique"] = "how many distinct values there are decides the shape of the result",
    };

    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Rows))]
    public void An_operation_of_all_slices_has_the_bits_of_the_loop(string row)
    {
        Check(OperationTable<double>.Rows[row]);
        Check(OperationTable<float>.Rows[row]);
    }

    /// <summary>Values, cotangents, tangents and second derivatives that the function of a slice takes itself, at ordinary slices and at those that edges are about.</summary>
    private static void Check<T>(OperationRow<T> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int[][] shapes in row.ShapeCases())
        {
            Theories<T>.Trial[] trials = [.. Enumerable.Range(0, Slices).Select(point => new Theories<T>.Trial(row, "MapSlices", shapes, point))];
            Tensor<T> u = trials[0].Random(row.F(trials[0].X).Shape);
            Tensor<T>[] v = trials[0].Directions();
            int calls = 0;
            Tensor<T> F(Tensor<T>[] x)
            {
                calls++;
                Tensor<T> y = row.F(x);
                if (row.Constant)
                {
                    return y;
                }

                Tensor<T>[] gradients = Differentiate.Vjp(row.F, x, u);
                Tensor<T>[] all = row.Order < 2 ? [y, .. gradients]
                    : [y, .. gradients, .. Differentiate.Gradient(z => CompiledOperationTests.Sum(Differentiate.Vjp(row.F, z, u), v), x), Differentiate.Jvp(row.F, x, v)];
                return Tensor.Concat<T>([.. all.Select(part => part.Flatten())]);
            }

            RequireTogether(row, trials);
            Tensor<T>[][] slices = [.. trials.Select(trial => trial.X), .. row.Prepare is null && !Array.Exists(trials[0].X, x => x.Length == 0) ? CompiledOperationTests.Hard(trials[0].X) : Array.Empty<Tensor<T>[]>()];
            // A sum over no elements is a zero like any other: where the slope behind it is infinite, the loop has NaN. (So no edges with empty tensors.)
            foreach (Tensor<T>[][] order in (Tensor<T>[][][])[slices, [.. slices.Reverse()]])
            {
                Tensor<T>?[] expected = Array.ConvertAll(order, x => Tried(() => F(x)));
                if (Array.Exists(expected, y => y is not null && !y.Shape.SequenceEqual(u.Shape) && row.Constant))
                {
                    continue;
                }

                calls = 0;
                Tensor<T>? found = Tried(() => Differentiate.MapSlices(F, Stacked(order)));
                trials[0].Require(found is null == Array.Exists(expected, static y => y is null), "only one of the loop and the slices together throws");
                trials[0].Require(found is null || calls <= 2 || row.Operation == "Unique", $"the function was called {calls} times");
                for (int k = 0; k < order.Length && found is not null; k++)
                {
                    CompiledOperationTests.Same(trials[0], $"slice {k}", expected[k]!.AsSpan(), found[k].AsSpan());
                }
            }
        }
    }

    [Fact]
    public void The_operations_that_are_taken_one_by_one_are_in_the_table() => TakenOneByOne.Keys.Should().BeSubsetOf(OperationTable<double>.Rows.Values.Select(row => row.Operation));

    [Theory, MemberData(nameof(Rows))]
    public void Derivatives_of_all_slices_are_those_of_each(string row)
    {
        CheckDerivatives(OperationTable<double>.Rows[row]);
        CheckDerivatives(OperationTable<float>.Rows[row]);
    }

    /// <summary>Derivatives of the results by the slices, and by a tensor that all slices share.</summary>
    private static void CheckDerivatives<T>(OperationRow<T> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int[][] shapes in row.ShapeCases())
        {
            Theories<T>.Trial[] trials = [.. Enumerable.Range(0, Slices).Select(point => new Theories<T>.Trial(row, "MapSlices", shapes, point))];
            Tensor<T>[] ys = Array.ConvertAll(trials, trial => row.F(trial.X));
            if (row.Constant || Array.Exists(ys, y => !y.Shape.SequenceEqual(ys[0].Shape)))
            {
                continue;
            }

            Tensor<T>[] us = Array.ConvertAll(trials, trial => trial.Random(ys[0].Shape));
            Tensor<T>[][] vs = Array.ConvertAll(trials, trial => trial.Directions());
            Tensor<T>[] xs = Stacked(Array.ConvertAll(trials, trial => trial.X));
            Tensor<T> Map(Tensor<T>[] x) => Differentiate.MapSlices(row.F, x);
            Tensor<T>[] gradients = Differentiate.Vjp(Map, xs, Tensor.Stack<T>(us));
            Tensor<T> tangents = Differentiate.Jvp(Map, xs, Stacked(vs));
            for (int k = 0; k < Slices; k++)
            {
                Tensor<T>[] expected = Differentiate.Vjp(row.F, trials[k].X, us[k]);
                for (int i = 0; i < row.Inputs; i++)
                {
                    Near(trials[k], $"cotangent of input {i} of slice {k}", expected[i], gradients[i][k]);
                }

                Near(trials[k], $"tangent of slice {k}", Differentiate.Jvp(row.F, trials[k].X, vs[k]), tangents[k]);
            }

            // The first input is the same for all slices, and a variable of the function around.
            Tensor<T> shared = trials[0].X[0];
            if (row.Inputs == 1 || Array.Exists(trials, trial => row.Bad.Length > 0 && Tried(() => row.F([shared, .. trial.X[1..]])) is null))
            {
                continue;
            }

            Tensor<T>[] rest = xs[1..];
            Tensor<T> With(Tensor<T> first) => Differentiate.MapSlices(x => row.F([first, .. x]), rest);
            Tensor<T> values = With(shared);
            Tensor<T> sum = Tensor.Zeros<T>(shared.Shape);
            for (int k = 0; k < Slices; k++)
            {
                Tensor<T>[] at = [shared, .. trials[k].X[1..]];
                CompiledOperationTests.Same(trials[k], $"slice {k}, first input shared", row.F(at).AsSpan(), values[k].AsSpan());
                sum += Differentiate.Vjp(row.F, at, us[k])[0];
            }

            Near(trials[0], "cotangent of the shared input", sum, Differentiate.Vjp(With, shared, Tensor.Stack<T>(us)));
        }
    }

    /// <summary>The slices are recorded together, operation by operation.</summary>
    private static void RequireTogether<T>(OperationRow<T> row, Theories<T>.Trial[] trials) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var tape = new Tape<T>();
        Tensor<T>[] variables = Array.ConvertAll(Stacked(Array.ConvertAll(trials, trial => trial.X)), tape.Variable);
        int start = tape.Count;
        if (TakenOneByOne.ContainsKey(row.Operation) || Tried(() => Differentiate.MapSlices(row.F, variables)) is null)
        {
            return;
        }

        int together = tape.Count - start;
        start = tape.Count;
        for (int k = 0; k < Slices; k++)
        {
            row.F(Array.ConvertAll(variables, x => x[k]));
        }

        trials[0].Require(together <= (0.7 * (tape.Count - start)) + 5, $"{together} operations were recorded for {Slices} slices, and {tape.Count - start} in a loop");
    }

    private static Tensor<T>[] Stacked<T>(Tensor<T>[][] slices) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, slices[0].Length).Select(i => Tensor.Create<T>([.. slices.SelectMany(x => x[i].ToArray())], [slices.Length, .. slices[0][i].Shape]))];

    /// <summary>The result, or null where an error of the library is thrown.</summary>
    private static Tensor<T>? Tried<T>(Func<Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T> => CompiledOperationTests.Tried<T>(() => [f()])?[0];

    private static void Near<T>(Theories<T>.Trial trial, string what, Tensor<T> expected, Tensor<T> found) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        trial.SameShape(what, expected.Shape, found.Shape);
        double scale = expected.ToArray().Append(T.One).Max(static x => double.IsFinite(double.CreateTruncating(x)) ? Math.Abs(double.CreateTruncating(x)) : 1);
        for (int i = 0; i < expected.Length; i++)
        {
            (double wanted, double actual) = (double.CreateTruncating(expected.AsSpan()[i]), double.CreateTruncating(found.AsSpan()[i]));
            bool near = wanted.Equals(actual) || Math.Abs(wanted - actual) <= scale * (typeof(T) == typeof(float) ? 1e-5 : 1e-13);
            trial.Require(near, $"{what}: element {i} is {actual:R} and should be {wanted:R}");
        }
    }
}
