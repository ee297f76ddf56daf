using System.Text.Json;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Media.References;
using ImageApi.Client.Serialization;
using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>What an image job is to make. All thirteen fields of the contract; only <see cref="Prompt"/> is required, the others are written when set.</summary>
/// <remarks>Local files and bytes are written as <c>{ mime_type, data_base64 }</c>, as in the synchronous call. <see cref="ToString"/> leaves the prompt out.</remarks>
public sealed record ImageJobInput : JobInput
{
    private static readonly string[] KnownFields =
    [
        "prompt", "image_url", "reference_image_urls", "reference_images", "mask", "size", "quality", "output_format", "response_format",
        "background", "n", "user", "aspect_ratio",
    ];

    /// <summary>Gets what the picture is to show.</summary>
    /// <value>Not blank. How long a prompt may be is not documented.</value>
    public required string Prompt { get; init; }

    /// <summary>Gets the image to work on, the field <c>image_url</c>: a link, a file or bytes.</summary>
    public ReferenceImage? Image { get; init; }

    /// <summary>Gets links to images to start from, the field <c>reference_image_urls</c>. Prefer <see cref="ReferenceImages"/>, unless your server wants this field.</summary>
    public IReadOnlyList<ReferenceImage>? ReferenceImageUrls { get; init; }

    /// <summary>Gets the images to start from, the field <c>reference_images</c>.</summary>
    public IReadOnlyList<ReferenceImage>? ReferenceImages { get; init; }

    /// <summary>Gets the mask that says where to work.</summary>
    public ReferenceImage? Mask { get; init; }

    /// <summary>Gets the size. How it goes with <see cref="AspectRatio"/> is not documented: send one of the two.</summary>
    public ImageSize? Size { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets how much work the model puts into it.</summary>
    public ImageQuality? Quality { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the file format.</summary>
    public ImageOutputFormat? OutputFormat { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the way in which the pictures come back.</summary>
    public ImageResponseFormat? ResponseFormat { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the background.</summary>
    public ImageBackground? Background { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the number of pictures, the field <c>n</c>.</summary>
    /// <value>At least 1. Every picture is charged for.</value>
    public int? Count { get; init; }

    /// <summary>Gets an id of your end user.</summary>
    public string? User { get; init; }

    /// <summary>Gets the ratio of width to height. How it goes with <see cref="Size"/> is not documented: send one of the two.</summary>
    public AspectRatio? AspectRatio { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets further fields, for what this version does not know.</summary>
    /// <value>Names that the input does not write itself. The default is none.</value>
    public IReadOnlyDictionary<string, JsonElement> AdditionalParameters { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    internal override bool NeedsModel => false;

    internal override string? OutputType => TelemetryNames.Image;

    /// <summary>Describes the input without its prompt.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"ImageJobInput {Size}, {ReferenceImages?.Count ?? 0} reference images";

    internal override string? GetPrompt() => Prompt;

    internal override void ThrowIfInvalid(string paramName)
    {
        RequestValidation.ThrowIfBlank(Prompt, paramName, nameof(Prompt));
        RequestValidation.ThrowIfMalformed(User, paramName, nameof(User));
        RequestValidation.ThrowIfKnownField(AdditionalParameters, KnownFields, paramName);
        if (Count < 1)
        {
            throw new ArgumentException("ImageJobInput.Count must be at least 1.", paramName);
        }

        if ((ReferenceImages ?? []).Concat(ReferenceImageUrls ?? []).Any(static image => image is null))
        {
            throw new ArgumentException("The reference images must not hold null.", paramName);
        }

        if (ReferenceImageUrls?.Any(static image => image.Url is null) == true)
        {
            throw new ArgumentException("ImageJobInput.ReferenceImageUrls takes links; files and bytes go into ReferenceImages.", paramName);
        }
    }

    internal override async ValueTask WriteAsync(JsonRequestContent body, CancellationToken cancellationToken)
    {
        body.Writer.WriteStartObject();
        body.Writer.WriteString("prompt", Prompt);
        await WriteAsync(body, "image_url", Image, cancellationToken).ConfigureAwait(false);
        await WriteAsync(body, "reference_image_urls", ReferenceImageUrls, cancellationToken).ConfigureAwait(false);
        await WriteAsync(body, "reference_images", ReferenceImages, cancellationToken).ConfigureAwait(false);
        await WriteAsync(body, "mask", Mask, cancellationToken).ConfigureAwait(false);
        body.WriteEnumIfSet("size", Size?.Value);
        body.WriteEnumIfSet("quality", Quality?.Value);
        body.WriteEnumIfSet("output_format", OutputFormat?.Value);
        body.WriteEnumIfSet("response_format", ResponseFormat?.Value);
        body.WriteEnumIfSet("background", Background?.Value);
        body.WriteNumberIfSet("n", Count);
        body.WriteTextIfSet("user", User);
        body.WriteEnumIfSet("aspect_ratio", AspectRatio?.Value);
        body.WriteMembers(AdditionalParameters);
        body.Writer.WriteEndObject();
    }

    private static async ValueTask WriteAsync(JsonRequestContent body, string name, ReferenceImage? image, CancellationToken cancellationToken)
    {
        if (image is not null)
        {
            body.Writer.WritePropertyName(name);
            await body.WriteReferenceImageAsync(image, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ValueTask WriteAsync(JsonRequestContent body, string name, IReadOnlyList<ReferenceImage>? images, CancellationToken cancellationToken) =>
        images is null ? default : body.WriteReferenceImagesAsync(name, images, cancellationToken);
}
