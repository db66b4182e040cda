using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoDiff.Tests.Docs;

/// <summary>The reference of the public types of all packages: signatures as the compiler reads them from the assemblies, words from the XML comments.</summary>
internal static partial class ReferencePage
{
    private const SymbolDisplayMiscellaneousOptions Plain = SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
        | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral;

    private const SymbolDisplayParameterOptions Parameters = SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
        | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis;

    private static readonly SymbolDisplayFormat TypeName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes, genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private static readonly SymbolDisplayFormat MemberSignature = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeConstantValue,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: Parameters,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: Plain);

    private static readonly SymbolDisplayFormat DelegateSignature = MemberSignature.WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword);

    /// <summary>The packages, each with the assembly in it, in the page's order.</summary>
    public static readonly (string Package, string Assembly)[] Packages =
    [
        ("AutoDiff.Tensors", "AutoDiff"),
        ("AutoDiff.Optimization", "AutoDiff.Optimization"),
        ("AutoDiff.Optimization.Ipopt", "AutoDiff.Optimization.Ipopt"),
        ("AutoDiff.Distributed", "AutoDiff.Distributed"),
        ("AutoDiff.Onnx", "AutoDiff.Onnx"),
        ("AutoDiff.Tensors.Interop", "AutoDiff.Tensors.Interop"),
    ];

    public static string Write()
    {
        var text = new StringBuilder("# Reference\n\nThe public types of all packages and their members. `T` is `float` or `double` where nothing else is said. What operations do at kinks and edges is in "
            + "[a table of their own](operations.md); the words of the field are in a [glossary](glossary.md), to which each type links them once. This page is made from the assemblies and the comments in the source.\n");
        foreach ((string package, string assembly) in Packages)
        {
            Dictionary<string, XElement> comments = Comments.Of(assembly);
            INamedTypeSymbol[] types = [.. PublicTypes(assembly).OrderBy(type => type.ToDisplayString(TypeName), StringComparer.Ordinal)];
            text.Append($"\n## Package {package}\n\n").AppendJoin(" ·\n", types.Select(type => $"[`{type.ToDisplayString(TypeName)}`](#{Anchor(type)})")).Append('\n');
            foreach (INamedTypeSymbol type in types)
            {
                WriteType(text, type, comments);
            }
        }

        return text.ToString();
    }

    /// <summary>The public types of an assembly that the tests run with, nested ones included.</summary>
    public static IEnumerable<INamedTypeSymbol> PublicTypes(string assembly)
    {
        CSharpCompilation compilation = CSharpCompilation.Create("Reference", references: DocumentProgram.References);
        MetadataReference reference = DocumentProgram.References.Single(reference => Path.GetFileName(reference.FilePath) == assembly + ".dll");
        var namespaces = new Stack<INamespaceOrTypeSymbol>([((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!).GlobalNamespace]);
        while (namespaces.TryPop(out INamespaceOrTypeSymbol? scope))
        {
            if (scope is INamedTypeSymbol type)
            {
                if (type.DeclaredAccessibility != Accessibility.Public)
                {
                    continue;
                }

                yield return type;
            }

            foreach (INamespaceOrTypeSymbol inner in scope.GetMembers().OfType<INamespaceOrTypeSymbol>())
            {
                namespaces.Push(inner);
            }
        }
    }

    private static void WriteType(StringBuilder text, INamedTypeSymbol type, Dictionary<string, XElement> comments)
    {
        XElement comment = comments[type.GetDocumentationCommentId()!];
        var glossary = new GlossaryLinks();
        text.Append($"\n### `{type.ToDisplayString(TypeName)}`\n\n`{Declaration(type)}`\n\n{glossary.Link(Comments.Text(comment.Element("summary")))}\n");
        if (Comments.Text(comment.Element("remarks")) is { Length: > 0 } remarks)
        {
            text.Append($"\n{glossary.Link(remarks)}\n");
        }

        // What the compiler makes by itself, such as the equality of records, has no comment.
        IEnumerable<ISymbol> members = type.GetMembers().Where(member => member is not INamedTypeSymbol && member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected)
            .Where(member => comments.ContainsKey(member.GetDocumentationCommentId()!));
        members = type.TypeKind == TypeKind.Enum ? members.OrderBy(member => ((IFieldSymbol)member).ConstantValue)
            : members.OrderBy(Rank).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.GetDocumentationCommentId(), StringComparer.Ordinal);
        text.Append(members.Any() ? "\n" : "");
        foreach (ISymbol member in members)
        {
            text.Append($"- `{Signature(member)}`: {glossary.Link(Summary(member, comments))}\n");
        }
    }

    /// <summary>A member as it is declared; a default of an enumeration is written with its type.</summary>
    private static string Signature(ISymbol member) => EnumDefault().Replace(member.ToDisplayString(MemberSignature), "${type} ${name} = ${type}.${value}");

    /// <summary>The summary of a member, or of the one that it overrides.</summary>
    private static string Summary(ISymbol member, Dictionary<string, XElement> comments) =>
        Comments.Text(comments[member.GetDocumentationCommentId()!].Element("summary")) is { Length: > 0 } summary ? summary
            : member is IMethodSymbol { OverriddenMethod: { } above } ? Summary(above.OriginalDefinition, comments) : "";

    /// <summary>The declaration of a type, with what it is derived from.</summary>
    private static string Declaration(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate)
        {
            return type.ToDisplayString(DelegateSignature);
        }

        bool isClass = type.TypeKind == TypeKind.Class;
        string kind = (type.IsStatic ? "static " : isClass && type.IsAbstract ? "abstract " : isClass && type.IsSealed ? "sealed " : type is { TypeKind: TypeKind.Struct, IsReadOnly: true } ? "readonly " : "")
            + (type.IsRecord ? "record " : "") + (type.IsRecord && isClass ? "" : type.TypeKind.ToString().ToLowerInvariant() + " ");
        IEnumerable<INamedTypeSymbol> above = isClass && type.BaseType is { SpecialType: not SpecialType.System_Object } parent ? [parent, .. type.Interfaces] : type.Interfaces;
        string[] names = [.. above.Where(symbol => !type.IsRecord || symbol.Name != "IEquatable").Select(symbol => symbol.ToDisplayString(TypeName))];
        return kind + type.ToDisplayString(TypeName) + (names.Length > 0 ? " : " + string.Join(", ", names) : "");
    }

    /// <summary>Constructors come first, then what a type holds, what it does, and its operators.</summary>
    private static int Rank(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 0,
        IFieldSymbol => 1,
        IPropertySymbol => 2,
        IMethodSymbol { MethodKind: MethodKind.Ordinary } => 3,
        _ => 4,
    };

    private static string Anchor(INamedTypeSymbol type) => string.Concat(type.ToDisplayString(TypeName).Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-')).ToLowerInvariant().Replace(' ', '-');

    [GeneratedRegex(@"(?<type>[A-Z]\w+) (?<name>\w+) = (?<value>[A-Z]\w+)")]
    private static partial Regex EnumDefault();
}
