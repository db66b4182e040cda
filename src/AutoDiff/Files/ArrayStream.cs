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
            throw new ArrayFileException($"{what} would take {count} bytes. At most {Array.MaxLength} are supported.");
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
    public static (int[] Shape, long Bytes) Measure(ReadOnlySpan<long> extents, StoredType type, string what)
    {
        if (extents.Length > 64)
        {
            throw new ArrayFileException($"{what} has {extents.Length} axes. At most 64 are supported.");
        }

        var shape = new int[extents.Length];
        long length = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (extents[axis] is < 0 or > int.MaxValue)
            {
                throw new ArrayFileException($"{what} has an axis of length {extents[axis]}. Expected 0 to {int.MaxValue}.");
            }

            shape[axis] = (int)extents[axis];
            length *= extents[axis];
            if (length > int.MaxValue)
            {
                throw new ArrayFileException($"{what} has more than {int.MaxValue} elements, by its shape [{string.Join(", ", extents.ToArray())}].");
            }
        }

        return (shape, length * StoredArray.SizeOf(type));
    }

    private static ArrayFileException Truncated(string what, long count, long available) =>
        new($"{what} is truncated: {count} bytes are needed, and {available} are there.");
}
