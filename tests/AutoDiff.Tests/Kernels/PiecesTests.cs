using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class PiecesTests
{
    private static readonly double[] s_special = [0, -0.0, 1, -1, 0.5, -0.5, 2, -2, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon];

    /// <summary>A number's result is that of the definition, wherever it stands in spans of any length.</summary>
    private static void Check<F>(Func<double, double, double, double> definition) where F : struct, IPieces
    {
        for (int length = 0; length < 40; length++)
        {
            double[] x = [.. Enumerable.Range(0, length).Select(i => s_special[(i + length) % s_special.Length])];
            double[] y = [.. Enumerable.Range(0, length).Select(i => s_special[((i * 5) + 1) % s_special.Length])];
            double[] z = [.. Enumerable.Range(0, length).Select(i => s_special[((i * 3) + length) % s_special.Length])];
            var result = new double[length];
            Pieces.Map<F, double>(x, y, z, result);
            result.Should().Equal(x.Select((_, i) => definition(x[i], y[i], z[i])));
            Pieces.Map<F, double>(x, 0.5, -2, result);
            result.Should().Equal(x.Select(x => definition(x, 0.5, -2)));
            Pieces.Map<F, double>(x, 0.5, -2, x);
            x.Should().Equal(result, "the result may be written over x");
        }
    }

    [Fact]
    public void Functions_made_of_pieces_are_those_of_their_definitions()
    {
        Check<Pieces.Sign>((x, _, _) => x > 0 ? 1 : x < 0 ? -1 : x);
        Check<Pieces.IsNonzero>((x, _, _) => x == 0 ? 0 : 1);
        Check<Pieces.Slope>((x, y, _) => double.IsNaN(x) ? x : x > 0 ? 1 : y);
        Check<Pieces.Leaky>((x, y, _) => x > 0 ? x : y * x);
        Check<Pieces.NotAbove>((x, y, z) => x > y ? z : x);
        Check<Pieces.NotAtMost>((x, y, z) => x <= y ? z : x);
        Check<Pieces.IsInside>((x, y, z) => double.IsNaN(x) ? x : x > y && x < z ? 1 : 0);
        Check<Pieces.IsBeyond>((x, y, _) => double.IsNaN(x) ? x : Math.Abs(x) > y ? 1 : 0);
        Check<Pieces.Kept>((x, y, _) => Math.Abs(x) <= y ? 0 : x);
        Check<Pieces.Selected>((x, y, _) => y == 0 ? 0 : x);
        Check<Pieces.SelectedSum>((x, y, z) => y == 0 ? z : z + x);
        Check<Pieces.Chosen>((x, y, z) => z == 0 ? y : x);
        Check<Pieces.Share>((x, y, _) => double.IsNaN(x) || double.IsNaN(y) ? double.NaN : x > y ? 1 : x == y ? 0.5 : 0);
        Check<Pieces.IsGreater>((x, y, _) => x > y ? 1 : 0);
        Check<Pieces.IsAbove>((x, y, _) => double.IsNaN(x) ? x : x > y ? 1 : 0);
        Check<Pieces.IsNotAbove>((x, y, _) => double.IsNaN(x) ? x : x > y ? 0 : 1);
        Check<Pieces.IsAtLeast>((x, y, _) => x >= y ? 1 : 0);
        Check<Pieces.IsEqual>((x, y, _) => x == y ? 1 : 0);
        Check<Pieces.IsDifferent>((x, y, _) => x != y ? 1 : 0);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-3, -2)]
    [InlineData(1, 0)]
    [InlineData(-0.5, 0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity)]
    public void Shrunk_numbers_are_moved_towards_zero(double x, double expected)
    {
        double[] result = new double[5];
        Pieces.Map<Pieces.Shrunk, double>([x, x, x, x, x], 1, 0, result);
        result.Should().AllSatisfy(value => value.Should().Be(expected));
    }
}
