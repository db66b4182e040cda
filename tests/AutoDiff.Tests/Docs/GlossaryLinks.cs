using System.Text.RegularExpressions;

namespace AutoDiff.Tests.Docs;

/// <summary>Links the words of the glossary in a text of Markdown, as docs/site/ManagedReference.extension.js does for the site: each where it comes first, and none in code.</summary>
internal sealed partial class GlossaryLinks
{
    private const string Letter = @"A-Za-z0-9\u0370-\u03ff";

    /// <summary>"sweep" is found in "Sweeps" as well, "batch axis" in "batch axes"; abbreviations and symbols are found as they are written, "σ(x)" wherever σ is applied to something.</summary>
    private static readonly (Regex Form, string Source, string Anchor)[] Words = [.. GlossaryWords.Read().Select(Pattern).OrderByDescending(static word => word.Source.Length)];

    /// <summary>The tangent of an angle is another one.</summary>
    private static readonly Regex Any = new($"(?<![{Letter}-])(?<!(?:inverse|hyperbolic|trigonometric) )(?:{string.Join('|', Words.Select(static word => word.Source))})(?![{Letter}-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly HashSet<string> seen = [];

    /// <summary>A text with links where no text before it had them.</summary>
    public string Link(string text) => string.Concat(Code().Split(text).Select(part => part.StartsWith('`') ? part : Any.Replace(part, LinkOf)));

    private string LinkOf(Match found) => Array.Find(Words, word => word.Form.IsMatch(found.Value)) is { Anchor: { } anchor } && seen.Add(anchor) ? $"[{found.Value}](glossary.md#{anchor})" : found.Value;

    private static (Regex Form, string Source, string Anchor) Pattern((string Word, string Anchor, string Meaning) entry)
    {
        bool isPlain = char.IsAsciiLetterLower(entry.Word[0]);
        bool isApplied = entry.Word.EndsWith("(x)", StringComparison.Ordinal);
        string source = isPlain ? Plural().Replace(End().Replace(entry.Word, "(?:is|es)"), "$1s?") : char.IsAsciiLetterUpper(entry.Word[0]) ? entry.Word + "s?" : isApplied ? entry.Word[..^3] : entry.Word;
        return (new Regex($"^{source}$", isPlain ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.None), source + (isApplied ? @"(?=\()" : ""), entry.Anchor);
    }

    [GeneratedRegex("(`[^`]*`)")]
    private static partial Regex Code();

    [GeneratedRegex("is$")]
    private static partial Regex End();

    [GeneratedRegex("([^s)])$")]
    private static partial Regex Plural();
}
