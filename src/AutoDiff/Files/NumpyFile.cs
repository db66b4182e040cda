using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace AutoDiff;

/// <summary>
/// Reads and writes NumPy's files: .npy with one array, .npz with several under names (NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays").
/// Elements are booleans, integers of 8 to 64 bits, or floating-point numbers of 16 to 64 bits, of either byte order; arrays in Fortran order are read too. Nothing is unpickled.
/// </summary>
public static class NumpyFile
{
    /// <summary>Reads an .npy file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is truncated, damaged, or of a type that is not supported.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StoredArray Read(string path)
    {
        using FileStream stream = ArrayStream.Open(path, nameof(Read));
        return Read(stream);
    }

    /// <summary>Reads one array in .npy format, and leaves the stream after it.</summary>
    /// <param name="stream">The stream.</param>
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentNullException">stream is null.</exception>
    /// <exception cref="ArrayFileException">The array is truncated, damaged, or of a type that is not supported.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read, or cannot seek, or has been closed.</exception>
    public static StoredArray Read(Stream stream)
    {
        ArrayStream.Checked(stream, nameof(Read), write: false);
        return ReadAfter(ReadHeader(stream), stream, "The .npy array");
    }

    /// <summary>Reads the header of an array, and leaves the stream after it.</summary>
    internal static NumpyHeader ReadHeader(Stream stream)
    {
        byte[] start = ArrayStream.Read(stream, 8, "The start of the .npy array");
        if (start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
        {
            throw new ArrayFileException("This is no .npy array: it does not begin with 93 'NUMPY'.");
        }

        if (start[6] is < 1 or > 3)
        {
            throw Errors.File($"The .npy array has format version {start[6]}.{start[7]}. Versions 1 to 3 are supported.");
        }

        byte[] size = ArrayStream.Read(stream, start[6] == 1 ? 2 : 4, "The length of the .npy header");
        uint length = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > ushort.MaxValue)
        {
            throw Errors.File($"The .npy header claims {length} bytes. At most {ushort.MaxValue} are supported.");
        }

        return NumpyHeader.Parse((start[6] < 3 ? Encoding.Latin1 : Encoding.UTF8).GetString(ArrayStream.Read(stream, length, "The .npy header")));
    }

    /// <summary>Reads the elements of an array whose header has been read.</summary>
    internal static StoredArray ReadAfter(NumpyHeader header, Stream stream, string what)
    {
        StoredType type = header.Type ?? throw header.Unsupported(what);
        (int[] shape, long count) = ArrayStream.Measure(header.Shape, type, what);
        byte[] bytes = ArrayStream.Read(stream, count, what);
        if (header.BigEndian)
        {
            StoredArray.Reverse(bytes, StoredArray.SizeOf(type));
        }

        return new StoredArray(type, shape, header.FortranOrder ? ToRowMajor(bytes, shape, StoredArray.SizeOf(type)) : bytes);
    }

    /// <summary>Reads a tensor from an .npy file.</summary>
    /// <typeparam name="T">The element type of the tensor; the numbers are converted to it.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>A constant.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is not an .npy file that can be read.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor<T> Read<T>(string path) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(path).ToTensor<T>();

    /// <summary>Writes a tensor as an .npy file.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentNullException">path or tensor is null.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write(path, StoredArray.Create(tensor));

    /// <summary>Writes an .npy file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="array">The array; its type is one that NumPy has, which <see cref="StoredArray.ConvertTo"/> can give it.</param>
    /// <exception cref="ArgumentNullException">array is null.</exception>
    /// <exception cref="ArgumentException">The elements are of type BF16, which NumPy does not have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, StoredArray array)
    {
        _ = StoredTypes.ToNumpy(Errors.NotNull(array, nameof(Write), nameof(array)).Type);
        using FileStream stream = ArrayStream.Create(path, nameof(Write));
        Write(stream, array);
    }

    /// <summary>Writes an array in .npy format, byte for byte as NumPy does.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="array">The array; its type is one that NumPy has, which <see cref="StoredArray.ConvertTo"/> can give it.</param>
    /// <exception cref="ArgumentNullException">array is null.</exception>
    /// <exception cref="ArgumentException">The elements are of type BF16, which NumPy does not have.</exception>
    public static void Write(Stream stream, StoredArray array)
    {
        ArrayStream.Checked(stream, nameof(Write), write: true);
        Errors.NotNull(array, nameof(Write), nameof(array));
        byte[] header = Encoding.Latin1.GetBytes(NumpyHeader.Format(array));
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(header);
        stream.Write(array.Bytes);
    }

    /// <summary>Opens an .npz file: its members are listed with their types, and each is read on its own.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The archive, to be disposed.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is no archive.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NumpyArchive OpenArchive(string path) => new(ArrayStream.Open(path, nameof(OpenArchive)), leaveOpen: false);

