namespace AutoDiff;

/// <summary>
/// Kernels as they stand in this library, code that needs nothing but itself and the base library: special functions, on doubles, and operations on matrices, on any floating-point type. Generated code gets
/// the classes that it calls, and those that these call, as classes of its own.
/// </summary>
internal static class CSharpSources
{
    /// <summary>The files, which are resources of the assembly under these names.</summary>
    private static readonly string[] Files =
    [
        "AiryFunctions", "AnyOrderBessel", "BesselFunctions", "BetaFunctions", "Dilogarithm", "ElementaryPieces", "EllipticDerivatives", "EllipticIntegrals", "ErrorFunctions", "ExponentialIntegrals",
        "GammaDifferences", "GammaFunctions", "GaussLegendre", "HypergeometricFunctions", "IncompleteBeta", "IncompleteGamma", "InverseSlopes", "ModifiedBessel", "NormalFunctions", "OrthogonalPolynomials",
        "RealOrderBessel", "Series", "SineQuotients", "Taylor", "ZetaFunctions",
        "Batches", "DeterminantOperations", "FactorOperations", "FunctionOperations", "SpectralOperations", "SystemOperations",
        "Bidiagonal", "BidiagonalValues", "Blocked", "BlockedCholesky", "BlockedLu", "BlockedQr", "CholeskyDecomposition", "Cofactors", "ConditionEstimate", "Determinant", "GeneralizedInverse", "Householder",
        "HyperDual", "LuDecomposition", "MatrixExponential", "MatrixSquareRoot", "QrDecomposition", "RangeFreeProduct", "Rows", "Scaling", "SingularValues", "Sylvester", "SymmetricEigen", "TriangularSolve",
        "TridiagonalSolve",
        "MatrixProduct", "MatrixView", "Rotations", "Scratch", "SymmetricPart", "TensorPrimitives", "Threading", "TransposedCopy", "VectorMath",
    ];

    private static readonly Lazy<Dictionary<string, string>> Texts = new(static () => Files.ToDictionary(static file => file, static file => Read(file, isSmall: false)));

    /// <summary>The same without what goes block by block: for matrices that are not large.</summary>
    private static readonly Lazy<Dictionary<string, string>> SmallTexts = new(static () => Files.ToDictionary(static file => file, static file => Read(file, isSmall: true)));

    /// <summary>Whether a name is that of a class.</summary>
    public static bool IsKnown(string name) => Texts.Value.ContainsKey(name) || IsOfTaylor(name) || name is "Triangle";

    private static bool IsOfTaylor(string name) => name is "ITaylor" or "TaylorValue" or "TaylorCubic";

    /// <summary>The namespaces, beside System, that a class uses.</summary>
    public static IEnumerable<string> Namespaces(string text)
    {
        if (text.Contains(" Complex ", StringComparison.Ordinal) || text.Contains("IBinaryFloatingPointIeee754<", StringComparison.Ordinal))
        {
            yield return "System.Numerics";
        }

        if (text.Contains("List<", StringComparison.Ordinal))
        {
            yield return "System.Collections.Generic";
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
    public static IEnumerable<string> UsedBy(IEnumerable<string> texts, bool isSmall)
    {
        Dictionary<string, string> known = (isSmall ? SmallTexts : Texts).Value;
        var used = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(texts);
        while (open.TryPop(out string? text))
        {
            foreach ((string name, int start) in CSharpText.Names(text))
            {
                string file = IsOfTaylor(name) ? "Taylor" : name;
                bool isUse = file == "Taylor" || (start + name.Length < text.Length && text[start + name.Length] is '.' or '<');
                if (isUse && known.TryGetValue(file, out string? more) && used.Add(file))
                {
                    open.Push(more);
                }
            }
        }

        return used.Select(file => known[file]);
    }

    /// <summary>A file without its namespace and its documentation, its types private, as members of a class.</summary>
    private static string Read(string file, bool isSmall)
    {
        using var reader = new StreamReader(typeof(CSharpSources).Assembly.GetManifestResourceStream($"{file}.cs")!);
        string source = reader.ReadToEnd().ReplaceLineEndings("\n");
        IEnumerable<string> kept = Chosen(source.Split('\n'), isSmall).Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)
            && !line.TrimStart().StartsWith("///", StringComparison.Ordinal));
        return string.Join('\n', kept.SkipWhile(static line => line.Length == 0)
            .Select(static line => line.Length == 0 ? "" : "    " + (line.StartsWith("internal ", StringComparison.Ordinal) ? "private " + line["internal ".Length..] : line))).TrimEnd() + "\n";
    }

    /// <summary>The lines that hold, of those between #if !SMALL and #endif.</summary>
    private static IEnumerable<string> Chosen(string[] lines, bool isSmall)
    {
        bool isOfLarge = false;
        foreach (string line in lines)
        {
            if (line.StartsWith('#'))
            {
                isOfLarge = line == "#if !SMALL";
            }
            else if (!(isOfLarge && isSmall))
            {
                yield return line;
            }
        }
    }
}
