using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Compilation;

/// <summary>Every operation of the table, compiled: at several points, to second order, the bits of the plain run.</summary>
public class CompiledOperationTests
{
    private const int Points = 3;

    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Rows))]
    public void A_compiled_operation_gives_the_bits_of_the_plain_one(string row)
    {
        Check(OperationTable<double>.Rows[row]).Should().BePositive();
        Check(OperationTable<float>.Rows[row]);
    }

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
            using Workspace<T> workspace = compiled.CreateWorkspace();
            foreach (Theories<T>.Trial trial in trials)
            {
                Tensor<T>[] plain = F(trial.X);
                Tensor<T>[] results = compiled.Invoke(trial.X);
                for (int twice = 0; twice < 2; twice++)
                {
                    workspace.Run(trial.X);
                    for (int i = 0; i < plain.Length; i++)
                    {
                        trial.SameShape($"shape of result {i}", plain[i].Shape, results[i].Shape);
                        Same(trial, $"result {i}, invoked", plain[i].AsSpan(), results[i].AsSpan());
                        Same(trial, $"result {i}, in a workspace", plain[i].AsSpan(), workspace.Output(i));
                        comparisons++;
                    }
                }
            }
        }

        return comparisons;
    }

    private static Tensor<T> Sum<T>(Tensor<T>[] gradients, Tensor<T>[] v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        gradients.Select((g, i) => (g * v[i]).Sum()).Aggregate((sum, part) => sum + part);

    /// <summary>The same bits; of NaN it is enough to be one.</summary>
    private static void Same<T>(Theories<T>.Trial trial, string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> actual) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.Slice(i, 1))) || (T.IsNaN(expected[i]) && T.IsNaN(actual[i]));
            trial.Require(same, $"{what}, element {i}: {expected[i]} plain and {actual[i]} compiled");
        }
    }
}
