using System.Buffers.Binary;
using System.Text;

namespace Observability;

/// <summary>One field of a protobuf message: its number, and its value as bytes or as a number.</summary>
internal readonly record struct ProtobufField(int Number, ReadOnlyMemory<byte> Bytes, ulong Bits)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    public double Double => BitConverter.UInt64BitsToDouble(Bits);

    public long Signed => (long)Bits;

    /// <summary>Gets the fields of the message that this field holds.</summary>
    public List<ProtobufField> Fields => Parse(Bytes);

    /// <summary>Reads the fields of a message. The wire format has four kinds of values that matter, told by the lowest three bits of the tag.</summary>
    public static List<ProtobufField> Parse(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtobufField>();
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(new ProtobufField(number, default, Varint(ref message)));
                    break;
                case 1:
                    fields.Add(new ProtobufField(number, default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span)));
                    break;
                case 2:
                    fields.Add(new ProtobufField(number, Take(ref message, (int)Varint(ref message)), 0));
                    break;
                case 5:
                    fields.Add(new ProtobufField(number, default, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span)));
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }

        return fields;
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref rest, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
