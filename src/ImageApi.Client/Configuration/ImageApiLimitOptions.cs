namespace ImageApi.Client;

/// <summary>Limits for what a server may send.</summary>
public sealed class ImageApiLimitOptions
{
    /// <summary>Gets or sets the limit for one picture, video or sound, in bytes. The media inside one answer may have ten times that together, or as
    /// many times as pictures were asked for.</summary>
    /// <value>At least 1. The default is 256 MiB.</value>
    public long MaxMediaBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Gets or sets the limit for the JSON of an answer without the media in it, in bytes.</summary>
    /// <value>At least 1 024. The default is 4 MiB.</value>
    public int MaxJsonBytes { get; set; } = 4 * 1024 * 1024;
}
