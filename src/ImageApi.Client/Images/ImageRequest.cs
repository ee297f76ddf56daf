using System.Text.Json;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>Asks for pictures in the same call.</summary>
/// <remarks>
/// The five fields that the contract requires are always written; the others, which are OpenAI's convention, only when set.
/// <see cref="ToString"/> leaves the prompt out.
/// </remarks>
public sealed record ImageRequest
{
    internal const string DefaultModel = "gpt-image-2";

    /// <summary>Gets what the picture is to show.</summary>
    /// <value>Not blank. How long a prompt may be is not documented.</value>
    public required string Prompt { get; init; }

    /// <summary>Gets the model's name.</summary>
    /// <value>The default is <c>gpt-image-2</c>, the contract's.</value>
    public string Model { get; init; } = DefaultModel;

    /// <summary>Gets the size.</summary>
    /// <value>The default is 1024x1024.</value>
    public ImageSize Size { get; init; } = ImageSize.Square1K;

    /// <summary>Gets the way in which the pictures come back.</summary>
    /// <value>The default is <see cref="ImageResponseFormat.Url"/>.</value>
    public ImageResponseFormat ResponseFormat { get; init; } = ImageResponseFormat.Url;

    /// <summary>Gets the images to start from.</summary>
    /// <value>The default is an empty list, which is written as such, since the contract requires the field; null leaves it out.</value>
    public IReadOnlyList<ReferenceImage>? ReferenceImages { get; init; } = [];

    /// <summary>Gets how much work the model puts into it (OpenAI's convention).</summary>
    public ImageQuality? Quality { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the file format (OpenAI's convention).</summary>
    public ImageOutputFormat? OutputFormat { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the background (OpenAI's convention).</summary>
    public ImageBackground? Background { get; init => field = value is { Value.Length: 0 } ? null : value; }

    /// <summary>Gets the number of pictures (OpenAI's convention), the field <c>n</c>.</summary>
    /// <value>At least 1. Every picture is charged for.</value>
    public int? Count { get; init; }

    /// <summary>Gets an id of your end user (OpenAI's convention).</summary>
    public string? User { get; init; }

    /// <summary>Gets further fields, for what this version does not know.</summary>
    /// <value>Names that the request does not write itself. The default is none.</value>
    public IReadOnlyDictionary<string, JsonElement> AdditionalParameters { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Describes the request without its prompt.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"ImageRequest {Model} {Size}, {ReferenceImages?.Count ?? 0} reference images";
}
