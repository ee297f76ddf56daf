namespace ImageApi.Client;

/// <summary>How far a transfer has come.</summary>
public readonly record struct TransferProgress
{
    /// <summary>Gets the bytes that have been transferred.</summary>
    public long BytesTransferred { get; init; }

    /// <summary>Gets the bytes in all; null when the length is not known beforehand.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Gets the average rate since the transfer began, in bytes per second.</summary>
    public double BytesPerSecond { get; init; }
}
