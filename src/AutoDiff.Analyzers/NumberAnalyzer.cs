using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AutoDiff.Analyzers;

/// <summary>Looks for numbers that are read of tensors inside of recorded functions: where they go into the result, a derivative is lost; a compiled function holds only as long as they stay the same.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NumberAnalyzer : LibraryAnalyzer
{
    /// <summary>The property of a diagnostic that says that the tensor can stand where the number stood.</summary>
    internal const string Mendable = nameof(Mendable);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NumberReadInFunction, Rules.NumberReadInCompiledFunction, Rules.MathOfNumber];

    private protected override void Start(CompilationStartAnalysisContext start, Library library) => start.RegisterOperationBlockAction(context => Analyze(context, library));

    private static void Analyze(OperationBlockAnalysisContext context, Library library)
    {
        // A function in a function is looked through twice.
        var reported = new HashSet<SyntaxNode>();
        foreach (RecordedFunction function in RecordedFunction.In(context, library).OrderByDescending(static f => f.Purpose))
        {
            bool compiled = function.Purpose.HasFlag(Purpose.Compiled);
            var varying = new Varying(function, library, throughDetach: compiled);
            foreach ((IOperation read, IOperation tensor) in Reads(function.Body, library))
            {
                if (!varying.Has(tensor) || varying.IsStep(tensor))
                {
                    continue;
                }

                NumberFlow flow = NumberFlow.Of(read, library, function.Body);
                if ((compiled || flow.EndsInTensor) && reported.Add(read.Syntax))
                {
                    context.ReportDiagnostic(Describe(read, tensor, flow, compiled));
                }
            }
        }
    }

    /// <summary>The reads of numbers in a body, each with the tensor that is read; those within operations of the user are what such operations are for.</summary>
    private static IEnumerable<(IOperation Read, IOperation Tensor)> Reads(IOperation body, Library library)
    {
        var rest = new Stack<IOperation>([body]);
        while (rest.Count > 0)
        {
            IOperation operation = rest.Pop();
            if (operation is IObjectCreationOperation creation && Library.IsOneOf(creation.Type, "CustomOperation"))
            {
                continue;
            }

            if (operation is IInvocationOperation { Instance: { } instance } call && library.IsTensor(call.TargetMethod.ContainingType) && Names.Reads.Contains(call.TargetMethod.Name))
            {
                yield return (call, instance);
            }
            else if (operation is IForEachLoopOperation { Collection: { } collection } && library.IsTensor(Places.Bare(collection).Type))
            {
                yield return (collection, Places.Bare(collection));
            }

            foreach (IOperation child in operation.ChildOperations.Reverse())
            {
                rest.Push(child);
            }
        }
    }

    private static Diagnostic Describe(IOperation read, IOperation tensor, NumberFlow flow, bool compiled)
    {
        bool scalar = read is IInvocationOperation { TargetMethod.Name: "ToScalar" or "At" };
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        if (flow is { EndsInTensor: true, Math: { } math })
        {
            string name = Names.OperationOfMath.TryGetValue(math.TargetMethod.Name, out string? other) ? other : math.TargetMethod.Name;
            bool has = tensor.Type!.GetMembers(name).OfType<IMethodSymbol>().Any(m => m.Parameters.Length == math.Arguments.Length - 1);
            properties = scalar && has && flow.ByOperators && Places.Bare(math.Arguments[0].Value) == read ? properties.Add(Mendable, name) : properties;
            return Diagnostic.Create(Rules.MathOfNumber, math.Syntax.GetLocation(), properties, $"{math.TargetMethod.ContainingType.Name}.{math.TargetMethod.Name}", has ? name : "that does the same");
        }

        string reads = read is IInvocationOperation call ? call.TargetMethod.Name : "foreach";
        properties = scalar && flow is { EndsInTensor: true, ByOperators: true } ? properties.Add(Mendable, "") : properties;
        return Diagnostic.Create(compiled ? Rules.NumberReadInCompiledFunction : Rules.NumberReadInFunction, read.Syntax.GetLocation(), properties, reads);
    }
}
