using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AutoDiff.Tests.Docs;

/// <summary>Which exceptions the comment of a member tells of.</summary>
internal static partial class DocumentedErrors
{
    private static readonly Dictionary<Assembly, ILookup<string, XElement>> Read = [];

    /// <summary>Whether the comment names the type of an exception, or a base of it. What is inherited has the words of its base.</summary>
    public static bool Tells(MethodBase method, Exception thrown)
    {
        XElement[] comments = Of(method);
        return comments.Length == 0 || comments.Any(comment => comment.Element("inheritdoc") is not null || comment.Elements("exception").Any(exception => Covers(exception.Attribute("cref")!.Value, thrown)));
    }

    /// <summary>What the comment of a member says of one kind of exception; nothing where it may be that of an overload.</summary>
    public static IEnumerable<string> Texts(MethodBase method, Type exception) =>
        Of(method) is [var comment] ? comment.Elements("exception").Where(element => element.Attribute("cref")!.Value == $"T:{exception.FullName}").Select(element => element.Value) : [];

    /// <summary>The names in what an exception's text says is null: "x" and "v" of "x or v is null, or f gives null". What has an article is no name.</summary>
    public static IEnumerable<string> SaidToBeNull(string text) =>
        from Match list in Null().Matches(text)
        from piece in Between().Split(list.Groups[1].Value.Trim())
        where Name().IsMatch(piece)
        select piece;

    /// <summary>Single letters that stand for an argument: not those after an article, and not those in a formula.</summary>
    public static IEnumerable<string> Letters(string text) => Letter().Matches(text).Select(match => match.Value);

    private static bool Covers(string reference, Exception thrown)
    {
        for (Type? type = thrown.GetType(); type is not null && type != typeof(Exception) && type != typeof(SystemException); type = type.BaseType)
        {
            if (reference == $"T:{type.FullName}")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The comments that may be the member's: of its name, and with parameters of the same names.</summary>
    private static XElement[] Of(MethodBase method)
    {
        Type type = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericTypeDefinition() : method.DeclaringType;
        bool isProperty = method.IsSpecialName && method.Name.Split('_')[0] is "get" or "set";
        string name = isProperty ? $"P:{type.FullName}.{method.Name[4..]}" : $"M:{type.FullName}.{method.Name.Replace('.', '#')}";
        string[] parameters = [.. method.GetParameters().Select(parameter => parameter.Name!)];
        return [.. CommentsOf(type.Assembly)[name].Where(comment => isProperty || comment.Element("inheritdoc") is not null || comment.Elements("param").Select(parameter => parameter.Attribute("name")!.Value).SequenceEqual(parameters))];
    }

    private static ILookup<string, XElement> CommentsOf(Assembly assembly)
    {
        lock (Read)
        {
            if (!Read.TryGetValue(assembly, out ILookup<string, XElement>? comments))
            {
                comments = Comments.Of(assembly.GetName().Name!).ToLookup(pair => pair.Key.Split('(')[0].Split("``")[0], pair => pair.Value);
                Read.Add(assembly, comments);
            }

            return comments;
        }
    }

    [GeneratedRegex(@"([^.;]*?) (?:is|are) null")]
    private static partial Regex Null();

    [GeneratedRegex(", or | or |, ")]
    private static partial Regex Between();

    [GeneratedRegex(@"^[a-z]\w*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?<![\w'.·(\[^]|\b(?:a|an|its|the) )[b-z](?=[ ,.])")]
    private static partial Regex Letter();
}
