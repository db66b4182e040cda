using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Uses the parameter of a function where it captures the variable that it is differentiated at: <c>Differentiate.Gradient(x => x.Sum(), a)</c> for <c>Differentiate.Gradient(x => a.Sum(), a)</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseParameterFix)), Shared]
public sealed class UseParameterFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1003"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (!diagnostic.Properties.TryGetValue(UnusedParameterAnalyzer.Captured, out string? captured) || node.FirstAncestorOrSelf<ParameterSyntax>() is not { Identifier: var parameter }
            || node.Ancestors().FirstOrDefault(static n => n is LambdaExpressionSyntax or LocalFunctionStatementSyntax) is not { } function)
        {
            return null;
        }

        IEnumerable<IdentifierNameSyntax> uses = function.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == captured && !(name.Parent is MemberAccessExpressionSyntax access && access.Name == name) && name.Parent is not NameColonSyntax);
        return ($"Use '{parameter.ValueText}' in place of '{captured}'", function,
            function.ReplaceNodes(uses, (name, _) => SyntaxFactory.IdentifierName(parameter.WithoutTrivia()).WithTriviaFrom(name)));
    }
}
