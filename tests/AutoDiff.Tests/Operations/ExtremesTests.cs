namespace AutoDiff.Tests.Operations;

/// <summary>
/// Slopes where numbers end. Where a function has a value its slope is a number or infinite; at ±0 and ±∞ it is the limit, if there is one; NaN has none; orders 1 and 2, every mixture of sweeps, in
/// double and in float. In float the slopes are those of double, rounded.
/// </summary>
public sealed class ExtremesTests
{
    public static IEnumerable<object[]> OneOperand => Select(1);

    public static IEnumerable<object[]> TwoOperands => Select(2);

    [Theory, MemberData(nameof(OneOperand))]
    public void Slopes_of_functions_of_one_number(string row)
    {
        Extremes<double>.Unary(OperationTable<double>.Rows[row]).Should().BeEmpty();
        Extremes<float>.Unary(OperationTable<float>.Rows[row]).Should().BeEmpty();
    }

    [Theory, MemberData(nameof(TwoOperands))]
    public void Slopes_of_functions_of_two_numbers(string row)
    {
        Extremes<double>.Binary(OperationTable<double>.Rows[row]).Should().BeEmpty();
        Extremes<float>.Binary(OperationTable<float>.Rows[row]).Should().BeEmpty();
    }

    private static IEnumerable<object[]> Select(int inputs) =>
        OperationTable<double>.Rows.Values.Where(row => row.IsElementwise && row.Inputs == inputs && !row.Constant).Select(row => new object[] { row.Name });
}
