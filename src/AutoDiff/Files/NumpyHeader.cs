using System.Globalization;

namespace AutoDiff;

/// <summary>The header of an .npy array: a Python dictionary with the keys descr, fortran_order and shape.</summary>
internal sealed class NumpyHeader
{
    private readonly string text;
    private int position;

    private NumpyHeader(string text) => this.text = text;

    public StoredType Type { get; private set; }

    public bool BigEndian { get; private set; }

    public bool FortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    /// <summary>The header that NumPy writes: padded so that the elements begin at a multiple of 64, with room for the first extent to grow to 21 digits.</summary>
    public static string Format(StoredArray array)
    {
        string type = array.Type switch { StoredType.F32 => "<f4", StoredType.F64 => "<f8", StoredType.I32 => "<i4", _ => "<i8" };
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
                    ParseType(ParseString());
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

    private void ParseType(string type)
    {
        (Type, BigEndian) = type switch
        {
            "<f4" => (StoredType.F32, false),
            "<f8" => (StoredType.F64, false),
            "<i4" => (StoredType.I32, false),
            "<i8" => (StoredType.I64, false),
            ">f4" => (StoredType.F32, true),
            ">f8" => (StoredType.F64, true),
            ">i4" => (StoredType.I32, true),
            ">i8" => (StoredType.I64, true),
            _ => throw Errors.File($"The .npy array has elements of type '{type}'. f4, f8, i4 and i8 are supported. To fix it, convert it with astype in Python."),
        };
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
