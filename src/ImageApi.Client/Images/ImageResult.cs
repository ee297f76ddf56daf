using System.Text.Json;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>The pictures of a synchronous generation.</summary>
public sealed record ImageResult
{
    /// <summary>Gets the pictures; never empty when it comes from <see cref="ImagesClient.GenerateAsync"/>.</summary>
    public IReadOnlyList<GeneratedMedia> Images { get; init => field = value ?? []; } = [];

    /// <summary>Gets the time at which they were made, by the server's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets what was charged for, where the server tells it (OpenAI's convention).</summary>
    public ImageUsage? Usage { get; init; }

    /// <summary>Gets the size that was made, where the server tells it (OpenAI's convention).</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Gets the quality that was made, where the server tells it (OpenAI's convention).</summary>
    public ImageQuality? Quality { get; init; }

    /// <summary>Gets the file format, where the server tells it (OpenAI's convention).</summary>
    public ImageOutputFormat? OutputFormat { get; init; }

    /// <summary>Gets the background, where the server tells it (OpenAI's convention).</summary>
    public ImageBackground? Background { get; init; }

    /// <summary>Gets the request id, for the server's support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the members that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Describes the result without links and bytes.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"ImageResult {Images.Count} images, request {RequestId}";
}
