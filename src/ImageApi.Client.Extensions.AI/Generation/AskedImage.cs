using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Reads what is asked for into the input of a job, which has every field that there is; the model stands apart.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal static class AskedImage
{
    public static ImageJobInput Read(ImageGenerationRequest request, ImageGenerationOptions? options)
    {
        if (options?.StreamingCount > 0)
        {
            throw new NotSupportedException("The API streams no intermediate images: ImageGenerationOptions.StreamingCount must not be set.");
        }

        var own = options as ImageApiImageGenerationOptions;
        var additional = new AdditionalFields(options?.AdditionalProperties);
        return new ImageJobInput
        {
            Prompt = request.Prompt ?? string.Empty,
            ReferenceImages = OriginalImages.ToReferences(request.OriginalImages),
            Size = ReadSize(own?.Size, options?.ImageSize, additional),
            AspectRatio = additional.Or(own?.AspectRatio, "aspect_ratio", static text => new AspectRatio(text)),
            Quality = additional.Or(own?.Quality, "quality", static text => new ImageQuality(text)),
            Background = additional.Or(own?.Background, "background", static text => new ImageBackground(text)),
            User = additional.TextOr(own?.User, "user"),
            Count = options?.Count,
            OutputFormat = MediaTypes.ToOutputFormat(options?.MediaType),
            ResponseFormat = ReadResponseFormat(options?.ResponseFormat),
            AdditionalParameters = additional.Rest(),
        };
    }

    private static ImageSize? ReadSize(ImageSize? own, System.Drawing.Size? pixels, AdditionalFields additional)
    {
        if (pixels is { } size)
        {
            if (size.Width < 1 || size.Height < 1)
            {
                throw Refusal.OfOptions("ImageGenerationOptions.ImageSize must be at least 1 x 1 pixels.");
            }

            own = own is null
                ? new ImageSize(size.Width, size.Height)
                : throw Refusal.OfOptions("Either ImageGenerationOptions.ImageSize or ImageApiImageGenerationOptions.Size may be set, not both.");
        }

        return additional.Or(own, "size", static text => new ImageSize(text));
    }

    private static ImageResponseFormat? ReadResponseFormat(ImageGenerationResponseFormat? format) => format switch
    {
        null => default(ImageResponseFormat?), // a bare null would become an empty word
        ImageGenerationResponseFormat.Uri => ImageResponseFormat.Url,
        ImageGenerationResponseFormat.Data => ImageResponseFormat.Base64,
        ImageGenerationResponseFormat.Hosted => throw new NotSupportedException(
            "The API hosts no results under ids: ImageGenerationOptions.ResponseFormat must be Uri, which gives a link, or Data."),
        _ => throw Refusal.OfOptions($"ImageGenerationOptions.ResponseFormat is {format}, which is unknown."),
    };
}
