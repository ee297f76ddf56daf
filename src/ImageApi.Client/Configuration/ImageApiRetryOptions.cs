namespace ImageApi.Client;

/// <summary>Settings for repeated attempts. A paid request is only repeated when it provably was not carried out, unless <see cref="ServerHonorsIdempotencyKeys"/> is set.</summary>
public sealed class ImageApiRetryOptions
{
    /// <summary>Gets or sets how often a request is repeated at most.</summary>
    /// <value>0 to 10. The default is 2.</value>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Gets or sets the limit of the first wait; it doubles with every retry. The wait is a random part of it.</summary>
    /// <value>More than zero, at most <see cref="MaxDelay"/>. The default is half a second.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets the limit of any wait that the server did not ask for.</summary>
    /// <value>The default is 8 seconds.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets or sets the longest wait that a server may ask for with Retry-After; with a longer one the call fails at once and tells it.</summary>
    /// <value>Zero or more. The default is 60 seconds.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets a value indicating whether the server is known to honor the <c>Idempotency-Key</c> header.</summary>
    /// <value>The default is false: a paid request that may have been billed is never sent again; the exception says that the outcome is unknown.</value>
    /// <remarks>When true, such a request is sent again with the same key and the same bytes. A server that ignores the key bills it twice.</remarks>
    public bool ServerHonorsIdempotencyKeys { get; set; }
}
