using System.IO.Compression;
using System.Numerics;

namespace AutoDiff.Distributed;

/// <content>Rows in files, of which those that are needed are read.</content>
public static partial class ShardedRows
{
    /// <summary>The rows of an .npy file, along the first axis. The header is read now, a row when it is needed, by several threads if they like.</summary>
    /// <typeparam name="T">The element type; the numbers are converted to it.</typeparam>
    /// <param name="path">The file. It has to stay as it is.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArrayFileException">The file is damaged, holds a scalar, or is in Fortran order.</exception>
    public static RowSource<T> OpenNumpy<T>(string path) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using FileStream stream = ArrayStream.Open(path, nameof(OpenNumpy));
        NumpyHeader header = NumpyFile.ReadHeader(stream);
        return OfNumpy<T>(path, header, stream.Position, stream.Length, $"'{path}'");
    }

    /// <summary>The rows of an array of an .npz file that is not compressed (numpy.savez). The headers are read now, a row when it is needed.</summary>
    /// <typeparam name="T">The element type; the numbers are converted to it.</typeparam>
    /// <param name="path">The file. It has to stay as it is.</param>
    /// <param name="name">The name of the array.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    /// <exception cref="ArrayFileException">The file is damaged or compressed, has no array of that name, or that is a scalar or in Fortran order.</exception>
    public static RowSource<T> OpenArchive<T>(string path, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(name, nameof(OpenArchive), nameof(name));
        using FileStream stream = ArrayStream.Open(path, nameof(OpenArchive));
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            ZipArchiveEntry entry = archive.GetEntry(name + ".npy")
                ?? throw Errors.File($"The file '{path}' holds nothing named '{name}'. Its names are: {string.Join(", ", archive.Entries.Select(static entry => Path.GetFileNameWithoutExtension(entry.Name)))}.");
            if (entry.CompressedLength != entry.Length)
            {
                throw Errors.File($"The array '{name}' of '{path}' is compressed, and its rows cannot be read one by one. To fix it, write the file with numpy.savez, or read it whole with NumpyFile.ReadArchive.");
            }

            // Of what is stored as it is, the archive reads through to the file: where the file is, the elements begin.
            using Stream content = entry.Open();
            NumpyHeader header = NumpyFile.ReadHeader(content);
            return OfNumpy<T>(path, header, stream.Position, stream.Length, $"'{name}' of '{path}'");
        }
        catch (InvalidDataException e)
        {
            throw Errors.File($"The .npz archive is damaged: {e.Message}", e);
        }
    }

    /// <summary>The rows of an array of a safetensors file. The header is read now, a row when it is needed.</summary>
    /// <typeparam name="T">The element type; the numbers are converted to it.</typeparam>
    /// <param name="path">The file. It has to stay as it is.</param>
    /// <param name="name">The name of the array.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    /// <exception cref="ArrayFileException">The file is damaged, has no array of that name, or that is a scalar.</exception>
    public static RowSource<T> OpenSafeTensors<T>(string path, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(name, nameof(OpenSafeTensors), nameof(name));
        using FileStream stream = ArrayStream.Open(path, nameof(OpenSafeTensors));
        List<SafeTensorsFile.Entry> entries = SafeTensorsFile.ReadHeader(stream, byRows: true).Entries;
        int found = entries.FindIndex(entry => entry.Name == name);
        return found >= 0 ? Of<T>(path, entries[found].Supported, entries[found].Shape, bigEndian: false, stream.Position + entries[found].Begin, stream.Length, $"'{name}' of '{path}'")
            : throw Errors.File($"The file '{path}' holds nothing named '{name}'. Its names are: {string.Join(", ", entries.Select(static entry => entry.Name))}.");
    }

    /// <summary>Some rows of a source, as a tensor: those of a rank, say (<see cref="DataParallel.RowsOf(Communicator, int, int, Summation)"/>). Others are not read.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="source">The rows.</param>
    /// <param name="range">Which.</param>
    /// <returns>A constant of the rows in the range.</returns>
    /// <exception cref="ArgumentNullException">source is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the rows.</exception>
    /// <exception cref="ArrayFileException">The file has become shorter.</exception>
    public static Tensor<T> Read<T>(RowSource<T> source, Range range) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int start, int count) = range.GetOffsetAndLength(Errors.NotNull(source, nameof(Read), nameof(source)).Count);
        Tensor<T> rows = source.NewBlock(count);
        source.LayOut(rows, start);
        return rows.Copy();
    }

    private static FileRows<T> OfNumpy<T>(string path, NumpyHeader header, long start, long fileLength, string what) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StoredType type = header.Type ?? throw header.Unsupported($"The array {what}");
        (int[] shape, _) = ArrayStream.Measure(header.Shape, type, $"The array {what}", byRows: true);
        return header.FortranOrder && shape.Count(static extent => extent != 1) > 1
            ? throw Errors.File($"The array {what} is in Fortran order, and its rows do not lie together. To fix it, write numpy.ascontiguousarray of it.")
            : Of<T>(path, type, shape, header.BigEndian, start, fileLength, what);
    }

    private static FileRows<T> Of<T>(string path, StoredType type, int[] shape, bool bigEndian, long start, long fileLength, string what) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.Length == 0)
        {
            throw Errors.File($"The array {what} is a scalar, which has no rows.");
        }

        Int128 end = start + ((Int128)shape[0] * Shapes.Length(shape.AsSpan(1)) * StoredArray.SizeOf(type));
        return end > fileLength ? throw Errors.File($"The array {what} is truncated: it would end at byte {end}, and the file at {fileLength}.")
            : new FileRows<T>(path, type, shape, bigEndian, start, what);
    }

    /// <summary>
    /// Rows that are read where they are in a file, a piece at a time. (They are not mapped into memory: a file that is cut while it is mapped ends the process. The pages of the file are shared between the ranks
    /// of a machine either way.)
    /// </summary>
    private sealed class FileRows<T>(string path, StoredType type, int[] shape, bool bigEndian, long begin, string what) : RowSource<T>(shape[0], shape[1..])
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>The elements of a piece: as many as stay in the cache.</summary>
        private const int Piece = 1 << 14;

        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
        private readonly int row = Shapes.Length(shape.AsSpan(1));

        internal override Tensor<T> NewBlock(int count) => Tensor<T>.Over(new T[Shapes.Length([count, .. RowShape], nameof(ShardedRows))], 0, [count, .. RowShape]);

        internal override void LayOut(Tensor<T> block, int start)
        {
            Span<T> values = block.Writable;
            int size = StoredArray.SizeOf(type);
            var bytes = new byte[Math.Min(Piece, values.Length) * size];
            for (int done = 0; done < values.Length;)
            {
                int count = Math.Min(Piece, values.Length - done);
                Span<byte> piece = bytes.AsSpan(0, count * size);
                Fill(piece, ((long)start * row) + done);
                if (bigEndian)
                {
                    StoredArray.Reverse(piece, size);
                }

                new StoredArray(type, [count], piece.Length == bytes.Length ? bytes : piece.ToArray()).Convert(values.Slice(done, count));
                done += count;
            }
        }

        /// <summary>Reads the bytes of the elements from <paramref name="first"/> on.</summary>
        private void Fill(Span<byte> bytes, long first)
        {
            int size = StoredArray.SizeOf(type);
            for (int done = 0; done < bytes.Length;)
            {
                int read = RandomAccess.Read(file, bytes[done..], begin + (first * size) + done);
                done += read > 0 ? read : throw Errors.File($"The array {what} is truncated: the file ended within row {(first + (done / size)) / Math.Max(row, 1)}.");
            }
        }
    }
}
