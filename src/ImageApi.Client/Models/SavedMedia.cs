namespace ImageApi.Client;

/// <summary>A generated medium that was saved to a file.</summary>
public sealed record SavedMedia
{
    /// <summary>Gets the full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the size of the file in bytes.</summary>
    public long SizeInBytes { get; init; }

    /// <summary>Gets the media type that the first bytes of the file show, else the one that the server named, else null.</summary>
    public string? MimeType { get; init; }

    /// <summary>Gets the medium that was saved.</summary>
    public required GeneratedMedia Media { get; init; }
}
