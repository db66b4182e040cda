namespace AutoDiff.Tests.Recording;

/// <summary>A tangent with structural zeros (from padding, a choice) that meets broadcasting: its zeros are stretched with it, with and without batch axes.</summary>
public class StructuralZerosForwardTests
{
    private static readonly Tensor<double> Wide = Tensor.LinearSpace(1.0, 8.0, 8).Reshape(2, 4);

    public static TheoryData<string, Func<Tensor<double>, Tensor<double>>> Functions => new()
    {
        { "row stretched by a product, then a sum", x => (x.Pad([(1, 0)]) * Wide) + x.Pad([(0, 1)]) },
        { "column stretched by a product", x => x.Reshape(1, 3).Pad([(1, 0), (0, 0)])[.., ..1] * Wide },
        { "sum of two stretched operands", x => x.Pad([(1, 0)]) + x[..1].Pad([(1, 0)]).ExpandDims(1) },
        { "choice, stretched", x => (Tensor.Where(x > 0.0, x, 0.0).Pad([(0, 1)]) - Wide) / (x.Pad([(0, 1)], 1.0) * Wide) },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_forward_sweep_agrees_with_backward_sweeps(string name, Func<Tensor<double>, Tensor<double>> f)
    {
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([0.5, -1.5, 2.0]));
        Tensor<double> y = f(x);
        double[] rows = tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Reverse }).ToArray();
        double[] columns = tape.Jacobian(y, x, new JacobianOptions { Mode = JacobianMode.Forward }).ToArray();
        columns.Should().HaveCount(rows.Length).And.BeEquivalentTo(rows, options => options.WithStrictOrdering(), name);

        Tensor<double> tangent = Tensor.Create([0.0, 1.0, 0.0]);
        tape.Jvp(y, x, tangent).ToArray().Should().Equal(tape.Jacobian(y, x).MatMul(tangent).ToArray(), name);
    }
}
