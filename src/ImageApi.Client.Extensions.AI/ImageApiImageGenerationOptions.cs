using Microsoft.Extensions.AI;

namespace ImageApi.Client;

/// <summary>Options of one image generation with what Microsoft.Extensions.AI has no properties for. Any <c>IImageGenerator</c> takes them; that of this library reads them.</summary>
/// <remarks>
/// Where a pipeline knows only the base class, the additional properties <c>size</c>, <c>aspect_ratio</c>, <c>quality</c>, <c>background</c> and <c>user</c> mean the same.
/// </remarks>
/// <example>
/// <code>
/// var options = new ImageApiImageGenerationOptions { Size = ImageSize.Auto, Quality = ImageQuality.High };
/// var response = await generator.GenerateImagesAsync("a red fox in the snow", options);
/// </code>
/// </example>
public sealed class ImageApiImageGenerationOptions : ImageGenerationOptions
{
    /// <summary>Initializes options in which nothing is set.</summary>
    public ImageApiImageGenerationOptions()
    {
    }

    private ImageApiImageGenerationOptions(ImageApiImageGenerationOptions other)
        : base(other)
    {
        StreamingCount = other.StreamingCount; // which the base class forgets
        Size = other.Size;
        AspectRatio = other.AspectRatio;
        Quality = other.Quality;
        Background = other.Background;
        User = other.User;
        RequestOptions = other.RequestOptions;
        JobRun = other.JobRun;
    }

    /// <summary>Gets or sets the size, where it is a word such as <see cref="ImageSize.Auto"/>.</summary>
    /// <value>The default is none. Either it or <see cref="ImageGenerationOptions.ImageSize"/>, not both.</value>
    public ImageSize? Size { get; set; }

    /// <summary>Gets or sets the ratio of width to height.</summary>
    /// <value>
    /// The default is none. Jobs have a field for it. The synchronous endpoint has none: it gets the size that <see cref="ImageSize.FromAspectRatio"/> finds for
    /// the ratio at <see cref="ImageResolution.OneK"/>, and no size but <see cref="ImageSize.Auto"/> may be set.
    /// </value>
    public AspectRatio? AspectRatio { get; set; }

    /// <summary>Gets or sets how much work the model puts into it.</summary>
    /// <value>The default is none: the server decides.</value>
    public ImageQuality? Quality { get; set; }

    /// <summary>Gets or sets the background.</summary>
    /// <value>The default is none: the server decides.</value>
    public ImageBackground? Background { get; set; }

    /// <summary>Gets or sets an id of your end user.</summary>
    /// <value>The default is none.</value>
    public string? User { get; set; }

    /// <summary>Gets or sets the time limit, idempotency key and headers of this request, in place of the generator's; not with jobs.</summary>
    /// <value>The default is the generator's.</value>
    public RequestOptions? RequestOptions { get; set; }

    /// <summary>Gets or sets the submission and the wait of this request, in place of the generator's; with jobs only.</summary>
    /// <value>The default is the generator's, and so is that of <see cref="JobRunOptions.OnSubmitted"/> in it.</value>
    public JobRunOptions? JobRun { get; set; }

    /// <summary>Copies the options, as pipelines do before they change some.</summary>
    /// <returns>A copy of the same type; what its properties refer to is shared.</returns>
    /// <example>
    /// <code>
    /// var draft = (ImageApiImageGenerationOptions)options.Clone();
    /// draft.Quality = ImageQuality.Low;
    /// </code>
    /// </example>
    public override ImageGenerationOptions Clone() => new ImageApiImageGenerationOptions(this);
}
