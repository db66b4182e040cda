namespace AutoDiff.Tests.Compilation;

/// <summary>Operations on few elements are run from a list: with numbers that are spread, with inputs and constants brought along, with guards and other operations between them.</summary>
public class SequenceTests
{
    private static readonly RandomKey Key = new(5);

    private static readonly Dictionary<string, Func<Tensor<double>[], Tensor<double>>> Programs = new()
    {
        ["a number spread over an input"] = p => (p[0].Exp() * p[1].Sin()) + (p[0] * p[1]),
        ["a part of an input"] = p => (p[1][1..4] * p[1][..3].Sin()) + p[0],
        ["a number of an input that is a part of it"] = p => ((p[1][2] + p[1]) * p[1].Cos()).Tanh(),
        ["constants"] = p => ((p[1] * Tensor.LinearSpace(0.5, 1.5, 7)) + (p[1] / Tensor.Scalar(3.0))).Square() - 1.0,
        ["other operations between"] = p => ((p[1].Sin() + p[1].Square()).CumSum(0) * p[1].Exp()) - (p[1].Sum() * p[1].Cos()),
        ["a number that changes with a sum"] = p => (p[1] * (p[1] * p[0]).Sum()).Sin() * (p[0] + p[1].Max(0)),
        ["a guard between"] = p => ((p[1] * p[0]).Sum() > 0.0).ToScalar() == 1 ? (p[1].Sin() * p[0]) + p[1] : (p[1].Cos() * p[1]) - p[0],
        ["numbers alone"] = p => (((p[0] * p[0]) + p[0].Sin()) * p[1].At(3)).Exp() / (p[0].Square() + 1.0),
        ["three operands"] = p => Tensor.Where(p[1] > p[0], p[1] * p[0], p[1].Square()) + p[1].Clamp(-0.5, 0.5),
        ["the same operand twice"] = p => (p[1] * p[1]) + (p[1] - p[1]) + (p[0] / p[0]),
    };

    public static TheoryData<string> Names => [.. Programs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_bits_are_those_of_the_function(string name)
    {
        Func<Tensor<double>[], Tensor<double>> f = Programs[name];
        Tensor<double>[] All(Tensor<double>[] p)
        {
            (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(q => f(q).Sum(), p);
            return [f(p), value, .. gradients];
        }

        Tensor<double>[] Point(int i) => [Key.Derive(i).Normal<double>(), Key.Derive(100 + i).Normal<double>(7)];
        CompiledFunction<double> compiled = Differentiate.Compile(All, Point(0));
        compiled.Programs[0].Sequences.Should().NotBeEmpty();
        using Workspace<double> work = compiled.CreateWorkspace();
        for (int i = 0; i < 20; i++)
        {
            Tensor<double>[] x = Point(i), expected = All(x);
            work.Run(x);
            for (int k = 0; k < expected.Length; k++)
            {
                work.Output(k).ToArray().Should().Equal(expected[k].ToArray());
            }
        }
    }

    /// <summary>Elements are taken by whole registers: what lies behind those of a value, or of a part of one, is no part of any result.</summary>
    [Fact]
    public void Every_length_and_every_part_gives_the_bits_of_the_function()
    {
        static Tensor<double>[] All(Tensor<double>[] p)
        {
            int n = p[0].Length / 3;
            Tensor<double> F(Tensor<double> x)
            {
                Tensor<double> gates = (x * 0.7) + 0.1;

                // The first result of this length lies right behind the part that it is made of.
                Tensor<double> last = gates[(2 * n)..] * gates[(2 * n)..];
                Tensor<double> inner = (gates[..n].Sigmoid() * gates[n..(2 * n)].Tanh()) + (gates[(2 * n)..].Sin() / (gates[..n].Exp() + 1.0));
                return (inner.Log1p() * gates[(2 * n)..]).Sum() + (inner.Cos() - gates[n..(2 * n)]).Softplus().Sum() + last.Sum();
            }

            (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(F, p[0]);
            return [value, gradient, Differentiate.Hvp(F, p[0], p[1])];
        }

        foreach (int n in (int[])[.. Enumerable.Range(1, 34), 60, 62, 63, 65, 66, 100, 102, 127, 129, 250])
        {
            Tensor<double>[] Point(int i) => [Key.Derive(i).Uniform<double>(3 * n) + 0.5, Key.Derive(50 + i).Normal<double>(3 * n)];
            CompiledFunction<double> compiled = Differentiate.Compile(All, Point(0));
            using Workspace<double> work = compiled.CreateWorkspace();
            for (int i = 0; i < 3; i++)
            {
                Tensor<double>[] x = Point(i), expected = All(x);
                work.Run(x);
                for (int k = 0; k < expected.Length; k++)
                {
                    work.Output(k).ToArray().Should().Equal(expected[k].ToArray(), "{0} numbers, result {1}", n, k);
                }
            }
        }
    }

    /// <summary>Tens of thousands of operations on a few rows are a few steps, whose list shares what computes the same.</summary>
    [Fact]
    public void Ten_thousand_operations_are_one_sequence()
    {
        static Tensor<double> F(Tensor<double> x)
        {
            Tensor<double> y = x;
            for (int i = 0; i < 5000; i++)
            {
                y = (y * x) + 0.5;
            }

            return y;
        }

        CompiledFunction<double> compiled = Differentiate.Compile(F, Tensor.Create([0.1, 0.2]));
        compiled.Programs[0].Sequences.Should().ContainSingle().Which.Count.Should().Be(10_000);
        compiled.Programs[0].Sequences[0].Instructions.Select(static instruction => instruction.Record).Distinct().Count().Should().BeLessThanOrEqualTo(3);
        Tensor<double> at = Tensor.Create([0.3, -0.4]);
        compiled.Invoke(at).ToArray().Should().Equal(F(at).ToArray());
    }
}
