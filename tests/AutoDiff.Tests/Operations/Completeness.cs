using System.Reflection;

namespace AutoDiff.Tests.Operations;

/// <summary>No operation without a row.</summary>
public class Completeness
{
    /// <summary>Public members that give a tensor but are no operations: they make constants, from numbers or from tensors.</summary>
    private static readonly string[] NotOperations =
    [
        nameof(Tensor.Create), nameof(Tensor.Scalar), nameof(Tensor.Zeros), nameof(Tensor.Ones), nameof(Tensor.Full), nameof(Tensor.Identity), nameof(Tensor.Range), nameof(Tensor.LinearSpace),
        nameof(Tensor<double>.Detach), nameof(Tensor<double>.ConvertTo),
    ];

    /// <summary>An operation with n overloads has at least n rows; no row names something that does not exist.</summary>
    [Fact]
    public void Every_public_operation_has_its_rows()
    {
        Dictionary<string, int> overloads = PublicOperations().GroupBy(name => name).ToDictionary(group => group.Key, group => group.Count());
        Dictionary<string, int> rows = OperationTable<double>.Rows.Values.GroupBy(row => row.Operation).ToDictionary(group => group.Key, group => group.Count());
        overloads.Should().HaveCountGreaterThan(50);
        overloads.Where(operation => rows.GetValueOrDefault(operation.Key) < operation.Value)
            .Select(operation => $"{operation.Key}: {operation.Value} overloads, {rows.GetValueOrDefault(operation.Key)} rows")
            .Should().BeEmpty("every overload of an operation needs a row in the operation table");
        rows.Keys.Except(overloads.Keys).Should().BeEmpty("a row must name a public operation");
    }

    [Fact]
    public void Every_row_can_be_tested()
    {
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values)
        {
            (row.Reference ?? (object?)row.Composed).Should().NotBeNull("the row '{0}' must have a reference", row);
            row.ShapeCases().Should().NotBeEmpty().And.OnlyContain(shapes => shapes.Length == row.Inputs, "the row '{0}' takes {1} inputs", row, row.Inputs);
        }

        OperationTable<float>.Rows.Keys.Should().Equal(OperationTable<double>.Rows.Keys);
    }

    private static IEnumerable<string> PublicOperations() =>
        typeof(Tensor<double>).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Concat(typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Concat(typeof(Loss).GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => IsTensor(method.ReturnType) || (method.ReturnType.IsArray && IsTensor(method.ReturnType.GetElementType()!)) || IsTupleOfTensors(method.ReturnType))
            .Select(method => method.Name.StartsWith("op_", StringComparison.Ordinal) ? method.Name[3..] : method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name)
            .Where(name => !NotOperations.Contains(name));

    private static bool IsTensor(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Tensor<>);

    private static bool IsTupleOfTensors(Type type) => type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal) && type.GetGenericArguments().Any(IsTensor);
}
