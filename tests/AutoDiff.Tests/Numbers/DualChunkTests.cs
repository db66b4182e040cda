using System.Numerics;
using System.Runtime.Intrinsics;

namespace AutoDiff.Tests.Numbers;

public class DualChunkTests
{
    [Fact]
    public void A_function_runs_once_for_each_eight_variables()
    {
        double[] at = [.. Enumerable.Range(1, 19).Select(i => i / 7.0)];
        int runs = 0;
        (double value, double[] gradient) = DualChunk<double>.ValueAndGradient(x =>
        {
            runs++;
            DualChunk<double> y = Polynomial(x);
            Array.Clear(x);
            return y;
        }, at);
        runs.Should().Be(3);
        var tape = new ActiveTape<double>();
        Active<double>[] variables = tape.Variables(at);
        Active<double> active = Polynomial(variables);
        value.Should().Be(active.Value);
        double[] expected = tape.Gradient(active, variables);
        for (int i = 0; i < at.Length; i++)
        {
            gradient[i].Should().BeApproximately(expected[i], 1e-13 * Math.Abs(expected[i]));
        }

        (float single, float[] singles) = DualChunk<float>.ValueAndGradient(Polynomial, 0.5f, 0.25f, -1);
        (DualChunk<float>.Count, DualChunk<double>.Count).Should().Be((16, 8));
        single.Should().Be(Polynomial([0.5f, 0.25f, -1f]));
        singles.Should().Equal(Polynomial([new Dual<float>(0.5f, 1), 0.25f, -1f]).Tangent, Polynomial([0.5f, new Dual<float>(0.25f, 1), -1f]).Tangent, Polynomial([0.5f, 0.25f, new Dual<float>(-1, 1)]).Tangent);
    }

    [Fact]
    public void A_function_of_nothing_has_a_value()
    {
        (double value, double[] gradient) = DualChunk<double>.ValueAndGradient(x => 7.0);
        (value, gradient.Length).Should().Be((7, 0));
    }

    /// <summary>As of Dual: a given zero is structural, one that arithmetic gave is not.</summary>
    [Fact]
    public void What_no_direction_leads_to_contributes_exactly_nothing()
    {
        DualChunk<double> x = DualChunk<double>.Variable(0, 1), root = DualChunk<double>.Sqrt(x), square = DualChunk<double>.Sqrt(x * x);
        root.Tangents.Should().Be(Vector512.Create(0, double.PositiveInfinity, 0, 0, 0, 0, 0, 0));
        square.Tangents[0].Should().Be(0);
        square.Tangents[1].Should().Be(double.NaN);
        (-root).Tangents[1].Should().Be(double.NegativeInfinity);
        double.IsNegative((-root).Tangents[0]).Should().BeFalse();
        (double number, Vector512<double> tangents) = 2.0 * x;
        (number, tangents[1]).Should().Be((0, 2));
    }

    [Fact]
    public void It_goes_through_a_tape_for_rows_of_a_Hessian()
    {
        var tape = new ActiveTape<DualChunk<double>>();
        double[] at = [0.5, -0.25, 2];
        Active<DualChunk<double>>[] x = tape.Variables([.. at.Select(DualChunk<double>.Variable)]);
        DualChunk<double>[] rows = tape.Gradient(Polynomial(x), x);
        Tensor<double> hessian = Differentiate.Hessian(x => (x[0] * x[0] * x[1]) + (x[1] * x[1] * x[2]) + (x[2] * x[2] * x[0]), Tensor.Create(at));
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                rows[i].Tangents[j].Should().BeApproximately(hessian.At(i, j), 1e-15);
            }
        }
    }

    [Fact]
    public void Errors_tell_what_to_do()
    {
        FluentActions.Invoking(() => DualChunk<double>.Variable(1, 8)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*8 tangents*ValueAndGradient*");
        FluentActions.Invoking(() => DualChunk<double>.Variable(1, -1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => DualChunk<double>.ValueAndGradient(null!, 1)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new DualChunk<Half>((Half)1)).Should().Throw<NotSupportedException>().WithMessage("*double or float*Dual<T>*");
    }

    /// <summary>Σ x_i² x_(i+1), around.</summary>
    private static T Polynomial<T>(T[] x) where T : IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * x[i] * x[(i + 1) % x.Length];
        }

        return sum;
    }
}
