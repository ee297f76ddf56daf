namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes the request of the synchronous endpoint: what the caller's own request sets wins.</summary>
internal static class ImageRequests
{
    private static readonly ImageRequest Defaults = new() { Prompt = string.Empty };

    public static ImageRequest From(ImageJobInput asked, string? model, object? raw)
    {
        var own = raw switch
        {
            null => Defaults,
            ImageRequest request => request,
            JobRequest or ImageJobInput => throw Refusal.OfOptions(
                $"The generator does not run over jobs: its raw representation is an ImageRequest, not a {raw.GetType().Name}. Set ImageApiGeneratorOptions.UseJobs."),
            _ => throw Refusal.OfOptions($"The generator's raw representation is an ImageRequest, not a {raw.GetType().Name}."),
        };

        return own with
        {
            Prompt = Raw.Text(own.Prompt, asked.Prompt),
            Model = string.IsNullOrWhiteSpace(own.Model) || own.Model == Defaults.Model ? model ?? Defaults.Model : own.Model,
            Size = Raw.IsOpen(own.Size, Defaults.Size) ? SizeOf(asked) ?? Defaults.Size : own.Size,
            ResponseFormat = Raw.IsOpen(own.ResponseFormat, Defaults.ResponseFormat) ? asked.ResponseFormat ?? Defaults.ResponseFormat : own.ResponseFormat,
            ReferenceImages = Raw.Both(own.ReferenceImages, asked.ReferenceImages),
            Quality = Raw.Word(own.Quality, asked.Quality),
            OutputFormat = Raw.Word(own.OutputFormat, asked.OutputFormat),
            Background = Raw.Word(own.Background, asked.Background),
            Count = own.Count ?? asked.Count,
            User = own.User ?? asked.User,
            AdditionalParameters = Raw.Both(own.AdditionalParameters, asked.AdditionalParameters),
        };
    }

    /// <summary>The endpoint documents no aspect ratio: it is asked for by a size that has it.</summary>
    private static ImageSize? SizeOf(ImageJobInput asked) => asked switch
    {
        { AspectRatio: null } => asked.Size,
        { AspectRatio: { } ratio } when asked.Size is null || asked.Size == ImageSize.Auto => ImageSize.For(ratio, ImageResolution.OneK),
        _ => throw Refusal.OfOptions("The synchronous endpoint has no field for an aspect ratio: give it or a size, not both, or set ImageApiGeneratorOptions.UseJobs."),
    };
}
