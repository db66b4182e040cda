using System.Buffers.Binary;
using System.Text;

namespace AutoDiff.Tests.Files;

/// <summary>Safetensors files, made by hand from the format's description.</summary>
public class SafeTensorsFileTests
{
    private const string Two = """{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
    private static readonly byte[] TwoBytes = [0, 0, 128, 63, 0, 0, 0, 64, 7, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void A_file_made_by_hand_is_read()
    {
        SafeTensors file = SafeTensorsFile.Read(new MemoryStream(Make(Two + "   ", TwoBytes)));
        file.Metadata.Should().Equal(new Dictionary<string, string> { ["format"] = "pt" });
        file.Arrays["a"].Shape.ToArray().Should().Equal(1, 2);
        file.Arrays["a"].ToTensor<float>().ToArray().Should().Equal(1, 2);
        file.Arrays["b"].ToInt64Array().Should().Equal(7);
        file.Arrays["b"].Shape.Length.Should().Be(0);
    }

    [Fact]
    public void The_bytes_that_are_written_are_those_of_the_format()
    {
        var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, [new("a", StoredArray.Create(Tensor.Create([1f, 2f], 1, 2))), new("b", StoredArray.Create([7L], []))], [new("format", "pt")]);
        string header = """{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""";
        header += new string(' ', (8 - (header.Length % 8)) % 8);
        stream.ToArray().Should().Equal(Make(header, [.. TwoBytes[8..], .. TwoBytes[..8]]));
    }

    [Fact]
    public void Round_trips_are_bit_for_bit()
    {
        double[] values = [double.NaN, -0.0, double.Epsilon, double.MaxValue, BitConverter.Int64BitsToDouble(0x7FF0000000000123)];
        var arrays = new Dictionary<string, StoredArray>
        {
            ["ünïcode \"quoted\""] = StoredArray.Create(Tensor.Create(values)),
            ["empty"] = StoredArray.Create(Tensor.Zeros<float>(0, 3)),
            ["integers"] = StoredArray.Create([1, -2, 3, 4], 2, 2),
        };
        string path = Path.GetTempFileName();
        try
        {
            SafeTensorsFile.Write(path, arrays);
            IReadOnlyDictionary<string, StoredArray> back = SafeTensorsFile.Read(path).Arrays;
            back.Keys.Should().BeEquivalentTo(arrays.Keys);
            foreach ((string name, StoredArray array) in arrays)
            {
                (back[name].Type, back[name].Bytes.ToArray()).Should().BeEquivalentTo((array.Type, array.Bytes.ToArray()));
                back[name].Shape.ToArray().Should().Equal(array.Shape.ToArray());
            }

            Array.ConvertAll(back["ünïcode \"quoted\""].ToTensor<double>().ToArray(), BitConverter.DoubleToInt64Bits).Should().Equal(Array.ConvertAll(values, BitConverter.DoubleToInt64Bits));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,8]}}""", "*axis of length*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,8]}}""", "*more than*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "*8 bytes apart*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "*begin at 0*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "*speaks of 8*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "*begin at 8*")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[9],"data_offsets":[0,16]}}""", "*18 bytes apart*")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[16],"data_offsets":[16,0]}}""", "*offsets in order*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,16]}}""", "*no 64-bit integer*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", "*axis of length -4*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4]}}""", "*does not have*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "*damaged*")]
    [InlineData("""[1]""", "*damaged*")]
    [InlineData("""{"a":""", "*damaged*")]
    [InlineData("""{"__metadata__":{"a":1}}""", "*damaged*")]
    public void Damaged_headers_are_named(string header, string message) =>
        FluentActions.Invoking(() => SafeTensorsFile.Read(new MemoryStream(Make(header, TwoBytes)))).Should().Throw<ArrayFileException>().WithMessage(message);

    [Fact]
    public void Headers_longer_than_the_file_or_the_bound_are_refused()
    {
        FluentActions.Invoking(() => SafeTensorsFile.Read(new MemoryStream([255, 255, 255, 255, 255, 255, 255, 255]))).Should().Throw<ArrayFileException>().WithMessage("*At most*");
        FluentActions.Invoking(() => SafeTensorsFile.Read(new MemoryStream([0, 0, 1, 0, 0, 0, 0, 0]))).Should().Throw<ArrayFileException>().WithMessage("*truncated*");
        FluentActions.Invoking(() => SafeTensorsFile.Write(new MemoryStream(), [new("__metadata__", StoredArray.Create([1], 1))])).Should().Throw<ArgumentException>();
    }

    internal static byte[] Make(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
