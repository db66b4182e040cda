using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <summary>
/// Programs of floats. Code is written for doubles and translated: types, numbers and members of Math become those of floats, so that each operation rounds to float as the generic kernels do. What kernels
/// compute in double for floats too stands between <see cref="Open"/> and <see cref="Close"/>, and stays.
/// </summary>
internal static class CSharpSingle
{
    /// <summary>Where code begins that is in double for floats too.</summary>
    public const char Open = '«';

    /// <summary>Where it ends.</summary>
    public const char Close = '»';

    /// <summary>Code that stays as it is.</summary>
    public static string Kept(string code) => $"{Open}{code}{Close}";

    /// <summary>The parameters of an operation on floats, as those of the operation on doubles.</summary>
    public static object? Widened(object? parameters) => parameters switch
    {
        float x => (double)x,
        Left<float> x => new Left<double>(x.Value),
        LowerBound<float> x => new LowerBound<double>(x.Value),
        UpperBound<float> x => new UpperBound<double>(x.Value),
        (float a, float b) => ((double)a, (double)b),
        (float a, float b, float c) => ((double)a, (double)b, (double)c),
        (int n, float a) => (n, (double)a),
        (int n, float a, int m) => (n, (double)a, m),
        _ => parameters,
    };

    /// <summary>Code for doubles without the marks of what is in double for floats too.</summary>
    public static string Unmarked(string code) => code.Replace($"{Open}", "", StringComparison.Ordinal).Replace($"{Close}", "", StringComparison.Ordinal);

    /// <summary>The code for floats.</summary>
    public static string Translated(string code)
    {
        var text = new StringBuilder(code.Length);
        for (int i = 0, end; i < code.Length; i = end)
        {
            end = i + 1;
            if (code[i] == Open)
            {
                end = code.IndexOf(Close, i) + 1;
                text.Append(code, i + 1, end - i - 2);
            }
            else if (code[i] == '"' || code.AsSpan(i).StartsWith("//", StringComparison.Ordinal))
            {
                end = code[i] == '"' ? code.IndexOf('"', i + 1) + 1 : code.IndexOf('\n', i);
                end = end <= 0 ? code.Length : end;
                text.Append(code, i, end - i);
            }
            else if (char.IsAsciiDigit(code[i]))
            {
                while (end < code.Length && (char.IsLetterOrDigit(code[end]) || (code[end] == '.' && end + 1 < code.Length && char.IsAsciiDigit(code[end + 1])) || (code[end] is '+' or '-' && code[end - 1] is 'e' or 'E')))
                {
                    end++;
                }

                text.Append(Number(code[i..end]));
            }
            else if (char.IsLetter(code[i]) || code[i] == '_')
            {
                while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_'))
                {
                    end++;
                }

                bool isMember = i > 0 && code[i - 1] == '.';
                text.Append(Word(code[i..end], isMember, code.AsSpan(end)));
            }
            else
            {
                text.Append(code[i]);
            }
        }

        return text.ToString();
    }

    /// <summary>A number of a float; integers stay.</summary>
    private static string Number(string literal) => literal[^1] switch
    {
        'f' => literal,
        'L' => literal[..^1],
        _ when literal.AsSpan().IndexOfAny('.', 'e', 'E') < 0 => literal,
        _ => Literal((float)double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture)),
    };

    /// <summary>A float that the compiler reads back.</summary>
    private static string Literal(float value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return float.IsInfinity(value) ? "float.PositiveInfinity" : (text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text) + "f";
    }

    private static string Word(string word, bool isMember, ReadOnlySpan<char> next) => word switch
    {
        "DoubleToInt64Bits" when isMember => "SingleToInt32Bits",
        "Int64BitsToDouble" when isMember => "Int32BitsToSingle",
        "AsVectorDouble" when isMember => "AsVectorSingle",
        "AsVectorInt64" when isMember => "AsVectorInt32",
        _ when isMember => word,
        "double" => "float",
        "long" => "int",

        // These know floats by themselves, and integers.
        "Math" => next.StartsWith(".Max") || next.StartsWith(".Min") || next.StartsWith(".Abs") || next.StartsWith(".Clamp") || next.StartsWith(".Sign") ? word : "MathF",
        _ => word,
    };
}
