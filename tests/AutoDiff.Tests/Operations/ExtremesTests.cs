namespace AutoDiff.Tests.Operations;

/// <summary>
/// Slopes where numbers end. Where a function has a value its slope is a number or infinite; at ±0 and ±∞ it is the limit, if there is one; NaN has none; orders 1 and 2, every mixture of sweeps, in
/// double and in float, each by itself.
/// </summary>
public sealed class ExtremesTests
{
    public static IEnumerable<object[]> OneOperand => Select(1);

    public static IEnumerable<object[]> TwoOperands => Select(2);

    /// <summary>Where a row does otherwise, and why that is meant or let stand.</summary>
    private static readonly Dictionary<string, Func<Fault, bool>> Exceptions = new()
    {
        ["Frac"] = fault => fault.Text.Contains("chord", StringComparison.Ordinal), // it jumps
        ["SinPi"] = fault => fault.Text.Contains("chord", StringComparison.Ordinal), // it turns between the ends of the chord
        ["NanToNum"] = fault => !double.IsFinite(fault.X), // NaN and infinities are replaced by constants
        ["NanToNum: of a logarithm"] = fault => double.IsNaN(fault.X),
        ["Pow"] = fault => fault.X < 0 && fault.Text.Contains("operand 1", StringComparison.Ordinal), // no power of a negative number has a slope by the exponent
        ["XLogY"] = fault => fault is { X: 0, Y: 0 }, // as the conventions say
        ["XLog1pY"] = fault => fault is { X: 0, Y: -1 },
        ["RelativeEntropy"] = fault => fault is { X: 0, Y: 0 },
        ["AiryAi"] = fault => double.IsNegativeInfinity(fault.X), // oscillates without end, ever faster
        ["AiryBi"] = fault => double.IsNegativeInfinity(fault.X),
        ["AiryAiPrime"] = fault => double.IsNegativeInfinity(fault.X),
        ["MultivariateLogGamma"] = fault => fault.X < 1, // below its domain
        ["Zeta: of Riemann"] = fault => fault.X <= 1, // its derivatives are given for s above 1
        ["Zeta: of Hurwitz"] = fault => IsFarOut(fault) || fault.Y < 0, // its derivatives by s are given for positive q
        ["BesselJ: order 0.5"] = fault => fault.X < 1e-300, // x / 2 underflows
        ["BesselKe: order 0"] = fault => fault.X < 1e-300,
        ["BesselKe: order 1"] = fault => fault.X < 1e-300,
        ["BesselK: tensor of orders"] = IsFarOut,
        ["BesselKe: tensor of orders"] = IsFarOut,
        ["Beta"] = IsFarOut,
        ["LogBeta"] = IsFarOut,
        ["Binomial"] = fault => IsFarOut(fault) || (fault.X < 0 && fault.X == Math.Floor(fault.X)), // as Pochhammer
        ["LogBinomial"] = IsFarOut,
        ["RegularizedGammaP"] = IsFarOut,
        ["RegularizedGammaQ"] = IsFarOut,
        ["InverseRegularizedGammaP"] = IsFarOut,
        ["InverseRegularizedGammaQ"] = IsFarOut,
        ["Pochhammer"] = fault => IsFarOut(fault) || (fault.X <= 0 && fault.X == Math.Floor(fault.X)), // beside a pole it is 0, save at integers
    };

    [Theory, MemberData(nameof(OneOperand))]
    public void Slopes_of_functions_of_one_number(string row) => Check(row, Extremes<double>.Unary, Extremes<float>.Unary);

    [Theory, MemberData(nameof(TwoOperands))]
    public void Slopes_of_functions_of_two_numbers(string row) => Check(row, Extremes<double>.Binary, Extremes<float>.Binary);

    private static void Check(string row, Func<OperationRow<double>, List<Fault>> inDouble, Func<OperationRow<float>, List<Fault>> inSingle)
    {
        Fault[] faults = [.. inDouble(OperationTable<double>.Rows[row]), .. inSingle(OperationTable<float>.Rows[row])];
        faults.Where(fault => !Exceptions.TryGetValue(row, out Func<Fault, bool>? isException) || !isException(fault)).Should().BeEmpty();
    }

    /// <summary>Whether an operand of a quotient of gamma functions, an order or a shape is infinite or near the ends of the numbers, so that the quotient's parts have no difference left.</summary>
    private static bool IsFarOut(Fault fault) => new[] { fault.X, fault.Y }.Any(x => x != 0 && Math.Abs(x) is < 1e-37 or > 1e29);

    private static IEnumerable<object[]> Select(int inputs) =>
        OperationTable<double>.Rows.Values.Where(row => row.IsElementwise && row.Inputs == inputs && !row.Constant && row.Operation != "PRelu").Select(row => new object[] { row.Name });
}
