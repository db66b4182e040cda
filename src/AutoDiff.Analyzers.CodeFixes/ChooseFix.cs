using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Chooses in place of a product with a mask: <c>Tensor.Where(x > 0.0, x.Log(), 0.0)</c> for <c>(x > 0.0) * x.Log()</c>. Where the mask is 1, and where the product is a number, the value is the same.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChooseFix)), Shared]
public sealed class ChooseFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1010"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (node is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.MultiplyExpression } product || Zero(model.GetTypeInfo(product).Type) is not { } zero)
        {
            return null;
        }

        (ExpressionSyntax mask, ExpressionSyntax chosen) = diagnostic.Properties.ContainsKey(ChoiceByProductAnalyzer.MaskIsLeft) ? (product.Left, product.Right) : (product.Right, product.Left);
        return ("Choose by Where", product, SyntaxFactory.ParseExpression($"Tensor.Where({Bare(mask)}, {Bare(chosen)}, {zero})"));
    }

    /// <summary>The zero of the elements, as it is written.</summary>
    private static string? Zero(ITypeSymbol? tensor) => tensor is INamedTypeSymbol { TypeArguments: { Length: 1 } elements } ? elements[0] switch
    {
        { SpecialType: SpecialType.System_Double } => "0.0",
        { SpecialType: SpecialType.System_Single } => "0f",
        ITypeParameterSymbol parameter => $"{parameter.Name}.Zero",
        _ => null,
    } : null;

    /// <summary>An argument needs no parentheses.</summary>
    private static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            expression = inner;
        }

        return expression.WithoutTrivia();
    }
}
