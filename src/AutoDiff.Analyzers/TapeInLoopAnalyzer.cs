using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for tapes that are made at every turn of a loop, and neither disposed nor handed to anybody who could do so.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TapeInLoopAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TapeInLoop];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationAction(Analyze, OperationKind.ObjectCreation);

    private static void Analyze(OperationAnalysisContext context)
    {
        IOperation tape = context.Operation;
        if (!Library.IsTape(tape.Type) || !Places.LoopsAround(tape).Any(loop => Places.IsIn(tape, loop.Body.Syntax)))
        {
            return;
        }

        IOperation? parent = tape.Parent is IConversionOperation conversion ? conversion.Parent : tape.Parent;
        bool isLost = parent switch
        {
            // A member of a tape that has no name.
            IInvocationOperation or IPropertyReferenceOperation or IExpressionStatementOperation => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { IsUsing: false } local } declarator } => !IsKept(local, Places.RootOf(declarator)),
            _ => false,
        };
        if (isLost)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.TapeInLoop, tape.Syntax.GetLocation()));
        }
    }

    /// <summary>Whether a tape is disposed, or goes somewhere else: anything but the use of its members.</summary>
    private static bool IsKept(ILocalSymbol tape, IOperation root) => root.Descendants().OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, tape) && use.Parent switch
    {
        IInvocationOperation call => call.Instance != use || call.TargetMethod.Name == "Dispose",
        IMemberReferenceOperation => false,
        _ => true,
    });
}
