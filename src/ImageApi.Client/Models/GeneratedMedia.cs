using System.Text;
using System.Text.Json;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>One generated image, video or audio: its URL, or its bytes. <c>Media.SaveAsync</c> saves either.</summary>
public sealed record GeneratedMedia
{
    /// <summary>Gets whether it is an image, a video or audio.</summary>
    public MediaKind Kind { get; init; }

    /// <summary>Gets the URL to download it from; null when the response contained the bytes. The lifetime of URLs is not documented.</summary>
    public string? Url { get; init; }

    /// <summary>Gets the bytes, when the response contained them; null when there is only a URL.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Gets the media type that the server named, such as <c>image/png</c>; null when it named none.</summary>
    public string? MimeType { get; init; }

    /// <summary>Gets the prompt as the model understood it (OpenAI's convention).</summary>
    public string? RevisedPrompt { get; init; }

    /// <summary>Gets the width in pixels; null when the server does not report it.</summary>
    public int? Width { get; init; }

    /// <summary>Gets the height in pixels; null when the server does not report it.</summary>
    public int? Height { get; init; }

    /// <summary>Gets the length of a video or audio; null when the server does not report it in seconds.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets the time until which the URL works; null when the server does not report it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the error of this medium, when others of the same response succeeded; null when it did not fail.</summary>
    public GenerationError? Error { get; init; }

    /// <summary>Gets the id of the job that generated it; null for a synchronous call.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets the <see cref="MediaStreamContext.Index"/> of the stream that it was written to.</summary>
    /// <value>Null unless it comes from <c>Images.GenerateToStreamsAsync</c>.</value>
    public int? StreamIndex { get; init; }

    /// <summary>Gets the JSON members that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Describes it without bytes, prompt, and the query of the URL.</summary>
    /// <returns>A short text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(Kind.ToString());
        if (MimeType is not null)
        {
            text.Append(' ').Append(MimeType);
        }

        return Url is not null ? text.Append(' ').Append(UriText.WithoutQuery(Url)).ToString()
            : Data is { } data ? text.Append(' ').Append(data.Length).Append(" bytes").ToString()
            : text.ToString();
    }
}
