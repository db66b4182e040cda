using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace AutoDiff.Tests.Docs;

/// <summary>What an editor shows of a member: one summary, and what a method returns.</summary>
public class CommentsTests
{
    public static TheoryData<string> Assemblies => [.. ReferencePage.Packages.Select(package => package.Assembly)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_member_has_one_summary(string assembly) =>
        Comments.Of(assembly).Where(pair => pair.Value.Elements("summary").Count() > 1).Select(pair => pair.Key).Should().BeEmpty("the second one is shown by nobody");

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_file_that_is_shipped_tells_of_public_members_alone(string assembly)
    {
        HashSet<string> visible = [.. ReferencePage.PublicTypes(assembly).SelectMany(type => type.GetMembers()
            .Where(member => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal).Prepend(type)).Select(symbol => symbol.GetDocumentationCommentId()!)];
        Comments.Of(assembly).Keys.Where(id => !visible.Contains(id)).Should().BeEmpty("nobody who reads them can use the others");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_public_method_says_what_it_returns(string assembly)
    {
        Dictionary<string, XElement> comments = Comments.Of(assembly);
        var silent = new List<string>();
        foreach (Type type in Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")).GetExportedTypes())
        {
            IEnumerable<MethodInfo> methods = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName && method.ReturnType != typeof(void));
            foreach (IGrouping<string, MethodInfo> overloads in methods.GroupBy(method => method.Name))
            {
                string id = $"M:{type.FullName!.Replace('+', '.')}.{overloads.Key}";
                XElement[] said = [.. comments.Where(pair => pair.Key.StartsWith(id, StringComparison.Ordinal) && pair.Key[id.Length..] is "" or ['(' or '`', ..]).Select(pair => pair.Value)];

                // What the compiler makes of a record has no comments, and what is inherited has those of its base.
                if (said.Length > 0 && said.Count(comment => comment.Element("returns") is not null || comment.Element("inheritdoc") is not null) < overloads.Count())
                {
                    silent.Add(id);
                }
            }
        }

        silent.Should().BeEmpty("each says in <returns> what comes back");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_parameter_and_every_result_is_described(string assembly)
    {
        Dictionary<string, XElement> comments = Comments.Of(assembly);
        var silent = new List<string>();
        int described = 0;
        foreach (IMethodSymbol method in ReferencePage.PublicTypes(assembly).SelectMany(type => type.GetMembers().OfType<IMethodSymbol>()))
        {
            // What the compiler makes of a record has no comments, and what is inherited has those of its base.
            if (!comments.TryGetValue(method.GetDocumentationCommentId()!, out XElement? comment) || comment.Element("inheritdoc") is not null)
            {
                continue;
            }

            IEnumerable<(string Part, string Name)> expected = [.. method.Parameters.Select(parameter => ("param", parameter.Name)), .. method.TypeParameters.Select(parameter => ("typeparam", parameter.Name))];
            silent.AddRange(expected.Where(part => !comment.Elements(part.Part).Any(element => element.Attribute("name")!.Value == part.Name && element.Value.Length > 0)).Select(part => $"{method}: {part.Name}"));
            if (!method.ReturnsVoid && comment.Element("returns") is not { IsEmpty: false })
            {
                silent.Add($"{method}: the result");
            }

            described++;
        }

        silent.Should().BeEmpty();
        described.Should().BePositive();
    }

    /// <summary>An exception that was copied from another overload names what this one does not have.</summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_exception_names_parameters_of_its_own_overload(string assembly)
    {
        var strange = new List<string>();
        foreach ((string member, XElement comment) in Comments.Of(assembly).Where(pair => pair.Key.StartsWith("M:", StringComparison.Ordinal) && pair.Value.Element("inheritdoc") is null))
        {
            string[] own = [.. comment.Elements("param").Select(parameter => parameter.Attribute("name")!.Value)];
            strange.AddRange(
                from exception in comment.Elements("exception")
                from name in DocumentedErrors.SaidToBeNull(exception.Value).Concat(DocumentedErrors.Letters(exception.Value))
                where !own.Contains(name)
                select $"{member}: '{exception.Value}' names {name}");
        }

        strange.Should().BeEmpty();
    }

    [Fact]
    public void The_names_in_an_exception_are_found()
    {
        DocumentedErrors.SaidToBeNull("f, the start, or one of its tensors is null; x or v is null, or f gives null.").Should().Equal("f", "x", "v");
        DocumentedErrors.SaidToBeNull("A name or a tensor is null.").Should().BeEmpty();
        DocumentedErrors.Letters("u does not have the shape of f(x), y or an x is not on m·n, its y.").Should().Equal("u", "y");
    }
}
