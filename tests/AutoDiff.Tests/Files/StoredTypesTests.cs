namespace AutoDiff.Tests.Files;

/// <summary>Every type that files have: read as it is, converted on request, written as asked; and members that cannot be read beside those that can.</summary>
public class StoredTypesTests
{
    [Fact]
    public void Elements_of_every_type_are_those_that_NumPy_wrote()
    {
        Numbers("f2.npy").Should().Equal(1.5, -0.0, 65504, 5.9604644775390625e-08, double.PositiveInfinity);
        Numbers("b1.npy").Should().Equal(1, 0, 0, 1);
        Numbers("i1.npy").Should().Equal(-128, 0, 127);
        Numbers("u1.npy").Should().Equal(0, 255);
        Numbers("i2.npy").Should().Equal(-32768, 32767);
        Numbers("u2.npy").Should().Equal(0, 65535);
        Numbers("u4.npy").Should().Equal(0, 4294967295);
        Numbers("u8.npy").Should().Equal(0, 18446744073709551616.0);
        Numbers("big_endian_u2.npy").Should().Equal(1, 258);
        Read("b1.npy").ToInt32Array().Should().Equal(1, 0, 0, 1);
        Read("u4.npy").ToInt64Array().Should().Equal(0, 4294967295);
        FluentActions.Invoking(() => Read("u8.npy").ToInt64Array()).Should().Throw<OverflowException>().WithMessage("*18446744073709551615*");
        FluentActions.Invoking(() => Read("f2.npy").ToInt64Array()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Types_are_converted_on_request()
    {
        StoredArray numbers = StoredArray.Create(Tensor.Create([0.0, 1.0, 255.0]));
        foreach (StoredType type in Enum.GetValues<StoredType>().Where(type => type is not (StoredType.Bool or StoredType.I8)))
        {
            StoredArray converted = numbers.ConvertTo(type);
            (converted.Type, converted.Length).Should().Be((type, 3));
            converted.ToTensor<double>().ToArray().Should().Equal([0, 1, 255], "255 is a number of {0}", type);
            converted.ConvertTo(StoredType.F64).Bytes.ToArray().Should().Equal(numbers.Bytes.ToArray());
        }

        StoredArray.Create([1, 0], 2).ConvertTo(StoredType.Bool).Bytes.ToArray().Should().Equal(1, 0);
        StoredArray.Create([-128, 127], 2).ConvertTo(StoredType.I8).Bytes.ToArray().Should().Equal(0x80, 0x7F);
        StoredArray.Create([long.MaxValue], 1).ConvertTo(StoredType.U64).ConvertTo(StoredType.I64).ToInt64Array().Should().Equal(long.MaxValue);
        numbers.ConvertTo(StoredType.F64).Should().BeSameAs(numbers);
    }

    [Fact]
    public void Halves_are_rounded_to_the_nearest_and_to_even()
    {
        // F16 has 11 bits of precision, BF16 has 8: 1 + 2^-11 and 1 + 2^-8 lie half-way.
        Back(StoredType.F16, 1 + Math.Pow(2, -11), 1 + (3 * Math.Pow(2, -11)), 65520, 1e-8).Should().Equal(1, 1 + Math.Pow(2, -9), double.PositiveInfinity, 0);
        Back(StoredType.BF16, 1 + Math.Pow(2, -8), 1 + (3 * Math.Pow(2, -8)), 3.395e38, -1e-45).Should().Equal(1, 1 + Math.Pow(2, -6), 3.3895313892515355e38, -0.0);
        Back(StoredType.BF16, double.NaN, double.NegativeInfinity).Should().Equal(double.NaN, double.NegativeInfinity);

        static double[] Back(StoredType type, params double[] values) => StoredArray.Create(Tensor.Create(values)).ConvertTo(type).ToTensor<double>().ToArray();
    }

    [Theory]
    [InlineData(0.5, StoredType.I32)]
    [InlineData(double.NaN, StoredType.I64)]
    [InlineData(-1, StoredType.U8)]
    [InlineData(256, StoredType.U8)]
    [InlineData(2, StoredType.Bool)]
    [InlineData(9223372036854775808.0, StoredType.I64)]
    [InlineData(double.PositiveInfinity, StoredType.U64)]
    public void An_integer_is_had_exactly_or_not_at_all(double value, StoredType type) =>
        FluentActions.Invoking(() => StoredArray.Create(Tensor.Create([1.0, value])).ConvertTo(type)).Should().Throw<OverflowException>().WithMessage("ConvertTo: element 1 is *");

    [Fact]
    public void Members_are_listed_and_each_is_read_on_its_own()
    {
        using NumpyArchive archive = NumpyFile.OpenArchive(new MemoryStream(NumpyFileTests.Fixture("mixed.npz")));
        archive.Members.Select(member => member.Name).Should().Equal("x", "mask", "names", "objects", "records", "z", "when");
        archive.Members[0].ToString().Should().Be("x F64 [3]");
        archive.Read("x").ToTensor<double>().ToArray().Should().Equal(0, 1, 2);
        archive.Read("mask").ToInt32Array().Should().Equal(1, 0);
        foreach ((string name, string code, string meaning) in ((string, string, string)[])[("names", "<U3", "text"), ("objects", "|O", "Python objects"), ("records", "[('n', '<i4'), ('x', '<f8'), ('s', '<U4')]", "structured"),
            ("z", "<c16", "complex"), ("when", "<M8[D]", "dates")])
        {
            NumpyMember member = archive.Members.Single(member => member.Name == name);
            (member.ElementType, member.Type).Should().Be((code, null));
            member.Problem.Should().Contain(meaning).And.Contain(name);
            FluentActions.Invoking(() => archive.Read(name)).Should().Throw<ArrayFileException>().WithMessage($"*'{name}'*{meaning}*");
        }

        FluentActions.Invoking(() => archive.Read("other")).Should().Throw<KeyNotFoundException>().WithMessage("*x, mask*");
        FluentActions.Invoking(() => NumpyFile.ReadArchive(new MemoryStream(NumpyFileTests.Fixture("mixed.npz")))).Should().Throw<ArrayFileException>().WithMessage("*'names'*text*OpenArchive*");
    }

    [Fact]
    public void A_damaged_member_does_not_stand_in_the_way_of_the_others()
    {
        byte[] file = NumpyFileTests.Fixture("mixed.npz");
        int place = file.AsSpan().IndexOf("mask.npy"u8) + 150;
        file[place] ^= 0xFF;
        using NumpyArchive archive = NumpyFile.OpenArchive(new MemoryStream(file));
        archive.Read("x").Length.Should().Be(3);
        FluentActions.Invoking(() => archive.Read("mask")).Should().Throw<ArrayFileException>().WithMessage("*'mask'*");
    }

    [Fact]
    public void What_safetensors_have_is_read_and_what_is_not_supported_is_listed()
    {
        var stream = new MemoryStream();
        StoredArray[] arrays = [.. Enum.GetValues<StoredType>().Select(type => StoredArray.Create([0, 1], 2).ConvertTo(type))];
        SafeTensorsFile.Write(stream, arrays.Select(array => KeyValuePair.Create(array.Type.ToString(), array)));
        stream.Position = 0;
        SafeTensors back = SafeTensorsFile.Read(stream);
        back.LeftOut.Should().BeEmpty();
        foreach (StoredArray array in arrays)
        {
            back.Arrays[array.Type.ToString()].Bytes.ToArray().Should().Equal(array.Bytes.ToArray());
        }

        byte[] header = System.Text.Encoding.UTF8.GetBytes("""{"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}""");
        SafeTensors mixed = SafeTensorsFile.Read(new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. header, 1, 2, 3, 4, 5]));
        mixed.LeftOut.Should().Equal(new Dictionary<string, string> { ["a"] = "F8_E4M3" });
        mixed.Arrays["b"].ToInt32Array().Should().Equal(4, 5);
    }

    [Fact]
    public void NumPy_has_no_bfloat16_and_a_file_is_not_lost_to_the_mistake()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "kept");
            StoredArray halves = StoredArray.Create([1, 2], 2).ConvertTo(StoredType.BF16);
            FluentActions.Invoking(() => NumpyFile.Write(path, halves)).Should().Throw<ArgumentException>().WithMessage("*BF16*");
            FluentActions.Invoking(() => NumpyFile.WriteArchive(path, [new("a", halves)])).Should().Throw<ArgumentException>().WithMessage("*BF16*");
            File.ReadAllText(path).Should().Be("kept");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static StoredArray Read(string name) => NumpyFile.Read(new MemoryStream(NumpyFileTests.Fixture(name)));

    private static double[] Numbers(string name) => Read(name).ToTensor<double>().ToArray();
}
