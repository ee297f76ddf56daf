namespace ImageApi.Client.Media.References;

/// <summary>What an upload came to.</summary>
/// <param name="Url">The link; null when the server gave none.</param>
/// <param name="ExpiresAt">The end of the link by the server's word; null when it says nothing.</param>
internal sealed record CachedUpload(string? Url, DateTimeOffset? ExpiresAt);
