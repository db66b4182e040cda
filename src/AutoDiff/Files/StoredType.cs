namespace AutoDiff;

/// <summary>The type of the elements of an array in a file.</summary>
public enum StoredType
{
    /// <summary>A 32-bit floating-point number.</summary>
    F32,

    /// <summary>A 64-bit floating-point number.</summary>
    F64,

    /// <summary>A 32-bit signed integer.</summary>
    I32,

    /// <summary>A 64-bit signed integer.</summary>
    I64,

    /// <summary>A 16-bit floating-point number of IEEE 754: 11 bits of precision, up to 65,504.</summary>
    F16,

    /// <summary>A bfloat16: the upper half of a 32-bit floating-point number, with 8 bits of precision and its range. NumPy does not have it.</summary>
    BF16,

    /// <summary>True or false, a byte that is 1 or 0.</summary>
    Bool,

    /// <summary>An 8-bit signed integer.</summary>
    I8,

    /// <summary>An 8-bit unsigned integer.</summary>
    U8,

    /// <summary>A 16-bit signed integer.</summary>
    I16,

    /// <summary>A 16-bit unsigned integer.</summary>
    U16,

    /// <summary>A 32-bit unsigned integer.</summary>
    U32,

    /// <summary>A 64-bit unsigned integer.</summary>
    U64,
}

/// <summary>The types as the files name them.</summary>
internal static class StoredTypes
{
    /// <summary>The types with the codes of .npy files, without the byte order. A bfloat16 has none.</summary>
    private static readonly (StoredType Type, string Code)[] NumpyCodes =
    [
        (StoredType.F16, "f2"), (StoredType.F32, "f4"), (StoredType.F64, "f8"), (StoredType.Bool, "b1"), (StoredType.I8, "i1"), (StoredType.U8, "u1"),
        (StoredType.I16, "i2"), (StoredType.U16, "u2"), (StoredType.I32, "i4"), (StoredType.U32, "u4"), (StoredType.I64, "i8"), (StoredType.U64, "u8"),
    ];

    /// <summary>How many bytes an element takes.</summary>
    public static int Size(StoredType type) => type switch
    {
        StoredType.Bool or StoredType.I8 or StoredType.U8 => 1,
        StoredType.F16 or StoredType.BF16 or StoredType.I16 or StoredType.U16 => 2,
        StoredType.F32 or StoredType.I32 or StoredType.U32 => 4,
        _ => 8,
    };

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool IsFloat(StoredType type) => type is StoredType.F16 or StoredType.BF16 or StoredType.F32 or StoredType.F64;

    /// <summary>The least and the greatest element of a type of integers.</summary>
    public static (Int128 Least, Int128 Greatest) Range(StoredType type) => type switch
    {
        StoredType.Bool => (0, 1),
        StoredType.I8 => (sbyte.MinValue, sbyte.MaxValue),
        StoredType.U8 => (0, byte.MaxValue),
        StoredType.I16 => (short.MinValue, short.MaxValue),
        StoredType.U16 => (0, ushort.MaxValue),
        StoredType.I32 => (int.MinValue, int.MaxValue),
        StoredType.U32 => (0, uint.MaxValue),
        StoredType.I64 => (long.MinValue, long.MaxValue),
        _ => (0, ulong.MaxValue),
    };

    /// <summary>The type of an .npy code such as "&lt;f4", and whether its bytes run the other way; null where the library does not have it.</summary>
    public static (StoredType Type, bool BigEndian)? OfNumpy(string code)
    {
        foreach ((StoredType type, string name) in NumpyCodes)
        {
            if (code.Length == 3 && code.EndsWith(name, StringComparison.Ordinal) && (Size(type) == 1 ? code[0] is '|' or '<' or '>' : code[0] is '<' or '>'))
            {
                return (type, code[0] == '>');
            }
        }

        return null;
    }

    /// <summary>The .npy code of a type.</summary>
    /// <exception cref="ArgumentException">NumPy does not have the type.</exception>
    public static string ToNumpy(StoredType type) => Array.Find(NumpyCodes, pair => pair.Type == type) is { Code: { } code } ? (Size(type) == 1 ? "|" : "<") + code
        : throw Errors.Argument(nameof(NumpyFile), "array", $"the elements are of type {type}, which NumPy does not have", "a type that NumPy has", "convert it with ConvertTo(StoredType.F32), or write a safetensors file");

    /// <summary>What a code of NumPy that the library does not read stands for.</summary>
    public static string Describe(string code) => code.TrimStart('<', '>', '|', '=') switch
    {
        ['[', ..] => "records of several fields (a structured type)",
        ['U', ..] or ['S', ..] or ['a', ..] => "text",
        ['O', ..] => "Python objects",
        ['c', ..] => "complex numbers",
        ['M', ..] => "dates",
        ['m', ..] => "spans of time",
        ['V', ..] => "bytes without a type",
        "f16" or "f12" => "long doubles",
        _ => "a type that is not known here",
    };

    /// <summary>The type of a safetensors name such as "F32"; null where the library does not have it.</summary>
    public static StoredType? OfSafeTensors(string name) => name == "BOOL" ? StoredType.Bool : name != "Bool" && Enum.TryParse(name, out StoredType type) && Enum.GetName(type) == name ? type : null;

    /// <summary>The safetensors name of a type.</summary>
    public static string ToSafeTensors(StoredType type) => type == StoredType.Bool ? "BOOL" : type.ToString();
}
