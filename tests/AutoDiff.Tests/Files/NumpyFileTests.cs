namespace AutoDiff.Tests.Files;

/// <summary>NumPy's files: what NumPy wrote (by numpy_files.py beside this file) is read, and written again byte for byte.</summary>
public class NumpyFileTests
{
    [Theory]
    [InlineData("f8.npy")]
    [InlineData("f4.npy")]
    [InlineData("i4.npy")]
    [InlineData("i8.npy")]
    [InlineData("f2.npy")]
    [InlineData("b1.npy")]
    [InlineData("i1.npy")]
    [InlineData("u1.npy")]
    [InlineData("i2.npy")]
    [InlineData("u2.npy")]
    [InlineData("u4.npy")]
    [InlineData("u8.npy")]
    [InlineData("scalar.npy")]
    [InlineData("empty.npy")]
    public void What_NumPy_wrote_is_written_again_byte_for_byte(string name)
    {
        byte[] original = Fixture(name);
        var copy = new MemoryStream();
        NumpyFile.Write(copy, NumpyFile.Read(new MemoryStream(original)));
        copy.ToArray().Should().Equal(original);
    }

    [Fact]
    public void Stored_arrays_print_their_type_and_shape()
    {
        StoredArray.Create(Tensor.Zeros<double>(2, 3)).ToString().Should().Be("F64 [2, 3]");
        StoredArray.Create(Tensor.Scalar(1f)).ToString().Should().Be("F32 []");
        StoredArray.Create([1, 2], 2).ToString().Should().Be("I32 [2]");
    }

    [Fact]
    public void Values_shapes_and_types_are_those_of_NumPy()
    {
        StoredArray f8 = Read("f8.npy");
        f8.Shape.ToArray().Should().Equal(2, 3);
        Array.ConvertAll(f8.ToTensor<double>().ToArray(), BitConverter.DoubleToInt64Bits).Should()
            .Equal(Array.ConvertAll([1.5, -0.0, double.PositiveInfinity, BitConverter.Int64BitsToDouble(0x7FF8000000000000), double.Epsilon, 1.0 / 3], BitConverter.DoubleToInt64Bits));
        Read("f4.npy").ToTensor<float>().ToArray().Should().Equal(0f, 1f / 7, 2f / 7, 3f / 7, 4f / 7, 5f / 7);
        Read("f4.npy").ToTensor<double>().ToArray()[1].Should().Be(1f / 7);
        Read("i4.npy").ToInt32Array().Should().Equal(int.MinValue, 0, int.MaxValue);
        Read("i8.npy").ToInt64Array().Should().Equal(long.MinValue, long.MaxValue);
        Read("scalar.npy").ToTensor<double>().ToScalar().Should().Be(2.5);
        Read("scalar.npy").Shape.Length.Should().Be(0);
        Read("empty.npy").ToTensor<double>().Shape.ToArray().Should().Equal(0, 3);
        Read("version2.npy").ToTensor<double>().ToArray().Should().Equal(0, 1, 2);
        FluentActions.Invoking(() => Read("i8.npy").ToInt32Array()).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Read("f8.npy").ToInt32Array()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Fortran_order_and_big_endian_numbers_are_read()
    {
        StoredArray fortran = Read("fortran.npy");
        fortran.Shape.ToArray().Should().Equal(2, 3, 4);
        fortran.ToTensor<double>().ToArray().Should().Equal(Enumerable.Range(0, 24).Select(i => (double)i));
        Read("big_endian_f8.npy").Bytes.ToArray().Should().Equal(Read("f8.npy").Bytes.ToArray());
        Read("big_endian_i4.npy").ToInt32Array().Should().Equal(1, -2, 3);
    }

    [Fact]
    public void Archives_are_read_and_written()
    {
        IReadOnlyDictionary<string, StoredArray> stored = NumpyFile.ReadArchive(new MemoryStream(Fixture("stored.npz")));
        stored.Keys.Should().Equal("w", "index");
        stored["w"].Bytes.ToArray().Should().Equal(Read("f8.npy").Bytes.ToArray());
        stored["index"].ToInt32Array().Should().Equal(0, 1, 2, 3);
        NumpyFile.ReadArchive(new MemoryStream(Fixture("compressed.npz")))["w"].ToTensor<double>().Should().Match<Tensor<double>>(w => w.Length == 2000 && w.Norm().ToScalar() == 0);
        foreach (bool compress in (bool[])[false, true])
        {
            var (first, second) = (new MemoryStream(), new MemoryStream());
            NumpyFile.WriteArchive(first, stored, compress);
            NumpyFile.WriteArchive(second, stored, compress);
            first.ToArray().Should().Equal(second.ToArray());
            IReadOnlyDictionary<string, StoredArray> back = NumpyFile.ReadArchive(first);
            back.Keys.Should().Equal(stored.Keys);
            back["w"].Bytes.ToArray().Should().Equal(stored["w"].Bytes.ToArray());
        }
    }

    [Fact]
    public void Files_have_paths_too()
    {
        string path = Path.GetTempFileName();
        try
        {
            Tensor<float> tensor = Tensor.Create([1f, 2, 3, 4], 2, 2);
            NumpyFile.Write(path, StoredArray.Create(tensor));
            NumpyFile.Read(path).ToTensor<float>().ToArray().Should().Equal(1, 2, 3, 4);
            NumpyFile.WriteArchive(path, [new("a", StoredArray.Create([1, 2], 2)), new("b", StoredArray.Create([3L], []))]);
            NumpyFile.ReadArchive(path)["b"].ToInt64Array().Should().Equal(3);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976,), }", "*axis of length*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,), }", "*would take*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000,), }", "*truncated*8000000 bytes*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "*no length*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "*no length*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536), }", "*more than*elements*")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "*O*supported*")]
    [InlineData("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,), }", "*True nor False*")]
    [InlineData("{'descr': '<f8', 'shape': (1,), }", "*not all of the keys*")]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'shape': (1,), }", "*twice*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x", "*after the dictionary*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'color': 1", "*unknown key*")]
    [InlineData("{'descr: 1", "*no string*")]
    [InlineData("", "*no '{'*")]
    public void Damaged_headers_are_named(string header, string message)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.Latin1.GetBytes(header)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => NumpyFile.Read(new MemoryStream(file))).Should().Throw<ArrayFileException>().WithMessage(message);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Other_files_and_types_are_refused()
    {
        FluentActions.Invoking(() => Read("stored.npz")).Should().Throw<ArrayFileException>().WithMessage("*does not begin*");
        FluentActions.Invoking(() => NumpyFile.ReadArchive(new MemoryStream(Fixture("f8.npy")))).Should().Throw<ArrayFileException>();
        FluentActions.Invoking(() => NumpyFile.Read(new MemoryStream([0x93, .. "NUMPY"u8, 9, 0]))).Should().Throw<ArrayFileException>().WithMessage("*version 9.0*");
        byte[] f8 = Fixture("f8.npy");
        for (int length = 0; length < f8.Length; length++)
        {
            FluentActions.Invoking(() => NumpyFile.Read(new MemoryStream(f8, 0, length))).Should().Throw<ArrayFileException>();
        }
    }

    internal static byte[] Fixture(string name)
    {
        using Stream stream = typeof(NumpyFileTests).Assembly.GetManifestResourceStream("Numpy/" + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static StoredArray Read(string name) => NumpyFile.Read(new MemoryStream(Fixture(name)));
}
