using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Analyzers;

/// <summary>Takes the tensor in place of the number that is read of it: <c>x.Sum()</c> for <c>x.Sum().ToScalar()</c>, <c>x[0]</c> for <c>x.At(0)</c>, <c>x.Sin()</c> for <c>Math.Sin(x.ToScalar())</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepTensorFix)), Shared]
public sealed class KeepTensorFix : Fix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["AD1001", "AD1002", "AD1007"];

    private protected override (string Title, SyntaxNode Old, SyntaxNode Mended)? Mend(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (!diagnostic.Properties.TryGetValue(NumberAnalyzer.Mendable, out string? operation) || node is not InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call)
        {
            return null;
        }

        if (string.IsNullOrEmpty(operation))
        {
            return Tensor(call) is { } tensor ? ("Keep the tensor", call, tensor) : null;
        }

        ExpressionSyntax read = arguments[0].Expression;
        while (read is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            read = inner;
        }

        return Tensor(read) is { } of ? ($"Take {operation} of the tensor", call, Call(of, operation!, arguments.Skip(1))) : null;
    }

    /// <summary>The tensor of which a call reads one number, as a scalar.</summary>
    private static ExpressionSyntax? Tensor(ExpressionSyntax read) => read switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToScalar", Expression: var tensor } } => tensor,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "At", Expression: var tensor }, ArgumentList.Arguments: var places }
            when !places.Any(static place => place.Expression is CollectionExpressionSyntax) => SyntaxFactory.ElementAccessExpression(Primary(tensor), SyntaxFactory.BracketedArgumentList(places)),
        _ => null,
    };
}
