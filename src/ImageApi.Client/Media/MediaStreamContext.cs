using ImageApi.Client.Redaction;

namespace ImageApi.Client;

/// <summary>A picture whose first bytes have arrived, for which a stream is wanted.</summary>
public sealed record MediaStreamContext
{
    /// <summary>Gets how many streams were wanted before in the same answer: 0 for the first. In the result the picture has it as <see cref="GeneratedMedia.StreamIndex"/>.</summary>
    /// <remarks>Pictures in base64 want theirs while the answer is read, and links afterwards: where both come together, it is not the position in <see cref="ImageResult.Images"/>.</remarks>
    public int Index { get; init; }

    /// <summary>Gets the media type that the server named or the first bytes show, such as <c>image/png</c>; null when neither tells.</summary>
    public string? MimeType { get; init; }

    /// <summary>Gets the link that it is downloaded from; null when its bytes came with the answer.</summary>
    public string? Url { get; init; }

    /// <summary>Describes it without the query of the link.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Index}: {MimeType ?? "unknown type"}{(Url is null ? string.Empty : " " + UriText.WithoutQuery(Url))}";
}
