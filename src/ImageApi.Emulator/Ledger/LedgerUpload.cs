namespace ImageApi.Emulator;

/// <summary>One file that was uploaded and stored.</summary>
public sealed record LedgerUpload
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its kind, as sent.</summary>
    public required string Kind { get; init; }

    /// <summary>Its purpose, as sent.</summary>
    public required string Purpose { get; init; }

    /// <summary>Its name, as sent.</summary>
    public required string FileName { get; init; }

    /// <summary>Its media type: what its content shows or else what was sent.</summary>
    public required string MimeType { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}
