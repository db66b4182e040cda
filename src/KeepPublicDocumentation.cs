using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Build.Framework;

/// <summary>Takes out of a file of XML comments what the lists of the public API do not name. The build compiles and runs it: see Directory.Build.targets.</summary>
public class KeepPublicDocumentation : Microsoft.Build.Utilities.Task
{
    private static readonly Regex Modifiers = new Regex(@"^(?:~|static |const |override |virtual |abstract |readonly |sealed )*");
    private static readonly Regex Arity = new Regex(@"`+\d+");

    [Required]
    public string Documentation { get; set; }

    [Required]
    public string[] PublicApi { get; set; }

    public override bool Execute()
    {
        var listed = new HashSet<string>(PublicApi.SelectMany(File.ReadAllLines).Select(Listed));
        XDocument document = XDocument.Load(Documentation, LoadOptions.PreserveWhitespace);
        foreach (XElement member in document.Descendants("member").Where(member => !listed.Contains(Documented(member.Attribute("name").Value))).ToList())
        {
            member.Remove();
        }

        document.Save(Documentation, SaveOptions.DisableFormatting);
        return true;
    }

    /// <summary>A line of a list, such as "static A.B&lt;T&gt;.F(int x) -> void", as a name and the number of its parameters: "A.B.F 1".</summary>
    private static string Listed(string line)
    {
        string text = Modifiers.Replace(line, "").Replace("params ", "");
        int arrow = text.LastIndexOf(" -> ");
        text = arrow < 0 ? text : text.Substring(0, arrow);
        int open = text.IndexOfAny(new[] { '(', '[' });
        string name = WithoutBrackets(open < 0 ? Regex.Replace(text, @"\.(get|set|init)$| = .*$", "") : text.Substring(0, open));
        name = Regex.Replace(name, @"\.(implicit |explicit )?operator .*$", ".op");
        return name + " " + (open < 0 ? 0 : Count(text.Substring(open + 1, text.LastIndexOfAny(new[] { ')', ']' }) - open - 1)));
    }

    /// <summary>An id of the compiler, such as "M:A.B`1.F(System.Int32)", in the same form.</summary>
    private static string Documented(string id)
    {
        int open = id.IndexOf('(');
        string name = Arity.Replace(open < 0 ? id.Substring(2) : id.Substring(2, open - 2), "");
        string type = name.Contains('.') ? name.Substring(0, name.LastIndexOf('.')) : "";
        name = name.EndsWith(".#ctor") ? type + type.Substring(type.LastIndexOf('.')) : id[0] == 'P' && name.EndsWith(".Item") && open > 0 ? type + ".this" : name;
        name = Regex.Replace(name, @"\.op_\w+$", ".op");
        return name + " " + (open < 0 ? 0 : Count(id.Substring(open + 1, id.LastIndexOf(')') - open - 1)));
    }

    /// <summary>A name without the parameters of its types: "A.B" of "A.B&lt;T&gt;".</summary>
    private static string WithoutBrackets(string name) => Regex.Replace(name, "<[^<>]*>", "");

    /// <summary>The number of parameters in a list: commas within brackets belong to types.</summary>
    private static int Count(string parameters)
    {
        int depth = 0;
        return parameters.Length == 0 ? 0 : 1 + parameters.Count(c =>
        {
            depth += "<({[".Contains(c) ? 1 : ">)}]".Contains(c) ? -1 : 0;
            return c == ',' && depth == 0;
        });
    }
}
