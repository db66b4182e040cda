namespace AutoDiff.Tests.Operations;

/// <summary>
/// Sums of products of floats, and products, from 1 to a million terms keep the bounds that docs/conventions.md states: so many roundings of 2⁻²⁴, each of the sum of the magnitudes of the terms (of the product).
/// </summary>
public sealed class LongProductTests
{
    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>By name: a function of two vectors of floats, and how many roundings n terms may have.</summary>
    private static readonly Dictionary<string, (Func<Tensor<float>, Tensor<float>, Tensor<float>> Value, Func<int, double> Roundings)> SumsOfProducts = new()
    {
        ["MatMul"] = ((x, y) => Tensor.Stack([x, x, x]).MatMul(Tensor.Stack([y, y, y, y, y], 1))[1, 2], Blocks),
        ["MatMul of a row"] = ((x, y) => x.Reshape(1, x.Length).MatMul(Tensor.Stack([y, y, y], 1))[0, 1], Blocks),
        ["MatMul of a column"] = ((x, y) => Tensor.Stack([x, x, x]).MatMul(y)[1], Blocks),
        ["MatMul, gradient"] = ((x, y) => Differentiate.Vjp(w => Tensor.Stack([x, x, x], 1).MatMul(w), Tensor.Ones<float>(3), y)[1], Blocks),
        ["Einsum"] = ((x, y) => Tensor.Einsum("ai,bi->ab", Tensor.Stack([x, x]), Tensor.Stack([y, y, y]))[1, 1], Blocks),
        ["Dot"] = ((x, y) => x.Dot(y), Registers),
        ["TensorDot"] = ((x, y) => x.TensorDot(y, 1), Registers),
        ["Sum of products"] = ((x, y) => (x * y).Sum(), static _ => 2),
        ["VecDot"] = ((x, y) => x.VecDot(y), static _ => 2),
        ["Conv1D"] = ((x, y) => x.Reshape(1, 1, x.Length).Conv1D(y.Reshape(1, 1, y.Length)).Reshape(), Blocks),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> cases = [];
            foreach (string name in SumsOfProducts.Keys)
            {
                foreach (int count in (int[])[1, 1000, 1_000_000])
                {
                    cases.Add(name, count);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_of_products_of_floats_keep_their_bound(string name, int count)
    {
        (Func<Tensor<float>, Tensor<float>, Tensor<float>> value, Func<int, double> roundings) = SumsOfProducts[name];
        var random = new Random(1);

        // Equal terms, whose roundings add up, and terms of both signs, whose sum is small beside them.
        foreach ((Tensor<float> x, Tensor<float> y) in (ValueTuple<Tensor<float>, Tensor<float>>[])[(Tensor.Full(0.1f, count), Tensor.Full(0.3f, count)), (Numbers(), Numbers())])
        {
            (double sum, double size) = (0, 0);
            for (int i = 0; i < count; i++)
            {
                double term = (double)x.Values[i] * y.Values[i];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            double error = Math.Abs(value(x, y).ToScalar() - sum);
            error.Should().BeLessThanOrEqualTo(roundings(count) * Rounding * size, $"{name} of {count} terms is {sum}, the terms {size}");
        }

        Tensor<float> Numbers() => Tensor.Create(Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.4)).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void Products_of_floats_keep_their_bound(int count)
    {
        var random = new Random(2);
        float[] numbers = [.. Enumerable.Range(0, count).Select(i => (float)(1 + ((random.NextDouble() - 0.5) * 1e-2)) * (i % 7 == 3 ? -1 : 1))];
        foreach (float[] factors in (float[][])[numbers, [.. Enumerable.Repeat(1.00001f, count)]])
        {
            double product = factors.Aggregate(1.0, static (product, x) => product * x);
            Math.Abs((Tensor.Create(factors).Prod().ToScalar() / product) - 1).Should().BeLessThanOrEqualTo(count * Rounding, $"the product of {count} numbers is {product}");

            // The slope by a factor is the product of the others.
            Math.Abs((Differentiate.Gradient(static x => x.Prod(), Tensor.Create(factors))[count / 2].ToScalar() * factors[count / 2] / product) - 1).Should().BeLessThanOrEqualTo((2.0 + Math.Log2(count)) * count * Rounding);
        }
    }

    /// <summary>A chain of multiply-adds for each 256 terms, and these one after the other.</summary>
    private static double Blocks(int count) => Math.Min(count, 256) + Math.Ceiling(count / 256.0);

    /// <summary>Sixteen numbers side by side (or more), over parts of 2¹⁴ terms, then one after the other.</summary>
    private static double Registers(int count) => Math.Min(count, 1024) + 16 + Math.Ceiling(count / 16384.0);
}
