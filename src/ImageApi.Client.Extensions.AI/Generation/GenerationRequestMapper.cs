using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Maps a generation request to a job input, which has every field of the API except the model.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal static class GenerationRequestMapper
{
    public static ImageJobInput Map(ImageGenerationRequest request, ImageGenerationOptions? options)
    {
        if (options?.StreamingCount > 0)
        {
            throw new NotSupportedException("The API streams no intermediate images: ImageGenerationOptions.StreamingCount must not be set.");
        }

        var imageApiOptions = options as ImageApiImageGenerationOptions;
        var additional = new AdditionalPropertyReader(options?.AdditionalProperties);
        return new ImageJobInput
        {
            Prompt = request.Prompt ?? string.Empty,
            ReferenceImages = ReferenceImageMapper.ToReferences(request.OriginalImages),
            Size = MapSize(imageApiOptions?.Size, options?.ImageSize, additional),
            AspectRatio = additional.Resolve(imageApiOptions?.AspectRatio, "aspect_ratio", static text => new AspectRatio(text)),
            Quality = additional.Resolve(imageApiOptions?.Quality, "quality", static text => new ImageQuality(text)),
            Background = additional.Resolve(imageApiOptions?.Background, "background", static text => new ImageBackground(text)),
            User = additional.ResolveText(imageApiOptions?.User, "user"),
            Count = options?.Count,
            OutputFormat = MediaTypes.ToOutputFormat(options?.MediaType),
            ResponseFormat = MapResponseFormat(options?.ResponseFormat),
            AdditionalParameters = additional.ReadRemaining(),
        };
    }

    private static ImageSize? MapSize(ImageSize? size, System.Drawing.Size? pixelSize, AdditionalPropertyReader additional)
    {
        if (pixelSize is { } requestedPixels)
        {
            if (requestedPixels.Width < 1 || requestedPixels.Height < 1)
            {
                throw Throw.InvalidOptions("ImageGenerationOptions.ImageSize must be at least 1 x 1 pixels.");
            }

            size = size is null
                ? new ImageSize(requestedPixels.Width, requestedPixels.Height)
                : throw Throw.InvalidOptions("Either ImageGenerationOptions.ImageSize or ImageApiImageGenerationOptions.Size may be set, not both.");
        }

        return additional.Resolve(size, "size", static text => new ImageSize(text));
    }

    private static ImageResponseFormat? MapResponseFormat(ImageGenerationResponseFormat? format) => format switch
    {
        null => default(ImageResponseFormat?), // a bare null would become an empty word
        ImageGenerationResponseFormat.Uri => ImageResponseFormat.Url,
        ImageGenerationResponseFormat.Data => ImageResponseFormat.Base64,
        ImageGenerationResponseFormat.Hosted => throw new NotSupportedException(
            "The API hosts no results under ids: ImageGenerationOptions.ResponseFormat must be Uri, which gives a link, or Data."),
        _ => throw Throw.InvalidOptions($"ImageGenerationOptions.ResponseFormat is {format}, which is unknown."),
    };
}
