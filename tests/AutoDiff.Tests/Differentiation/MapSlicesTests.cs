using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Differentiation;

/// <summary>A function of a slice applied to all slices at once gives what a loop gives, bit for bit, in value and derivatives.</summary>
public class MapSlicesTests
{
    private const int Slices = 5;

    public static IEnumerable<object[]> Rows => OperationTable<double>.Rows.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Rows))]
    public void An_operation_of_all_slices_has_the_bits_of_the_loop(string row)
    {
        Check(OperationTable<double>.Rows[row]);
        Check(OperationTable<float>.Rows[row]);
    }

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
                    : [y, .. gradients, .. Differentiate.Gradient(z => Sum(Differentiate.Vjp(row.F, z, u), v), x), Differentiate.Jvp(row.F, x, v)];
                return Tensor.Concat<T>([.. all.Select(part => part.Flatten())]);
            }

            Tensor<T>[] xs = [.. Enumerable.Range(0, row.Inputs).Select(i => Tensor.Stack<T>([.. trials.Select(trial => trial.X[i])]))];
            Tensor<T>[] expected = Array.ConvertAll(trials, trial => F(trial.X));
            if (Array.Exists(expected, y => !y.Shape.SequenceEqual(expected[0].Shape)))
            {
                continue;
            }

            calls = 0;
            Tensor<T> found = Differentiate.MapSlices(F, xs);
            using var tape = new Tape<T>();
            Tensor<T>[] variables = Array.ConvertAll(xs, tape.Variable);
            int c2 = calls;
            int before = tape.Count;
            Tensor<T> q = Differentiate.MapSlices(row.F, variables);
            int batched = tape.Count - before;
            before = tape.Count;
            for (int k = 0; k < Slices; k++)
            {
                row.F(Array.ConvertAll(variables, x => x[k]));
            }

            File.AppendAllText("/tmp/map.txt", $"{row.Name}\t{typeof(T).Name}\t{string.Join(' ', shapes.Select(s => string.Join('x', s)))}\t{c2}\t{batched}\t{tape.Count - before}\n");
            for (int k = 0; k < Slices; k++)
            {
                Same(trials[k], $"slice {k}", expected[k].AsSpan(), found[k].AsSpan());
            }
        }
    }

    private static Tensor<T> Sum<T>(Tensor<T>[] gradients, Tensor<T>[] v) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        gradients.Select((g, i) => (g * v[i]).Sum()).Aggregate((sum, part) => sum + part);

    private static void Same<T>(Theories<T>.Trial trial, string what, ReadOnlySpan<T> expected, ReadOnlySpan<T> found) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        trial.Require(expected.Length == found.Length, $"{what}: lengths {expected.Length} and {found.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = T.IsNaN(expected[i]) ? T.IsNaN(found[i]) : MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(found.Slice(i, 1)));
            trial.Require(same, $"{what}: element {i} is {found[i]:R} and should be {expected[i]:R}");
        }
    }
}
