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
        Check<Pieces.Fraction>((x, _, _) => x - Math.Truncate(x));
        Check<Pieces.Hypot>((x, y, _) => double.IsInfinity(x) || double.IsInfinity(y) ? double.PositiveInfinity : (x * x) + (y * y) > 1e-290 ? Math.Sqrt((x * x) + (y * y)) : double.Hypot(x, y));
        Check<Pieces.DirectionCosine>((x, y, _) => Math.Abs(x) == Math.Abs(y) ? (x == 0 ? 0 : Math.CopySign(Math.Sqrt(0.5), x)) : Math.CopySign(Cosine(Math.Abs(x), Math.Abs(y)), x));
        Check<Pieces.IsNotBeyond>((x, y, _) => Math.Abs(x) > y ? 0 : 1);
        Check<Pieces.SecondIsNonzero>((_, y, _) => y == 0 ? 0 : 1);
        Check<Pieces.SecondIsAboveAll>((_, y, _) => double.IsNegativeInfinity(y) ? 0 : 1);
        Check<Pieces.Cube>((x, _, _) => x * x * x);
        Check<Pieces.Rsqrt>((x, _, _) => 1 / Math.Sqrt(x + 0.0));
        Check<Pieces.Softsign>((x, y, _) => Math.Abs(x) == y ? Math.CopySign(1, x) : x / (1 + Math.Abs(x)));
        Check<Pieces.ReciprocalAbove>((x, _, _) => 1 / (1 + Math.Abs(x)));
        Check<Pieces.Ramp>((x, y, z) => Limited((x + y) / z));
        Check<Pieces.Within>((x, y, z) => double.IsNaN(x) ? x : Math.Abs(x) < y ? z : 0);
        Check<Pieces.LogitSlope>((x, y, _) => x is >= 0 and <= 1 ? 1 / ((x + 0.0) * (1 - x)) : y);
        Check<Pieces.Step>((x, y, _) => x > 0 ? 1 : x < 0 ? 0 : x == 0 ? y : x);
        Check<Pieces.SignOf>((x, y, _) => Math.CopySign(x, y));
        Check<Pieces.SignsAgree>((x, y, _) => x == 0 ? 0 : double.IsNaN(x) ? x : double.IsNegative(x) == double.IsNegative(y) ? 1 : -1);
        Check<Pieces.Either>((x, y, _) => x != 0 || y != 0 ? 1 : 0);
        Check<Pieces.Both>((x, y, _) => x != 0 && y != 0 ? 1 : 0);
        Check<Pieces.OneOfTwo>((x, y, _) => (x != 0) != (y != 0) ? 1 : 0);
        Check<Pieces.IsNaN>((x, _, _) => double.IsNaN(x) ? 1 : 0);
        Check<Pieces.HasSize>((x, y, _) => Math.Abs(x) == y ? 1 : 0);
        Check<Pieces.IsShorter>((x, y, _) => Math.Abs(x) < y ? 1 : 0);
    }

    private static double Cosine(double a, double b) => a > b ? 1 / Math.Sqrt((b / a * (b / a)) + 1) : a / b / Math.Sqrt((a / b * (a / b)) + 1);

    private static double Limited(double x) => x < 0 ? 0 : x > 1 ? 1 : x;

    /// <summary>x / (x² + y²), also where the squares leave the range.</summary>
    [Theory]
    [InlineData(3, 4, 0.12)]
    [InlineData(-4, 3, -0.16)]
    [InlineData(0, 2, 0)]
    [InlineData(2, 0, 0.5)]
    [InlineData(0, 0, 0)]
    [InlineData(-2, -2, -0.25)]
    [InlineData(3e200, 4e200, 0.12e-200)]
    [InlineData(3e-200, 4e-200, 0.12e200)]
    [InlineData(1e-300, 1, 1e-300)]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(1, double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0)]
    [InlineData(double.NaN, 1, double.NaN)]
    [InlineData(1, double.NaN, double.NaN)]
    public void Turning_is_right_in_the_whole_range(double x, double y, double expected)
    {
        double[] result = new double[5];
        Pieces.Map<Pieces.Turning, double>([x, x, x, x, x], [y, y, y, y, y], result);
        result.Should().OnlyContain(value => value.Equals(expected) || Math.Abs(value - expected) <= 4e-16 * Math.Abs(expected));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-3, -2)]
    [InlineData(1, 0)]
    [InlineData(-0.5, 0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity)]
    public void Shrunk_numbers_are_moved_toward_zero(double x, double expected)
    {
        double[] result = new double[5];
        Pieces.Map<Pieces.Shrunk, double>([x, x, x, x, x], 1, 0, result);
        result.Should().AllSatisfy(value => value.Should().Be(expected));
    }
}
