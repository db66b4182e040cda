using System.Numerics;
using static AutoDiff.Tests.Compilation.GeneratedPrograms;

namespace AutoDiff.Tests.Compilation;

/// <summary>Convolutions in generated C#, of as many channels as are read from lines, with both gradients: the bits of the compiled function.</summary>
public class CSharpConvolutionsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convolutions_with_many_channels_have_the_bits(bool ofFloats)
    {
        if (ofFloats)
        {
            Check<float>(ofFloats);
        }
        else
        {
            Check<double>(ofFloats);
        }
    }

    private static void Check<T>(bool ofFloats) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int[] X, int[] W, int[] Padding, int[] Dilation, int Stride, int Groups)[] cases =
        [
            ([2, 5, 9, 10], [150, 5, 3, 3], [1, 1], [1, 1], 1, 1), ([1, 16, 9, 10], [300, 8, 3, 2], [2, 0], [1, 1], 1, 2), ([1, 8, 12, 11], [160, 8, 3, 3], [1, 2], [2, 1], 1, 1),
            ([2, 8, 19, 20], [9, 8, 3, 3], [1, 1], [1, 1], 1, 1), ([1, 5, 9, 10], [150, 5, 3, 3], [3, 1], [1, 1], 1, 1), ([2, 8, 13, 12], [150, 8, 3, 3], [1, 1], [1, 1], 2, 1),
        ];
        for (int k = 0; k < cases.Length; k++)
        {
            var c = cases[k];
            Tensor<T>[] inputs = [new RandomKey(1).Normal<T>(c.X), new RandomKey(2).Normal<T>(c.W)];
            CompiledFunction<T> compiled = Differentiate.Compile(xs =>
            {
                (PerAxis padding, PerAxis dilation) = ((c.Padding[0], c.Padding[1]), (c.Dilation[0], c.Dilation[1]));
                (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(v => v[0].Conv2D(v[1], null, c.Stride, padding, dilation, c.Groups).Square().Sum(), xs);
                return [value, .. gradients];
            }, inputs);
            compiled.ToCSharp("C0").Contains("MirroredKernels", StringComparison.Ordinal).Should().Be(k < 3, "the gradient of case {0} is a convolution where there are many outputs, one place apart", k);
            string source = compiled.ToCSharp("C0") + Adapter("C0", 2, 3, type: ofFloats ? "float" : "double");
            T[][] expected = [.. compiled.Invoke(inputs).Select(static y => y.ToArray())], actual = [.. expected.Select(static y => new T[y.Length])];
            Compile<T>([source], 1, out _)[0]([.. inputs.Select(static x => x.ToArray())], actual);
            for (int i = 0; i < expected.Length; i++)
            {
                Differs(expected[i], actual[i]).Should().BeNull("of case {0}, result {1}", k, i);
            }
        }
    }
}
