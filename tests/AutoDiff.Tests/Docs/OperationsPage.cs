using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoDiff.Tests.Docs;

/// <summary>docs/operations.md: a row for each operation of each public type, by the file that declares it first, with the words of its comments. Overloads that differ in words are told apart.</summary>
internal static partial class OperationsPage
{
    /// <summary>How an operator is called on the page, by its symbol and the number of its operands.</summary>
    private static readonly Dictionary<(string Symbol, int Operands), string> Operators = new() { [("-", 1)] = "- (sign)" };

    /// <summary>The name of an operator's method, by that on the page.</summary>
    public static Dictionary<string, string> Symbols { get; } = new()
    {
        ["Addition"] = "+", ["Subtraction"] = "-", ["Multiply"] = "*", ["Division"] = "/", ["UnaryNegation"] = "- (sign)", ["GreaterThan"] = ">", ["LessThan"] = "<", ["GreaterThanOrEqual"] = ">=",
        ["LessThanOrEqual"] = "<=", ["BitwiseAnd"] = "&", ["BitwiseOr"] = "|", ["ExclusiveOr"] = "^", ["LogicalNot"] = "!", ["Item"] = "[ ]",
    };

    /// <summary>One declaration of an operation: its type, its name on the page, its parameters, and what its comment says.</summary>
    private sealed record Overload(string File, string Name, string Parameters, string Names, string Summary, string Remarks);

    public static string Write()
    {
        var text = new StringBuilder("# Operations\n\nAll operations, by family: what each takes and does, its derivative, what holds at kinks and edges, and what other libraries call it: search this page for the name you know. The [conventions](conventions.md) say why.\n"
            + "`torch.` is PyTorch, `F.` torch.nn.functional, `np.` NumPy and jax.numpy, `lax.` and `jax.` JAX, `scipy.` SciPy and jax.scipy; a leading dot is a method of PyTorch's tensor.\n"
            + "Operations of other types than tensors stand with their type. This page is made from the comments in the source.\n");
        string source = Path.Combine(Documents.Root, "src", "AutoDiff");
        Overload[] all =
        [
            .. Directory.GetFiles(Path.Combine(source, "Operations"), "*.cs").Order(StringComparer.Ordinal)
                .Append(Path.Combine(source, "Tensors", "Tensor.cs")).Append(Path.Combine(source, "Tensors", "Tensor.Doubles.cs")).SelectMany(Overloads),
        ];
        foreach (IGrouping<string, Overload[]> family in all.GroupBy(overload => overload.Name).Select(group => group.ToArray()).GroupBy(group => group[0].File).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(Family(family.Key)).Append("\n\n| operation | takes | what it does | edges | elsewhere |\n|---|---|---|---|---|\n");
            foreach (Overload[] operation in family.OrderBy(group => group[0].Name, StringComparer.Ordinal))
            {
                text.Append($"| {Cell(operation[0].Name)} | {Taken(operation)} | {Words(operation, overload => overload.Summary)} | {Words(operation, overload => overload.Remarks)} | {OtherNames.Cell(operation[0].Name)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A name as the first cell of its row.</summary>
    public static string Cell(string name) => $"`{name.Replace("|", "\\|", StringComparison.Ordinal)}`";

    /// <summary>The names of the parameters, with what they are unless given: a line for each overload that has others.</summary>
    private static string Taken(Overload[] operation) => string.Join("<br>", operation.Select(overload => overload.Names).Where(names => names.Length > 0).Distinct().Select(names => $"`{names}`"));

    /// <summary>The words of all overloads: of those that differ in their parameters and in their words, each behind its parameters.</summary>
    private static string Words(Overload[] operation, Func<Overload, string> words)
    {
        IGrouping<string, Overload>[] groups = [.. operation.GroupBy(words).Where(group => group.Key.Length > 0)];
        bool alike = operation.All(overload => overload.Parameters == operation[0].Parameters) || (groups.Length == 1 && groups[0].Count() == operation.Length);
        return string.Join("<br>", groups.Select(group => alike ? group.Key : $"`{group.First().Parameters}`: {group.Key}"));
    }

    private static IEnumerable<Overload> Overloads(string path)
    {
        string file = Path.GetFileNameWithoutExtension(path);
        foreach (BaseTypeDeclarationSyntax type in CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>().Where(type => IsPublic(type)))
        {
            string prefix = type.Identifier.Text == "Tensor" ? "" : type.Identifier.Text + ".";
            foreach (MemberDeclarationSyntax member in ((TypeDeclarationSyntax)type).Members.Where(IsPublic))
            {
                (string? name, BaseParameterListSyntax? parameters) = member switch
                {
                    MethodDeclarationSyntax method when !method.Modifiers.Any(SyntaxKind.OverrideKeyword) => (method.Identifier.Text, (BaseParameterListSyntax)method.ParameterList),
                    OperatorDeclarationSyntax op => (Operators.GetValueOrDefault((op.OperatorToken.Text, op.ParameterList.Parameters.Count), op.OperatorToken.Text), op.ParameterList),
                    IndexerDeclarationSyntax indexer => ("[ ]", indexer.ParameterList),
                    _ => (null, null),
                };
                if (name is not null)
                {
                    XElement comment = Comments.InSource(member);
                    SeparatedSyntaxList<ParameterSyntax> taken = parameters!.Parameters;
                    yield return new Overload(file, prefix + name, "(" + string.Join(", ", taken.Select(parameter => $"{parameter.Type} {parameter.Identifier}")) + ")",
                        member is OperatorDeclarationSyntax ? "" : string.Join(", ", taken.Select(parameter => $"{parameter.Identifier}{(parameter.Default is { } value ? $" {value}" : "")}")),
                        Comments.Text(comment.Element("summary")), Comments.Text(comment.Element("remarks")));
                }
            }
        }
    }

    private static bool IsPublic(MemberDeclarationSyntax member) => member.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static string Family(string file) => file == "Tensor" ? "Making tensors" : WordBreaks().Replace(file.Replace(".", ": ", StringComparison.Ordinal), " ").Trim() is var words ? words[..1] + words[1..].ToLowerInvariant() : file;

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordBreaks();
}
