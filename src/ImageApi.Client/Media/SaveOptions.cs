using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>Settings for saving generated media.</summary>
public sealed class SaveOptions
{
    /// <summary>Gets or sets a value indicating whether a file that exists is replaced, at once and only when the new one is whole.</summary>
    /// <value>The default is false: an existing file is never touched.</value>
    /// <remarks>Several that are saved into a directory get numbers in any case: their names come from links, and may be the same.</remarks>
    public bool Overwrite { get; set; }

    /// <summary>Gets or sets how many links are downloaded at once where several media are saved.</summary>
    /// <value>Between 1 and 64. The default is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public int MaxParallelDownloads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64);
            field = value;
        }
    }

    = 4;

    /// <summary>Gets or sets the limit for the whole download of each.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Timeouts.Download</c> of the client's options.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? Timeout
    {
        get;
        set
        {
            TimeoutValidation.ThrowIfOutOfRange(value, nameof(Timeout));
            field = value;
        }
    }

    /// <summary>Gets or sets who is told how far it has come; with several media, how many bytes of all of them together.</summary>
    public IProgress<TransferProgress>? Progress { get; set; }
}
