using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for variables that a compiled function captures and that change before it runs: the program goes on with the values that they had.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CapturedVariableAnalyzer : LibraryAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.CapturedVariableChanges];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationBlockAction(context => Analyze(context, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (RecordedFunction function in RecordedFunction.In(context, library))
        {
            if (!function.Purpose.HasFlag(Purpose.Compiled) || function.Call is not { } call || Places.RootOf(call) != Places.RootOf(function.Body))
            {
                continue;
            }

            var all = Places.RootOf(call).DescendantsAndSelf().ToList();
            foreach (IOperation read in Captured(function.Body))
            {
                ISymbol variable = Places.SymbolOf(read)!;
                bool changes = all.Any(operation => Places.Written(operation).Any(target => SymbolEqualityComparer.Default.Equals(Places.SymbolOf(target), variable)
                    && !Places.IsIn(operation, function.Body.Syntax) && IsBetween(call, operation, all)));
                if (changes && reported.Add(read.Syntax))
                {
                    context.ReportDiagnostic(Diagnostic.Create(Rules.CapturedVariableChanges, read.Syntax.GetLocation(), variable.Name));
                }
            }
        }
    }

    /// <summary>The first use of each variable from outside whose value a function takes.</summary>
    private static IEnumerable<IOperation> Captured(IOperation body) => body.Descendants()
        .Where(o => o is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation { Field: { IsReadOnly: false, IsConst: false } }
            && Places.SymbolOf(o) is { } symbol and not ILocalSymbol { IsConst: true } && !symbol.DeclaringSyntaxReferences.Any(r => body.Syntax.Parent!.Span.Contains(r.Span) && r.SyntaxTree == body.Syntax.SyntaxTree)
            && !(o.Parent is IAssignmentOperation assignment && assignment.Target == o) && o.Parent is not IIncrementOrDecrementOperation)
        .GroupBy(Places.SymbolOf, SymbolEqualityComparer.Default).Select(Enumerable.First);

    /// <summary>Whether something is written after a function was compiled, and before it runs again.</summary>
    private static bool IsBetween(IOperation call, IOperation write, List<IOperation> all)
    {
        bool after = write.Syntax.SpanStart > call.Syntax.Span.End;
        if (!after && Places.FunctionOf(write) == Places.FunctionOf(call))
        {
            return false;
        }

        // A function that nobody keeps does not run again.
        if (KeptIn(call) is not ILocalSymbol kept)
        {
            return after && KeptIn(call) is not null;
        }

        ILoopOperation[] loops = [.. Places.LoopsAround(write).Where(loop => !Places.IsIn(call, loop.Syntax))];
        return all.OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, kept)
            && (use.Syntax.SpanStart > write.Syntax.SpanStart || loops.Any(loop => Places.IsIn(use, loop.Syntax))));
    }

    /// <summary>The variable that holds the compiled function.</summary>
    private static ISymbol? KeptIn(IOperation call) => call.Parent switch
    {
        IConversionOperation conversion => KeptIn(conversion),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
        ISimpleAssignmentOperation assignment => Places.SymbolOf(assignment.Target),
        _ => null,
    };
}
