using System.Buffers.Binary;

namespace BigImages;

/// <summary>A picture of 4096 × 4096 pixels that no format makes smaller: a Windows bitmap of 64 MiB, made row by row.</summary>
internal static class BigPicture
{
    private const int Side = 4096;
    private const int HeaderLength = 54;

    public const long Length = HeaderLength + ((long)Side * Side * 4);

    /// <summary>Makes the header and then every row. The memory is the same every time: use it before asking for the next.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        var row = new byte[Side * 4];
        yield return Header();
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(x * 4), ((x ^ y) & 0xFF) | ((x >> 4) << 8) | ((y >> 4) << 16));
            }

            yield return row;
        }
    }

    public static async Task WriteFileAsync(string path)
    {
        await using var file = File.Create(path);
        foreach (var piece in Pieces())
        {
            await file.WriteAsync(piece);
        }
    }

    private static byte[] Header()
    {
        var header = new byte[HeaderLength];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2), (int)Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), Side);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), Side);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(28), 32);
        return header;
    }
}
