using System.Text.Json;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>A file that the server has taken. The contract does not say what the server answers: every field may be missing.</summary>
public sealed record UploadedFile
{
    /// <summary>Gets the server's id of the file.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the link to the file, which reference images take.</summary>
    public string? Url { get; init; }

    /// <summary>Gets what the file is: the server's word, else what was sent.</summary>
    public FileKind Kind { get; init; } = FileKind.Image;

    /// <summary>Gets what the file is for: the server's word, else what was sent.</summary>
    public FilePurpose Purpose { get; init; } = FilePurpose.Reference;

    /// <summary>Gets the name that the server keeps.</summary>
    public string? FileName { get; init; }

    /// <summary>Gets the size in bytes as the server counted it.</summary>
    public long? SizeInBytes { get; init; }

    /// <summary>Gets the media type as the server sees it.</summary>
    public string? MimeType { get; init; }

    /// <summary>Gets the time of the upload by the server's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the time until which the server keeps it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the request id, for the server's support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the members that this version does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Makes a reference image of the file.</summary>
    /// <returns>A reference by link.</returns>
    /// <exception cref="InvalidOperationException">The server gave no link, and reference images take nothing else.</exception>
    public ReferenceImage ToReference() => Url is not null
        ? ReferenceImage.FromUrl(Url)
        : throw new InvalidOperationException(
            $"The server gave an id ({Id}) but no link for the uploaded file, and reference images take links. Send the file itself with ReferenceImage.FromFile.");

    /// <summary>Describes the file without the query of its link.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"UploadedFile {Id} {(Url is null ? "without a link" : UriText.WithoutQuery(Url))}";
}
