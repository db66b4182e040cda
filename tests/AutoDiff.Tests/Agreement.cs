namespace AutoDiff.Tests;

/// <summary>When two numbers agree. A tolerance that is computed from an infinite number is infinite, and would let everything pass.</summary>
internal static class Agreement
{
    /// <summary>Whether a number is the expected one, NaN and the infinities included, or both are finite and differ by a tolerance at most.</summary>
    public static bool Within(double actual, double expected, double tolerance) =>
        actual.Equals(expected) || actual == expected || (double.IsFinite(actual) && double.IsFinite(expected) && Math.Abs(actual - expected) <= tolerance);
}

public class AgreementTests
{
    [Theory]
    [InlineData(1, 1.1, 0.2, true)]
    [InlineData(1, 1.1, 0.05, false)]
    [InlineData(0.0, -0.0, 0, true)]
    [InlineData(double.NaN, double.NaN, 0, true)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0, true)]
    [InlineData(1, double.PositiveInfinity, double.PositiveInfinity, false)]
    [InlineData(double.PositiveInfinity, 1, double.PositiveInfinity, false)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity, false)]
    [InlineData(double.NaN, 1, double.PositiveInfinity, false)]
    [InlineData(1, double.NaN, double.NaN, false)]
    public void Numbers_agree_within_a_tolerance_but_nothing_agrees_with_infinity_but_itself(double actual, double expected, double tolerance, bool agrees) =>
        Agreement.Within(actual, expected, tolerance).Should().Be(agrees);
}
