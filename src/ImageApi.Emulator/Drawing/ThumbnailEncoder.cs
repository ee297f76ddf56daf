using SkiaSharp;

namespace ImageApi.Emulator.Drawing;

/// <summary>Encodes the thumbnail of a reference image that a generation request keeps.</summary>
internal static class ThumbnailEncoder
{
    private const int MaxEdge = 512;
    private const long MaxPixels = 100_000_000;

    /// <summary>Encodes a thumbnail, or returns null when the bytes are not a readable image.</summary>
    public static ReadOnlyMemory<byte>? Encode(ReadOnlyMemory<byte> bytes)
    {
        using var data = SKData.CreateCopy(bytes.Span);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            return null;
        }

        using var original = SKBitmap.Decode(codec);
        if (original is null)
        {
            return null;
        }

        var scale = Math.Min(1, MaxEdge / (float)Math.Max(original.Width, original.Height));
        var info = new SKImageInfo(Math.Max(1, (int)(original.Width * scale)), Math.Max(1, (int)(original.Height * scale)));
        using var resized = original.Resize(info, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var pixels = resized?.PeekPixels();
        using var encoded = pixels?.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 3));
        return encoded?.ToArray();
    }
}
