namespace ImageApi.Client.Media.Formats;

/// <summary>Tells the type of a file by its first bytes, and whether its last bytes are the end of such a file.</summary>
internal static class FileSignature
{
    /// <summary>How many of the first bytes are enough to tell.</summary>
    public const int HeadLength = 64;

    /// <summary>How many of the last bytes are looked through for the end of a file; some programs append a little.</summary>
    public const int TailLength = 1024;

    public static string? Detect(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 8 && head[0] == 0x89 && head.Slice(1, 3).SequenceEqual("PNG"u8))
        {
            return head.IndexOf("acTL"u8) >= 0 ? MediaTypes.Apng : MediaTypes.Png;
        }

        if (head.Length >= 3 && head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF)
        {
            return MediaTypes.Jpeg;
        }

        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
        {
            return head.Slice(8, 4).SequenceEqual("WEBP"u8) ? MediaTypes.Webp : head.Slice(8, 4).SequenceEqual("WAVE"u8) ? MediaTypes.Wav : null;
        }

        if (head.Length >= 12 && head.Slice(4, 4).SequenceEqual("ftyp"u8))
        {
            return FromBrand(head.Slice(8, 4));
        }

        return head.StartsWith("GIF8"u8) ? MediaTypes.Gif
            : head.StartsWith("BM"u8) && head.Length >= 14 && head.Slice(6, 4).SequenceEqual(stackalloc byte[4]) ? MediaTypes.Bmp
            : head.StartsWith("OggS"u8) ? MediaTypes.Ogg
            : head.StartsWith("fLaC"u8) ? MediaTypes.Flac
            : head.StartsWith("ID3"u8) || (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2) ? MediaTypes.Mp3
            : head.Length >= 4 && head[0] == 0x1A && head[1] == 0x45 && head[2] == 0xDF && head[3] == 0xA3 ? MediaTypes.Webm
            : null;
    }

    /// <summary>Says whether a file of a type may end like this. Types whose end is not marked always may.</summary>
    public static bool MayEndWith(string? mimeType, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length) => mimeType switch
    {
        MediaTypes.Png or MediaTypes.Apng => tail.IndexOf("IEND"u8) >= 0,
        MediaTypes.Jpeg => tail.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0,
        MediaTypes.Gif => tail.LastIndexOf((byte)0x3B) >= 0,
        MediaTypes.Webp or MediaTypes.Wav => length >= RiffLength(head),
        _ => true,
    };

    private static string FromBrand(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("avi"u8) ? MediaTypes.Avif
        : brand.StartsWith("hei"u8) || brand.SequenceEqual("mif1"u8) ? MediaTypes.Heic
        : brand.StartsWith("M4A"u8) ? MediaTypes.M4a
        : brand.StartsWith("qt"u8) ? MediaTypes.Mov
        : MediaTypes.Mp4;

    private static long RiffLength(ReadOnlySpan<byte> head) => 8 + System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(4));
}
