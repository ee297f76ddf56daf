using System.Text;
using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>One picture, video or sound that was generated: a link to it, or its bytes. <c>Media.SaveAsync</c> takes either.</summary>
public sealed record GeneratedMedia
{
    /// <summary>Gets what it is.</summary>
    public MediaKind Kind { get; init; }

    /// <summary>Gets the link to download it from; null when the bytes came with the answer. How long links live is not documented.</summary>
    public string? Url { get; init; }

    /// <summary>Gets the bytes, when they came with the answer; null when there is a link.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Gets the media type that the server named, such as <c>image/png</c>; null when it named none.</summary>
    public string? MimeType { get; init; }

    /// <summary>Gets the prompt as the model understood it (OpenAI's convention).</summary>
    public string? RevisedPrompt { get; init; }

    /// <summary>Gets the width in pixels, where the server tells it.</summary>
    public int? Width { get; init; }

    /// <summary>Gets the height in pixels, where the server tells it.</summary>
    public int? Height { get; init; }

    /// <summary>Gets the length of a video or sound, where the server tells it in seconds.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets the time until which the link works, where the server tells it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets why this one failed beside others that did not; null when it did not fail.</summary>
    public GenerationError? Error { get; init; }

    /// <summary>Gets the job that it came from; null when it came from a synchronous call.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets which stream it was written into: the <see cref="MediaStreamContext.Index"/> that the stream was opened for.</summary>
    /// <value>Null for all that did not come from the overload of <c>Images.GenerateToFilesAsync</c> that writes into streams.</value>
    public int? StreamIndex { get; init; }

    /// <summary>Gets the members that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Gets the position among the media of its kind in the job's output; null for one that was not read from an answer.</summary>
    internal int? Index { get; init; }

    /// <summary>Gets where its bytes went while the answer was read, when that was not the memory.</summary>
    internal MediaSink? Sink { get; init; }

    internal bool HasBytes => Data is not null || Sink is not null;

    /// <summary>Finds what arrived whole before an error of <c>Images</c> came: it was paid for, and the rest of its answer was lost or could not be put away.</summary>
    /// <param name="error">An error that a generation ended with, or one that wraps such an error.</param>
    /// <returns>Pictures with their bytes or, of streams, with their <see cref="StreamIndex"/>; empty when there are none. Those in files are in <see cref="RequestInfo.SavedFiles"/>.</returns>
    public static IReadOnlyList<GeneratedMedia> ReceivedBefore(Exception? error) => ReceivedMedia.FromException(error);

    /// <summary>Describes it without bytes, prompt, and the query of the link.</summary>
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

    /// <summary>Finds the links among media.</summary>
    internal static IReadOnlyList<string> UrlsOf(IEnumerable<GeneratedMedia> media) => [.. media.Select(static item => item.Url).OfType<string>()];

    /// <summary>Finds out whether a medium is its own bytes, and no link that can be asked again.</summary>
    internal static bool HoldsBytes(GeneratedMedia media) => media.HasBytes || UriText.IsData(media.Url);

    /// <summary>Makes sure that there is something to fetch.</summary>
    internal static void ThrowIfEmpty(ApiOperation operation, GeneratedMedia media)
    {
        if (media.Url is not null || media.Data is not null)
        {
            return;
        }

        if (media.Error is not { } error)
        {
            throw new ArgumentException("The medium has neither a link nor bytes.", nameof(media));
        }

        throw ExceptionFactory.GenerationFailed(operation, media.JobId, error);
    }
}
