namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>Pictures of any size: the beginning and the end of a PNG, and noise between them, which no layer can compress.</summary>
internal static class NoiseImage
{
    /// <summary>Divisible by three, so that pieces can be encoded as base64 one by one.</summary>
    private const int ChunkLength = 768 * 1024;

    private static readonly byte[] Chunk = CreateChunk();
    private static readonly byte[] EncodedChunk = Encode(Chunk);

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> PngEnd => [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Gets the pieces of a picture.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> RawChunks(long bytes)
    {
        var fullChunks = (bytes - 1) / ChunkLength;
        for (var i = 0L; i < fullChunks; i++)
        {
            yield return Chunk;
        }

        yield return CreateLastChunk(bytes - (fullChunks * ChunkLength));
    }

    /// <summary>Gets the pieces of a picture as base64.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Base64Chunks(long bytes)
    {
        var fullChunks = (bytes - 1) / ChunkLength;
        for (var i = 0L; i < fullChunks; i++)
        {
            yield return EncodedChunk;
        }

        yield return Encode(CreateLastChunk(bytes - (fullChunks * ChunkLength)));
    }

    public static long Base64Length(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>Writes a picture to a file.</summary>
    public static void WriteFile(string path, long bytes)
    {
        using var file = File.Create(path);
        foreach (var chunk in RawChunks(bytes))
        {
            file.Write(chunk.Span);
        }
    }

    private static byte[] CreateChunk()
    {
        var chunk = new byte[ChunkLength];
        new Random(1).NextBytes(chunk);
        PngSignature.CopyTo(chunk);
        return chunk;
    }

    private static byte[] CreateLastChunk(long length)
    {
        var chunk = Chunk.AsSpan(0, (int)length).ToArray();
        if (chunk.Length >= PngEnd.Length)
        {
            PngEnd.CopyTo(chunk.AsSpan(chunk.Length - PngEnd.Length));
        }

        return chunk;
    }

    private static byte[] Encode(byte[] bytes)
    {
        var base64 = new byte[Base64Length(bytes.Length)];
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, base64, out _, out _);
        return base64;
    }
}
