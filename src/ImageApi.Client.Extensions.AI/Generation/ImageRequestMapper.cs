using ImageApi.Client.Extensions.AI.Internal;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes the request of the synchronous endpoint: what the caller's own request sets wins.</summary>
internal static class ImageRequestMapper
{
    private static readonly ImageRequest Defaults = new() { Prompt = string.Empty };

    public static ImageRequest Map(ImageJobInput input, string? model, object? rawRepresentation)
    {
        var rawRequest = rawRepresentation switch
        {
            null => Defaults,
            ImageRequest request => request,
            JobRequest or ImageJobInput => throw Throw.InvalidOptions(
                $"The generator does not run over jobs: its raw representation is an ImageRequest, not a {rawRepresentation.GetType().Name}. Set ImageApiGeneratorOptions.UseJobs."),
            _ => throw Throw.InvalidOptions($"The generator's raw representation is an ImageRequest, not a {rawRepresentation.GetType().Name}."),
        };

        return rawRequest with
        {
            Prompt = RequestMerger.MergeText(rawRequest.Prompt, input.Prompt),
            Model = string.IsNullOrWhiteSpace(rawRequest.Model) || rawRequest.Model == Defaults.Model ? model ?? Defaults.Model : rawRequest.Model,
            Size = RequestMerger.IsUnset(rawRequest.Size, Defaults.Size) ? MapSize(input) ?? Defaults.Size : rawRequest.Size,
            ResponseFormat = RequestMerger.IsUnset(rawRequest.ResponseFormat, Defaults.ResponseFormat) ? input.ResponseFormat ?? Defaults.ResponseFormat : rawRequest.ResponseFormat,
            ReferenceImages = RequestMerger.Combine(rawRequest.ReferenceImages, input.ReferenceImages),
            Quality = RequestMerger.MergeValue(rawRequest.Quality, input.Quality),
            OutputFormat = RequestMerger.MergeValue(rawRequest.OutputFormat, input.OutputFormat),
            Background = RequestMerger.MergeValue(rawRequest.Background, input.Background),
            Count = rawRequest.Count ?? input.Count,
            User = rawRequest.User ?? input.User,
            AdditionalParameters = RequestMerger.Combine(rawRequest.AdditionalParameters, input.AdditionalParameters),
        };
    }

    /// <summary>Maps an aspect ratio to a size, because the endpoint documents no aspect ratio.</summary>
    private static ImageSize? MapSize(ImageJobInput input) => input switch
    {
        { AspectRatio: null } => input.Size,
        { AspectRatio: { } aspectRatio } when input.Size is null || input.Size == ImageSize.Auto => ImageSize.FromAspectRatio(aspectRatio, ImageResolution.OneK),
        _ => throw Throw.InvalidOptions("The synchronous endpoint has no field for an aspect ratio: give it or a size, not both, or set ImageApiGeneratorOptions.UseJobs."),
    };
}
