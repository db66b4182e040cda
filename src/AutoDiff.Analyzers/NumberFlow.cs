using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Where a number goes that was read of a tensor: whether it becomes a part of a tensor again.</summary>
internal sealed class NumberFlow
{
    private readonly Library library;
    private readonly IOperation body;
    private readonly HashSet<IOperation> seen = [];
    private readonly HashSet<ISymbol> locals = new(SymbolEqualityComparer.Default);

    private NumberFlow(Library library, IOperation body) => (this.library, this.body) = (library, body);

    /// <summary>Whether it becomes a part of a tensor again. (Numbers that are compared, printed or kept are nobody's loss.)</summary>
    public bool EndsInTensor { get; private set; }

    /// <summary>Whether it does so by operators alone, which tensors have as well.</summary>
    public bool ByOperators { get; private set; } = true;

    /// <summary>The first function of System.Math on the way.</summary>
    public IInvocationOperation? Math { get; private set; }

    public static NumberFlow Of(IOperation read, Library library, IOperation body)
    {
        var flow = new NumberFlow(library, body);
        flow.Follow(read);
        return flow;
    }

    private void Follow(IOperation? number)
    {
        while (number is not null && seen.Add(number) && !EndsInTensor)
        {
            number = Next(number, number.Parent);
        }
    }

    /// <summary>The operation whose value the number goes on in, or null where it ends.</summary>
    private IOperation? Next(IOperation number, IOperation? parent)
    {
        switch (parent)
        {
            case IParenthesizedOperation or IUnaryOperation { OperatorMethod: null }:
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide } when !library.IsTensor(parent.Type):
                return parent;
            case IBinaryOperation when library.IsTensor(parent.Type):
                EndsInTensor = true;
                return null;
            case IConversionOperation when IsWhole(parent.Type):
                // A whole number has no derivative.
                return null;
            case IConversionOperation:
                return parent;
            case ICompoundAssignmentOperation { OperatorMethod: not null } assignment when assignment.Value == number && library.IsTensor(parent.Type):
                EndsInTensor = true;
                return null;
        }

        // From here on it is not a matter of a member access less.
        bool byOperators = ByOperators;
        ByOperators = false;
        switch (parent)
        {
            case IConditionalOperation conditional when conditional.Condition != number:
            case ISwitchExpressionArmOperation or ISwitchExpressionOperation or ICoalesceOperation or ITupleOperation:
            case IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation or ISpreadOperation:
            case IPropertyReferenceOperation { Property.IsIndexer: true } property when property.Instance == number:
            case IArrayElementReferenceOperation element when element.ArrayReference == number:
                return parent;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                FollowLocal(declarator.Symbol);
                return null;
            case ISimpleAssignmentOperation assignment when assignment.Value == number:
            case ICompoundAssignmentOperation compound when compound.Value == number:
                FollowLocal(Places.SymbolOf(((IAssignmentOperation)parent).Target));
                return null;
            case IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation variable } loop when loop.Collection == number:
                FollowLocal(variable.Symbol);
                return null;
            case IReturnOperation when Places.FunctionOf(parent) is IAnonymousFunctionOperation { Parent: IDelegateCreationOperation { Parent: IArgumentOperation argument } } lambda && lambda.Body != body:
                return Next(lambda, argument);
            case IInvocationOperation call when call.Instance == number:
                return IsPlain(call.TargetMethod) ? call : null;
            case IArgumentOperation { Parent: IInvocationOperation call } argument:
                ByOperators = byOperators;
                return FollowCall(call, argument);
            default:
                return null;
        }
    }

    private IInvocationOperation? FollowCall(IInvocationOperation call, IArgumentOperation argument)
    {
        if (IsMath(call.TargetMethod))
        {
            Math ??= call;
            return call;
        }

        ByOperators = false;
        if (library.HoldsTensors(call.Type) && argument.Parameter is not { Name: "tolerance" or "relative" or "absolute" or "epsilon" or "eps" })
        {
            EndsInTensor = true;
            return null;
        }

        return IsPlain(call.TargetMethod) ? call : null;
    }

    private void FollowLocal(ISymbol? symbol)
    {
        if (symbol is not ILocalSymbol local || !locals.Add(local) || IsWhole(local.Type))
        {
            return;
        }

        foreach (ILocalReferenceOperation reference in body.Descendants().OfType<ILocalReferenceOperation>().Where(r => SymbolEqualityComparer.Default.Equals(r.Local, local)))
        {
            if (reference.Parent is not IAssignmentOperation assignment || assignment.Target != reference)
            {
                Follow(reference);
            }
        }
    }

    /// <summary>Functions of numbers: those of System.Math, and those that number types have themselves.</summary>
    private static bool IsMath(IMethodSymbol method) => method is { IsStatic: true, ContainingType: { Name: "Math" or "MathF" or "Double" or "Single", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } }
        && method.ReturnType.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    /// <summary>Functions of numbers and of sequences of them.</summary>
    private static bool IsPlain(IMethodSymbol method) => method.ContainingNamespace is { } space && (space.Name is "Linq" or "Tensors" || space is { Name: "System", ContainingNamespace.IsGlobalNamespace: true })
        && !IsWhole(method.ReturnType) && method.ReturnType.SpecialType is not (SpecialType.System_String or SpecialType.System_Void);

    private static bool IsWhole(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Boolean or SpecialType.System_Byte
        or SpecialType.System_Int16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_UInt16 or SpecialType.System_SByte or SpecialType.System_Char;
}
