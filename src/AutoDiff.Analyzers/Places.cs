using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Where operations are, and what they write to.</summary>
internal static class Places
{
    /// <summary>The variable that an expression stands for, or whose element it is.</summary>
    public static ISymbol? SymbolOf(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property,
        IPropertyReferenceOperation property => SymbolOf(property.Instance),
        IArrayElementReferenceOperation element => SymbolOf(element.ArrayReference),
        IDeclarationExpressionOperation declaration => SymbolOf(declaration.Expression),
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        IParenthesizedOperation parenthesized => SymbolOf(parenthesized.Operand),
        _ => null,
    };

    /// <summary>Without conversions and parentheses.</summary>
    public static IOperation Bare(IOperation operation) => operation switch
    {
        IConversionOperation conversion => Bare(conversion.Operand),
        IParenthesizedOperation parenthesized => Bare(parenthesized.Operand),
        _ => operation,
    };

    /// <summary>What an operation writes to: the targets of an assignment, an increment, an argument by reference.</summary>
    public static IEnumerable<IOperation> Written(IOperation operation) => operation switch
    {
        IDeconstructionAssignmentOperation assignment => Leaves(assignment.Target),
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation increment => [increment.Target],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => [argument.Value],
        _ => [],
    };

    /// <summary>The lambda or local function that an operation is in, or null where it is in the member itself.</summary>
    public static IOperation? FunctionOf(IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            parent = parent.Parent;
        }

        return parent;
    }

    /// <summary>The loops around an operation, up to the function that it is in.</summary>
    public static IEnumerable<ILoopOperation> LoopsAround(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); parent = parent.Parent)
        {
            if (parent is ILoopOperation loop)
            {
                yield return loop;
            }
        }
    }

    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    public static bool IsIn(IOperation operation, SyntaxNode node) => node.SyntaxTree == operation.Syntax.SyntaxTree && node.Span.Contains(operation.Syntax.Span);

    private static IEnumerable<IOperation> Leaves(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => Leaves(declaration.Expression),
        ITupleOperation tuple => tuple.Elements.SelectMany(Leaves),
        _ => [target],
    };
}
