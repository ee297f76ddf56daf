using System.Security.Cryptography;
using ImageApi.Emulator.Orders;
using ImageApi.Emulator.Pictures;
using SkiaSharp;

namespace ImageApi.Emulator.Media;

/// <summary>Makes the bytes of a result: the same ones for the same order, whenever it is asked.</summary>
internal sealed class MediaMaker : IDisposable
{
    private const int TinyEdge = 4;
    private const int VideoEdge = 384;

    private readonly EmulatorOptions _options;
    private readonly Typefaces _typefaces;
    private readonly Painter _painter;

    public MediaMaker(EmulatorOptions options)
    {
        _options = options;
        _typefaces = new Typefaces(options.FontPath);
        _painter = new Painter(_typefaces);
    }

    public MediaContent Make(Order order, int index)
    {
        var bytes = order.Kind switch
        {
            OrderKind.Video => Film(order, index),
            OrderKind.Audio => Melody.Make(new Dice(order.Prompt, index), _options.DrawTinyPictures),
            _ => _options.DrawTinyPictures ? Tiny(order, index) : Picture(order, index),
        };
        return new MediaContent(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public void Dispose() => _typefaces.Dispose();

    private byte[] Picture(Order order, int index)
    {
        using var surface = SKSurface.Create(Info(order, order.Width, order.Height));
        _painter.Draw(surface.Canvas, order, index, order.Width, order.Height, phase: 0);
        using var pixels = surface.PeekPixels();
        return Encode(pixels, order);
    }

    private byte[] Film(Order order, int index)
    {
        var scale = Math.Min(1, VideoEdge / (float)Math.Max(order.Width, order.Height));
        var (width, height) = (Math.Max(1, (int)(order.Width * scale)), Math.Max(1, (int)(order.Height * scale)));
        using var surface = SKSurface.Create(Info(order, width, height));
        var film = new AnimatedPng(width, height, _options.DrawTinyPictures ? 2 : 16, TimeSpan.FromMilliseconds(100));
        for (var frame = 0; frame < film.Frames; frame++)
        {
            _painter.Draw(surface.Canvas, order, index, width, height, frame / (float)film.Frames);
            using var pixels = surface.PeekPixels();
            using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)) ?? throw NotEncoded(order);
            film.Add(png.AsSpan());
        }

        return film.ToArray();
    }

    private static byte[] Tiny(Order order, int index)
    {
        var dice = new Dice(order.Prompt, index);
        using var bitmap = new SKBitmap(Info(order, TinyEdge, TinyEdge));
        for (var pixel = 0; pixel < TinyEdge * TinyEdge; pixel++)
        {
            bitmap.SetPixel(pixel % TinyEdge, pixel / TinyEdge, new SKColor((byte)dice.Pick(256), (byte)dice.Pick(256), (byte)dice.Pick(256)));
        }

        using var pixels = bitmap.PeekPixels();
        return Encode(pixels, order);
    }

    private static SKImageInfo Info(Order order, int width, int height) => new(
        width,
        height,
        SKColorType.Rgba8888,
        order.Transparent && order.Format != SKEncodedImageFormat.Jpeg ? SKAlphaType.Premul : SKAlphaType.Opaque);

    private static byte[] Encode(SKPixmap pixels, Order order)
    {
        using var data = order.Format switch
        {
            SKEncodedImageFormat.Jpeg => pixels.Encode(new SKJpegEncoderOptions(Math.Max(1, order.Compression))),
            SKEncodedImageFormat.Webp => pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, order.Compression)),
            _ => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1)),
        };
        return (data ?? throw NotEncoded(order)).ToArray();
    }

    private static InvalidOperationException NotEncoded(Order order) => new($"A picture of {order.Width}x{order.Height} could not be written as {order.FormatWord}.");
}
