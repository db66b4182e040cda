using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AutoDiff.Tests.Docs;

/// <summary>
/// The pages that are made from the XML comments: docs/operations.md, one table of all operations, and docs/api.md, the reference of the public types. A page that does not say what the comments say
/// fails; running the tests with AUTODIFF_WRITE_DOCS=1 writes them anew.
/// </summary>
public partial class GeneratedPagesTests
{
    private static readonly XElement[] Members = [.. Comments.Of("AutoDiff").Values];

    [Fact]
    public void The_table_of_operations_says_what_the_comments_say() => Check("docs/operations.md", OperationsPage());

    [Fact]
    public void The_reference_says_what_the_comments_say() => Check("docs/api.md", ReferencePage.Write());

    [Fact]
    public void The_reference_has_the_members_of_both_packages()
    {
        string page = ReferencePage.Write();
        page.Should().Contain("- `Tensor<T> Sum(params ReadOnlySpan<int> axes)`: ").And.Contain("- `int Memory { get; init; }`: ").And.Contain("- `Zeros = 0`: ")
            .And.Contain("\n`delegate Tensor<T> CustomJvp<T>(").And.Contain("\n`sealed class Adam<T> : GradientOptimizer<T>`\n").And.NotContain("`: \n", "every member has a summary");
    }

    [Fact]
    public void Every_operation_is_in_the_table()
    {
        string page = OperationsPage();
        foreach (string operation in Operations.OperationTable<double>.Rows.Values.Select(row => row.Operation).Distinct())
        {
            page.Should().Contain($"| `{Symbols.GetValueOrDefault(operation, operation).Replace("|", "\\|", StringComparison.Ordinal)}` |", "{0} is an operation", operation);
        }
    }

    private static void Check(string page, string expected)
    {
        string path = Path.Combine(Documents.Root, page);
        if (Environment.GetEnvironmentVariable("AUTODIFF_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.Exists(path).Should().BeTrue("{0} is made from the XML comments; run the tests with AUTODIFF_WRITE_DOCS=1 to write it", page);
        (File.ReadAllText(path).ReplaceLineEndings("\n") == expected).Should().BeTrue("{0} must say what the XML comments say; run the tests with AUTODIFF_WRITE_DOCS=1 to write it anew", page);
    }

    /// <summary>One row for each operation, by the file that declares it: name, what it does (with its derivative), conventions.</summary>
    private static string OperationsPage()
    {
        var text = new StringBuilder("# Operations\n\nAll operations, by family: what each does, its derivative, and what holds at kinks and edges. The [conventions](conventions.md) say why.\n"
            + "This page is made from the comments in the source.\n");
        foreach (string file in Directory.GetFiles(Path.Combine(Documents.Root, "src", "AutoDiff", "Operations"), "*.cs").Order(StringComparer.Ordinal))
        {
            var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (string name in Declaration().Matches(File.ReadAllText(file)).SelectMany(Names).Distinct())
            {
                XElement[] overloads = [.. Members.Where(member => IsOperation(member.Attribute("name")!.Value, name))];
                if (overloads.Length > 0)
                {
                    string summary = Comments.Text(overloads[0].Element("summary"));
                    string remarks = string.Join(" ", overloads.Select(member => Comments.Text(member.Element("remarks"))).Where(remark => remark.Length > 0).Distinct());
                    rows[Symbols.GetValueOrDefault(name, name)] = $"{summary} | {remarks}";
                }
            }

            if (rows.Count > 0)
            {
                text.Append("\n## ").Append(Family(Path.GetFileNameWithoutExtension(file))).Append("\n\n| operation | what it does | edges |\n|---|---|---|\n");
                foreach ((string name, string row) in rows)
                {
                    text.Append($"| `{name.Replace("|", "\\|", StringComparison.Ordinal)}` | {row} |\n");
                }
            }
        }

        return text.ToString();
    }

    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["Addition"] = "+", ["Subtraction"] = "-", ["Multiply"] = "*", ["Division"] = "/", ["UnaryNegation"] = "- (sign)",
        ["GreaterThan"] = ">", ["LessThan"] = "<", ["GreaterThanOrEqual"] = ">=", ["LessThanOrEqual"] = "<=", ["BitwiseAnd"] = "&", ["BitwiseOr"] = "|", ["ExclusiveOr"] = "^", ["LogicalNot"] = "!", ["Item"] = "[ ]", ["this"] = "[ ]",
    };

    /// <summary>The operations that a declaration in the source stands for: an operator's symbol may be that of two.</summary>
    private static IEnumerable<string> Names(Match declaration) => declaration.Groups["name"].Value is { Length: > 0 } method
        ? [method]
        : Symbols.Where(pair => pair.Value.Split(' ')[0] == declaration.Groups["operator"].Value).Select(pair => pair.Key);

    private static bool IsOperation(string member, string name) =>
        Symbols.ContainsKey(name) && name != "this"
            ? member.StartsWith($"M:AutoDiff.Tensor`1.op_{name}(", StringComparison.Ordinal)
            : name == "this" ? member.StartsWith("P:AutoDiff.Tensor`1.Item(", StringComparison.Ordinal)
            : (member + "(").StartsWith($"M:AutoDiff.Tensor`1.{name}(", StringComparison.Ordinal) || member.StartsWith($"M:AutoDiff.Tensor.{name}``1(", StringComparison.Ordinal) || member.StartsWith($"M:AutoDiff.Loss.{name}``1(", StringComparison.Ordinal)
                || member.StartsWith($"M:AutoDiff.Tensor`1.{name}``", StringComparison.Ordinal);

    private static string Family(string file) => Words().Replace(file.Replace(".", ": ", StringComparison.Ordinal), " ").Trim() is var words ? words[..1] + words[1..].ToLowerInvariant() : file;

    [GeneratedRegex(@"^    public (?:static )?(?:Tensor<T>(?:\[\])?|\([^)]*\)) (?:operator (?<operator>\S+?)\(|(?<name>\w+)(?:<T>)?[\(\[])", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Words();
}
