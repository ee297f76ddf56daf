using ImageApi.Client.Extensions.AI.Internal;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes the request of a job: what the caller's own request sets wins.</summary>
internal static class JobRequestMapper
{
    private static readonly ImageJobInput Empty = new() { Prompt = string.Empty };

    public static JobRequest Map(ImageJobInput input, string? model, object? rawRepresentation) => rawRepresentation switch
    {
        null => Merge(Empty, input, model),
        ImageJobInput rawInput => Merge(rawInput, input, model),
        JobRequest { Input: ImageJobInput rawInput } rawRequest => Merge(rawInput, input, rawRequest.Model ?? model),
        JobRequest => throw Throw.InvalidOptions(
            "The input of a raw JobRequest must be an ImageJobInput, which takes fields of any name as AdditionalParameters. For other input call ImageApiClient.Jobs."),
        _ => throw Throw.InvalidOptions($"The generator runs over jobs: its raw representation is a JobRequest or an ImageJobInput, not a {rawRepresentation.GetType().Name}."),
    };

    private static JobRequest Merge(ImageJobInput rawInput, ImageJobInput input, string? model) => new()
    {
        Model = model,
        Input = rawInput with
        {
            Prompt = RequestMerger.MergeText(rawInput.Prompt, input.Prompt),
            ReferenceImages = rawInput.ReferenceImages is null && input.ReferenceImages is null ? null : RequestMerger.Combine(rawInput.ReferenceImages, input.ReferenceImages),
            Size = RequestMerger.MergeValue(rawInput.Size, input.Size),
            AspectRatio = RequestMerger.MergeValue(rawInput.AspectRatio, input.AspectRatio),
            Quality = RequestMerger.MergeValue(rawInput.Quality, input.Quality),
            OutputFormat = RequestMerger.MergeValue(rawInput.OutputFormat, input.OutputFormat),
            ResponseFormat = RequestMerger.MergeValue(rawInput.ResponseFormat, input.ResponseFormat),
            Background = RequestMerger.MergeValue(rawInput.Background, input.Background),
            Count = rawInput.Count ?? input.Count,
            User = rawInput.User ?? input.User,
            AdditionalParameters = RequestMerger.Combine(rawInput.AdditionalParameters, input.AdditionalParameters),
        },
    };
}
