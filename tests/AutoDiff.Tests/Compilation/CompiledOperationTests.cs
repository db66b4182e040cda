using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Compilation;

/// <summary>Every operation of the table, compiled: recorded once, at several points, to second order, in workspaces on several threads, the bits of the plain run.</summary>
public class CompiledOperationTests
{
    private const int Points = 3;
    private const int Threads = 4;

    /// <summary>Operations that are recorded anew at other values, with the reason.</summary>
    private static readonly Dictionary<string, string> RecordedAnew = new()
    {
        ["Unique"] = "how many distinct values there are decides the shape of the result",
    };

    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Rows))]
    public void A_compiled_operation_gives_the_bits_of_the_plain_one(string row)
    {
        Check(OperationTable<double>.Rows[row]).Should().BePositive();
        Check(OperationTable<float>.Rows[row]);
    }

    [Fact]
    public void The_operations_that_are_recorded_anew_are_in_the_table() =>
        RecordedAnew.Keys.Should().BeSubsetOf(OperationTable<double>.Rows.Values.Select(row => row.Operation));

    private static int Check<T>(OperationRow<T> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int comparisons = 0;
        foreach (int[][] shapes in row.ShapeCases())
        {
            Theories<T>.Trial[] trials = [.. Enumerable.Range(0, Points).Select(point => new Theories<T>.Trial(row, "Compiled", shapes, point))];
            Tensor<T> u = trials[0].Random(row.F(trials[0].X).Shape);
            Tensor<T>[] v = trials[0].Directions();
            Tensor<T>[] F(Tensor<T>[] x)
            {
                Tensor<T> y = row.F(x);
                if (row.Constant)
                {
                    return [y];
                }

                Tensor<T>[] gradients = Differentiate.Vjp(row.F, x, u);
                return row.Order < 2 ? [y, .. gradients]
                    : [y, .. gradients, .. Differentiate.Gradient(z => Sum(Differentiate.Vjp(row.F, z, u), v), x), Differentiate.Jvp(row.F, x, v)];
            }

            CompiledFunction<T> compiled = Differentiate.Compile(F, trials[0].X);
            // A sum over no elements is a zero like any other: where the slope behind it is infinite, the plain sweep has NaN.
            Tensor<T>[][] points = [.. trials.Select(trial => trial.X), .. row.Prepare is null && !Array.Exists(trials[^1].X, x => x.Length == 0) ? Hard(trials[^1].X) : Array.Empty<Tensor<T>[]>()];
            Tensor<T>[]?[] expected = Array.ConvertAll(points, x => Tried(() => F(x)));
            for (int p = 0; p < points.Length; p++)
            {
                Tensor<T>[]? results = Tried(() => compiled.Invoke(points[p]));
                trials[0].Require(results is null == expected[p] is null, $"at point {p} only one of the plain and the compiled run throws");
                for (int i = 0; i < results?.Length; i++)
                {
                    trials[0].SameShape($"shape of result {i}", expected[p]![i].Shape, results[i].Shape);
                    Same(trials[0], $"result {i} at point {p}, invoked", expected[p]![i].AsSpan(), results[i].AsSpan());
                    comparisons++;
                }
            }

            int recordings = compiled.Recordings;
            trials[0].Require(recordings == 1 || RecordedAnew.ContainsKey(row.Operation), $"it was recorded {recordings} times: {compiled.Explain()}");
            int some = Math.Min(points.Length, Points + 1);
            InWorkspaces(compiled, trials[0], points[..some], expected[..some]);
        }

        return comparisons;
    }

    /// <summary>Workspaces on several threads at once, each run twice at every point.</summary>
    private static void InWorkspaces<T>(CompiledFunction<T> compiled, Theories<T>.Trial trial, Tensor<T>[][] points, Tensor<T>[]?[] expected) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var failures = new Exception?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() => failures[t] = Record.Exception(() =>
        {
            using Workspace<T> workspace = compiled.CreateWorkspace();
            for (int k = 0; k < 2 * points.Length; k++)
            {
                int p = (t + (k / 2)) % points.Length;
                bool ran = Tried<T>(() => { workspace.Run(points[p]); return []; }) is not null;
                trial.Require(ran == expected[p] is not null, $"at point {p} only one of the plain and the compiled run throws, in a workspace");
                for (int i = 0; i < expected[p]?.Length; i++)
                {
                    Same(trial, $"result {i} at point {p}, in a workspace", expected[p]![i].AsSpan(), workspace.Output(i));
                }
            }
        })))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        trial.Require(Array.TrueForAll(failures, static failure => failure is null), $"{Array.Find(failures, static failure => failure is not null)}");
    }

    /// <summary>The results, or null where an error of the library is thrown.</summary>
    internal static Tensor<T>[]? Tried<T>(Func<Tensor<T>[]> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return f();
        }
        catch (Exception error) when (error is FactorizationException or ConvergenceException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whole numbers of quarters (ties, zeros, places where branches meet), zeros, ones (singular matrices), numbers at both ends of the range, and some that are infinite or none.</summary>
    internal static Tensor<T>[][] Hard<T>(Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] Each(Func<T, int, T> f) => Array.ConvertAll(xs, x => Tensor.Create<T>([.. x.ToArray().Select(f)], x.Shape));
        T quarter = T.CreateChecked(0.25);
        T large = T.CreateChecked(typeof(T) == typeof(float) ? 1e25 : 1e200);
        return
        [
            Each((v, _) => T.Round(v / quarter) * quarter), Each(static (_, _) => T.Zero), Each(static (_, _) => T.One), Each((v, _) => v * large), Each((v, _) => v / large),
            Each(static (v, i) => i % 3 == 1 ? T.NaN : v), Each(static (v, i) => i % 3 == 1 ? T.PositiveInfinity : i % 5 == 2 ? T.NegativeInfinity : v),
        ];
    }

    internal static Tensor<T> Sum<T>(Tensor<T>[] gradients, Tensor<T>[] v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        gradients.Select((g, i) => (g * v[i]).Sum()).Aggregate((sum, part) => sum + part);

    /// <summary>The same bits; of NaN it is enough to be one.</summary>
    internal static void Same<T>(Theories<T>.Trial trial, string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.Slice(i, 1))) || (T.IsNaN(expected[i]) && T.IsNaN(actual[i]));
            trial.Require(same, $"{what}, element {i}: {actual[i]:R}, and should be {expected[i]:R}");
        }
    }
}
