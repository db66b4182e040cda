using Microsoft.CodeAnalysis;

namespace AutoDiff.Analyzers;

/// <summary>The types of the library in a compilation.</summary>
internal sealed class Library
{
    private readonly INamedTypeSymbol tensor;

    private Library(INamedTypeSymbol tensor) => this.tensor = tensor;

    /// <summary>The types, or null where the library is not referenced.</summary>
    public static Library? Of(Compilation compilation) => compilation.GetTypeByMetadataName("AutoDiff.Tensor`1") is { } tensor ? new Library(tensor) : null;

    public bool IsTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, tensor);

    /// <summary>Whether a value of the type is a tensor, or holds tensors: parameters, an array, a list, a tuple of them.</summary>
    public bool HoldsTensors(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => HoldsTensors(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } => false,
        INamedTypeSymbol named => IsTensor(named) || IsOneOf(named, "Parameters") || (named.TypeArguments.Length > 0 && named.TypeArguments.Any(HoldsTensors)),
        _ => false,
    };

    /// <summary>Whether a type, or one that it is derived from, is a type of the library with one of these names.</summary>
    public static bool IsOneOf(ITypeSymbol? type, params string[] names)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (names.Contains(type.Name) && IsOfLibrary(type))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsOfLibrary(ISymbol symbol)
    {
        INamespaceSymbol? space = symbol.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { Name: "AutoDiff" };
    }

    public static bool IsTape(ITypeSymbol? type) => IsOneOf(type, "Tape");

    /// <summary>What a method of the library does with a function on tensors that is handed to it as this parameter.</summary>
    public Purpose PurposeOf(IParameterSymbol parameter)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method || parameter.Name == "cotangent"
            || parameter.Type is not INamedTypeSymbol { DelegateInvokeMethod: { Parameters.Length: > 0 } function } || !GivesTensors(function.ReturnType))
        {
            return Purpose.None;
        }

        bool constructs = method.MethodKind == MethodKind.Constructor;
        return method.ContainingType switch
        {
            var type when method.Name is "Compile" or "CompileSum" => IsOneOf(type, "Differentiate", "GradientOptimizer") ? Purpose.Compiled : Purpose.None,
            var type when IsOneOf(type, "Differentiate", "GradientCheck", "Implicit", "Ode", "Minimizer", "DataParallel", "JacobianOperator") => Purpose.Differentiated,
            var type when constructs && IsOneOf(type, "SparseJacobian", "SparseHessian", "NonlinearProgram", "Constraint") => Purpose.Differentiated,
            _ => Purpose.None,
        };
    }

    /// <summary>A tensor, an array of them, or a tuple that begins with one: what functions give that are differentiated.</summary>
    private bool GivesTensors(ITypeSymbol type) => IsTensor(type is IArrayTypeSymbol array ? array.ElementType : type is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements[0].Type : type);
}
