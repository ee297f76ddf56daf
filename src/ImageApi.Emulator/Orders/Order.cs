using SkiaSharp;

namespace ImageApi.Emulator.Orders;

/// <summary>What is to be made: everything a picture depends on, so that it can be drawn whenever somebody asks for it.</summary>
internal sealed record Order
{
    public required string Id { get; init; }

    public required OrderKind Kind { get; init; }

    public required string Model { get; init; }

    public required string Prompt { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required SKEncodedImageFormat Format { get; init; }

    public required bool Transparent { get; init; }

    public required bool AsBase64 { get; init; }

    public required int Count { get; init; }

    public required int Compression { get; init; }

    public required string Quality { get; init; }

    public required string Background { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyList<Reference> References { get; init; } = [];

    public string MimeType => Kind switch
    {
        OrderKind.Video => "image/apng",
        OrderKind.Audio => "audio/wav",
        _ => $"image/{FormatWord}",
    };

    public string Extension => Kind switch
    {
        OrderKind.Video => "apng",
        OrderKind.Audio => "wav",
        _ => FormatWord,
    };

    public string FormatWord => Format switch
    {
        SKEncodedImageFormat.Jpeg => "jpeg",
        SKEncodedImageFormat.Webp => "webp",
        _ => "png",
    };

    public string MediaName(int index) => $"{Id}-{index}.{Extension}";
}
