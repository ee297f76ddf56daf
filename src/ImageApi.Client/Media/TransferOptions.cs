using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>Settings for one upload or download.</summary>
public sealed class TransferOptions
{
    /// <summary>Gets or sets the limit for the whole transfer.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Timeouts.Download</c> of the client's options, or <c>Timeouts.Upload</c> for an upload.</value>
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

    /// <summary>Gets or sets who is told how far the transfer has come: after every piece of about a quarter of a MiB.</summary>
    public IProgress<TransferProgress>? Progress { get; set; }

    /// <summary>Gets or sets the headers and the timeout of an upload; <see cref="Timeout"/> goes first. An idempotency key is not sent: uploads are not paid for.</summary>
    /// <value>The default is null. Downloads do not use it: result URLs may lead to other servers, which must not get headers that are meant for the API.</value>
    public RequestOptions? RequestOptions { get; set; }
}
