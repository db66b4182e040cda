using System.Globalization;

namespace AutoDiff;

/// <summary>The header of an .npy array: a Python dictionary with the keys descr, fortran_order and shape.</summary>
internal sealed class NumpyHeader
{
    private readonly string text;
    private int position;

    private NumpyHeader(string text) => this.text = text;

    /// <summary>The type as the header writes it, such as "&lt;f4", or the list of a structured one.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The type, or null where the library does not read it.</summary>
    public StoredType? Type { get; private set; }

    public bool BigEndian { get; private set; }

    public bool FortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    /// <summary>The header that NumPy writes: padded so that the elements begin at a multiple of 64, with room for the first extent to grow to 21 digits.</summary>
    public static string Format(StoredArray array)
    {
        string type = StoredTypes.ToNumpy(array.Type);
        string[] extents = Array.ConvertAll(array.Shape.ToArray(), extent => extent.ToString(CultureInfo.InvariantCulture));
        string shape = extents.Length == 1 ? $"({extents[0]},)" : $"({string.Join(", ", extents)})";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        text += new string(' ', extents.Length == 0 ? 0 : 21 - extents[0].Length);
        int before = 10 + text.Length + 1;
        return text + new string(' ', 63 - ((before - 1) % 64)) + "\n";
    }

    public static NumpyHeader Parse(string text)
    {
        var header = new NumpyHeader(text);
        header.ParseDictionary();
        return header;
    }

    private void ParseDictionary()
    {
        var seen = new HashSet<string>();
        Expect('{');
        while (!Accept('}'))
        {
            string key = ParseString();
            Expect(':');
            switch (key)
            {
                case "descr":
                    ParseType();
                    break;
                case "fortran_order":
                    FortranOrder = ParseBoolean();
                    break;
                case "shape":
                    Shape = ParseTuple();
                    break;
                default:
                    throw Damaged($"an unknown key '{key}'");
            }

            if (!seen.Add(key))
            {
                throw Damaged($"the key '{key}' twice");
            }

            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        SkipSpace();
        if (position < text.Length)
        {
            throw Damaged("something after the dictionary");
        }

        if (seen.Count < 3)
        {
            throw Damaged("not all of the keys descr, fortran_order and shape");
        }
    }

    /// <summary>What is said where the elements are of a type that is not read.</summary>
    public ArrayFileException Unsupported(string what) =>
        Errors.File($"{what} has elements of type '{Code}': {StoredTypes.Describe(Code)}. Booleans, integers, and floating-point numbers of 16, 32 and 64 bits are supported. To fix it, convert it with astype in Python.");

    private void ParseType()
    {
        SkipSpace();
        if (position < text.Length && text[position] == '[')
        {
            Code = ParseList();
            return;
        }

        Code = ParseString();
        if (StoredTypes.OfNumpy(Code) is { } known)
        {
            (Type, BigEndian) = known;
        }
    }

    /// <summary>The list of a structured type, as it stands.</summary>
    private string ParseList()
    {
        int start = position;
        int depth = 0;
        do
        {
            if (position >= text.Length)
            {
                throw Damaged("a list without an end");
            }

            if (text[position] is '\'' or '"')
            {
                ParseString();
                continue;
            }

            depth += text[position] switch { '[' => 1, ']' => -1, _ => 0 };
            position++;
        }
        while (depth > 0);

        return text[start..position];
    }

    private bool ParseBoolean()
    {
        SkipSpace();
        foreach ((string word, bool value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (string.CompareOrdinal(text, position, word, 0, word.Length) == 0)
            {
                position += word.Length;
                return value;
            }
        }

        throw Damaged("neither True nor False");
    }

    private long[] ParseTuple()
    {
        var extents = new List<long>();
        Expect('(');
        while (!Accept(')'))
        {
            SkipSpace();
            int start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            if (!long.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out long extent))
            {
                throw Damaged("an extent that is no length");
            }

            extents.Add(extent);
            if (!Accept(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. extents];
    }

    private string ParseString()
    {
        SkipSpace();
        char quote = position < text.Length ? text[position] : ' ';
        int end = quote is '\'' or '"' ? text.IndexOf(quote, position + 1) : -1;
        if (end < 0)
        {
            throw Damaged("no string where one belongs");
        }

        string value = text[(position + 1)..end];
        position = end + 1;
        return value;
    }

    private void Expect(char expected)
    {
        if (!Accept(expected))
        {
            throw Damaged($"no '{expected}' where one belongs");
        }
    }

    private bool Accept(char expected)
    {
        SkipSpace();
        bool found = position < text.Length && text[position] == expected;
        position += found ? 1 : 0;
        return found;
    }

    private void SkipSpace()
    {
        while (position < text.Length && text[position] is ' ' or '\n' or '\t' or '\r')
        {
            position++;
        }
    }

    private ArrayFileException Damaged(string what) => Errors.File($"The .npy header is damaged: at character {position} it has {what}.");
}
