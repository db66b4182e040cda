using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Which variables hold tensors that are recorded on a tape: the tape's variables, and what is computed of them.</summary>
internal sealed class RecordedTensors
{
    private readonly ILocalSymbol tape;
    private readonly Library library;
    private readonly HashSet<ISymbol> symbols = new(SymbolEqualityComparer.Default);

    public RecordedTensors(ILocalSymbol tape, IOperation scope, Library library)
    {
        (this.tape, this.library) = (tape, library);
        int before;
        do
        {
            before = symbols.Count;
            foreach (IOperation operation in scope.Descendants())
            {
                switch (operation)
                {
                    case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator when Has(value):
                        symbols.Add(declarator.Symbol);
                        break;
                    case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when Has(assignment.Value):
                        symbols.Add(target.Local);
                        break;
                    case ICompoundAssignmentOperation { Target: ILocalReferenceOperation target } assignment when Has(assignment.Value):
                        symbols.Add(target.Local);
                        break;
                    case IDeconstructionAssignmentOperation assignment:
                        Deconstruct(assignment.Target, assignment.Value);
                        break;
                }
            }
        }
        while (symbols.Count > before);
    }

    /// <summary>Whether a value is, or holds, a tensor that is recorded on the tape.</summary>
    public bool Has(IOperation? value) => value switch
    {
        null or IAnonymousFunctionOperation => false,
        ILocalReferenceOperation local => symbols.Contains(local.Local),
        IConversionOperation conversion => Has(conversion.Operand),
        IParenthesizedOperation parenthesized => Has(parenthesized.Operand),

        // These have no type of their own.
        ISpreadOperation or ISwitchExpressionArmOperation or IArrayInitializerOperation => value.ChildOperations.Any(Has),

        // Numbers that are taken along.
        _ when !library.HoldsTensors(value.Type) => false,
        IInvocationOperation { TargetMethod.Name: "Detach" } => false,
        IInvocationOperation { Instance: { } instance } call when Library.IsTape(instance.Type) => IsTheTape(instance) && (call.TargetMethod.Name is "Variable" or "Variables" || IsRecorded(call)),
        IInvocationOperation call when call.Arguments.Any(static a => DetachesEach(a.Value)) => false,
        IInvocationOperation call => Has(call.Instance) || call.Arguments.Any(a => Has(a.Value) || IsVariable(a.Value)),
        IPropertyReferenceOperation property => Has(property.Instance),
        IFieldReferenceOperation field => Has(field.Instance),
        IConditionalOperation conditional => Has(conditional.WhenTrue) || Has(conditional.WhenFalse),
        IBinaryOperation or IUnaryOperation or ITupleOperation or IArrayCreationOperation or ICollectionExpressionOperation or ISwitchExpressionOperation or ICoalesceOperation
            or IArrayElementReferenceOperation => value.ChildOperations.Any(Has),
        _ => false,
    };

    private void Deconstruct(IOperation target, IOperation value)
    {
        target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        value = value is IConversionOperation conversion ? conversion.Operand : value;
        if (target is ITupleOperation targets)
        {
            for (int i = 0; i < targets.Elements.Length; i++)
            {
                Deconstruct(targets.Elements[i], value is ITupleOperation tuple && tuple.Elements.Length == targets.Elements.Length ? tuple.Elements[i] : value);
            }
        }
        else if (target is ILocalReferenceOperation local && library.HoldsTensors(local.Type) && Has(value))
        {
            symbols.Add(local.Local);
        }
    }

    /// <summary>Sweeps give constants, unless they are asked to record themselves.</summary>
    private static bool IsRecorded(IInvocationOperation sweep) => sweep.Arguments.Any(static a => a.Parameter is { Name: "record" } && a.Value.ConstantValue is not { HasValue: true, Value: false });

    /// <summary>A lambda such as that of <c>Select(x => x.Detach())</c>.</summary>
    private static bool DetachesEach(IOperation argument) => Places.Bare(argument) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }
        && lambda.Descendants().Any(static o => o is IInvocationOperation { TargetMethod.Name: "Detach" });

    private bool IsTheTape(IOperation instance) => instance is ILocalReferenceOperation local && SymbolEqualityComparer.Default.Equals(local.Local, tape);

    /// <summary>The tape's method itself, as in <c>parameters.Select(tape.Variable)</c>.</summary>
    private bool IsVariable(IOperation argument) => Places.Bare(argument) is IDelegateCreationOperation { Target: var target }
        && target.DescendantsAndSelf().Any(o => o switch
        {
            IMethodReferenceOperation { Method.Name: "Variable", Instance: { } instance } => IsTheTape(instance),
            IInvocationOperation { TargetMethod.Name: "Variable", Instance: { } instance } => IsTheTape(instance),
            _ => false,
        });
}
