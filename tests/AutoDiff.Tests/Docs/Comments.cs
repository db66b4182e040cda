using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoDiff.Tests.Docs;

/// <summary>The XML comments of the libraries, as the compiler wrote them, and their words in Markdown.</summary>
internal static partial class Comments
{
    /// <summary>What is said of each member of an assembly, by its documentation id, such as "P:AutoDiff.Tensor`1.Rank".</summary>
    public static Dictionary<string, XElement> Of(string assembly) =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>What is said of a member where it is declared.</summary>
    public static XElement InSource(SyntaxNode member) => XElement.Parse(
        $"<member>{Slashes().Replace(string.Concat(member.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)).Select(trivia => trivia.ToFullString())), "")}</member>",
        LoadOptions.PreserveWhitespace);

    /// <summary>The words of a comment on one line, with references as their names.</summary>
    public static string Text(XElement? element)
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
            else if (node is XElement { Name.LocalName: "para" })
            {
                text.Append(' ');
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

    [GeneratedRegex(@"^\s*///", RegexOptions.Multiline)]
    private static partial Regex Slashes();

    [GeneratedRegex(@"``?\d+|\{[^}]*\}")]
    private static partial Regex Arity();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
