namespace AutoDiff.Tests.Docs;

/// <summary>The documents of the repository, by paths relative to its root.</summary>
internal static class Documents
{
    /// <summary>The root of the repository: where the solution is, above the folder that the tests run in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The Markdown files at the root, everything below docs, and the pages of the packages.</summary>
    public static string[] All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)).Concat(Directory.EnumerateFiles(Path.Combine(Root, "src"), "README.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Where(path => !path.Contains("/bin/") && !path.Contains("/obj/")).Order(StringComparer.Ordinal),
    ];

    public static string[] ReadLines(string document) => File.ReadAllLines(Path.Combine(Root, document));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AutoDiff.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("AutoDiff.sln was not found above the tests: run them inside of a checkout.");
    }
}
