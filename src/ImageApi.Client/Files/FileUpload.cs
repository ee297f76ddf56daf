using ImageApi.Client.Files.Internal;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Sources;

namespace ImageApi.Client;

/// <summary>A file to upload: where its bytes are, and what they are for.</summary>
public sealed record FileUpload
{
    private readonly Func<CancellationToken, ValueTask<ContentSource>> _open;

    private FileUpload(string fileName, string? mimeType, Func<CancellationToken, ValueTask<ContentSource>> open)
    {
        FileName = fileName;
        MimeType = mimeType;
        _open = open;
    }

    /// <summary>Gets what the file is.</summary>
    /// <value>The default is <see cref="FileKind.Image"/>; for others write <c>FileUpload.FromFile("clip.mp4") with { Kind = FileKind.Video }</c>.</value>
    public FileKind Kind { get; init; } = FileKind.Image;

    /// <summary>Gets what the file is for.</summary>
    /// <value>The default is <see cref="FilePurpose.Reference"/>.</value>
    public FilePurpose Purpose { get; init; } = FilePurpose.Reference;

    /// <summary>Gets the name under which it is uploaded: one segment, without a path.</summary>
    public string FileName { get; }

    /// <summary>Gets the media type that was given; null when the bytes or the name are to tell.</summary>
    public string? MimeType { get; }

    /// <summary>Uploads a file of the disk; it is opened when the call begins and streamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mimeType">Its media type, such as <c>image/png</c>; by default its first bytes tell, else its extension.</param>
    /// <returns>The upload.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or <paramref name="mimeType"/> is no media type.</exception>
    public static FileUpload FromFile(string path, string? mimeType = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));

        return new(MultipartFileName.LastSegment(path), mimeType, cancellationToken => FileSource.OpenAsync(path, cancellationToken));
    }

    /// <summary>Uploads bytes.</summary>
    /// <param name="bytes">The file's bytes. They must not change while a call is under way.</param>
    /// <param name="fileName">The name under which they are uploaded; only its last segment counts.</param>
    /// <param name="mimeType">Their media type, such as <c>image/png</c>; by default the first bytes tell, else the name.</param>
    /// <returns>The upload.</returns>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is no media type.</exception>
    public static FileUpload FromBytes(ReadOnlyMemory<byte> bytes, string fileName, string? mimeType = null)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));

        return new(MultipartFileName.LastSegment(fileName), mimeType, _ => new(new MemorySource(bytes)));
    }

    /// <summary>Uploads a stream, from its present position to its end. The stream is left open.</summary>
    /// <param name="stream">A readable stream. One that cannot seek is sent once and never again; a second call is refused.</param>
    /// <param name="fileName">The name under which it is uploaded; only its last segment counts.</param>
    /// <param name="mimeType">Its media type, such as <c>image/png</c>; by default the first bytes tell, else the name.</param>
    /// <returns>The upload; of one call at a time. Each begins where the stream stands now.</returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read, or <paramref name="mimeType"/> is no media type.</exception>
    public static FileUpload FromStream(Stream stream, string fileName, string? mimeType = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(fileName);
        MediaTypes.ThrowIfNot(mimeType, nameof(mimeType));
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        }

        return new(MultipartFileName.LastSegment(fileName), mimeType, StreamSource.From(stream));
    }

    /// <summary>Describes the upload without its bytes.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"FileUpload {FileName} ({Kind}, {Purpose})";

    /// <summary>Uploads what is open already.</summary>
    internal static FileUpload FromSource(ContentSource source, string fileName, string mimeType) => new(fileName, mimeType, _ => new(source));

    internal ValueTask<ContentSource> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);
}
