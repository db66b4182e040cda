using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Docs;

/// <summary>docs/site/glossary.js: the words of docs/glossary.md with their meaning, for the site, whose reference links them.</summary>
internal static partial class GlossaryWords
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Each word with its anchor and its meaning. Symbols that are written around others stay on the page alone.</summary>
    public static IEnumerable<(string Word, string Anchor, string Meaning)> Read() =>
        from line in Documents.ReadLines("docs/glossary.md")
        select Row().Match(line) into row
        where row.Success
        from word in row.Groups["words"].Value.Split(", ")
        where Linked().IsMatch(word)
        select (word, row.Groups["anchor"].Value, Plain(row.Groups["meaning"].Value));

    public static string Write()
    {
        var script = new StringBuilder("// Made from docs/glossary.md by the tests.\nexports.words = {\n");
        foreach ((string word, string anchor, string meaning) in Read())
        {
            script.Append($"  {Quoted(word)}: {{ anchor: {Quoted(anchor)}, text: {Quoted(meaning)} }},\n");
        }

        return script.Append("};\n").ToString();
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);

    private static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal).Replace("\\|", "|", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| <a id=""(?<anchor>[a-z-]+)""></a>\*\*(?<words>.+?)\*\* \| (?<meaning>.+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^(\p{L}[\p{L}-]* ?)+(\(x\))?$|^∘$")]
    private static partial Regex Linked();
}
