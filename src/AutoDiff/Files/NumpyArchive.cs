using System.IO.Compression;

namespace AutoDiff;

/// <summary>What an .npz archive says of one of its members, without its elements having been read.</summary>
public sealed class NumpyMember
{
    private readonly long[] shape;

    internal NumpyMember(string name, string elementType, StoredType? type, long[] shape, string? problem) => (Name, ElementType, Type, this.shape, Problem) = (name, elementType, type, shape, problem);

    /// <summary>The name, without .npy.</summary>
    public string Name { get; }

    /// <summary>The type of the elements as the file writes it, such as "&lt;f4" or "|O"; empty where the member is not an .npy array.</summary>
    public string ElementType { get; }

    /// <summary>The type of the elements, or null where it is not one that can be read.</summary>
    public StoredType? Type { get; }

    /// <summary>The length of each axis.</summary>
    public ReadOnlySpan<long> Shape => shape;

    /// <summary>Why the member cannot be read, or null if it can be read.</summary>
    public string? Problem { get; }

    /// <summary>As in "weights F32 [3, 4]", or the name and the problem.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Problem is null ? $"{Name} {Type} [{string.Join(", ", shape)}]" : $"{Name}: {Problem}";
}

/// <summary>An .npz archive that is open: the members are listed, and each is read on its own, so that one that cannot be read does not stand in the way of the others.</summary>
/// <remarks>For one thread at a time. Made by <see cref="NumpyFile.OpenArchive(string)"/>.</remarks>
public sealed class NumpyArchive : IDisposable
{
    /// <summary>A deflated block cannot shrink below this part of its size (RFC 1951: 258 bytes in two bits).</summary>
    private const long DeflateLimit = 1032;

    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private NumpyMember[]? members;

    internal NumpyArchive(Stream stream, bool leaveOpen)
    {
        ArrayStream.Checked(stream, nameof(NumpyFile.OpenArchive), write: false);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        if (!stream.CanSeek)
        {
            throw Errors.Argument(nameof(NumpyFile.OpenArchive), nameof(stream), "the stream cannot seek", "one that can, such as a file", "copy it to a MemoryStream");
        }

        try
        {
            archive = Guarded(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true), "The .npz archive");
            Guarded(List, "The .npz archive");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is in the archive, in its order.</summary>
    /// <exception cref="ObjectDisposedException">The archive has been disposed.</exception>
    public IReadOnlyList<NumpyMember> Members => members ??= [.. entries.Select(entry => Look(entry.Key, entry.Value))];

    /// <summary>Whether there is a member of a name.</summary>
    /// <param name="name">The name, without .npy.</param>
    /// <returns>True if so, otherwise false.</returns>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    public bool Contains(string name) => entries.ContainsKey(Errors.NotNull(name, nameof(Contains), nameof(name)));

    /// <summary>Reads one member.</summary>
    /// <param name="name">The name, without .npy.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    /// <exception cref="KeyNotFoundException">There is no member of that name.</exception>
    /// <exception cref="ArrayFileException">The member is damaged, or of a type that is not supported; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The archive has been disposed.</exception>
    public StoredArray Read(string name) => entries.TryGetValue(Errors.NotNull(name, nameof(Read), nameof(name)), out ZipArchiveEntry? entry)
        ? Guarded(() => ReadEntry(name, entry), What(name))
        : throw new KeyNotFoundException($"NumpyArchive: there is no member named '{name}'. The names are: {string.Join(", ", entries.Keys)}.");

    /// <summary>Closes the archive, and the file that it was opened from.</summary>
    public void Dispose()
    {
        archive?.Dispose();
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    internal Dictionary<string, StoredArray> ReadAll()
    {
        var arrays = new Dictionary<string, StoredArray>(StringComparer.Ordinal);
        foreach (string name in entries.Keys)
        {
            try
            {
                arrays.Add(name, Read(name));
            }
            catch (ArrayFileException e) when (entries.Count > 1)
            {
                throw Errors.File($"{e.Message} The other members can be read by {nameof(NumpyFile.OpenArchive)}.", e);
            }
        }

        return arrays;
    }

    private bool List()
    {
        if (archive.Entries.Sum(entry => (decimal)entry.CompressedLength) > stream.Length)
        {
            // Entries that overlap would open the same bytes again and again.
            throw Errors.File($"The entries of the .npz archive claim more bytes together than its {stream.Length}: they overlap.");
        }

        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
            if (!entries.TryAdd(name, entry))
            {
                throw Errors.File($"The .npz archive holds the name '{name}' twice.");
            }
        }

        return true;
    }

    private static NumpyMember Look(string name, ZipArchiveEntry entry)
    {
        try
        {
            NumpyHeader header = Guarded(() =>
            {
                using Stream content = entry.Open();
                return NumpyFile.ReadHeader(content);
            }, What(name));
            return new NumpyMember(name, header.Code, header.Type, header.Shape, header.Type is null ? header.Unsupported(What(name)).Message : null);
        }
        catch (ArrayFileException e)
        {
            return new NumpyMember(name, "", null, [], e.Message);
        }
    }

    private static StoredArray ReadEntry(string name, ZipArchiveEntry entry)
    {
        if (entry.Length > DeflateLimit * (entry.CompressedLength + 1))
        {
            throw Errors.File($"{What(name)} claims {entry.Length} bytes in {entry.CompressedLength} compressed ones, which cannot be.");
        }

        using Stream content = entry.Open();
        byte[] bytes = ArrayStream.Read(content, entry.Length, What(name));
        if (Checksum.Crc32(bytes) != entry.Crc32)
        {
            throw Errors.File($"{What(name)} is damaged: its checksum does not fit.");
        }

        var memory = new MemoryStream(bytes, writable: false);
        return NumpyFile.ReadAfter(NumpyFile.ReadHeader(memory), memory, What(name));
    }

    private static string What(string name) => $"The member '{name}' of the .npz archive";

    /// <summary>Says of what cannot be read what it is, whoever noticed.</summary>
    private static TResult Guarded<TResult>(Func<TResult> read, string what)
    {
        try
        {
            return read();
        }
        catch (ArrayFileException e)
        {
            throw e.Message.StartsWith(what, StringComparison.Ordinal) || what == "The .npz archive" ? e : Errors.File($"{what} cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or EndOfStreamException or ArgumentException or OverflowException or IOException)
        {
            throw Errors.File($"{what} is damaged: {e.Message}", e);
        }
    }
}
