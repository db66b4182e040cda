using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for functions that are handed to the library and use none of their parameters. Most often the variable outside was meant to be the parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedParameterAnalyzer : LibraryAnalyzer
{
    /// <summary>The property of a diagnostic with the name of the captured variable that the function is differentiated at.</summary>
    internal const string Captured = nameof(Captured);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ParameterUnused];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationBlockAction(context => Analyze(context, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        foreach (RecordedFunction function in RecordedFunction.In(context, library))
        {
            ImmutableArray<IParameterSymbol> parameters = function.Symbol.Parameters;
            if (function.Call is null || parameters.Length == 0 || parameters.All(static p => p.IsDiscard || p.Name.StartsWith("_", StringComparison.Ordinal)) || !Returns(function.Body) || !UsesAnother(function.Body)
                || function.Body.Descendants().OfType<IParameterReferenceOperation>().Any(r => parameters.Contains(r.Parameter, SymbolEqualityComparer.Default)))
            {
                continue;
            }

            ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
            if (parameters.Length == 1 && PointOf(function) is { } point)
            {
                properties = properties.Add(Captured, point.Name);
            }

            context.ReportDiagnostic(Diagnostic.Create(Rules.ParameterUnused, parameters[0].Locations[0], properties, parameters[0].Name));
        }
    }

    /// <summary>A function that does nothing but throw is there to show what an error does.</summary>
    private static bool Returns(IOperation body) => body.Descendants().OfType<IReturnOperation>()
        .Any(r => r.ReturnedValue is { } value && Places.Bare(value) is not IThrowOperation && Places.FunctionOf(r) == Places.FunctionOf(body));

    /// <summary>A function without any variable is a constant that is meant.</summary>
    private static bool UsesAnother(IOperation body) => body.Descendants().Any(o => o switch
    {
        ILocalReferenceOperation local => !local.Local.IsConst && !IsDeclaredIn(body, local.Local),
        IParameterReferenceOperation parameter => !IsDeclaredIn(body, parameter.Parameter),
        IMemberReferenceOperation member => !member.Member.DeclaringSyntaxReferences.IsEmpty && member.Member is not IFieldSymbol { IsConst: true },
        IInvocationOperation call => !call.TargetMethod.DeclaringSyntaxReferences.IsEmpty,
        _ => false,
    });

    private static bool IsDeclaredIn(IOperation body, ISymbol symbol) => symbol.DeclaringSyntaxReferences.Any(r => r.SyntaxTree == body.Syntax.SyntaxTree && body.Syntax.Span.Contains(r.Span));

    /// <summary>The variable that the function is differentiated at, where the function captures it.</summary>
    private static ISymbol? PointOf(RecordedFunction function)
    {
        ImmutableArray<IArgumentOperation> arguments = function.Call switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => [],
        };
        return arguments.Select(static a => Places.Bare(a.Value)).Where(static value => value is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation).Select(Places.SymbolOf)
            .FirstOrDefault(symbol => function.Body.Descendants().Any(o => o is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
                && SymbolEqualityComparer.Default.Equals(Places.SymbolOf(o), symbol)));
    }
}
