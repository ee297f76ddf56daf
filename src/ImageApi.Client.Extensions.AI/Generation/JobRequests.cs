namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes the request of a job: what the caller's own request sets wins.</summary>
internal static class JobRequests
{
    private static readonly ImageJobInput Nothing = new() { Prompt = string.Empty };

    public static JobRequest From(ImageJobInput asked, string? model, object? raw) => raw switch
    {
        null => Join(Nothing, asked, model),
        ImageJobInput input => Join(input, asked, model),
        JobRequest { Input: ImageJobInput input } request => Join(input, asked, request.Model ?? model),
        JobRequest => throw Refusal.OfOptions(
            "The input of a raw JobRequest must be an ImageJobInput, which takes fields of any name as AdditionalParameters. For other input call ImageApiClient.Jobs."),
        _ => throw Refusal.OfOptions($"The generator runs over jobs: its raw representation is a JobRequest or an ImageJobInput, not a {raw.GetType().Name}."),
    };

    private static JobRequest Join(ImageJobInput own, ImageJobInput asked, string? model) => new()
    {
        Model = model,
        Input = own with
        {
            Prompt = Raw.Text(own.Prompt, asked.Prompt),
            ReferenceImages = own.ReferenceImages is null && asked.ReferenceImages is null ? null : Raw.Both(own.ReferenceImages, asked.ReferenceImages),
            Size = Raw.Word(own.Size, asked.Size),
            AspectRatio = Raw.Word(own.AspectRatio, asked.AspectRatio),
            Quality = Raw.Word(own.Quality, asked.Quality),
            OutputFormat = Raw.Word(own.OutputFormat, asked.OutputFormat),
            ResponseFormat = Raw.Word(own.ResponseFormat, asked.ResponseFormat),
            Background = Raw.Word(own.Background, asked.Background),
            Count = own.Count ?? asked.Count,
            User = own.User ?? asked.User,
            AdditionalParameters = Raw.Both(own.AdditionalParameters, asked.AdditionalParameters),
        },
    };
}
