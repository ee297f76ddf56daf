using ImageApi.Client.Http;

namespace ImageApi.Client;

/// <summary>Settings for saving one generated medium.</summary>
public sealed class SaveOptions
{
    /// <summary>Gets or sets a value indicating whether a file that exists is replaced, at once and only when the new one is whole.</summary>
    /// <value>The default is false: an existing file is never touched.</value>
    public bool Overwrite { get; set; }

    /// <summary>Gets or sets the limit for the whole download.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Timeouts.Download</c> of the client's options.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? Timeout
    {
        get;
        set
        {
            TimeLimits.ThrowIfNotPositive(value, nameof(Timeout));
            field = value;
        }
    }

    /// <summary>Gets or sets who is told how far the download has come.</summary>
    public IProgress<TransferProgress>? Progress { get; set; }
}
