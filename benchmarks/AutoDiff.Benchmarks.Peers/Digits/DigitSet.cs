using System.Buffers.Binary;
using System.IO.Compression;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>Images of digits with 28 × 28 pixels between 0 and 1, one after another, and which digits they are.</summary>
internal sealed record DigitSet(float[] Pixels, int[] Labels)
{
    public const int Side = 28;

    private const int ImagesMagic = 2051, LabelsMagic = 2049;

    public int Count => Labels.Length;

    /// <summary>
    /// The files of MNIST (LeCun, Cortes and Burges): <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, and the same with <c>t10k</c>, as they are or with <c>.gz</c>. Where only one of the
    /// two sets is there, every sixth of its digits is for the test.
    /// </summary>
    public static (DigitSet Train, DigitSet Test) Read(string folder)
    {
        DigitSet? train = TryRead(folder, "train"), test = TryRead(folder, "t10k");
        return train is not null && test is not null ? (train, test)
            : (train ?? test)?.Split(6) ?? throw new FormatException($"{folder} has none of the files of MNIST, train-images-idx3-ubyte[.gz] and its like.");
    }

    /// <summary>Every so many-th digit for the test, the others for training.</summary>
    public (DigitSet Train, DigitSet Test) Split(int every) => (Where(i => i % every != 0), Where(i => i % every == 0));

    private DigitSet Where(Func<int, bool> isWanted)
    {
        int[] chosen = [.. Enumerable.Range(0, Count).Where(isWanted)];
        return new([.. chosen.SelectMany(i => new ArraySegment<float>(Pixels, i * Side * Side, Side * Side))], [.. chosen.Select(i => Labels[i])]);
    }

    private static DigitSet? TryRead(string folder, string name)
    {
        if (Open(Path.Combine(folder, $"{name}-images-idx3-ubyte")) is not { } images || Open(Path.Combine(folder, $"{name}-labels-idx1-ubyte")) is not { } labels)
        {
            return null;
        }

        int count = Number(images, 4);
        if (Number(images, 0) != ImagesMagic || Number(labels, 0) != LabelsMagic || Number(labels, 4) != count || Number(images, 8) != Side || Number(images, 12) != Side
            || images.Length != 16 + (count * Side * Side) || labels.Length != 8 + count)
        {
            throw new FormatException($"The files {name} in {folder} are not {count} images of {Side} × {Side} and as many labels in the format of MNIST.");
        }

        return new(Array.ConvertAll(images[16..], static pixel => pixel / 255f), Array.ConvertAll(labels[8..], static label => (int)label));
    }

    private static int Number(byte[] bytes, int at) => bytes.Length >= at + 4 ? BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) : -1;

    private static byte[]? Open(string path)
    {
        if (File.Exists(path))
        {
            return File.ReadAllBytes(path);
        }

        if (!File.Exists(path + ".gz"))
        {
            return null;
        }

        using var unpacked = new MemoryStream();
        using var stream = new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        stream.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
