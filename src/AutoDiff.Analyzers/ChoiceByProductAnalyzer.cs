using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>
/// Looks for choices that are made by a product: a mask times an operation that is infinite or undefined where the mask keeps it out. The promise about lanes that were not chosen holds for <c>Where</c>; a
/// product computes 0 · ∞.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChoiceByProductAnalyzer : LibraryAnalyzer
{
    /// <summary>The property that says that the mask is the left factor.</summary>
    public const string MaskIsLeft = nameof(MaskIsLeft);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ChoiceByProduct];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationBlockAction(context => Analyze(context, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        var all = context.OperationBlocks.SelectMany(static block => block.DescendantsAndSelf()).ToList();
        foreach (IBinaryOperation product in all.OfType<IBinaryOperation>().Where(o => o.OperatorKind == BinaryOperatorKind.Multiply && library.IsTensor(o.Type)))
        {
            // The one factor is a comparison, the other has an operation, of a variable that is compared, with an edge.
            foreach ((IOperation mask, IOperation other) in new[] { (product.LeftOperand, product.RightOperand), (product.RightOperand, product.LeftOperand) })
            {
                if (Mask(mask, library, all) is { } comparison && Edge(other, library, Compared(comparison)) is { } edge)
                {
                    ImmutableDictionary<string, string?> side = ReferenceEquals(mask, product.LeftOperand) ? ImmutableDictionary<string, string?>.Empty.Add(MaskIsLeft, "") : ImmutableDictionary<string, string?>.Empty;
                    context.ReportDiagnostic(Diagnostic.Create(Rules.ChoiceByProduct, product.Syntax.GetLocation(), side, edge is IInvocationOperation call ? call.TargetMethod.Name : "/"));
                    break;
                }
            }
        }
    }

    /// <summary>The comparison that a factor is, perhaps by way of a variable that holds it.</summary>
    private static IOperation? Mask(IOperation factor, Library library, List<IOperation> all) => Places.Bare(factor) switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual } comparison
            when library.IsTensor(comparison.Type) => comparison,
        IInvocationOperation { TargetMethod.Name: "EqualTo" or "NotEqualTo" } comparison when library.IsTensor(comparison.Type) => comparison,
        ILocalReferenceOperation { Local: var local } => Initial(local, all) is { } value && Places.Bare(value) is not ILocalReferenceOperation ? Mask(value, library, all) : null,
        _ => null,
    };

    private static HashSet<ISymbol?> Compared(IOperation comparison) =>
        new(comparison.Descendants().Where(static o => o is ILocalReferenceOperation or IParameterReferenceOperation).Select(Places.SymbolOf), SymbolEqualityComparer.Default);

    /// <summary>The operation with an edge by which a factor can be infinite: not one that goes through a choice, and no argument of another function.</summary>
    private static IOperation? Edge(IOperation factor, Library library, HashSet<ISymbol?> compared) => Places.Bare(factor) switch
    {
        IInvocationOperation { Instance: { } instance } call when library.IsTensor(instance.Type) && Names.Singular.Contains(call.TargetMethod.Name) => Mentions(instance, compared) ? call : Edge(instance, library, compared),
        IInvocationOperation { Instance: { } instance } when library.IsTensor(instance.Type) => Edge(instance, library, compared),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } quotient when library.IsTensor(quotient.Type) && Mentions(quotient.RightOperand, compared) => quotient,
        IBinaryOperation binary when library.IsTensor(binary.Type) => Edge(binary.LeftOperand, library, compared) ?? Edge(binary.RightOperand, library, compared),
        IUnaryOperation unary => Edge(unary.Operand, library, compared),
        _ => null,
    };

    /// <summary>Whether an argument is a variable that is compared. One that is changed before (<c>x.Maximum(0.1)</c>, <c>x.Square() + 1</c>) is kept from the edge already.</summary>
    private static bool Mentions(IOperation argument, HashSet<ISymbol?> compared) => Places.Bare(argument) switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation => compared.Contains(Places.SymbolOf(argument)),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } => Mentions(instance, compared),
        _ => false,
    };

    private static IOperation? Initial(ILocalSymbol local, List<IOperation> all) =>
        all.OfType<IVariableDeclaratorOperation>().FirstOrDefault(d => SymbolEqualityComparer.Default.Equals(d.Symbol, local))?.Initializer?.Value;
}
