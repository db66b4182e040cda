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

    [Fact]
    public void Only_the_rows_that_are_asked_for_are_read()
    {
        // A file of 2 TB, of which the middle has never been written.
        string path = PathOf("huge.npy");
        const int rows = 250_000_000;
        using (FileStream stream = File.Create(path))
        {
            string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 8), }}".PadRight(117) + "\n";
            stream.Write([0x93, .. "NUMPY"u8, 1, 0, 118, 0]);
            stream.Write(System.Text.Encoding.Latin1.GetBytes(header));
            long start = stream.Position;
            try
            {
                stream.SetLength(start + (rows * 64L));
            }
            catch (IOException)
            {
                // A file system without holes.
                return;
            }

            stream.Position = start + ((rows - 1) * 64L);
            stream.Write(BitConverter.GetBytes(1.5));
        }

        RowSource<double> all = ShardedRows.OpenNumpy<double>(path);
        ShardedRows.Read(all, ^1..).ToArray().Should().Equal(1.5, 0, 0, 0, 0, 0, 0, 0);
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
