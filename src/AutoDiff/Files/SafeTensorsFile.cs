using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace AutoDiff;

/// <summary>What a safetensors file holds.</summary>
public sealed class SafeTensors
{
    /// <summary>The arrays, under their names.</summary>
    public required IReadOnlyDictionary<string, StoredArray> Arrays { get; init; }

    /// <summary>What the file says of itself, text by text; empty where it says nothing.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The types of the arrays that were left in the file, such as "F8_E4M3", under the arrays' names: those of types that are not supported.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The arrays as named parameters; their numbers are converted. Arrays under other names are ignored.</summary>
    /// <typeparam name="T">The element type of the parameters.</typeparam>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <returns>The tensors, under the names and in the order of <paramref name="like"/>.</returns>
    /// <exception cref="ArgumentNullException">like is null.</exception>
    /// <exception cref="ArrayFileException">There is no tensor of an expected name and shape.</exception>
    public Parameters<T> ToParameters<T>(Parameters<T> like) where T : unmanaged, IBinaryFloatingPointIeee754<T> => StoredArray.ToParameters(Find, Arrays.Keys.Concat(LeftOut.Keys), like);

    /// <summary>The array of a name, or null where there is none.</summary>
    /// <exception cref="ArrayFileException">It was left out, for its type.</exception>
    internal StoredArray? Find(string name) => LeftOut.TryGetValue(name, out string? type)
        ? throw Errors.File($"The safetensors array '{name}' has elements of type {type}, which is not supported. To fix it, convert it in Python.")
        : Arrays.GetValueOrDefault(name);
}

/// <summary>
/// Reads and writes safetensors files: eight bytes with the length of a JSON header, the header with types, shapes and offsets, and the elements, little-endian (the format's description in the
/// safetensors repository). Types BOOL, I8 to I64, U8 to U64, F16, BF16, F32 and F64; arrays of others are listed, and left in the file.
/// </summary>
public static class SafeTensorsFile
{
    /// <summary>The bound that the format sets on its header.</summary>
    private const long LargestHeader = 100_000_000;

    private const string MetadataKey = "__metadata__";

    /// <summary>Reads a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The arrays and the metadata.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is truncated or damaged.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensors Read(string path)
    {
        using FileStream stream = ArrayStream.Open(path, nameof(Read));
        return Read(stream);
    }

    /// <summary>Reads a safetensors file from a stream, to its end.</summary>
    /// <param name="stream">The stream; it must be able to seek.</param>
    /// <returns>The arrays and the metadata.</returns>
    /// <exception cref="ArgumentNullException">stream is null.</exception>
    /// <exception cref="ArrayFileException">The file is truncated or damaged.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read, or cannot seek, or has been closed.</exception>
    public static SafeTensors Read(Stream stream)
    {
        ArrayStream.Checked(stream, nameof(Read), write: false);
        if (!stream.CanSeek)
        {
            throw new ArgumentException("Read: the stream cannot seek. Expected one that can, such as a file. To fix it, copy it to a MemoryStream.", nameof(stream));
        }

        (List<Entry> entries, Dictionary<string, string> metadata) = ReadHeader(stream);
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Entry entry in entries)
        {
            if (entry.Type is { } type)
            {
                arrays.Add(entry.Name, new StoredArray(type, entry.Shape, ArrayStream.Read(stream, entry.End - entry.Begin, $"The safetensors array '{entry.Name}'")));
            }
            else
            {
                leftOut.Add(entry.Name, entry.TypeName);
                stream.Seek(entry.End - entry.Begin, SeekOrigin.Current);
            }
        }

