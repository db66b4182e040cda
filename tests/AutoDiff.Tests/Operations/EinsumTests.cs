namespace AutoDiff.Tests.Operations;

/// <summary>Einsum of very many operands.</summary>
public class EinsumTests
{
    [Fact]
    public void A_thousand_operands_of_one_label_are_multiplied()
    {
        Tensor<double>[] factors = [.. Enumerable.Range(0, 1000).Select(i => Tensor.Create([i % 2 == 0 ? 2.0 : 0.5, 1.0, i == 7 ? 3.0 : 1.0]))];
        Tensor.Einsum(string.Join(',', factors.Select(_ => "i")) + "->i", factors).ToArray().Should().Equal(1, 1, 3);
        Tensor.Einsum(string.Join(',', factors.Select(_ => "i")) + "->", factors).ToScalar().Should().Be(5);
    }

    [Fact]
    public void A_long_ring_of_matrices_gives_the_trace_of_their_product()
    {
        // The letters come round again and again: each occurs in many operands, so that nothing can be summed over before the last of them.
        const string Letters = "abcd";
        Tensor<double>[] matrices = [.. Enumerable.Range(0, 400).Select(i => Tensor.Create([1.0, i % 3 == 0 ? 1 : 0, 0, 1], 2, 2))];
        string equation = string.Join(',', matrices.Select((_, i) => $"{Letters[i % 4]}{Letters[(i + 1) % 4]}")) + "->";
        double expected = 0;
        for (int state = 0; state < 16; state++)
        {
            double product = 1;
            for (int i = 0; i < matrices.Length; i++)
            {
                product *= matrices[i].At(state >> (i % 4) & 1, state >> ((i + 1) % 4) & 1);
            }

            expected += product;
        }

        Tensor.Einsum(equation, matrices).ToScalar().Should().Be(expected);
    }
}
