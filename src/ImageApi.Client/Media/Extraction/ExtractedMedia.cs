using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Extraction;

/// <summary>One base64 text of an answer, decoded while it was read.</summary>
/// <param name="Sink">Where its bytes went.</param>
/// <param name="MimeType">The type that a <c>data:</c> prefix named.</param>
/// <param name="IsEchoedInput">Whether it stood in what the server repeats of the request, which is nobody's picture.</param>
internal sealed record ExtractedMedia(MediaSink Sink, string? MimeType, bool IsEchoedInput)
{
    /// <summary>Gets or sets a value indicating whether it was no valid base64, and so has no bytes.</summary>
    public bool IsInvalid { get; set; }

    /// <summary>Gets or sets a value indicating whether a reader found the place this belongs to.</summary>
    public bool IsClaimed { get; set; }
}
