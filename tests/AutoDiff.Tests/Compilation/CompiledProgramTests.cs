using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Compilation;

/// <summary>Programs in which parts of a compiled program meet that a single operation does not show: values that share memory, views of views, operands that are spread, sums in one group, guards in the middle.</summary>
public class CompiledProgramTests
{
    private static readonly RandomKey Key = new(22);

    public static TheoryData<string> Names => [.. Programs.Keys];

    /// <summary>The programs, each with the shapes of its inputs: some of a few elements, where each operation is a step, and some of several blocks, where they are groups.</summary>
    private static readonly Dictionary<string, (int[][] Shapes, Func<Tensor<double>[], Tensor<double>[]> F)> Programs = new()
    {
        ["a value and its own row"] = ([[3, 4]], x => x[0].Sin() is var v ? [v * v[0], v - v[^1]] : x),
        ["a long value and its own row"] = ([[3, 2000]], x => x[0].Sin() is var v ? [(v * v[0]) + v, (v[1] - v).Exp()] : x),
        ["operands that live on"] = ([[7]], x => x[0].Sin() is var v && (v * 2.0) is var w && (v + w) is var u ? [u * v, (w - u) * v] : x),
        ["results that are parts"] = ([[6]], x => [x[0].Sin()[1..], x[0].Cos()[..^1], x[0].Exp()[2..4], x[0].Tanh().Reshape(2, 3), x[0].Sinh(), x[0].Atan()]),
        ["products between other steps"] = ([[4, 4], [4]], x => [x[0].MatMul(x[1]), x[0].MatMul(x[1]).Softmax(), x[0].Transpose().MatMul(x[1].Sin()).CumSum(0), (x[0].MatMul(x[0]) + x[1]).Softmax(0)]),
        ["views of views"] = ([[9]], x => [x[0][1..][2..].Sin(), x[0].Sin()[1..][..5][2..] * 2.0, x[0].Cos().Reshape(3, 3)[1][1..].Exp()]),
        ["rows and columns, spread"] = ([[130, 50], [50], [130, 1], [1, 1]], x => [((x[0] * x[1]) + x[2] - x[3]).Exp() * x[1] / (x[2] + 10.0), ((x[1] + x[2]).Sin() * x[0]).Sum()]),
        ["a row, and a number after it"] = ([[60, 50], [50], []], x => [((x[0].Sin() * x[1]) + x[2]).Exp() - 2.0, ((x[0] * x[1]) - 3.0) * x[2] / 7.0]),
        ["choices"] = ([[5000], [5000]], x => [Tensor.Where(x[0] > 0.0, x[1], 0.0) * 2.0, Tensor.Where(x[0] > x[1], x[0].Sin(), x[1].Exp()) + x[0], x[0].Relu() - x[1].Clamp(-0.5, 0.5), x[0].Maximum(x[1])]),
        ["gradients of choices"] = ([[5000], [5000]], x => Differentiate.Gradient(p => (Tensor.Where(p[0] > 0.0, p[0].Log(), p[1] * p[0]) * p[1]).Sum() + (Tensor.Where(p[1] > 0.5, p[1].Sqrt(), 0.0).Sin() * p[0]).Sum(), x)),
        ["gradients of choices by rows"] = ([[60, 50], [50]], x => Differentiate.Gradient(p => (Tensor.Where(p[1] > 0.0, p[0].Exp() * p[1], 0.0) + p[0].Relu()).Square().Sum(), x)),
        ["tangents of choices"] = ([[5000], [5000]], x => [Differentiate.Jvp(z => Tensor.Where(z > 0.0, z.Sqrt(), 0.0) * 3.0, x[0], x[1])]),
        ["spread in the middle"] = ([[20, 10, 30], [20, 1, 30], [10, 1], [20, 1, 1], [1, 10, 30]], x => [(x[0] * x[1]) + x[2], (x[0] - x[3]).Tanh() * x[4], ((x[0] + x[4]) * x[1] * x[3]).Sum()]),
        ["several sums in a group"] = ([[9000]], x => x[0].Sin() is var v ? [v.Sum(), (v * v).Sum(), (v * x[0]).Exp().Sum(), v * v.Sum(), v] : x),
        ["many registers"] = ([[5000], [5000]], x => Enumerable.Range(1, 12).Select(i => (x[0] * (double)i).Sin()).ToArray() is var s ? [s.Aggregate((a, b) => (a * b) + x[1]), s.Reverse().Aggregate((a, b) => a - (b * x[0]))] : x),
        ["one operation with other numbers"] = ([[8]], x => [x[0].Abs().Pow(2.5) - x[0].Abs().Pow(3.5), x[0].Clamp(-1.0, 0.5) * x[0].Clamp(-0.5, 1.0), x[0].Elu(0.5) + x[0].Elu(2.0), x[0].Sum() * x[0].Reshape(2, 4).Sum(0).Sum()]),
        ["one operation on several parts"] = ([[6]], x => [x[0][..3].Sin() + x[0][3..].Sin(), x[0].Sin() + 1.0, x[0].Reshape(2, 3).Sin().Sum(0), x[0].Reshape(3, 2).Sin().Sum(0), x[0][1..4].Exp(), x[0][2..5].Exp()]),
        ["products with ones"] = ([[1, 3], [3]], x => [x[0] * Tensor.Ones<double>(2, 3), Tensor.Ones<double>(2, 3) * x[1], x[1] * Tensor.Create([1.0, 2, 1]), x[1] * Tensor.Ones<double>(3), Tensor.Scalar(1.0) * x[0], x[0] * Tensor.Ones<double>(1, 1, 1)]),
        ["constants before and behind"] = ([[3]], x => [Tensor.Create([1.0, 2, 3]) - x[0], x[0] - Tensor.Create([1.0, 2, 3]), 2.0 / (x[0] + 9.0), Tensor.Create([1.0, 2, 3]).Exp() * 2.0]),
        ["the zeros of Jacobians"] = ([[6], [6], [4, 6]], x =>
        [
            Differentiate.Jacobian(z => z * x[1], x[0]), Differentiate.Jacobian(z => (-z).Exp(), x[0]), Differentiate.Jacobian(z => x[2].MatMul(z), x[0]), Differentiate.Jacobian(z => x[2].Floor() * 0.0 * z, x[0]),
            Differentiate.Hessian(z => (z.Pow(3.0) * x[1]).Sum(), x[0]), Differentiate.HessianDiagonal(z => (z.Pow(3.0) * x[1]).Sum(), x[0]), Differentiate.PerSampleGradients(z => (x[2] * z).Max(1), x[0]),
        ]),
        ["a gradient of rows"] = ([[130, 50], [50], [130, 1]], x => Differentiate.Gradient(p => ((p[0] * p[1]) + p[2]).Tanh().Square().Sum(), x)),
    };

