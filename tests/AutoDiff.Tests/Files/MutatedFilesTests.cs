namespace AutoDiff.Tests.Files;

/// <summary>Ten thousand damaged files: each is read, or refused with the one exception that says so, and none takes more memory than its size warrants.</summary>
public class MutatedFilesTests
{
    private const int FilesOfEachKind = 2500;

    public static TheoryData<string> Kinds => ["f8.npy", "fortran.npy", "stored.npz", "safetensors"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mutated_files_are_read_or_refused(string kind)
    {
        byte[] original = kind == "safetensors" ? SafeTensors() : NumpyFileTests.Fixture(kind);
        var random = new Random(12345);
        int refused = 0;
        for (int i = 0; i < FilesOfEachKind; i++)
        {
            byte[] file = Mutate(original, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(kind, new MemoryStream(file));
            }
            catch (ArrayFileException)
            {
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(400_000 + (20L * file.Length), $"file {i} of {file.Length} bytes");
        }

        refused.Should().BeInRange(FilesOfEachKind / 4, FilesOfEachKind - 1);
    }

    private static void Read(string kind, Stream stream)
    {
        if (kind == "safetensors")
        {
            SafeTensorsFile.Read(stream);
        }
        else if (kind.EndsWith("npz", StringComparison.Ordinal))
        {
            NumpyFile.ReadArchive(stream);
        }
        else
        {
            NumpyFile.Read(stream);
        }
    }

    /// <summary>Flips bits, sets bytes to extremes, writes digits over the header, cuts, repeats or inserts; mostly near the front, where the headers are.</summary>
    private static byte[] Mutate(byte[] original, Random random)
    {
        var file = new List<byte>(original);
        for (int change = random.Next(1, 5); change > 0 && file.Count > 0; change--)
        {
            int place = random.Next(2) == 0 ? random.Next(file.Count) : random.Next(Math.Min(file.Count, 200));
            switch (random.Next(7))
            {
                case 0:
                    file[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[place] = random.Next(2) == 0 ? (byte)255 : (byte)0;
                    break;
                case 2:
                    file[place] = (byte)('0' + random.Next(10));
                    break;
                case 3:
                    file.RemoveRange(place, file.Count - place);
                    break;
                case 4:
                    file.InsertRange(place, file.GetRange(place, Math.Min(file.Count - place, random.Next(1, 40))));
                    break;
                case 5:
                    file.Insert(place, (byte)random.Next(256));
                    break;
                default:
                    file.RemoveRange(place, Math.Min(file.Count - place, random.Next(1, 20)));
                    break;
            }
        }

        return [.. file];
    }

    private static byte[] SafeTensors()
    {
        var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [new("weights", StoredArray.Create(Tensor.Ones<double>(3, 4))), new("index", StoredArray.Create([1, 2, 3], 3)), new("bias", StoredArray.Create(Tensor.Ones<float>(4)))],
            [new("format", "pt")]);
        return stream.ToArray();
    }
}
