using System.Buffers.Binary;
using System.Text;

namespace AutoDiff.Onnx;

/// <summary>Goes through the fields of a message in the wire format of Protocol Buffers. Whatever the bytes are, nothing but an <see cref="OnnxException"/> comes of it.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;
    private ProtobufWire wire;

    /// <summary>The number of the field that was come to last.</summary>
    public int Field { get; private set; }

    /// <summary>Comes to the next field. False at the end.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Varint();
        (Field, wire) = ((int)(tag >> 3), (ProtobufWire)(tag & 7));
        return tag >> 3 is > 0 and < 1 << 29 && wire is ProtobufWire.Varint or ProtobufWire.Fixed64 or ProtobufWire.Bytes or ProtobufWire.Fixed32 ? true : throw Damaged("a field without a number or of an unknown kind");
    }

    public long Integer() => wire == ProtobufWire.Varint ? (long)Varint() : throw Damaged($"field {Field} is no integer");

    public float Float() => wire == ProtobufWire.Fixed32 ? BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float))) : throw Damaged($"field {Field} is no number in single precision");

    public string Text()
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes());
        }
        catch (ArgumentException)
        {
            throw Damaged($"field {Field} is no text");
        }
    }

    public ReadOnlySpan<byte> Bytes() => wire == ProtobufWire.Bytes ? Take(Varint()) : throw Damaged($"field {Field} is no message");

    /// <summary>Integers, packed or one by one.</summary>
    public void Integers(List<long> values)
    {
        if (wire == ProtobufWire.Varint)
        {
            values.Add((long)Varint());
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (!packed.rest.IsEmpty)
        {
            values.Add((long)packed.Varint());
        }
    }

    /// <summary>Numbers in single precision, packed or one by one.</summary>
    public void Floats(List<float> values)
    {
        if (wire == ProtobufWire.Fixed32)
        {
            values.Add(Float());
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (!packed.rest.IsEmpty)
        {
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(packed.Take(sizeof(float))));
        }
    }

    /// <summary>Numbers in double precision, packed or one by one.</summary>
    public void Doubles(List<double> values)
    {
        if (wire == ProtobufWire.Fixed64)
        {
            values.Add(BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double))));
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (!packed.rest.IsEmpty)
        {
            values.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed.Take(sizeof(double))));
        }
    }

    /// <summary>Goes past a field that does not matter.</summary>
    public void Skip()
    {
        switch (wire)
        {
            case ProtobufWire.Varint:
                Varint();
                break;
            case ProtobufWire.Bytes:
                Bytes();
                break;
            default:
                Take(wire == ProtobufWire.Fixed32 ? 4u : 8u);
                break;
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("an integer does not end");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length)
        {
            throw Damaged($"{count} bytes are announced where {rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private static OnnxException Damaged(string what) => new($"Read: the file is no ONNX model, or damaged: {what}. Expected a model in the format of Protocol Buffers. To fix it, write the file again.");
}
