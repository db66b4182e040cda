using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Assigns what an operation gives to the variable that it was taken of: <c>p = optimizer.Step(p, g)</c>, <c>x = x.Relu()</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AssignResultFix)), Shared]
public sealed class AssignResultFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1005"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var instance } } call || model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
        {
            return null;
        }

        // Of a static function, or a step of an optimizer, the first argument is what is replaced.
        bool first = method.IsStatic || Library.IsOneOf(method.ContainingType, "GradientOptimizer", "OptimizerGroups");
        ExpressionSyntax? target = first ? call.ArgumentList.Arguments.FirstOrDefault()?.Expression : instance;
        return target is not null && IsAssignable(model.GetSymbolInfo(target).Symbol) && SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(target).Type, method.ReturnType)
            ? ($"Assign the result to '{target}'", call, SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, target.WithoutTrivia(), call.WithoutTrivia()))
            : null;
    }

    private static bool IsAssignable(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local is { IsUsing: false, IsForEach: false, IsConst: false },
        IParameterSymbol parameter => parameter.RefKind is not (RefKind.In or RefKind.RefReadOnlyParameter),
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is { IsInitOnly: false },
        _ => false,
    };
}
