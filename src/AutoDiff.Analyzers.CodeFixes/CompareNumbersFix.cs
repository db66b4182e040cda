using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Compares the numbers of two tensors in place of the objects: <c>a.AllClose(b)</c> for <c>a == b</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompareNumbersFix)), Shared]
public sealed class CompareNumbersFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1008"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        const string title = "Compare the numbers";
        return node switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } comparison => (title, node, Close(comparison.Left, comparison.Right)),
            BinaryExpressionSyntax comparison => (title, node, SyntaxFactory.PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Close(comparison.Left, comparison.Right))),
            InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } both } => (title, node, Close(both[0].Expression, both[1].Expression)),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var a }, ArgumentList.Arguments: { Count: 1 } other } => (title, node, Close(a, other[0].Expression)),
            _ => null,
        };
    }

    private static InvocationExpressionSyntax Close(ExpressionSyntax a, ExpressionSyntax b) => Call(a, "AllClose", SyntaxFactory.Argument(b.WithoutTrivia()));
}
