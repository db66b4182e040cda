using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AutoDiff.Mutations;

/// <summary>
/// Builds a library with many mistakes at once, of which a field makes one the active one: a member with a mistake in it has two bodies, and chooses. So one compilation does for all.
/// </summary>
internal static class Weaving
{
    /// <summary>The type that holds the number of the active mistake, one in each library.</summary>
    public const string Switch = "AutoDiff.Mutant";

    /// <summary>The field of that number; 0 is none.</summary>
    public const string Active = "Active";

    private const string SwitchSource = """
        namespace AutoDiff;

        internal static class Mutant
        {
            public static int Active;

            public static bool Is(int number) => System.Threading.Volatile.Read(ref Active) == number;
        }
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);

    /// <summary>Builds a library. Gives what could not be woven in, and why.</summary>
    /// <param name="root">The root of the repository, where the library has been built.</param>
    /// <param name="name">The name of the library.</param>
    /// <param name="mutations">The mistakes, some of them perhaps in other libraries.</param>
    /// <param name="folder">Where the assemblies are that it refers to, and where it goes.</param>
    public static List<(Mutation Mutation, string Reason)> Build(string root, string name, IEnumerable<Mutation> mutations, string folder)
    {
        string project = Path.Combine(root, "src", name);
        List<Mutation> left = [.. mutations.Where(mutation => mutation.File.StartsWith($"src/{name}/", StringComparison.Ordinal))];
        var unfit = new List<(Mutation, string)>();

        // Number types are written at build; kernels in plain code are text for generated programs.
        IEnumerable<string> generated = Directory.GetFiles(Path.Combine(project, "obj", "Release", "net10.0"), "*.cs").Where(static path => Path.GetFileName(path)[0] != '.');
        string plain = Path.Combine(project, "Compilation", "ToCSharp", "Plain");
        string[] sources = [.. Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(project, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj") && Path.GetDirectoryName(path) != plain).Concat(generated)];
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == runtime);
        string[] references = [.. platform, Path.Combine(folder, "System.Numerics.Tensors.dll"), .. name == "AutoDiff" ? Array.Empty<string>() : [Path.Combine(folder, "AutoDiff.dll")]];
        ResourceDescription[] resources = Resources(Path.Combine(folder, $"{name}.dll"));
        while (true)
        {
            var trees = new List<SyntaxTree> { Parse(SwitchSource) };
            foreach (string path in sources)
            {
                string text = File.ReadAllText(path);
                string file = Path.GetRelativePath(root, path).Replace('\\', '/');
                trees.Add(Parse(Weave(text, [.. left.Where(mutation => mutation.File == file)])));
            }

            CSharpCompilation compilation = CSharpCompilation.Create(name, trees, references.Select(static path => MetadataReference.CreateFromFile(path)),
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
            using var assembly = new MemoryStream();
            Diagnostic[] errors = [.. compilation.Emit(assembly, manifestResources: resources).Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
            if (errors.Length == 0)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{name}.dll"), assembly.ToArray());
                return unfit;
            }

            foreach (Diagnostic error in errors)
            {
                string place = error.Location.GetMappedLineSpan().Path;
                if (left.Find(mutation => place == Place(mutation)) is { } wrong)
                {
                    left.Remove(wrong);
                    unfit.Add((wrong, error.GetMessage(CultureInfo.InvariantCulture)));
                }
                else if (errors.All(error => !error.Location.GetMappedLineSpan().Path.StartsWith("mutation ", StringComparison.Ordinal)))
                {
                    throw new InvalidOperationException($"The sources do not compile: {error}");
                }
            }
        }
    }

    /// <summary>What is embedded in an assembly.</summary>
    private static ResourceDescription[] Resources(string path)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        using var image = new MemoryStream(File.ReadAllBytes(path));
        Assembly built = context.LoadFromStream(image);
        ResourceDescription[] resources = [.. built.GetManifestResourceNames().Select(name =>
        {
            using var content = new MemoryStream();
            built.GetManifestResourceStream(name)!.CopyTo(content);
            byte[] bytes = content.ToArray();
            return new ResourceDescription(name, () => new MemoryStream(bytes), isPublic: true);
        })];
        context.Unload();
        return resources;
    }

    private static string Place(Mutation mutation) => string.Create(CultureInfo.InvariantCulture, $"mutation {mutation.Number}");

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), Options);

    /// <summary>The text of a file with all mistakes in it.</summary>
    private static string Weave(string text, Mutation[] mutations)
    {
        SyntaxNode root = Parse(text).GetRoot();
        IEnumerable<(SyntaxNode Member, Mutation Mutation, SyntaxNode Mutated)> found = mutations.Select(mutation =>
        {
            int start = text.IndexOf(mutation.From, StringComparison.Ordinal);
            SyntaxNode mutated = Parse(text.Replace(mutation.From, mutation.To, StringComparison.Ordinal)).GetRoot();
            SyntaxNode member = Member(root, start);
            return (member, mutation, Member(mutated, member.SpanStart));
        });
        foreach (var group in found.GroupBy(static place => place.Member).OrderByDescending(static group => group.Key.SpanStart))
        {
            (TextSpan span, string original, bool isProperty) = Body(group.Key);
            var woven = new StringBuilder(isProperty ? "{\nget\n{\n" : "{\n");
            foreach ((_, Mutation mutation, SyntaxNode mutated) in group)
            {
                woven.Append(CultureInfo.InvariantCulture, $"if (global::AutoDiff.Mutant.Is({mutation.Number}))\n{{\n#line 1 \"{Place(mutation)}\"\n{Body(mutated).Statements}\n#line default\n}}\nelse ");
            }

            text = text[..span.Start] + woven.Append(CultureInfo.InvariantCulture, $"{{\n{original}\n}}\n}}\n").Append(isProperty ? "}\n" : "") + text[span.End..];
        }

        return text;
    }

    /// <summary>The member with a body around a place, an accessor rather than its property.</summary>
    private static SyntaxNode Member(SyntaxNode root, int place) =>
        root.FindToken(place).Parent!.AncestorsAndSelf().Last(static node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax { ExpressionBody: not null }
            or IndexerDeclarationSyntax { ExpressionBody: not null });

    /// <summary>Where the body of a member is, its statements, and whether they are those of a property.</summary>
    private static (TextSpan Span, string Statements, bool IsProperty) Body(SyntaxNode member)
    {
        (BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, SyntaxToken end, bool isVoid, bool isProperty) = member switch
        {
            MethodDeclarationSyntax method => (method.Body, method.ExpressionBody, method.SemicolonToken, method.ReturnType.ToString() == "void", false),
            BaseMethodDeclarationSyntax method => (method.Body, method.ExpressionBody, method.SemicolonToken, method is ConstructorDeclarationSyntax, false),
            AccessorDeclarationSyntax accessor => (accessor.Body, accessor.ExpressionBody, accessor.SemicolonToken, !accessor.IsKind(SyntaxKind.GetAccessorDeclaration), false),
            PropertyDeclarationSyntax property => (null, property.ExpressionBody, property.SemicolonToken, false, true),
            IndexerDeclarationSyntax indexer => (null, indexer.ExpressionBody, indexer.SemicolonToken, false, true),
            _ => throw new InvalidOperationException($"{member.Kind()} has no body."),
        };
        if (block is not null)
        {
            return (block.Span, string.Concat(block.Statements.Select(static statement => statement.ToFullString())), false);
        }

        string expression = arrow!.Expression.ToFullString();
        string statements = isVoid || arrow.Expression is ThrowExpressionSyntax ? $"{expression};" : $"return {expression};";
        return (TextSpan.FromBounds(arrow.SpanStart, end.Span.End), statements, isProperty);
    }
}