        return new SafeTensors { Arrays = arrays, Metadata = metadata, LeftOut = leftOut };
    }

    /// <summary>Where an array of a file is, in bytes behind the header. One of a type that is not supported has neither type nor shape.</summary>
    internal readonly record struct Entry(string Name, string TypeName, StoredType? Type, int[] Shape, long Begin, long End)
    {
        /// <summary>The type; an error where it is not supported.</summary>
        public StoredType Supported => Type ?? throw Errors.File($"The safetensors array '{Name}' has elements of type {TypeName}, which is not supported. To fix it, convert it in Python.");
    }

    /// <summary>Reads the header, checks that the arrays fill the file, and leaves the stream where the elements begin.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="byRows">Whether arrays are read in parts, and may be larger than a tensor.</param>
    internal static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadHeader(Stream stream, bool byRows = false)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(ArrayStream.Read(stream, 8, "The start of the safetensors file"));
        if (length > LargestHeader)
        {
            throw Errors.File($"The safetensors header claims {length} bytes. At most {LargestHeader} are allowed.");
        }

        byte[] header = ArrayStream.Read(stream, (long)length, "The safetensors header");
        try
        {
            using JsonDocument json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            return ReadEntries(json.RootElement, stream.Length - stream.Position, byRows);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Errors.File($"The safetensors header is damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads named parameters from a safetensors file.</summary>
    /// <typeparam name="T">The element type of the parameters; the numbers are converted to it.</typeparam>
    /// <param name="path">The file. What it holds under other names is left.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <returns>The tensors of the file, under the names and in the order of <paramref name="like"/>.</returns>
    /// <exception cref="ArgumentNullException">path or like is null.</exception>
    /// <exception cref="ArrayFileException">The file cannot be read, or does not hold a tensor of an expected name and shape.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Parameters<T> Read<T>(string path, Parameters<T> like) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(path).ToParameters(like);

    /// <summary>Writes named parameters as a safetensors file.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="parameters">The parameters.</param>
    /// <exception cref="ArgumentNullException">path or parameters is null.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have, or a name is the one that the format keeps for metadata.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write(path, StoredArray.OfParameters(parameters));

    /// <summary>Writes a safetensors file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="arrays">The arrays and their names.</param>
    /// <param name="metadata">What the file should say of itself.</param>
    /// <exception cref="ArgumentNullException">path or arrays is null.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have, a name is given twice, or is the one that the format keeps for metadata.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, StoredArray>> arrays, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        KeyValuePair<string, StoredArray>[] all = Order(arrays);
        byte[] header = MakeHeader(all, metadata);
        using FileStream stream = ArrayStream.Create(path, nameof(Write));
        Write(stream, header, all);
    }

    /// <summary>Writes a safetensors file to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="arrays">The arrays and their names. Those with the larger elements go first, so that all lie aligned; otherwise they go by name.</param>
    /// <param name="metadata">What the file should say of itself.</param>
    /// <exception cref="ArgumentException">A name is given twice, or is the one that the format keeps for metadata.</exception>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, StoredArray>> arrays, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ArrayStream.Checked(stream, nameof(Write), write: true);
        KeyValuePair<string, StoredArray>[] all = Order(arrays);
        Write(stream, MakeHeader(all, metadata), all);
    }

    private static void Write(Stream stream, byte[] header, KeyValuePair<string, StoredArray>[] arrays)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, StoredArray array) in arrays)
        {
            stream.Write(array.Bytes);
        }
    }

    /// <summary>The arrays in the order of the file, checked.</summary>
    private static KeyValuePair<string, StoredArray>[] Order(IEnumerable<KeyValuePair<string, StoredArray>> arrays)
    {
        KeyValuePair<string, StoredArray>[] ordered =
            [.. ArrayStream.Checked(arrays, nameof(Write)).OrderByDescending(pair => StoredArray.SizeOf(pair.Value.Type)).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        return ordered.FirstOrDefault(pair => !names.Add(pair.Key)) is not { Key: { } name } ? ordered
            : throw Errors.Argument(nameof(Write), nameof(arrays), $"the name '{name}' is {(name == MetadataKey ? "kept for metadata" : "given twice")}", "each name once", "rename one of them");
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadEntries(JsonElement root, long available, bool byRows)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                foreach (JsonProperty entry in property.Value.EnumerateObject())
                {
                    metadata[entry.Name] = entry.Value.GetString() ?? throw Errors.File($"The metadata '{entry.Name}' of the safetensors file is no text.");
                }
            }
            else
            {
                entries.Add(ReadEntry(property, byRows));
            }
        }

        // The arrays must fill the rest of the file, one after the other: so no two share bytes, and nothing is hidden between them.
        long position = 0;
        List<Entry> ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        foreach ((string name, _, _, _, long begin, long end) in ordered)
        {
            if (begin != position || end > available)
            {
                throw Errors.File($"The safetensors array '{name}' lies at bytes {begin} to {end} of {available}. Expected it to begin at {position}, where the one before ends.");
            }

            position = end;
        }

        return position == available ? (ordered, metadata)
            : throw Errors.File($"The safetensors file holds {available} bytes of elements, and its header speaks of {position}.");
    }

    private static Entry ReadEntry(JsonProperty property, bool byRows)
    {
        string what = $"The safetensors array '{property.Name}'";
        JsonElement entry = property.Value;
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("dtype", out JsonElement type) || !entry.TryGetProperty("shape", out JsonElement extents)
            || !entry.TryGetProperty("data_offsets", out JsonElement offsets))
        {
            throw Errors.File($"{what} does not have dtype, shape and data_offsets.");
        }

        string stored = type.GetString() ?? throw Errors.File($"{what} has no type.");
        long[] shape = [.. extents.EnumerateArray().Select(extent => Integer(extent, what))];
        long[] range = [.. offsets.EnumerateArray().Select(offset => Integer(offset, what))];
        bool ordered = range.Length == 2 && range[0] >= 0 && range[1] >= range[0];
        if (StoredTypes.OfSafeTensors(stored) is not { } known)
        {
            return ordered ? new Entry(property.Name, stored, null, [], range[0], range[1]) : throw Errors.File($"{what} has no two offsets in order.");
        }

        (int[] measured, long bytes) = ArrayStream.Measure(shape, known, what, byRows);
        return ordered && range[1] - range[0] == bytes ? new Entry(property.Name, stored, known, measured, range[0], range[1])
            : throw Errors.File($"{what} has the offsets [{string.Join(", ", range.Select(place => place.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]. Expected two that lie {bytes} bytes apart, as its shape asks for.");
    }

    private static long Integer(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) ? value : throw Errors.File($"{what} has an extent or offset that is no 64-bit integer.");

    /// <summary>The header, padded with spaces so that the elements begin at a multiple of eight.</summary>
    private static byte[] MakeHeader(KeyValuePair<string, StoredArray>[] arrays, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(Errors.NotNull(key, nameof(Write), nameof(metadata)), Errors.NotNull(value, nameof(Write), nameof(metadata)));
                }

                json.WriteEndObject();
            }

            long position = 0;
            foreach ((string name, StoredArray array) in arrays)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", StoredTypes.ToSafeTensors(array.Type));
                json.WriteStartArray("shape");
                foreach (int extent in array.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(position);
                json.WriteNumberValue(position += array.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }
}
