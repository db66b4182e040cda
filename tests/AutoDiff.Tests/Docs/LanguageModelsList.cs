using System.Text;
using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Docs;

/// <summary>llms.txt (llmstxt.org): what the library is, and every page of the documentation with its first sentences, for language models that look something up.</summary>
internal static partial class LanguageModelsList
{
    public static string Write()
    {
        string readme = File.ReadAllText(Path.Combine(Documents.Root, "README.md")).ReplaceLineEndings("\n");
        var text = new StringBuilder();
        text.Append($"# AutoDiff\n\n> {Opening(readme)}\n\n");
        text.Append("Install it with `dotnet add package AutoDiff.Tensors`; the namespace is `AutoDiff`. The code in all pages is compiled and run by the tests, so it can be copied as it stands. A program that shows the core:\n\n");
        text.Append(readme[readme.IndexOf("```csharp", StringComparison.Ordinal)..(readme.IndexOf("\n```\n", readme.IndexOf("```csharp", StringComparison.Ordinal), StringComparison.Ordinal) + 5)]);
        text.Append("\n## Pages\n\n");
        foreach (string document in Documents.All.Where(document => Page().IsMatch(document)))
        {
            string page = File.ReadAllText(Path.Combine(Documents.Root, document)).ReplaceLineEndings("\n");
            text.Append($"- [{page[2..page.IndexOf('\n', StringComparison.Ordinal)]}]({document["docs/".Length..]}): {Opening(page)}\n");
        }

        return text.ToString();
    }

    /// <summary>The first paragraph of a page that is prose, on one line and without links.</summary>
    private static string Opening(string page) =>
        Link().Replace(page.Split("\n\n").Skip(1).First(paragraph => char.IsLetter(paragraph[0]) || paragraph[0] == '`').Replace('\n', ' ').Trim(), "$1");

    [GeneratedRegex(@"^docs/[a-z-]+\.md$")]
    private static partial Regex Page();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