    [Theory, MemberData(nameof(Names))]
    public void A_program_gives_the_bits_of_the_plain_run(string name)
    {
        (int[][] shapes, Func<Tensor<double>[], Tensor<double>[]> f) = Programs[name];
        Tensor<double>[] At(int point) => [.. shapes.Select((shape, i) => Key.Derive((10 * point) + i).Normal<double>(shape))];
        CompiledFunction<double> compiled = Differentiate.Compile(f, At(1));
        using Workspace<double> work = compiled.CreateWorkspace();
        for (int point = 1; point < 4; point++)
        {
            Tensor<double>[] x = At(point), expected = f(x), actual = compiled.Invoke(x);
            work.Run(x);
            actual.Should().HaveSameCount(expected);
            for (int i = 0; i < expected.Length; i++)
            {
                long[] bits = Bits(expected[i].AsSpan());
                actual[i].Shape.ToArray().Should().Equal(expected[i].Shape.ToArray(), "result {0} at point {1}", i, point);
                Bits(actual[i].AsSpan()).Should().Equal(bits, "result {0} at point {1}", i, point);
                Bits(work.Output(i)).Should().Equal(bits, "result {0} of the workspace at point {1}", i, point);
            }
        }

        compiled.Recordings.Should().Be(1);
    }

    /// <summary>It has its weights along an axis that a vector has not.</summary>
    private const string OneWeight = "PRelu: one weight";

    public static IEnumerable<object[]> ElementwiseRows => OperationTable<double>.Rows.Values.Where(static row => row.IsElementwise && row.Name != OneWeight).Select(static row => new object[] { row.Name });

