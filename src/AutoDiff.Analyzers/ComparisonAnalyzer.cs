using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for tensors that are compared by reference, with an operator or <see cref="object.Equals(object)"/>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ComparisonAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TensorsComparedByReference];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(context => AnalyzeOperator(context, library), OperationKind.Binary);
        start.RegisterOperationAction(context => AnalyzeCall(context, library), OperationKind.Invocation);
    }

    private static void AnalyzeOperator(OperationAnalysisContext context, Library library)
    {
        var comparison = (IBinaryOperation)context.Operation;
        if (comparison is { OperatorMethod: null, OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals }
            && library.IsTensor(Given(comparison.LeftOperand)) && library.IsTensor(Given(comparison.RightOperand)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.TensorsComparedByReference, comparison.Syntax.GetLocation(), comparison.OperatorKind == BinaryOperatorKind.Equals ? "==" : "!="));
        }
    }

    private static void AnalyzeCall(OperationAnalysisContext context, Library library)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is { Name: nameof(Equals), ContainingType.SpecialType: SpecialType.System_Object } && call.Arguments.All(a => library.IsTensor(Given(a.Value)))
            && (call.Instance is null || library.IsTensor(call.Instance.Type)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.TensorsComparedByReference, call.Syntax.GetLocation(), nameof(Equals)));
        }
    }

    /// <summary>The type of an operand before it is converted to what is compared; none of null. Who converts in so many words knows what is compared.</summary>
    private static ITypeSymbol? Given(IOperation operand) => operand is IConversionOperation { IsImplicit: true } conversion ? Given(conversion.Operand) : operand.Type;
}
