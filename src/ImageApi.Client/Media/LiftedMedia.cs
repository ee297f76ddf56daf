namespace ImageApi.Client.Media;

/// <summary>One base64 text of an answer, decoded while it was read.</summary>
/// <param name="Bytes">The decoded bytes.</param>
/// <param name="MimeType">The type that a <c>data:</c> prefix named.</param>
internal sealed record LiftedMedia(ReadOnlyMemory<byte> Bytes, string? MimeType)
{
    /// <summary>Gets or sets a value indicating whether a reader found the place this belongs to.</summary>
    /// <summary>Gets a value indicating whether it was no valid base64, and so has no bytes.</summary>
    public bool IsBroken { get; init; }

    public bool Claimed { get; set; }
}
