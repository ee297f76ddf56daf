using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>The small copy of a reference image that an order keeps.</summary>
internal static class Thumbnail
{
    private const int LongestEdge = 512;
    private const long MostPixels = 100_000_000;

    /// <summary>Makes it, or tells by null that the bytes are no image that can be read.</summary>
    public static ReadOnlyMemory<byte>? Make(ReadOnlyMemory<byte> bytes)
    {
        using var data = SKData.CreateCopy(bytes.Span);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            return null;
        }

        using var whole = SKBitmap.Decode(codec);
        if (whole is null)
        {
            return null;
        }

        var scale = Math.Min(1, LongestEdge / (float)Math.Max(whole.Width, whole.Height));
        var info = new SKImageInfo(Math.Max(1, (int)(whole.Width * scale)), Math.Max(1, (int)(whole.Height * scale)));
        using var small = whole.Resize(info, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var pixels = small?.PeekPixels();
        using var encoded = pixels?.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 3));
        return encoded?.ToArray();
    }
}
