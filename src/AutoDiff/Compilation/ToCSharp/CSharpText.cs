using System.Globalization;

namespace AutoDiff;

/// <summary>Numbers as C# writes them.</summary>
internal static class CSharpText
{
    /// <summary>A number whose bits the compiler reads back.</summary>
    public static string Literal(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(double.NaN) ? "double.NaN"
                : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
                : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
                : string.Create(CultureInfo.InvariantCulture, $"BitConverter.Int64BitsToDouble({BitConverter.DoubleToInt64Bits(value)}L)");
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) || text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>Whether an expression is a number as it stands, and whether that is 0.</summary>
    public static bool IsLiteral(string expression, out bool isZero)
    {
        bool isNumber = double.TryParse(expression, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        isZero = value == 0.0;
        return isNumber;
    }

    /// <summary>A class cannot have the name of one of its members.</summary>
    public static ArgumentException WrongName(string className) => Errors.Argument(nameof(CompiledFunction<>.ToCSharp), nameof(className), $"the class is to be called '{className}'",
        "the name of a class, other than those of its methods", "choose another name");

    /// <summary>An integer.</summary>
    public static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names and words in a text, and where they are; not those of members, behind a point.</summary>
    public static IEnumerable<(string Name, int Start)> Names(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_'))
            {
                i++;
            }

            if (i > start && (start == 0 || text[start - 1] != '.'))
            {
                yield return (text[start..i], start);
            }
        }
    }

    /// <summary>Whether a text can be the name of a class, a parameter or a variable.</summary>
    public static bool IsIdentifier(string? text)
    {
        if (string.IsNullOrEmpty(text) || !(char.IsLetter(text[0]) || text[0] == '_'))
        {
            return false;
        }

        return text.All(static c => char.IsLetterOrDigit(c) || c == '_') && !Keywords.Contains(text);
    }

    /// <summary>Whether a name is that of a variable or a table of generated code.</summary>
    public static bool IsNumbered(string name) => IsNumbered(name, "t") || IsNumbered(name, "e") || IsNumbered(name, "Part") || CSharpProgram.IsTable(name) || CSharpProgram.IsTableOfNumbers(name);

    /// <summary>Whether a name is a prefix and a number.</summary>
    public static bool IsNumbered(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) && name.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>The words that C# keeps for itself (C# language specification, 6.4.4).</summary>
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event",
        "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct",
        "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];
}