    /// <summary>Opens an .npz archive: its members are listed with their types, and each is read on its own.</summary>
    /// <param name="stream">The stream; it must be able to seek, and stays open.</param>
    /// <returns>The archive, to be disposed.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ArrayFileException">The stream holds no archive.</exception>
    public static NumpyArchive OpenArchive(Stream stream) => new(stream, leaveOpen: true);

    /// <summary>Reads all of an .npz file: every member, or an error that names the one that cannot be read.</summary>
    /// <remarks>
    /// Nothing is left out in silence. Of an archive that also holds what is no array of numbers, such as text or Python objects, <see cref="OpenArchive(string)"/> lists the members with their types, and
    /// reads each on its own.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <returns>The arrays, under their names.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is no archive, or a member cannot be read: the message names it. <see cref="OpenArchive(string)"/> reads the others.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, StoredArray> ReadArchive(string path)
    {
        using NumpyArchive archive = OpenArchive(path);
        return archive.ReadAll();
    }

    /// <summary>Reads all of an .npz archive: every member, or an error that names the one that cannot be read.</summary>
    /// <remarks>Nothing is left out in silence. <see cref="OpenArchive(Stream)"/> lists the members with their types, and reads each on its own.</remarks>
    /// <param name="stream">The stream; it must be able to seek.</param>
    /// <returns>The arrays, under their names.</returns>
    /// <exception cref="ArgumentNullException">stream is null.</exception>
    /// <exception cref="ArrayFileException">The stream holds no archive, or a member cannot be read: the message names it. <see cref="OpenArchive(Stream)"/> reads the others.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read, or cannot seek, or has been closed.</exception>
    public static IReadOnlyDictionary<string, StoredArray> ReadArchive(Stream stream)
    {
        using NumpyArchive archive = OpenArchive(stream);
        return archive.ReadAll();
    }

    /// <summary>Reads named parameters from an .npz file.</summary>
    /// <typeparam name="T">The element type of the parameters; the numbers are converted to it.</typeparam>
    /// <param name="path">The file. What it holds under other names is left.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <returns>The tensors of the file, under the names and in the order of <paramref name="like"/>.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file cannot be read, or does not hold a tensor of an expected name and shape.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Parameters<T> ReadArchive<T>(string path, Parameters<T> like) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NumpyArchive archive = OpenArchive(path);
        return StoredArray.ToParameters(name => archive.Contains(name) ? archive.Read(name) : null, archive.Members.Select(member => member.Name), like);
    }

    /// <summary>Writes named parameters as an .npz file.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="compress">Whether to compress, as numpy.savez_compressed does.</param>
    /// <exception cref="ArgumentNullException">path or parameters is null.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteArchive<T>(string path, Parameters<T> parameters, bool compress = false) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WriteArchive(path, StoredArray.OfParameters(parameters), compress);

    /// <summary>Writes an .npz file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="arrays">The arrays and their names.</param>
    /// <param name="compress">Whether to compress, as numpy.savez_compressed does.</param>
    /// <exception cref="ArgumentNullException">path or arrays is null.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteArchive(string path, IEnumerable<KeyValuePair<string, StoredArray>> arrays, bool compress = false)
    {
        KeyValuePair<string, StoredArray>[] all = ArrayStream.Checked(arrays, nameof(WriteArchive));
        Array.ForEach(all, static pair => StoredTypes.ToNumpy(pair.Value.Type));
        using FileStream stream = ArrayStream.Create(path, nameof(WriteArchive));
        WriteArchive(stream, all, compress);
    }

    /// <summary>Writes an .npz archive.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="arrays">The arrays and their names.</param>
    /// <param name="compress">Whether to compress, as numpy.savez_compressed does.</param>
    /// <exception cref="ArgumentNullException">stream or arrays is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be written, or has been closed.</exception>
    public static void WriteArchive(Stream stream, IEnumerable<KeyValuePair<string, StoredArray>> arrays, bool compress = false)
    {
        ArrayStream.Checked(stream, nameof(WriteArchive), write: true);
        KeyValuePair<string, StoredArray>[] all = ArrayStream.Checked(arrays, nameof(WriteArchive));
        Array.ForEach(all, static pair => StoredTypes.ToNumpy(pair.Value.Type));
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, StoredArray array) in all)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);

            // The same arrays give the same file; 1980 is where the time of the format begins.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            Write(content, array);
        }
    }

    /// <summary>The elements of an array in Fortran order (first axis fastest), row-major.</summary>
    private static byte[] ToRowMajor(byte[] bytes, int[] shape, int size)
    {
        var result = new byte[bytes.Length];
        var place = new int[shape.Length];
        for (int from = 0; from < bytes.Length; from += size)
        {
            int to = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                to = (to * shape[axis]) + place[axis];
            }

            bytes.AsSpan(from, size).CopyTo(result.AsSpan(to * size));
            for (int axis = 0; axis < shape.Length && ++place[axis] == shape[axis]; axis++)
            {
                place[axis] = 0;
            }
        }

        return result;
    }
}
