using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Docs;

/// <summary>Links between the documents lead somewhere.</summary>
public partial class LinksInDocumentsTests
{
    public static TheoryData<string> AllDocuments => new(Documents.All);

    [Theory]
    [MemberData(nameof(AllDocuments))]
    public void Relative_links_lead_to_files_and_headings(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Documents.Root, document))!;
        string[] lines = Documents.ReadLines(document);
        var broken = new List<string>();
        bool inCode = false;
        for (int i = 0; i < lines.Length; i++)
        {
            inCode ^= lines[i].StartsWith("```", StringComparison.Ordinal);
            if (inCode)
            {
                continue;
            }

            foreach (Match link in Link().Matches(lines[i]))
            {
                string[] target = link.Groups[1].Value.Split('#', 2);
                string path = target[0].Length == 0 ? Path.Combine(Documents.Root, document) : Path.GetFullPath(Path.Combine(folder, target[0]));

                // The results of the gate are a page of the place where the repository is kept.
                bool exists = link.Groups[1].Value.StartsWith("../../actions/", StringComparison.Ordinal) || File.Exists(path) || (Directory.Exists(path) && target.Length == 1);
                if (!exists || (target.Length == 2 && !File.ReadLines(path).Any(line => (line.StartsWith('#') && Anchor(line) == target[1]) || line.Contains($"<a id=\"{target[1]}\">", StringComparison.Ordinal))))
                {
                    broken.Add($"{document}({i + 1}): {link.Groups[1].Value} leads nowhere.");
                }
            }
        }

        broken.Should().BeEmpty();
    }

    /// <summary>A package shows its page without the repository around it.</summary>
    [Fact]
    public void Pages_of_packages_need_no_other_file() =>
        Documents.All.Where(document => document.StartsWith("src/", StringComparison.Ordinal)).Should()
            .Contain(ReferencePage.Packages.Select(package => $"src/{package.Assembly}/README.md"), "each package has its page").And
            .OnlyContain(document => !Documents.ReadLines(document).Any(line => Link().IsMatch(line)));

    [Fact]
    public void Documents_are_found() => Documents.All.Should().Contain(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/index.md"]);

    /// <summary>The anchor that readers of Markdown make of a heading: lower case, no punctuation, hyphens for blanks.</summary>
    private static string Anchor(string heading) => NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:|mailto:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
