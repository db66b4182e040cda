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
    private static readonly XElement[] Members = [.. XDocument.Load(Path.Combine(AppContext.BaseDirectory, "AutoDiff.xml")).Descendants("member")];

    [Fact]
    public void The_table_of_operations_says_what_the_comments_say() => Check("docs/operations.md", OperationsPage());

    [Fact]
    public void The_reference_says_what_the_comments_say() => Check("docs/api.md", ReferencePage());

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
                    string summary = Text(overloads[0].Element("summary"));
                    string remarks = string.Join(" ", overloads.Select(member => Text(member.Element("remarks"))).Where(remark => remark.Length > 0).Distinct());
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

    /// <summary>Every public type with its members, in the words of the comments.</summary>
    private static string ReferencePage()
    {
        var text = new StringBuilder("# Reference\n\nThe public types and their members. Operations on tensors have a [table of their own](operations.md). This page is made from the comments in the source.\n");
        foreach (XElement type in Members.Where(member => IsPublic(member.Attribute("name")!.Value)).OrderBy(member => member.Attribute("name")!.Value, StringComparer.Ordinal))
        {
            string id = type.Attribute("name")!.Value[2..];
            text.Append("\n## ").Append(Readable(id["AutoDiff.".Length..])).Append("\n\n").Append(Text(type.Element("summary"))).Append("\n\n");
            IEnumerable<XElement> members = Members.Where(member => member.Attribute("name")!.Value is var name && name[2..].StartsWith(id + ".", StringComparison.Ordinal) && name[0] != 'T' && IsDeclared(type, name));
            foreach (XElement member in members.OrderBy(member => member.Attribute("name")!.Value, StringComparer.Ordinal))
            {
                string name = member.Attribute("name")!.Value[(2 + id.Length + 1)..];
                text.Append("- `").Append(Readable(name)).Append("`: ").Append(Text(member.Element("summary"))).Append('\n');
            }
        }

        return text.ToString();
    }

    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["Addition"] = "+", ["Subtraction"] = "-", ["Multiply"] = "*", ["Division"] = "/", ["UnaryNegation"] = "- (sign)",
        ["GreaterThan"] = ">", ["LessThan"] = "<", ["GreaterThanOrEqual"] = ">=", ["LessThanOrEqual"] = "<=", ["BitwiseAnd"] = "&", ["BitwiseOr"] = "|", ["ExclusiveOr"] = "^", ["LogicalNot"] = "!", ["Item"] = "[ ]", ["this"] = "[ ]",
    };

    private static readonly HashSet<string> PublicNames =
        [.. typeof(Tape<>).Assembly.GetExportedTypes().Select(type => "T:" + type.FullName!.Replace('+', '.'))];

    /// <summary>The operations that a declaration in the source stands for: an operator's symbol may be that of two.</summary>
    private static IEnumerable<string> Names(Match declaration) => declaration.Groups["name"].Value is { Length: > 0 } method
        ? [method]
        : Symbols.Where(pair => pair.Value.Split(' ')[0] == declaration.Groups["operator"].Value).Select(pair => pair.Key);

    private static bool IsPublic(string name) => PublicNames.Contains(name);

    /// <summary>Whether a member is public: the comments hold the internal ones too. Operations have their own page.</summary>
    private static bool IsDeclared(XElement type, string name)
    {
        string typeName = type.Attribute("name")!.Value[2..];
        Type? declared = typeof(Tape<>).Assembly.GetType(typeName) ?? typeof(Tape<>).Assembly.GetExportedTypes().FirstOrDefault(candidate => candidate.FullName!.Replace('+', '.') == typeName);
        string member = name[(2 + typeName.Length + 1)..].Split('(')[0].Split("``")[0];
        if (declared is null || member.Contains('.', StringComparison.Ordinal) || (typeName is "AutoDiff.Tensor`1" or "AutoDiff.Tensor" or "AutoDiff.Loss" && Operations.OperationTable<double>.Rows.Values.Any(row => row.Operation == member || "op_" + row.Operation == member)))
        {
            return false;
        }

        return member == "#ctor" ? declared.GetConstructors().Length > 0 : declared.GetMember(member).Length > 0;
    }

    private static bool IsOperation(string member, string name) =>
        Symbols.ContainsKey(name) && name != "this"
            ? member.StartsWith($"M:AutoDiff.Tensor`1.op_{name}(", StringComparison.Ordinal)
            : name == "this" ? member.StartsWith("P:AutoDiff.Tensor`1.Item(", StringComparison.Ordinal)
            : (member + "(").StartsWith($"M:AutoDiff.Tensor`1.{name}(", StringComparison.Ordinal) || member.StartsWith($"M:AutoDiff.Tensor.{name}``1(", StringComparison.Ordinal) || member.StartsWith($"M:AutoDiff.Loss.{name}``1(", StringComparison.Ordinal)
                || member.StartsWith($"M:AutoDiff.Tensor`1.{name}``", StringComparison.Ordinal);

    private static string Family(string file) => Words().Replace(file.Replace(".", ": ", StringComparison.Ordinal), " ").Trim() is var words ? words[..1] + words[1..].ToLowerInvariant() : file;

    /// <summary>A name of the comments as it is written in code.</summary>
    private static string Readable(string name)
    {
        string plain = name.Split('(')[0].Replace("#ctor", "constructor", StringComparison.Ordinal);
        return Arity().Replace(plain, "<T>");
    }

    /// <summary>The words of a comment on one line, with references as their names.</summary>
    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (XNode node in element.DescendantNodes())
        {
            if (node is XText words && words.Parent!.Name.LocalName is not "c")
            {
                text.Append(words.Value);
            }
            else if (node is XElement { Name.LocalName: "c" } code)
            {
                text.Append('`').Append(code.Value).Append('`');
            }
            else if (node is XElement reference && (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword")) is { } target)
            {
                string name = target.Value.Split('(')[0];
                text.Append('`').Append(Arity().Replace(name[(name.LastIndexOf('.') + 1)..], "")).Append('`');
            }
        }

        return Spaces().Replace(text.ToString(), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^    public (?:static )?(?:Tensor<T>(?:\[\])?|\([^)]*\)) (?:operator (?<operator>\S+?)\(|(?<name>\w+)(?:<T>)?[\(\[])", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Words();

    [GeneratedRegex(@"``?\d+")]
    private static partial Regex Arity();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
