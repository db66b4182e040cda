using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Which variables in the body of a recorded function depend on its parameters.</summary>
internal sealed class Varying
{
    private readonly Library library;
    private readonly bool throughDetach;
    private readonly HashSet<ISymbol> symbols = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<IOperation>> values = new(SymbolEqualityComparer.Default);

    /// <param name="function">The function.</param>
    /// <param name="library">The types of the library.</param>
    /// <param name="throughDetach">Whether a detached tensor still depends on what it was: as a number it does, as a function it does not.</param>
    public Varying(RecordedFunction function, Library library, bool throughDetach)
    {
        (this.library, this.throughDetach) = (library, throughDetach);

        // Whole numbers and times are not what derivatives are taken by.
        symbols.UnionWith(function.Symbol.Parameters.Where(static p => p.Type.SpecialType == SpecialType.None));
        int before;
        do
        {
            before = symbols.Count;
            foreach (IOperation operation in function.Body.Descendants())
            {
                Follow(operation);
            }
        }
        while (symbols.Count > before);
    }

    /// <summary>Whether a value depends on the parameters.</summary>
    public bool Has(IOperation? operation) => operation switch
    {
        null or INameOfOperation or ITypeOfOperation => false,
        IParameterReferenceOperation parameter => symbols.Contains(parameter.Parameter),
        ILocalReferenceOperation local => symbols.Contains(local.Local),
        IInvocationOperation { TargetMethod.Name: "Detach" } call when library.HoldsTensors(call.Instance?.Type) => throughDetach && Has(call.Instance),
        IPropertyReferenceOperation { Property.Name: "Shape" or "Rank" or "Length" or "Tape" or "Count" } => false,
        _ => operation.ChildOperations.Any(Has),
    };

    /// <summary>Whether a tensor is one of steps: a mask, an index, a rounded number. Its derivative is zero whatever becomes of it, and it is the same for whole regions of inputs.</summary>
    public bool IsStep(IOperation? operation, int depth = 0) => operation switch
    {
        null => true,
        IConversionOperation conversion => IsStep(conversion.Operand, depth),
        IParenthesizedOperation parenthesized => IsStep(parenthesized.Operand, depth),
        _ when !Has(operation) => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
            or BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr } => true,
        IBinaryOperation binary => IsStep(binary.LeftOperand, depth) && IsStep(binary.RightOperand, depth),
        IUnaryOperation unary => unary.OperatorKind == UnaryOperatorKind.Not || IsStep(unary.Operand, depth),
        IInvocationOperation call when library.IsTensor(call.TargetMethod.ContainingType) && Names.Steps.Contains(call.TargetMethod.Name) => true,
        IInvocationOperation call when library.HoldsTensors(call.Type) && Library.IsOfLibrary(call.TargetMethod) => IsStep(call.Instance, depth) && call.Arguments.All(a => IsStep(a.Value, depth)),
        IPropertyReferenceOperation { Property.IsIndexer: true } property => IsStep(property.Instance, depth),
        ILocalReferenceOperation { Local: { } local } when depth < 5 && values.TryGetValue(local, out List<IOperation>? all) => all.TrueForAll(value => IsStep(value, depth + 1)),
        _ => false,
    };

    private void Follow(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator:
                Assign(declarator.Symbol, declarator.Symbol.Type, value);
                break;
            case ISimpleAssignmentOperation assignment:
                Assign(Places.SymbolOf(assignment.Target), assignment.Type, assignment.Value);
                break;
            case ICompoundAssignmentOperation assignment:
                Assign(Places.SymbolOf(assignment.Target), assignment.Type, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation assignment:
                Deconstruct(assignment.Target, assignment.Value);
                break;
            case IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation variable } loop:
                Assign(variable.Symbol, variable.Symbol.Type, loop.Collection);
                break;
            case IInvocationOperation { Instance: ILocalReferenceOperation list, TargetMethod.Name: "Add" or "Insert" or "Push" or "Enqueue" } call when call.Arguments.FirstOrDefault(a => Has(a.Value)) is { } item:
                Assign(list.Local, list.Type, item.Value);
                break;

            // What goes over tensors that depend on the parameters hands them to its lambda.
            case IAnonymousFunctionOperation { Parent: IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } argument } } lambda
                when Has(call.Instance) || call.Arguments.Any(a => a != argument && Has(a.Value)):
                symbols.UnionWith(lambda.Symbol.Parameters.Where(p => library.HoldsTensors(p.Type)));
                break;
        }
    }

    private void Deconstruct(IOperation target, IOperation value)
    {
        target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        value = value is IConversionOperation conversion ? conversion.Operand : value;
        if (target is not ITupleOperation targets)
        {
            Assign(Places.SymbolOf(target), target.Type, value);
            return;
        }

        for (int i = 0; i < targets.Elements.Length; i++)
        {
            Deconstruct(targets.Elements[i], value is ITupleOperation tuple && tuple.Elements.Length == targets.Elements.Length ? tuple.Elements[i] : value);
        }
    }

    private void Assign(ISymbol? symbol, ITypeSymbol? type, IOperation value)
    {
        if (symbol is not (ILocalSymbol or IParameterSymbol) || !library.HoldsTensors(type))
        {
            return;
        }

        if (!values.TryGetValue(symbol, out List<IOperation> all))
        {
            values.Add(symbol, all = []);
        }

        if (!all.Contains(value))
        {
            all.Add(value);
        }

        if (Has(value))
        {
            symbols.Add(symbol);
        }
    }
}
