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

    /// <summary>Calls with one argument at fault, and the name that this argument has in the method that was called.</summary>
    private static readonly (string Parameter, Func<object> Call)[] Faults =
    [
        ("axis", () => Matrix.Sum(5)),
        ("axes", () => Matrix.Sum(0, 5)),
        ("axis", () => Matrix.Variance(5, correction: 0)),
        ("axes", () => Matrix.Flip(5)),
        ("axes", () => Matrix.Permute(0, 5)),
        ("second", () => Matrix.Transpose(0, 5)),
        ("destination", () => Matrix.MoveAxis(0, 5)),
        ("axis", () => Matrix.CumSum(5)),
        ("exponent", () => Matrix.Pow((Tensor<double>)null!)),
        ("other", () => Matrix.Maximum((Tensor<double>)null!)),
        ("addend", () => Matrix.FusedMultiplyAdd(Matrix, null!)),
        ("deviation", () => new RandomKey(1).Normal(Matrix, null!)),
        ("f", () => Differentiate.Gradient(static _ => null!, Matrix)),
        ("f", () => Differentiate.Jacobian(static _ => null!, Matrix)),
        ("x", () => Differentiate.Gradient(static x => x.Sum(), (Tensor<double>)null!)),
        ("x", () => Differentiate.Gradient(static (x, y) => x.Sum() * y.Sum(), (Matrix, (Tensor<double>)null!))),
        ("y", () => Differentiate.MapSlices(static (x, y) => x * y, Matrix, null!)),
        ("xs", () => Differentiate.Gradient(static xs => xs[0].Sum(), [(Tensor<double>)null!])),
    ];

    private static Tensor<double> Matrix => Tensor.Ones(2, 3);

    [Fact]
    public void The_argument_at_fault_has_the_name_of_the_parameter() =>
        Faults.Select(fault => (Record.Exception(() => fault.Call()) as ArgumentException)?.ParamName).Should().Equal(Faults.Select(fault => fault.Parameter));
}
