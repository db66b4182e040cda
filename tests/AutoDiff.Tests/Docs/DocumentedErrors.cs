using System.Reflection;
using System.Xml.Linq;

namespace AutoDiff.Tests.Docs;

/// <summary>Which exceptions the comment of a member tells of.</summary>
internal static class DocumentedErrors
{
    private static readonly Dictionary<Assembly, ILookup<string, XElement>> Read = [];

    /// <summary>Whether the comment names the type of an exception, or a base of it. What is inherited has the words of its base.</summary>
    public static bool Tells(MethodBase method, Exception thrown)
    {
        XElement[] comments = Of(method);
        return comments.Length == 0 || comments.Any(comment => comment.Element("inheritdoc") is not null || comment.Elements("exception").Any(exception => Covers(exception.Attribute("cref")!.Value, thrown)));
    }

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
}
