namespace AutoDiff;

/// <summary>Reading what cannot be trusted: nothing is allocated because a header says so, only because the bytes are there.</summary>
internal static class ArrayStream
{
    private const int Chunk = 1 << 16;

    /// <summary>Reads exactly so many bytes. Memory grows with what has been read, unless the stream says that it is long enough.</summary>
    public static byte[] Read(Stream stream, long count, string what)
    {
        if (count > Array.MaxLength)
        {
            throw Errors.File($"{what} would take {count} bytes. At most {Array.MaxLength} are supported.");
        }

        long available = stream.CanSeek ? stream.Length - stream.Position : Chunk;
        if (stream.CanSeek && available < count)
        {
            throw Truncated(what, count, available);
        }

        var bytes = new byte[Math.Min(count, available)];
        int filled = 0;
        while (filled < count)
        {
            if (filled == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
            }

            int read = stream.Read(bytes, filled, bytes.Length - filled);
            if (read == 0)
            {
                throw Truncated(what, count, filled);
            }

            filled += read;
        }

        return bytes;
    }

    /// <summary>The number of bytes of an array of untrusted extents, and its shape.</summary>
    /// <param name="extents">The lengths of its axes, as the file states them.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="what">What it is called in errors.</param>
    /// <param name="byRows">Whether it is read in parts, and may be larger than a tensor: then its rows have to be tensors.</param>
    public static (int[] Shape, long Bytes) Measure(ReadOnlySpan<long> extents, StoredType type, string what, bool byRows = false)
    {
        if (extents.Length > Shapes.MaxRank)
        {
            throw Errors.File($"{what} has {extents.Length} axes. At most {Shapes.MaxRank} are supported.");
        }

        var shape = new int[extents.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (extents[axis] is < 0 or > int.MaxValue)
            {
                throw Errors.File($"{what} has an axis of length {extents[axis]}. Expected 0 to {int.MaxValue}.");
            }

            shape[axis] = (int)extents[axis];
        }

        int rows = byRows && shape.Length > 0 ? shape[0] : 1;
        return Shapes.TryLength(rows == 1 ? shape : shape[1..], out int length) && (Int128)rows * length * StoredArray.SizeOf(type) is var bytes && bytes <= long.MaxValue ? (shape, (long)bytes)
            : throw Errors.File($"{what} has more than {Shapes.MaxLength} elements, by its shape [{string.Join(", ", extents.ToArray())}].");
    }

    /// <summary>Opens a file to read.</summary>
    public static FileStream Open(string path, string operation) => File.OpenRead(Checked(path, operation));

    /// <summary>Makes a file to write. What is written has been checked before: a file that is there is not lost to a mistake.</summary>
    public static FileStream Create(string path, string operation) => File.Create(Checked(path, operation));

    /// <summary>Names and arrays to write, none of them null.</summary>
    public static KeyValuePair<string, StoredArray>[] Checked(IEnumerable<KeyValuePair<string, StoredArray>> arrays, string operation)
    {
        KeyValuePair<string, StoredArray>[] all = [.. Errors.NotNull(arrays, operation, nameof(arrays))];
        foreach ((string name, StoredArray array) in all)
        {
            Errors.NotNull(name, operation, nameof(arrays));
            Errors.NotNull(array, operation, nameof(arrays));
        }

        return all;
    }

    private static string Checked(string path, string operation) => Errors.NotNull(path, operation, nameof(path)).Length > 0 && !path.Contains('\0', StringComparison.Ordinal) ? path
        : throw Errors.Argument(operation, nameof(path), path.Length == 0 ? "the path is empty" : "the path contains the null character", "the name of a file", "give a path");

    /// <summary>A stream that can be read, or written.</summary>
    public static void Checked(Stream stream, string operation, bool write)
    {
        Errors.NotNull(stream, operation, nameof(stream));
        if (!(write ? stream.CanWrite : stream.CanRead))
        {
            throw Errors.Argument(operation, nameof(stream), $"the stream cannot be {(write ? "written" : "read")}, or has been closed", $"a stream that can be {(write ? "written" : "read")}", "open it for that");
        }
    }

    private static ArrayFileException Truncated(string what, long count, long available) =>
        Errors.File($"{what} is truncated: {count} bytes are needed, and {available} are there.");
}
