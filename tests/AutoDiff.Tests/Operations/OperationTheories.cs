using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AutoDiff.Tests.Operations;

/// <summary>Every row of the operation table through every theory, in double and in float.</summary>
[TestCaseOrderer("AutoDiff.Tests.Operations.CountLast", "AutoDiff.Tests")]
public class OperationTheories
{
    private static readonly ConcurrentDictionary<string, int> Executed = new();

    public static IEnumerable<object[]> All => Select(_ => true);

    public static IEnumerable<object[]> Differentiable => Select(row => !row.Constant);

    public static IEnumerable<object[]> SecondOrder => Select(row => !row.Constant && row.Order >= 2);

    public static IEnumerable<object[]> ThirdOrder => Select(row => !row.Constant && row.Order >= 3);

    public static IEnumerable<object[]> WithReference => Select(row => row.Reference is not null);

    public static IEnumerable<object[]> WithPoints => Select(row => row.Points.Length > 0);

    public static IEnumerable<object[]> Fused => Select(row => row.Composed is not null);

    [Theory, MemberData(nameof(WithReference))]
    public void Value(string row) => Run(row, Theories<double>.Value, Theories<float>.Value);

    [Theory, MemberData(nameof(Differentiable))]
    public void Dot_product(string row) => Run(row, Theories<double>.DotProduct, Theories<float>.DotProduct);

    [Theory, MemberData(nameof(Differentiable))]
    public void First_order(string row) => Run(row, x => Theories<double>.Orders(x, 1));

    [Theory, MemberData(nameof(SecondOrder))]
    public void Second_order(string row) => Run(row, x => Theories<double>.Orders(x, 2));

    [Theory, MemberData(nameof(ThirdOrder))]
    public void Third_order(string row) => Run(row, x => Theories<double>.Orders(x, 3));

    [Theory, MemberData(nameof(Differentiable))]
    public void Batching(string row) => Run(row, Theories<double>.Batching, Theories<float>.Batching);

    [Theory, MemberData(nameof(Differentiable))]
    public void Linearity(string row) => Run(row, Theories<double>.Linearity, Theories<float>.Linearity);

    [Theory, MemberData(nameof(All))]
    public void Parity(string row) => Run(row, Theories<double>.Parity, Theories<float>.Parity);

    [Theory, MemberData(nameof(Differentiable))]
    public void Recorded(string row) => Run(row, Theories<double>.Recorded);

    [Theory, MemberData(nameof(Differentiable))]
    public void Shapes(string row) => Run(row, Theories<double>.Shapes, Theories<float>.Shapes);

    [Theory, MemberData(nameof(Differentiable))]
    public void No_mutation(string row) => Run(row, Theories<double>.Mutation, Theories<float>.Mutation);

    [Theory, MemberData(nameof(All))]
    public void Determinism(string row) => Run(row, Theories<double>.Determinism, Theories<float>.Determinism);

    [Theory, MemberData(nameof(Differentiable))]
    public void Balance(string row) => Run(row, Theories<double>.Balance, Theories<float>.Balance);

    [Theory, MemberData(nameof(All))]
    public void Precision(string row) => Run(row, x => Theories<float>.Precision(OperationTable<float>.Rows[row], x));

    [Theory, MemberData(nameof(WithPoints))]
    public void Conventions(string row) => Run(row, Theories<double>.Conventions, Theories<float>.Conventions);

    [Theory, MemberData(nameof(Fused))]
    public void Fusion(string row) => Run(row, Theories<double>.Fusion);

    [Theory, MemberData(nameof(Differentiable))]
    public void Recorded_sweeps(string row) => Run(row, Theories<double>.RecordedSweeps, Theories<float>.RecordedSweeps);

    [Theory, MemberData(nameof(Differentiable))]
    public void Lanes(string row) => Run(row, LaneTheory.Run);

    /// <summary>Guards against a table or a theory that is silently not run. It stands last.</summary>
    [Fact]
    public void Z_every_case_was_executed()
    {
        MethodInfo[] theories = GetType().GetMethods().Where(method => method.GetCustomAttribute<TheoryAttribute>() is not null).ToArray();
        theories.Should().HaveCount(18);
        OperationTable<double>.Rows.Should().HaveCountGreaterThanOrEqualTo(120);
        foreach (MethodInfo theory in theories)
        {
            string source = theory.GetCustomAttribute<MemberDataAttribute>()!.MemberName;
            int expected = ((IEnumerable<object[]>)GetType().GetProperty(source)!.GetValue(null)!).Count();
            expected.Should().BePositive();
            Executed.GetValueOrDefault(theory.Name).Should().Be(expected, "the theory {0} must have run for every row (run the whole class)", theory.Name);
        }
    }

    private static IEnumerable<object[]> Select(Func<OperationRow<double>, bool> condition) => OperationTable<double>.Rows.Values.Where(condition).Select(row => new object[] { row.Name });

    private static void Run(string name, Func<OperationRow<double>, int> inDouble, Func<OperationRow<float>, int>? inSingle = null, [System.Runtime.CompilerServices.CallerMemberName] string theory = "")
    {
        Executed.AddOrUpdate(theory, 1, (_, count) => count + 1);
        inDouble(OperationTable<double>.Rows[name]).Should().BePositive("a theory must compare something");
        inSingle?.Invoke(OperationTable<float>.Rows[name]);
    }
}

/// <summary>Runs the test cases in the order of their methods' names, so that the count of executed cases comes last.</summary>
public sealed class CountLast : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases) where TTestCase : ITestCase =>
        testCases.OrderBy(test => test.TestMethod.Method.Name == nameof(OperationTheories.Z_every_case_was_executed) ? "~" : test.TestMethod.Method.Name, StringComparer.Ordinal);
}
