using SkiaSharp;

namespace ImageApi.Emulator.Generations;

/// <summary>What is to be made: everything a picture depends on, so that it can be drawn whenever somebody asks for it.</summary>
internal sealed record GenerationRequest
{
    public required string Id { get; init; }

    public required GenerationKind Kind { get; init; }

    public required string Model { get; init; }

    public required string Prompt { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required SKEncodedImageFormat Format { get; init; }

    public required bool IsTransparent { get; init; }

    public required bool AsBase64 { get; init; }

    public required int Count { get; init; }

    public required int Compression { get; init; }

    public required string Quality { get; init; }

    public required string Background { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyList<ReferenceImage> ReferenceImages { get; init; } = [];

    public string MimeType => Kind switch
    {
        GenerationKind.Video => "image/apng",
        GenerationKind.Audio => "audio/wav",
        _ => $"image/{FormatName}",
    };

    public string Extension => Kind switch
    {
        GenerationKind.Video => "apng",
        GenerationKind.Audio => "wav",
        _ => FormatName,
    };

    public string FormatName => Format switch
    {
        SKEncodedImageFormat.Jpeg => "jpeg",
        SKEncodedImageFormat.Webp => "webp",
        _ => "png",
    };

    public string GetMediaName(int index) => $"{Id}-{index}.{Extension}";
}