    /// <summary>The operands are computed in the program and die with the operation, whose result is an intermediate one too, whose kernel may read them more than once: in a step of a few elements, and in a group of several blocks.</summary>
    [Theory, MemberData(nameof(ElementwiseRows))]
    public void An_elementwise_operation_does_not_write_where_its_operands_were(string name)
    {
        Check(OperationTable<double>.Rows[name]);
        Check(OperationTable<float>.Rows[name]);

        static void Check<T>(OperationRow<T> row) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (int length in (int[])[7, 3000])
            {
                int[][] shapes = [.. Enumerable.Repeat(new[] { length }, row.Inputs)];
                Tensor<T>[] x = new Theories<T>.Trial(row, "Compiled", shapes, 0).X;
                Tensor<T> Between(Tensor<T>[] x) => -row.F(Array.ConvertAll(x, static x => -(-x)));
                Tensor<T> u = Between(x).Detach();

                // The value alone, for the operands live on where derivatives read them.
                Same(x => [Between(x)]);
                if (!row.Constant)
                {
                    Same(x => Differentiate.Vjp(Between, x, u));
                }

                void Same(Func<Tensor<T>[], Tensor<T>[]> f)
                {
                    Tensor<T>[] expected = f(x), actual = Differentiate.Compile(f, x).Invoke(x);
                    for (int i = 0; i < expected.Length; i++)
                    {
                        MemoryMarshal.AsBytes(actual[i].AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected[i].AsSpan()))
                            .Should().BeTrue("result {0} of {1} elements, in {2}, has to have the bits of the plain run", i, length, typeof(T).Name);
                    }
                }
            }
        }
    }

    [Fact]
    public void Every_number_that_was_looked_at_is_guarded()
    {
        static Tensor<double> First(Tensor<double> x) => x.ToArray()[0] > 0 ? x.Exp() : x * 2.0;
        static Tensor<double> Third(Tensor<double> x) => x.At(2) > 0 ? x.Exp() : x * 2.0;
        static Tensor<double> Part(Tensor<double> x) => x[1..].Sin().AsSpan()[0] > 0 ? x.Exp() : x * 2.0;
        foreach (Func<Tensor<double>, Tensor<double>> f in (Func<Tensor<double>, Tensor<double>>[])[First, Third, Part])
        {
            CompiledFunction<double> compiled = Differentiate.Compile(f, Tensor.Create([1.0, 1, 1]));
            foreach (double[] point in (double[][])[[1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1], [-1, -1, -1]])
            {
                compiled.Invoke(Tensor.Create(point)).ToArray().Should().Equal(f(Tensor.Create(point)).ToArray());
            }
        }
    }

    [Fact]
    public void A_guard_stands_before_what_could_fail_where_it_does_not_hold()
    {
        static Tensor<double> F(Tensor<double> a) => (a.Determinant() > 0.0).ToScalar() == 1 ? a.Cholesky() : a * -1.0;
        CompiledFunction<double> f = Differentiate.Compile(F, Tensor.Create([2.0, 0, 0, 3], 2, 2));
        f.Invoke(Tensor.Create([-2.0, 0, 0, 3], 2, 2)).ToArray().Should().Equal(2, 0, 0, -3);
        f.Invoke(Tensor.Create([4.0, 0, 0, 9], 2, 2)).ToArray().Should().Equal(2, 0, 0, 3);
        f.Recordings.Should().Be(2);
    }

    [Fact]
    public void Other_shapes_of_the_same_length_are_other_programs()
    {
        Tensor<double> numbers = Tensor.Create([1.0, 2, 3, 4, 5, 6]);
        CompiledFunction<double> f = Differentiate.Compile(x => x.Sum(0) * 2.0, numbers.Reshape(2, 3));
        f.Invoke(numbers.Reshape(3, 2)).ToArray().Should().Equal(18, 24);
        f.Invoke(numbers).ToScalar().Should().Be(42);
        f.Invoke(numbers.Reshape(2, 3)).ToArray().Should().Equal(10, 14, 18);
    }

    private static long[] Bits(ReadOnlySpan<double> x)
    {
        long[] bits = new long[x.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.DoubleToInt64Bits(x[i]);
        }

        return bits;
    }
}
