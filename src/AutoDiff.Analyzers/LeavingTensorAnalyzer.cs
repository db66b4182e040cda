using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for tensors that are recorded on a tape declared with <c>using</c> and go where they outlive it: returned, kept in a field, a list or a variable from outside.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LeavingTensorAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TensorLeavesTape];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationBlockAction(context => Analyze(context, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            var all = block.DescendantsAndSelf().ToList();
            foreach ((ILocalSymbol tape, IOperation scope) in all.SelectMany(Tapes))
            {
                var recorded = new RecordedTensors(tape, scope, library);
                foreach (IOperation leaving in scope.Descendants().SelectMany(o => Leaving(o, scope, all)).SelectMany(Parts))
                {
                    if (recorded.Has(leaving))
                    {
                        context.ReportDiagnostic(Diagnostic.Create(Rules.TensorLeavesTape, leaving.Syntax.GetLocation(), tape.Name));
                    }
                }
            }
        }
    }

    /// <summary>The tapes that a declaration with using, or a using statement, disposes, each with the scope at whose end it does so.</summary>
    private static IEnumerable<(ILocalSymbol Tape, IOperation Scope)> Tapes(IOperation operation) => operation switch
    {
        IUsingDeclarationOperation { Parent: { } scope } declaration => declaration.DeclarationGroup.Descendants().OfType<IVariableDeclaratorOperation>().Where(IsTape).Select(d => (d.Symbol, scope)),
        IUsingOperation { Resources: IVariableDeclarationGroupOperation group } statement => group.Descendants().OfType<IVariableDeclaratorOperation>().Where(IsTape).Select(d => (d.Symbol, statement.Body)),
        _ => [],
    };

    private static bool IsTape(IVariableDeclaratorOperation declarator) => Library.IsTape(declarator.Symbol.Type) && declarator.Initializer?.Value is { } value && Places.Bare(value) is IObjectCreationOperation;

    /// <summary>What an operation lets out of a scope.</summary>
    private static IEnumerable<IOperation> Leaving(IOperation operation, IOperation scope, List<IOperation> all) => operation switch
    {
        // What a function within the scope returns stays there.
        IReturnOperation { ReturnedValue: { } value } when Places.FunctionOf(operation) == Places.FunctionOf(scope) => [value],
        ISimpleAssignmentOperation { Target: var target, Value: var value } when IsOutside(target, scope, all) => [value],
        IInvocationOperation { Instance: { } list, TargetMethod: { Name: "Add" or "Insert" or "Push" or "Enqueue", ContainingNamespace: { Name: "Generic" or "Concurrent" } } } call when (IsOutside(list, scope, all) || list is IParameterReferenceOperation)
            => call.Arguments.Select(static a => a.Value),
        _ => [],
    };

    /// <summary>Whether a place outlives a scope: a field, or a variable from outside that is read there.</summary>
    private static bool IsOutside(IOperation place, IOperation scope, List<IOperation> all) => place switch
    {
        IArrayElementReferenceOperation element => IsOutside(element.ArrayReference, scope, all) || element.ArrayReference is IParameterReferenceOperation,
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => IsOutside(list, scope, all) || list is IParameterReferenceOperation,
        IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } => true,
        IMemberReferenceOperation member => IsOutside(member.Instance!, scope, all) || member.Instance is IParameterReferenceOperation,
        IParameterReferenceOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        ILocalReferenceOperation { Local: var local } => !local.DeclaringSyntaxReferences.Any(r => scope.Syntax.Span.Contains(r.Span))
            && all.OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, local) && !Places.IsIn(use, scope.Syntax) && !(use.Parent is ISimpleAssignmentOperation to && to.Target == use)),
        _ => false,
    };

    /// <summary>The elements of tuples, arrays and lists, and both branches of a choice: each is reported where it stands.</summary>
    private static IEnumerable<IOperation> Parts(IOperation value) => value switch
    {
        IConversionOperation conversion => Parts(conversion.Operand),
        IParenthesizedOperation parenthesized => Parts(parenthesized.Operand),
        ITupleOperation tuple => tuple.Elements.SelectMany(Parts),
        ICollectionExpressionOperation collection => collection.Elements.SelectMany(Parts),
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.SelectMany(Parts),
        IConditionalOperation { WhenFalse: { } other } conditional => Parts(conditional.WhenTrue).Concat(Parts(other)),
        ISpreadOperation spread => Parts(spread.Operand),
        _ => [value],
    };
}
