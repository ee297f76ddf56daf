namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>Pictures of any size: the beginning and the end of a PNG, and noise between them, which no layer can compress.</summary>
internal static class Noise
{
    /// <summary>Divisible by three, so that pieces can be encoded as base64 one by one.</summary>
    private const int PieceLength = 768 * 1024;

    private static readonly byte[] Piece = MakePiece();
    private static readonly byte[] EncodedPiece = Encode(Piece);

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> End => [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];

    /// <summary>Gets the pieces of a picture.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Raw(long bytes)
    {
        var whole = (bytes - 1) / PieceLength;
        for (var i = 0L; i < whole; i++)
        {
            yield return Piece;
        }

        yield return Last(bytes - (whole * PieceLength));
    }

    /// <summary>Gets the pieces of a picture as base64.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Base64(long bytes)
    {
        var whole = (bytes - 1) / PieceLength;
        for (var i = 0L; i < whole; i++)
        {
            yield return EncodedPiece;
        }

        yield return Encode(Last(bytes - (whole * PieceLength)));
    }

    public static long Base64Length(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>Writes a picture to a file.</summary>
    public static void WriteFile(string path, long bytes)
    {
        using var file = File.Create(path);
        foreach (var piece in Raw(bytes))
        {
            file.Write(piece.Span);
        }
    }

    private static byte[] MakePiece()
    {
        var piece = new byte[PieceLength];
        new Random(1).NextBytes(piece);
        Signature.CopyTo(piece);
        return piece;
    }

    private static byte[] Last(long length)
    {
        var last = Piece.AsSpan(0, (int)length).ToArray();
        if (last.Length >= End.Length)
        {
            End.CopyTo(last.AsSpan(last.Length - End.Length));
        }

        return last;
    }

    private static byte[] Encode(byte[] bytes)
    {
        var text = new byte[Base64Length(bytes.Length)];
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, text, out _, out _);
        return text;
    }
}
