using System.Reflection;
using System.Xml.Linq;

namespace AutoDiff.Tests.Docs;

/// <summary>
/// The pages that are made from the XML comments: docs/operations.md, one table of all operations, and docs/api.md, the reference of the public types; and llms.txt, made from the pages. One that does not
/// say what its sources say fails; running the tests with AUTODIFF_WRITE_DOCS=1 writes them anew.
/// </summary>
public class GeneratedPagesTests
{
    [Fact]
    public void The_table_of_operations_says_what_the_comments_say() => Check("docs/operations.md", OperationsPage.Write());

    [Fact]
    public void The_reference_says_what_the_comments_say() => Check("docs/api.md", ReferencePage.Write());

    [Fact]
    public void The_list_for_language_models_has_every_page() => Check("docs/llms.txt", LanguageModelsList.Write());

    [Fact]
    public void The_words_of_the_glossary_that_the_site_links_are_those_of_the_page() => Check("docs/site/glossary.js", GlossaryWords.Write());

    [Fact]
    public void The_reference_has_the_members_of_all_packages()
    {
        string page = ReferencePage.Write();
        page.Should().Contain("- `Tensor<T> Sum(params ReadOnlySpan<int> axes)`: ").And.Contain("- `int Memory { get; init; }`: ").And.Contain("- `Zeros = 0`: ")
            .And.Contain("\n`delegate Tensor<T> CustomJvp<T>(").And.Contain("\n`sealed class Adam<T> : GradientOptimizer<T>`\n").And.Contain("\n`sealed class Communicator : IDisposable`\n").And.NotContain("`: \n", "every member has a summary");
    }

    /// <summary>What the types with operations have besides them: making, reading and holding tensors, and keys.</summary>
    private static readonly HashSet<string> NotOperations =
    [
        "Deconstruct", "Equals", "GetHashCode", "ToString", "op_Equality", "op_Inequality", "Dispose", "Detach", "At", "AsIndices", "AsSpan", "ToArray", "ToScalar", "ConvertTo", "CopyTo", "GetEnumerator", "TryFormat",
    ];

    public static TheoryData<Type> TypesWithOperations => [typeof(Tensor<double>), typeof(Tensor), typeof(Loss), typeof(RandomKey)];

    [Theory]
    [MemberData(nameof(TypesWithOperations))]
    public void Every_operation_of_every_type_has_one_row_with_the_words_of_each_overload(Type type)
    {
        // The rows are made from the source; what there should be comes from the assembly, and the words from the file of comments beside it.
        string[] rows = OperationsPage.Write().Split('\n');
        string prefix = type == typeof(Loss) ? "Loss." : type == typeof(RandomKey) ? "RandomKey." : "";
        string id = $"M:AutoDiff.{type.Name}.";
        Dictionary<string, XElement> comments = Comments.Of("AutoDiff");
        int count = 0;
        foreach (string method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.Name.StartsWith("get_", StringComparison.Ordinal) && !method.Name.StartsWith("set_", StringComparison.Ordinal))
            .Select(method => method.Name).Distinct().Where(name => !NotOperations.Contains(name) && !IsFactory(type, name)))
        {
            string name = prefix + OperationsPage.Symbols.GetValueOrDefault(method.StartsWith("op_", StringComparison.Ordinal) ? method[3..] : method, method);
            string row = rows.Should().ContainSingle(row => row.StartsWith($"| {OperationsPage.Cell(name)} |", StringComparison.Ordinal), "{0}.{1} is an operation", type.Name, method).Subject;
            foreach ((string member, XElement comment) in comments.Where(pair => pair.Key.StartsWith(id + method, StringComparison.Ordinal) && pair.Key[(id.Length + method.Length)..] is "" or ['(' or '`', ..]))
            {
                foreach (string words in new[] { "summary", "remarks" }.Select(part => Comments.Text(comment.Element(part))).Where(words => words.Length > 0))
                {
                    row.Should().Contain(words, "{0} says so", member);
                    count++;
                }
            }
        }

        count.Should().BeGreaterThan(10);
    }

    /// <summary>Whether a method of the type without a parameter makes a tensor from numbers.</summary>
    private static bool IsFactory(Type type, string name) => type == typeof(Tensor) && name is "Create" or "Scalar" or "Zeros" or "Ones" or "Full" or "LinearSpace" or "Range" or "Identity";

    /// <summary>People look for an operation by the name that they know: each has its line in OtherNames.txt, empty where nobody else has it.</summary>
    [Fact]
    public void Every_operation_has_its_other_names()
    {
        string[] operations = [.. OperationsPage.Write().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line[3..line.IndexOf("` |", StringComparison.Ordinal)].Replace("\\|", "|", StringComparison.Ordinal)).Distinct()];
        operations.Should().HaveCountGreaterThan(300);
        operations.Except(OtherNames.Of.Keys).Should().BeEmpty("OtherNames.txt has a line for each operation");
        OtherNames.Of.Keys.Except(operations).Should().BeEmpty("OtherNames.txt names operations");
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
}
