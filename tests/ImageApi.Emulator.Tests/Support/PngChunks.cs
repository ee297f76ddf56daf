using System.Buffers.Binary;
using System.Text;

namespace ImageApi.Emulator.Tests.Support;

/// <summary>Reads PNG chunk by chunk and checks every sum by the definition of CRC-32, bit by bit: no code is shared with what is tested.</summary>
internal static class PngChunks
{
    public static List<(string Type, byte[] Data)> Read(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var summed = png.AsSpan(at + 4, length + 4);
            Assert.Equal(Crc(summed), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(summed[..4]), summed[4..].ToArray()));
            at += length + 12;
        }

        Assert.Equal("IHDR", chunks[0].Item1);
        Assert.Equal("IEND", chunks[^1].Item1);
        return chunks;
    }

    public static byte[] Write(IEnumerable<(string Type, byte[] Data)> chunks)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var number = new byte[4];
        foreach (var (type, data) in chunks)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            png.Write(number);
            byte[] summed = [.. Encoding.ASCII.GetBytes(type), .. data];
            png.Write(summed);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(summed));
            png.Write(number);
        }

        return png.ToArray();
    }

    public static (int Width, int Height) Size(byte[] png)
    {
        var header = Read(png)[0].Data;
        return (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
