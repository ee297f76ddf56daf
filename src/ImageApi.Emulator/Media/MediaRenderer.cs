using System.Security.Cryptography;
using ImageApi.Emulator.Drawing;
using ImageApi.Emulator.Drawing.Primitives;
using ImageApi.Emulator.Generations;
using SkiaSharp;

namespace ImageApi.Emulator.Media;

/// <summary>Renders the bytes of a result. The same generation request always produces the same bytes.</summary>
internal sealed class MediaRenderer : IDisposable
{
    private const int TinyEdge = 4;
    private const int VideoEdge = 384;

    private readonly EmulatorOptions _options;
    private readonly FontCollection _fonts;
    private readonly ImagePainter _painter;

    public MediaRenderer(EmulatorOptions options)
    {
        _options = options;
        _fonts = new FontCollection(options.FontPath);
        _painter = new ImagePainter(_fonts);
    }

    public MediaContent Render(GenerationRequest request, int index)
    {
        var bytes = request.Kind switch
        {
            GenerationKind.Video => RenderVideo(request, index),
            GenerationKind.Audio => MelodyRenderer.Render(new DeterministicRandom(request.Prompt, index), _options.DrawTinyImages),
            _ => _options.DrawTinyImages ? RenderTinyImage(request, index) : RenderImage(request, index),
        };
        return new MediaContent(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public void Dispose() => _fonts.Dispose();

    private byte[] RenderImage(GenerationRequest request, int index)
    {
        using var surface = SKSurface.Create(CreateImageInfo(request, request.Width, request.Height));
        _painter.Draw(surface.Canvas, request, index, request.Width, request.Height, phase: 0);
        using var pixels = surface.PeekPixels();
        return Encode(pixels, request);
    }

    private byte[] RenderVideo(GenerationRequest request, int index)
    {
        var scale = Math.Min(1, VideoEdge / (float)Math.Max(request.Width, request.Height));
        var (width, height) = (Math.Max(1, (int)(request.Width * scale)), Math.Max(1, (int)(request.Height * scale)));
        using var surface = SKSurface.Create(CreateImageInfo(request, width, height));
        var animation = new AnimatedPngWriter(width, height, _options.DrawTinyImages ? 2 : 16, TimeSpan.FromMilliseconds(100));
        for (var frame = 0; frame < animation.FrameCount; frame++)
        {
            _painter.Draw(surface.Canvas, request, index, width, height, frame / (float)animation.FrameCount);
            using var pixels = surface.PeekPixels();
            using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)) ?? throw EncodingFailed(request);
            animation.AddFrame(png.AsSpan());
        }

        return animation.ToArray();
    }

    private static byte[] RenderTinyImage(GenerationRequest request, int index)
    {
        var random = new DeterministicRandom(request.Prompt, index);
        using var bitmap = new SKBitmap(CreateImageInfo(request, TinyEdge, TinyEdge));
        for (var pixel = 0; pixel < TinyEdge * TinyEdge; pixel++)
        {
            bitmap.SetPixel(pixel % TinyEdge, pixel / TinyEdge, new SKColor((byte)random.Pick(256), (byte)random.Pick(256), (byte)random.Pick(256)));
        }

        using var pixels = bitmap.PeekPixels();
        return Encode(pixels, request);
    }

    private static SKImageInfo CreateImageInfo(GenerationRequest request, int width, int height) => new(
        width,
        height,
        SKColorType.Rgba8888,
        request.IsTransparent && request.Format != SKEncodedImageFormat.Jpeg ? SKAlphaType.Premul : SKAlphaType.Opaque);

    private static byte[] Encode(SKPixmap pixels, GenerationRequest request)
    {
        using var data = request.Format switch
        {
            SKEncodedImageFormat.Jpeg => pixels.Encode(new SKJpegEncoderOptions(Math.Max(1, request.Compression))),
            SKEncodedImageFormat.Webp => pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, request.Compression)),
            _ => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1)),
        };
        return (data ?? throw EncodingFailed(request)).ToArray();
    }

    private static InvalidOperationException EncodingFailed(GenerationRequest request) => new($"A picture of {request.Width}x{request.Height} could not be written as {request.FormatName}.");
}
