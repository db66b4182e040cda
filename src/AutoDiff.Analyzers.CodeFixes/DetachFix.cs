using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Takes the values of a tensor along when its tape is disposed: <c>return loss.Detach();</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DetachFix)), Shared]
public sealed class DetachFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1006"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        (node is ArgumentSyntax argument ? argument.Expression : node) is ExpressionSyntax expression && Library.IsOneOf(model.GetTypeInfo(expression).Type, "Tensor", "Parameters")
            ? ("Take the values along", expression, Call(expression, "Detach")) : null;
}
