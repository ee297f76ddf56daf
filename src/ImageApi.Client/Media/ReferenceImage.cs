using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Sources;
using ImageApi.Client.Redaction;
using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>An image that a generation starts from: a link, or bytes that travel inside the request.</summary>
/// <remarks>An instance can be used in many calls, also at once, except one made of a stream.</remarks>
public sealed class ReferenceImage
{
    private readonly Func<CancellationToken, ValueTask<ContentSource>>? _open;
    private readonly string _description;

    private ReferenceImage(string? url, string? mimeType, string description, Func<CancellationToken, ValueTask<ContentSource>>? open)
    {
        Url = url;
        MimeType = mimeType;
        _description = description;
        _open = open;
    }

    /// <summary>Gets the link; null when the bytes travel inside the request.</summary>
    public string? Url { get; }

    /// <summary>Gets the media type that was given; null for a link, or when the bytes themselves are to tell.</summary>
    public string? MimeType { get; }

    /// <summary>Gets the type to send when neither the caller nor the bytes tell.</summary>
    internal string? FallbackMimeType { get; private init; }

    /// <summary>Turns a link into a reference image.</summary>
    /// <param name="url">An absolute http or https link.</param>
    public static implicit operator ReferenceImage(string url) => FromUrl(url);

    /// <summary>Turns a link into a reference image.</summary>
    /// <param name="url">An absolute http or https link.</param>
    public static implicit operator ReferenceImage(Uri url) => FromUrl(url);

    /// <summary>Refers to an image by a link that the server can fetch.</summary>
    /// <param name="url">An absolute http or https link.</param>
    /// <returns>The reference image.</returns>
    /// <exception cref="ArgumentException"><paramref name="url"/> is empty or no such link.</exception>
    public static ReferenceImage FromUrl(string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        if (!UriText.IsHttp(url))
        {
            throw new ArgumentException("A reference link must begin with http:// or https:// and hold no control characters. For a local file use FromFile.", nameof(url));
        }

        RequestValidation.ThrowIfMalformed(url, nameof(url), "The link");
        return new(url, null, "link " + UriText.WithoutQuery(url), null);
    }

    /// <inheritdoc cref="FromUrl(string)"/>
    public static ReferenceImage FromUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);

        return FromUrl(url.IsAbsoluteUri ? url.AbsoluteUri : url.OriginalString);
    }

    /// <summary>Sends a file inside the request; it is opened when the call begins and streamed as base64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mimeType">Its media type, such as <c>image/jpeg</c>; by default its first bytes tell, else its extension.</param>
    /// <returns>The reference image.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or <paramref name="mimeType"/> is no media type.</exception>
    public static ReferenceImage FromFile(string path, string? mimeType = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));

        return new(null, mimeType, "file " + Path.GetFileName(path), cancellationToken => FileSource.OpenAsync(path, cancellationToken))
        {
            FallbackMimeType = MediaTypes.FromFileName(path),
        };
    }

    /// <summary>Sends bytes inside the request.</summary>
    /// <param name="bytes">The image file's bytes. They must not change while a call is under way.</param>
    /// <param name="mimeType">Their media type, such as <c>image/jpeg</c>; by default the first bytes tell.</param>
    /// <returns>The reference image.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is empty, or <paramref name="mimeType"/> is no media type.</exception>
    public static ReferenceImage FromBytes(ReadOnlyMemory<byte> bytes, string? mimeType = null)
    {
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A reference image must have at least one byte.", nameof(bytes));
        }

        return new(null, mimeType, $"{bytes.Length} bytes", _ => new(new MemorySource(bytes)));
    }

    /// <summary>Sends a stream inside the request, from its present position to its end. The stream is left open.</summary>
    /// <param name="stream">A readable stream. One that cannot seek is sent once and never again: its call is not retried after it began, and a second call is refused.</param>
    /// <param name="mimeType">Its media type, such as <c>image/jpeg</c>; by default the first bytes tell.</param>
    /// <returns>The reference image; of one call at a time. Each begins where the stream stands now.</returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read, or <paramref name="mimeType"/> is no media type.</exception>
    public static ReferenceImage FromStream(Stream stream, string? mimeType = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        }

        return new(null, mimeType, "stream", StreamSource.From(stream));
    }

    /// <summary>Describes the reference without bytes, and without the query of a link.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => _description;

    /// <summary>Opens the bytes for one call; only for a reference that is no link.</summary>
    internal ValueTask<ContentSource> OpenAsync(CancellationToken cancellationToken) => _open!(cancellationToken);
}
