using System.Globalization;
using System.Text;

namespace AutoDiff.Distributed.Tests;

public sealed class ShardedRowsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rows").FullName;
    private readonly Tensor<double> x = new RandomKey(1).Normal<double>(103, 2, 3);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string PathOf(string name) => Path.Combine(folder, name);

    public static TheoryData<string> Formats => ["npy", "npz", "safetensors", "npy of float", "npy of integers", "npy of the other byte order"];

    private RowSource<double> Open(string format)
    {
        string path = PathOf("file");
        var arrays = new Dictionary<string, StoredArray> { ["first"] = StoredArray.Create(Tensor.Ones<double>(7)), ["x"] = StoredArray.Create(x), ["z"] = StoredArray.Create([1, 2, 3], 3) };
        switch (format)
        {
            case "npy":
                NumpyFile.Write(path, x);
                return ShardedRows.OpenNumpy<double>(path);
            case "npz":
                NumpyFile.WriteArchive(path, arrays);
                return ShardedRows.OpenArchive<double>(path, "x");
            case "safetensors":
                SafeTensorsFile.Write(path, arrays);
                return ShardedRows.OpenSafeTensors<double>(path, "x");
            case "npy of float":
                NumpyFile.Write(path, x.ConvertTo<float>());
                return ShardedRows.OpenNumpy<double>(path);
            case "npy of integers":
                NumpyFile.Write(path, StoredArray.Create(Enumerable.Range(0, x.Length).ToArray(), 103, 2, 3));
                return ShardedRows.OpenNumpy<double>(path);
            default:
                NumpyFile.Write(path, x);
                byte[] bytes = File.ReadAllBytes(path);
                int start = bytes.Length - (8 * x.Length);
                bytes[bytes.AsSpan().IndexOf("<f8"u8)] = (byte)'>';
                for (int i = start; i < bytes.Length; i += 8)
                {
                    bytes.AsSpan(i, 8).Reverse();
                }

                File.WriteAllBytes(path, bytes);
                return ShardedRows.OpenNumpy<double>(path);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Rows_of_a_file_are_those_of_the_array(string format)
    {
        RowSource<double> rows = Open(format);
        Tensor<double> expected = format.Contains("float", StringComparison.Ordinal) ? x.ConvertTo<float>().ConvertTo<double>()
            : format.Contains("integers", StringComparison.Ordinal) ? Tensor.Create<double>([.. Enumerable.Range(0, x.Length).Select(i => (double)i)], x.Shape) : x;
        rows.Count.Should().Be(103);
        foreach (Range range in (Range[])[0..0, 0..1, 5..20, 102..103, Range.All])
        {
            Tensor<double> part = ShardedRows.Read(rows, range);
            part.Shape.ToArray().Should().Equal(expected[range].Shape.ToArray());
            part.ToArray().Should().Equal(expected[range].ToArray());
        }
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void A_sum_over_a_file_has_the_bits_of_the_sum_over_the_array(string format)
    {
        RowSource<double> rows = Open(format);
        Tensor<double>[] p = [new RandomKey(2).Normal<double>(3)];
        static Tensor<double> Loss(Tensor<double>[] p, Tensor<double>[] rows) => rows[0].MatMul(p[0]).Tanh().Sum();
        (double value, Tensor<double>[] gradients) = DataParallel.ValueAndGradient(Communicator.InProcess(1)[0], Loss, p, [x]);
        CompiledSum<double> sum = Differentiate.CompileSum<double>(Loss, p, [x]);
        (double total, _) = sum.ValueAndGradient(p, [x]);
        Communicator.InProcess(3, c =>
        {
            (double own, Tensor<double>[] ownGradients) = DataParallel.ValueAndGradient(c, Loss, p, [rows]);
            own.Should().Be(value);
            ownGradients[0].ToArray().Should().Equal(gradients[0].ToArray());
            DataParallel.ValueAndGradient(c, sum, p, [rows]).Value.Should().Be(total);
        });
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("safetensors")]
    public void A_file_may_hold_more_than_a_tensor_does(string format)
    {
        // A file of 25.6 GB, of which the middle has never been written: 3,200,000,000 elements.
        string path = PathOf("huge");
        const int rows = 400_000_000;
        const long bytes = rows * 64L;
        using (FileStream stream = File.Create(path))
        {
            if (format == "npy")
            {
                stream.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0]);
                stream.Write(Encoding.Latin1.GetBytes($"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 8), }}".PadRight(117) + "\n"));
            }
            else
            {
                string header = $"{{\"x\":{{\"dtype\":\"F64\",\"shape\":[{rows},8],\"data_offsets\":[0,{bytes}]}}}}".PadRight(120);
                stream.Write(BitConverter.GetBytes((long)header.Length));
                stream.Write(Encoding.Latin1.GetBytes(header));
            }

            long start = stream.Position;
            try
            {
                stream.SetLength(start + bytes);
            }
            catch (IOException)
            {
                // A file system without holes.
                return;
            }

            stream.Position = start + bytes - 64;
            stream.Write(BitConverter.GetBytes(1.5));
        }

        RowSource<double> all = format == "npy" ? ShardedRows.OpenNumpy<double>(path) : ShardedRows.OpenSafeTensors<double>(path, "x");
        ShardedRows.Read(all, ^1..).ToArray().Should().Equal(1.5, 0, 0, 0, 0, 0, 0, 0);
        Action whole = () => ShardedRows.Read(all, ..);
        whole.Should().Throw<TensorShapeException>();
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void Bytes_outside_of_the_rows_are_not_read(string format)
    {
        // The kernel of Linux counts what a thread reads.
        const string counters = "/proc/thread-self/io";
        if (!File.Exists(counters))
        {
            return;
        }

        static long CountRead() => long.Parse(File.ReadLines(counters).First()["rchar: ".Length..], CultureInfo.InvariantCulture);
        string path = PathOf("large");
        Tensor<double> large = new RandomKey(3).Normal<double>(100_000, 10);
        var arrays = new Dictionary<string, StoredArray> { ["before"] = StoredArray.Create(large), ["x"] = StoredArray.Create(large) };
        switch (format)
        {
            case "npy":
                NumpyFile.Write(path, large);
                break;
            case "npz":
                NumpyFile.WriteArchive(path, arrays);
                break;
            default:
                SafeTensorsFile.Write(path, arrays);
                break;
        }

        long before = CountRead();
        RowSource<double> rows = format switch
        {
            "npy" => ShardedRows.OpenNumpy<double>(path),
            "npz" => ShardedRows.OpenArchive<double>(path, "x"),
            _ => ShardedRows.OpenSafeTensors<double>(path, "x"),
        };
        Tensor<double> part = ShardedRows.Read(rows, 60_000..61_000);
        long read = CountRead() - before;
        part.ToArray().Should().Equal(large[60_000..61_000].ToArray());

        // The rows are 80,000 bytes of 8,000,000 or 16,000,000; what opens the file reads its head, and the directory of an archive.
        read.Should().BeInRange(80_000, 120_000);
    }

    [Fact]
    public void Files_whose_rows_cannot_be_read_are_refused()
    {
        string path = PathOf("bad");
        NumpyFile.WriteArchive(path, [KeyValuePair.Create("x", StoredArray.Create(Tensor.Zeros<double>(1000)))], compress: true);
        Refused(() => ShardedRows.OpenArchive<double>(path, "x"), "*compressed*numpy.savez*");
        Refused(() => ShardedRows.OpenArchive<double>(path, "y"), "*nothing named 'y'*x*");
        NumpyFile.Write(path, Tensor.Scalar(1.0));
        Refused(() => ShardedRows.OpenNumpy<double>(path), "*scalar*");
        Refused(() => ShardedRows.OpenArchive<double>(path, "x"), "*");
        Refused(() => ShardedRows.OpenSafeTensors<double>(path, "x"), "*");
        NumpyFile.Write(path, x);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^1]);
        Refused(() => ShardedRows.OpenNumpy<double>(path), "*truncated*");
        File.WriteAllBytes(path, bytes);
        RowSource<double> rows = ShardedRows.OpenNumpy<double>(path);
        File.WriteAllBytes(path, bytes[..^100]);
        Refused(() => ShardedRows.Read(rows, ..), "*truncated*");
        int order = bytes.AsSpan().IndexOf("False"u8);
        "True "u8.CopyTo(bytes.AsSpan(order));
        File.WriteAllBytes(path, bytes);
        Refused(() => ShardedRows.OpenNumpy<double>(path), "*Fortran order*");
        Action part = () => ShardedRows.Part(x, 5, 100);
        part.Should().Throw<TensorShapeException>();
        Action outside = () => DataParallel.ValueAndGradient(Communicator.InProcess(1)[0], (p, rows) => (p[0] * rows[0].Sum()), [Tensor.Scalar(1.0)], [ShardedRows.Part(x, 5, 200)]);
        outside.Should().Throw<TensorShapeException>().WithMessage("*DataParallel.RowsOf*");
    }

    private static void Refused(Action open, string message) => open.Should().Throw<ArrayFileException>().WithMessage(message);
}
