namespace AutoDiff.Tests.Operations;

/// <summary>Convolutions whose matrix of columns has more elements than an int counts: it is never made, and nothing is written past what is.</summary>
public class LongConvolutionTests
{
    [Fact]
    public void The_matrix_of_columns_may_have_more_elements_than_an_int_counts()
    {
        // 46,341 taps by as many windows are 2^31 and some.
        const int Taps = 46341;
        Tensor<float> y = OneAt((2 * Taps) - 1, Taps + 5).Conv1D(OneAt(Taps, 7));
        y.ToArray().Should().Equal(OneAt(Taps, Taps - 2).ToArray());
    }

    [Fact]
    public void Value_and_gradients_of_65536_taps_are_those_of_the_definition()
    {
        // y_p = Σ_k w_k x_(97 p + k): the cotangent 1 at p = 11 goes to x at 97 · 11 + 7, and to w at k = (Taps + 5) - 97 · 11.
        const int Taps = 65536;
        int length = (2 * Taps) - 1;
        using var tape = new Tape<float>();
        (Tensor<float> x, Tensor<float> w) = (tape.Variable(OneAt(length, Taps + 5)), tape.Variable(OneAt(Taps, 7)));
        Tensor<float> y = x.Conv1D(w, stride: 97);
        y.Length.Should().Be(676);
        y.ToArray().Should().OnlyContain(value => value == 0, "(65541 - 7) / 97 is no integer");
        Tensor<float>[] g = tape.Vjp(y, OneAt(676, 11), [x, w]);
        g[0].ToArray().Should().Equal(OneAt(length, (97 * 11) + 7).ToArray());
        g[1].ToArray().Should().Equal(OneAt(Taps, Taps + 5 - (97 * 11)).ToArray());
        OneAt(676, 3).ConvTranspose1D(OneAt(Taps, 9), stride: 97).ToArray().Should().Equal(OneAt((675 * 97) + Taps, 300).ToArray());
    }

    [Fact]
    public void The_workspace_stays_small()
    {
        Tensor<double> x = Tensor.Ones<double>(1, 1, 40000);
        Tensor<double> w = Tensor.Ones<double>(1, 1, 20000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        x.Conv1D(w, stride: 41).ToArray().Should().OnlyContain(value => value == 20000);
        Differentiate.Gradient(v => v.Conv1D(w, stride: 41).Sum(), x).Sum().ToScalar().Should().Be(20000 * 488.0);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20 << 20, "the matrix of columns alone would have 78 MB for each of the products, of the stride 1 3 GB");
    }

    [Fact]
    public void Paddings_that_no_array_can_hold_are_refused()
    {
        Tensor<float> one = Tensor.Ones<float>(1, 1, 1);
        Action[] calls =
        [
            () => one.Conv1D(one, padding: int.MaxValue, stride: int.MaxValue), () => one.Conv1D(one, padding: 1 << 30, stride: 1 << 30), () => one.Conv1D(one, padding: 1 << 30),
            () => Tensor.Ones<float>(1, 1, 1, 1).Conv2D(Tensor.Ones<float>(1, 1, 1, 1), padding: 65536, stride: 65536), () => one.ConvTranspose1D(one, padding: int.MaxValue, stride: int.MaxValue),
            () => Tensor.Ones<float>(1, 1, 2).ConvTranspose1D(one, stride: int.MaxValue, padding: 1 << 29), () => Tensor.Ones<float>(1, 1, 2).ConvTranspose1D(one, stride: int.MaxValue), () => one.Unfold(1, padding: 1 << 30, stride: 1 << 30),
            () => Tensor.Ones<float>(1, 1, 2, 2).Unfold(65536, padding: 65536), () => one.Conv1D(one, dilation: int.MaxValue, groups: int.MaxValue),
        ];
        for (int i = 0; i < calls.Length; i++)
        {
            calls[i].Should().Throw<TensorShapeException>("call {0}", i);
        }

        one.Conv1D(one, padding: 70000, stride: 70000).ToArray().Should().Equal(0, 1, 0);
    }

    private static Tensor<float> OneAt(int length, int place)
    {
        var values = new float[length];
        values[place] = 1;
        return Tensor.Create(values, 1, 1, length);
    }
}
