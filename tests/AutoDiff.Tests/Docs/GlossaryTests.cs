using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Jint;
using Jint.Native;

namespace AutoDiff.Tests.Docs;

/// <summary>The site's reference links the words of the glossary: docfx runs docs/site/ManagedReference.extension.js for every page, and so do these tests.</summary>
public partial class GlossaryTests
{
    private static readonly (string Word, string Anchor, string Meaning)[] Words = [.. GlossaryWords.Read()];

    /// <summary>The script as docfx runs it. A page is a summary at its top, and a member with a parameter and a result.</summary>
    private static readonly Func<string, string[]> Transform = Load();

    [Fact]
    public void Every_row_of_the_glossary_has_an_anchor_of_its_own()
    {
        string[] rows = [.. Documents.ReadLines("docs/glossary.md").Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)];
        string[] anchors = [.. rows.Select(row => Anchor().Match(row)).Where(match => match.Success).Select(match => match.Groups[1].Value)];
        anchors.Should().HaveSameCount(rows).And.OnlyHaveUniqueItems();
        Words.Select(word => word.Word).Should().Contain(["cotangent", "tangent", "tape", "Vjp", "Jvp", "σ(x)", "Φ(x)", "batch axis", "∘"]).And.HaveCountGreaterThan(35);
    }

    [Theory]
    [InlineData("u is a cotangent.", "u is a <cotangent>.")]
    [InlineData("Tapes of two threads; a tape.", "<Tapes> of two threads; a tape.")]
    [InlineData("after optional batch axes", "after optional <batch axes>")]
    [InlineData("by a forward sweep over the recorded backward sweep", "by a <forward sweep> over the recorded <backward sweep>")]
    [InlineData("Φ(x) and σ(-x), but a deviation σ", "<Φ>(x) and <σ>(-x), but a deviation σ")]
    [InlineData("the Hessian, and Hvp, not hvp", "the <Hessian>, and <Hvp>, not hvp")]
    [InlineData("the vector-Jacobian product u^T J, Hessian-vector products", "the <vector-Jacobian product> u^T J, <Hessian-vector products>")]
    [InlineData("tapestry, non-constant, gradient-like", "tapestry, non-constant, gradient-like")]
    [InlineData("The inverse tangent, the hyperbolic tangent; a tangent", "The inverse tangent, the hyperbolic tangent; a <tangent>")]
    [InlineData("<code class=\"csharp\">tape</code> and <a href=\"x\">the tape</a>, the tape", "<code class=\"csharp\">tape</code> and <a href=\"x\">the tape</a>, the <tape>")]
    [InlineData("<span title=\"tape\">x &lt; tape</span>", "<span title=\"tape\">x &lt; <tape></span>")]
    public void Words_become_links(string text, string expected) => Transform(text).Should().AllSatisfy(part => Link().Replace(part, "<$2>").Should().Be(expected));

    /// <summary>The page of the reference in the repository has the links that the site has.</summary>
    [Theory]
    [InlineData("u is a cotangent, and a cotangent", "u is a [cotangent](glossary.md#cotangent), and a cotangent")]
    [InlineData("Tapes of two threads; a tape.", "[Tapes](glossary.md#tape) of two threads; a tape.")]
    [InlineData("after optional batch axes", "after optional [batch axes](glossary.md#batch-axis)")]
    [InlineData("by a forward sweep over the recorded backward sweep", "by a [forward sweep](glossary.md#forward-sweep) over the recorded [backward sweep](glossary.md#backward-sweep)")]
    [InlineData("Φ(x) and σ(-x), but a deviation σ", "[Φ](glossary.md#phi)(x) and [σ](glossary.md#sigma)(-x), but a deviation σ")]
    [InlineData("the Hessian, and Hvp, not hvp", "the [Hessian](glossary.md#hessian), and [Hvp](glossary.md#hvp), not hvp")]
    [InlineData("The inverse tangent, the hyperbolic tangent; a tangent", "The inverse tangent, the hyperbolic tangent; a [tangent](glossary.md#tangent)")]
    [InlineData("tapestry, non-constant, `tape`, gradient-like", "tapestry, non-constant, `tape`, gradient-like")]
    public void Words_become_links_in_Markdown(string text, string expected) => new GlossaryLinks().Link(text).Should().Be(expected);

    [Fact]
    public void Every_type_of_the_reference_links_a_word_once()
    {
        string[] sections = ReferencePage.Write().Split("\n### `");
        int links = 0;
        foreach (string section in sections[1..])
        {
            string[] anchors = [.. MarkdownLink().Matches(section).Select(match => match.Groups[1].Value)];
            anchors.Should().OnlyHaveUniqueItems();
            links += anchors.Length;
            if (section.Contains("otangent", StringComparison.Ordinal) && Regex.IsMatch(Regex.Replace(section, "`[^`]*`", ""), @"(?<![\w-])[Cc]otangent"))
            {
                anchors.Should().Contain("cotangent");
            }
        }

        links.Should().BeGreaterThan(200);
    }

    [Fact]
    public void A_link_leads_to_the_word_and_says_what_it_means()
    {
        (_, string anchor, string meaning) = Words.Single(word => word.Word == "cotangent");
        Transform("a cotangent")[0].Should().Be($"a <a class=\"glossary\" href=\"../glossary.html#{anchor}\" title=\"{WebUtility.HtmlEncode(meaning)}\">cotangent</a>");
    }

    [Fact]
    public void Every_comment_that_has_a_word_of_the_glossary_links_it()
    {
        string[] texts =
        [
            .. ReferencePage.Packages.SelectMany(package => Comments.Of(package.Assembly).Values).SelectMany(comment => comment.Elements().Where(part => part.Name.LocalName is "summary" or "remarks" or "param" or "returns" or "exception"))
                .Select(part => WebUtility.HtmlEncode(part.Value)).Where(text => text.Length > 0).Distinct(),
        ];
        texts.Should().HaveCountGreaterThan(3000);
        int linked = 0;
        foreach (string word in new[] { "cotangent", "tangent", "tape", "Jacobian", "Hessian", "kink" })
        {
            foreach (string text in texts.Where(text => Regex.IsMatch(text, $@"(?<![\w-])(?<!(inverse|hyperbolic|trigonometric) ){word}(?![\w-])")))
            {
                string[] parts = Transform(text);
                parts.Should().AllSatisfy(part => part.Should().Contain($"glossary.html#{Words.Single(entry => entry.Word == word).Anchor}\""), "{0} has the word {1}", text, word);
                Link().Replace(parts[0], "$2").Should().Be(text, "nothing else changes");
                linked++;
            }
        }

        linked.Should().BeGreaterThan(200);
    }

    private static Func<string, string[]> Load()
    {
        var engine = new Engine();
        string folder = Path.Combine(Documents.Root, "docs", "site");
        JsValue module(string file) => engine.Evaluate($"(function (exports) {{ {File.ReadAllText(Path.Combine(folder, file))}\nreturn exports; }})({{}})");
        engine.SetValue("require", (string file) => module(file));
        engine.SetValue("extension", module("ManagedReference.extension.js"));
        engine.Execute("""
            function run(text) {
              var page = { _rel: '../', summary: text, name: text, children: [{ remarks: text, syntax: { content: text, parameters: [{ id: text, description: text }], return: { description: text } }, exceptions: [{ description: text }] }] };
              page = extension.postTransform(extension.preTransform(page));
              var member = page.children[0];
              if (page.name !== text || member.syntax.content !== text || member.syntax.parameters[0].id !== text) throw 'a name was changed';
              return [page.summary, member.remarks, member.syntax.parameters[0].description, member.syntax['return'].description, member.exceptions[0].description];
            }
            """);
        return text => [.. engine.Invoke("run", text).AsArray().Select(part => part.AsString())];
    }

    [GeneratedRegex(@"\]\(glossary\.md#([a-z-]+)\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex("^\\| <a id=\"([a-z-]+)\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("<a class=\"glossary\" href=\"\\.\\./glossary\\.html#([a-z-]+)\" title=\"[^\"]*\">([^<]*)</a>")]
    private static partial Regex Link();
}
