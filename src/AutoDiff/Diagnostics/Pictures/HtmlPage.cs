using System.Text;

namespace AutoDiff;

/// <summary>The pages that reports are written as: HTML that is part of the assembly, with marks in the places of what is told.</summary>
internal static class HtmlPage
{
    /// <summary>Fills in the marks, which stand in the page in this order. Each is looked for once, behind the one before, so that no name can pass for a mark.</summary>
    public static string Fill(string name, ReadOnlySpan<(string Mark, string Content)> marks)
    {
        using Stream stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        string page = reader.ReadToEnd();
        var text = new StringBuilder();
        int done = 0;
        foreach ((string mark, string content) in marks)
        {
            int at = page.IndexOf(mark, done, StringComparison.Ordinal);
            text.Append(page, done, at - done).Append(content);
            done = at + mark.Length;
        }

        return text.Append(page, done, page.Length - done).ToString();
    }

    /// <summary>Amounts and what they are of, for the head of a page.</summary>
    public static string Facts(IEnumerable<(string Amount, string Of)> facts) => string.Concat(facts.Select(fact => $"<span><b>{fact.Amount}</b> {fact.Of}</span>"));
}
