using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for steps of optimizers and operations on tensors whose results nobody takes: tensors do not change.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedResultAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ResultDropped];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationAction(context => Analyze(context, library), OperationKind.ExpressionStatement);

    private static void Analyze(OperationAnalysisContext context, Library library)
    {
        // The body of a lambda that is an expression is an implicit statement: somebody else decides what becomes of it.
        if (context.Operation is IExpressionStatementOperation { IsImplicit: false, Operation: IInvocationOperation { TargetMethod: { } method } call } && library.HoldsTensors(method.ReturnType)
            && Library.IsOneOf(method.ContainingType, "Tensor", "Parameters", "GradientOptimizer", "OptimizerGroups", "GradientClipping"))
        {
            string name = method.Name == "Step" && call.Instance?.Type is { } optimizer ? $"{optimizer.Name}.Step" : method.Name;
            context.ReportDiagnostic(Diagnostic.Create(Rules.ResultDropped, call.Syntax.GetLocation(), name));
        }
    }
}
