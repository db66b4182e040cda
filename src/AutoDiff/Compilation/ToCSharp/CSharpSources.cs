namespace AutoDiff;

/// <summary>
/// Kernels of special functions as they stand in this library, code on doubles that needs nothing but itself and System.Math. Generated code gets the classes that it calls, and those that these call, as
/// classes of its own.
/// </summary>
internal static class CSharpSources
{
    /// <summary>The files, which are resources of the assembly under these names.</summary>
    private static readonly string[] Files =
    [
        "AiryFunctions", "AnyOrderBessel", "BesselFunctions", "BetaFunctions", "Dilogarithm", "ElementaryPieces", "EllipticDerivatives", "EllipticIntegrals", "ErrorFunctions", "ExponentialIntegrals",
        "GammaDifferences", "GammaFunctions", "GaussLegendre", "HypergeometricFunctions", "IncompleteBeta", "IncompleteGamma", "InverseSlopes", "ModifiedBessel", "NormalFunctions", "OrthogonalPolynomials",
        "RealOrderBessel", "Series", "SineQuotients", "Taylor", "ZetaFunctions",
    ];

    private static readonly Lazy<Dictionary<string, string>> Texts = new(static () => Files.ToDictionary(static file => file, Read));

    /// <summary>Whether a name is that of a class.</summary>
    public static bool IsKnown(string name) => Texts.Value.ContainsKey(name) || IsOfTaylor(name);

    private static bool IsOfTaylor(string name) => name is "ITaylor" or "TaylorValue" or "TaylorCubic";

    /// <summary>The namespaces, beside System, that a class uses.</summary>
    public static IEnumerable<string> Namespaces(string text)
    {
        if (text.Contains(" Complex ", StringComparison.Ordinal) || text.Contains("IBinaryFloatingPointIeee754<", StringComparison.Ordinal))
        {
            yield return "System.Numerics";
        }

        if (text.Contains("MethodImpl", StringComparison.Ordinal) || text.Contains("Unsafe.", StringComparison.Ordinal))
        {
            yield return "System.Runtime.CompilerServices";
        }

        if (text.Contains("MemoryMarshal", StringComparison.Ordinal))
        {
            yield return "System.Runtime.InteropServices";
        }
    }

    /// <summary>The classes that a text calls, in alphabetical order.</summary>
    public static IEnumerable<string> UsedBy(IEnumerable<string> texts)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(texts);
        while (open.TryPop(out string? text))
        {
            foreach ((string name, int start) in CSharpText.Names(text))
            {
                string file = IsOfTaylor(name) ? "Taylor" : name;
                bool isUse = file == "Taylor" || (start + name.Length < text.Length && text[start + name.Length] is '.' or '<');
                if (isUse && Texts.Value.TryGetValue(file, out string? more) && used.Add(file))
                {
                    open.Push(more);
                }
            }
        }

        return used.Select(static file => Texts.Value[file]);
    }

    /// <summary>A file without its namespace and its documentation, its types private, as members of a class.</summary>
    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(CSharpSources).Assembly.GetManifestResourceStream($"{file}.cs")!);
        string source = reader.ReadToEnd().ReplaceLineEndings("\n");
        string[] lines = source.Split('\n');
        IEnumerable<string> kept = lines.Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)
            && !line.TrimStart().StartsWith("///", StringComparison.Ordinal));
        return string.Join('\n', kept.SkipWhile(static line => line.Length == 0)
            .Select(static line => line.Length == 0 ? "" : "    " + (line.StartsWith("internal ", StringComparison.Ordinal) ? "private " + line["internal ".Length..] : line))).TrimEnd() + "\n";
    }
}
