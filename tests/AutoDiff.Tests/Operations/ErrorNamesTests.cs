namespace AutoDiff.Tests.Operations;

/// <summary>An error names the operation that was called, not one that it is made of.</summary>
public class ErrorNamesTests
{
    /// <summary>Operators and the indexer have other names in errors than in metadata.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["Item"] = "x[...]", ["Addition"] = "Add", ["Subtraction"] = "Subtract", ["Division"] = "Divide", ["UnaryNegation"] = "Negate",
        ["BitwiseAnd"] = "And", ["BitwiseOr"] = "Or", ["LogicalNot"] = "Not",
    };

    [Fact]
    public void Errors_name_their_operation()
    {
        var others = new List<string>();
        int errors = 0;
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values)
        {
            string name = Names.GetValueOrDefault(row.Operation, row.Operation) + ": ";
            foreach (BadInput<double> bad in row.Bad)
            {
                // Some calls are wrong for recorded inputs only.
                if (Record.Exception(() => bad.Call(shape => Tensor.Zeros(shape))) is { } error)
                {
                    errors++;
                    if (!error.Message.StartsWith(name, StringComparison.Ordinal))
                    {
                        others.Add($"{row}: {error.Message}");
                    }
                }
            }
        }

        errors.Should().BeGreaterThan(300);
        others.Should().BeEmpty("an error starts with the name of the operation that was called");
    }
}
