using System.Numerics;

namespace AutoDiff.Tests.Compilation;

/// <summary>In compiled functions a derivative is computed along with its function where they have work in common: with the bits of the plain run.</summary>
public class SharedSlopeTests
{
    private static readonly RandomKey Key = new(97);

    /// <summary>Few elements one after the other, a group of whole blocks with a rest, and groups on several threads.</summary>
    private static readonly int[] Lengths = [1, 10, 2048, 5000, 70_000];

    public static TheoryData<string> Names => ["Sin", "Cos", "Tanh", "Sigmoid", "Softplus"];

    [Theory, MemberData(nameof(Names))]
    public void Values_and_derivatives_have_the_bits_of_the_plain_run(string name)
    {
        foreach (int length in Lengths)
        {
            Check<double>(name, length, static x => BitConverter.DoubleToInt64Bits(x));
            Check<float>(name, length, static x => BitConverter.SingleToInt32Bits(x));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_report_says_that_a_derivative_is_computed_along(string name)
    {
        Tensor<double> x = Key.Normal<double>([5000]);
        CompiledFunction<double> compiled = Differentiate.Compile(x => Differentiate.Gradient(x => Apply(name, x).Square().Sum(), x), x);
        compiled.Explain().ToString().Should().Contain($"{name} with its derivative");
    }

    [Fact]
    public void A_derivative_of_ones_is_the_result_and_nothing_is_computed_that_nobody_reads()
    {
        Tensor<double> x = Key.Normal<double>([5000]);
        CompiledFunction<double> compiled = Differentiate.Compile(static xs =>
        {
            (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => x.Tanh().Sum(), xs[0]);
            return [value, gradient];
        }, [x]);
        compiled.Explain().ToString().Should().Contain("elements in blocks of 2048: Tanh with its derivative, Sum");
        (Tensor<double> value, Tensor<double> gradient) = Differentiate.ValueAndGradient(x => x.Tanh().Sum(), x);
        Tensor<double>[] y = compiled.Invoke([x]);
        y[0].ToScalar().Should().Be(value.ToScalar());
        y[1].ToArray().Should().Equal(gradient.ToArray());
    }

    /// <summary>Ones that are spread before something that is no operation for groups, for derivatives after it.</summary>
    [Fact]
    public void A_group_may_be_left_with_nothing_to_compute()
    {
        static Tensor<double>[] All(Tensor<double> v, Tensor<double> ones, Tensor<double> others)
        {
            Tensor<double> w = v.Reshape(50, 100);
            return [v.Tanh(), Differentiate.Vjp(z => z.Tanh(), v, ones), w.Sin(), Differentiate.Vjp(z => z.Sin(), w, others)];
        }

        static Tensor<double>[] F(Tensor<double>[] p)
        {
            Tensor<double>[] results = [];
            Differentiate.Gradient(
                c =>
                {
                    (Tensor<double> ones, Tensor<double> others) = (c.BroadcastTo(5000), c.BroadcastTo(50, 100));
                    results = All(p[0].CumSum(0), ones, others);
                    return c;
                },
                Tensor.Scalar(1.0));
            return results;
        }

        Tensor<double> x = Key.Normal<double>([5000]);
        Tensor<double>[] expected = All(x.CumSum(0), Tensor.Ones<double>(5000), Tensor.Ones<double>(50, 100));
        CompiledFunction<double> compiled = Differentiate.Compile(F, [x]);
        compiled.Explain().ToString().Should().Contain("group of 0 over");
        Tensor<double>[] y = compiled.Invoke([x]);
        for (int i = 0; i < y.Length; i++)
        {
            y[i].ToArray().Should().Equal(expected[i].ToArray());
        }
    }

    private static void Check<T>(string name, int length, Func<T, long> bits) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> At(int point) => Key.Derive(point).Normal<T>([length]) * T.CreateChecked(3);
        foreach ((string what, Func<Tensor<T>, Tensor<T>[]> f) in Programs<T>(name))
        {
            CompiledFunction<T> compiled = Differentiate.Compile(x => f(x[0]), [At(0)]);
            using Workspace<T> work = compiled.CreateWorkspace();
            for (int point = 1; point <= 2; point++)
            {
                Tensor<T> x = At(point);
                Tensor<T>[] expected = f(x);
                work.Run(x);
                Tensor<T>[] once = compiled.Invoke([x]);
                for (int i = 0; i < expected.Length; i++)
                {
                    work.Output(i).ToArray().Select(bits).Should().Equal(expected[i].ToArray().Select(bits), "{0} of {1}, {2}", what, length, compiled.Explain());
                    once[i].ToArray().Select(bits).Should().Equal(expected[i].ToArray().Select(bits), "{0} of {1}, {2}", what, length, compiled.Explain());
                }
            }
        }
    }

    private static IEnumerable<(string What, Func<Tensor<T>, Tensor<T>[]> F)> Programs<T>(string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> F(Tensor<T> x) => Apply(name, x);
        T half = T.CreateChecked(0.5);
        yield return ("the gradient of a sum", x => [Differentiate.Gradient(x => F(x).Sum(), x)]);
        yield return ("the function and its gradient", x => [F(x), Differentiate.Gradient(x => (F(x) * half).Sum(), x)]);
        yield return ("a gradient that reads the function", x => [Differentiate.Gradient(x => (F(x) * F(x) * x).Sum(), x)]);
        yield return ("the function times its operand", x => [F(x) * x, Differentiate.Gradient(x => (F(x) * x).Sum(), x)]);
        yield return ("a derivative behind another operation", x => [Differentiate.Gradient(x => F((x * half) + half).CumSum(0).Square().Sum(), x)]);
        yield return ("two functions, one of the other", x => [Differentiate.Gradient(x => F(F(x) * half).Sum(), x)]);
        yield return ("a gradient twice", x => [Differentiate.Gradient(x => (F(x) * half).Sum(), x), Differentiate.Gradient(x => (F(x) * x).Sum(), x)]);
        yield return ("a tangent", x => [Differentiate.Jvp(F, x, x * half), F(x)]);
        yield return ("a Hessian-vector product", x => [Differentiate.Hvp(x => (F(x) * x).Sum(), x, x + half)]);
        yield return ("a part of its operand", x => [Differentiate.Gradient(x => (F(x[..(x.Length / 2)]) * half).Sum() + (F(x[(x.Length / 2)..]) * x[(x.Length / 2)..]).Sum(), x)]);
        yield return ("two tangents together", x => [Differentiate.Gradient(x => (F(x).Reshape(1, x.Length) * Tensor.Stack([x, x * half]).Detach()).Sum(), x)]);
    }

    private static Tensor<T> Apply<T>(string name, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => name switch
    {
        "Sin" => x.Sin(),
        "Cos" => x.Cos(),
        "Tanh" => x.Tanh(),
        "Sigmoid" => x.Sigmoid(),
        _ => x.Softplus(),
    };
}
