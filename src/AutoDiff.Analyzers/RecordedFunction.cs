using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>A function of the user that the library records: a lambda, a local function or a method that is handed to the library, or a local function that one of these calls.</summary>
internal sealed class RecordedFunction(IMethodSymbol symbol, IOperation body, IOperation? call)
{
    public IMethodSymbol Symbol { get; } = symbol;

    public IOperation Body { get; } = body;

    /// <summary>The call that the function is handed to, the one that compiles it first of all; null where it is called by another that is.</summary>
    public IOperation? Call { get; private set; } = call;

    public Purpose Purpose { get; private set; }

    /// <summary>The functions whose bodies are in the blocks of one member.</summary>
    public static IReadOnlyCollection<RecordedFunction> In(OperationBlockAnalysisContext context, Library library)
    {
        var found = new Dictionary<ISymbol, RecordedFunction>(SymbolEqualityComparer.Default);
        var calls = context.OperationBlocks.SelectMany(static block => block.DescendantsAndSelf()).ToList();
        foreach (IOperation operation in calls)
        {
            foreach ((IArgumentOperation argument, Purpose purpose) in Functions(operation, library))
            {
                if (Resolve(argument.Value, calls) is { Body: { } body, Symbol: { } symbol })
                {
                    Add(symbol, body, operation, purpose);
                }
            }
        }

        if (context.OwningSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && method.Parameters.Any(p => library.HoldsTensors(p.Type)))
        {
            foreach ((IOperation call, Purpose purpose, bool handed) in UsesOf(method, context.OperationBlocks[0], library))
            {
                Add(method, context.OperationBlocks[0], handed ? call : null, purpose);
            }
        }

        return found.Values;

        void Add(IMethodSymbol symbol, IOperation body, IOperation? call, Purpose purpose)
        {
            if (!found.TryGetValue(symbol, out RecordedFunction function))
            {
                found.Add(symbol, function = new RecordedFunction(symbol, body, call));
            }
            else if (purpose.HasFlag(Purpose.Compiled) && call is not null)
            {
                function.Call = call;
            }

            if (function.Purpose.HasFlag(purpose))
            {
                return;
            }

            function.Purpose |= purpose;

            // What it calls is recorded with it.
            foreach (IInvocationOperation inner in body.Descendants().OfType<IInvocationOperation>())
            {
                if (inner.TargetMethod is { MethodKind: MethodKind.LocalFunction } local && library.HoldsTensors(local.ReturnType) && BodyOf(local, calls) is { } innerBody)
                {
                    Add(local.OriginalDefinition, innerBody, null, purpose);
                }
            }
        }
    }

    /// <summary>The arguments of a call that are functions which the library records.</summary>
    private static IEnumerable<(IArgumentOperation Argument, Purpose Purpose)> Functions(IOperation call, Library library)
    {
        IEnumerable<IArgumentOperation> arguments = call switch
        {
            IInvocationOperation invocation when Library.IsOfLibrary(invocation.TargetMethod) => invocation.Arguments,
            IObjectCreationOperation { Constructor: { } constructor } creation when Library.IsOfLibrary(constructor) => creation.Arguments,
            _ => [],
        };
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is { } parameter && library.PurposeOf(parameter) is var purpose and not Purpose.None)
            {
                yield return (argument, purpose);
            }
        }
    }

    /// <summary>The function that an expression stands for: a lambda, a local function, or a variable that holds one from the beginning.</summary>
    private static (IMethodSymbol Symbol, IOperation Body)? Resolve(IOperation value, List<IOperation> all, int depth = 0) => value switch
    {
        IConversionOperation conversion => Resolve(conversion.Operand, all, depth),
        IParenthesizedOperation parenthesized => Resolve(parenthesized.Operand, all, depth),
        IDelegateCreationOperation creation => Resolve(creation.Target, all, depth),
        IAnonymousFunctionOperation lambda => (lambda.Symbol, lambda.Body),
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local } when BodyOf(local, all) is { } body => (local, body),
        ILocalReferenceOperation { Local: { } local } when depth < 3 && all.OfType<IVariableDeclaratorOperation>().FirstOrDefault(d => Same(d.Symbol, local)) is { Initializer.Value: { } initial }
            => Resolve(initial, all, depth + 1),
        _ => null,
    };

    private static IOperation? BodyOf(IMethodSymbol local, List<IOperation> all) => all.OfType<ILocalFunctionOperation>().FirstOrDefault(f => Same(f.Symbol, local.OriginalDefinition))?.Body;

    /// <summary>Where a method of the user is handed to the library in the same file, or called by a lambda that is.</summary>
    private static IEnumerable<(IOperation Call, Purpose Purpose, bool Handed)> UsesOf(IMethodSymbol method, IOperation block, Library library)
    {
        if (block.SemanticModel is not { } model)
        {
            yield break;
        }

        foreach (SimpleNameSyntax name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => name.Identifier.ValueText == method.Name))
        {
            SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
            bool handed = expression.Parent is ArgumentSyntax;
            SyntaxNode? argument = handed ? expression.Parent
                : expression.Parent is InvocationExpressionSyntax ? expression.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().FirstOrDefault()?.Parent as ArgumentSyntax : null;
            if (argument?.Parent?.Parent is not (InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax)
                || model.GetSymbolInfo(name).Symbol is not IMethodSymbol symbol || !Same(symbol.OriginalDefinition, method.OriginalDefinition) || model.GetOperation(argument.Parent.Parent) is not { } call)
            {
                continue;
            }

            foreach ((IArgumentOperation of, Purpose purpose) in Functions(call, library).Where(function => function.Argument.Syntax == argument))
            {
                yield return (call, purpose, handed);
            }
        }
    }

    private static bool Same(ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b);
}
