namespace ImageApi.Client;

/// <summary>The caller's own token cancelled the call.</summary>
/// <remarks>
/// Cancelling stops waiting here; it does not cancel a job at the server, since the API documents no way to do that.
/// <see cref="OperationCanceledException.CancellationToken"/> is the token that the caller gave.
/// </remarks>
public sealed class ImageApiCanceledException : OperationCanceledException
{
    /// <summary>Initializes a cancellation with the message of the platform.</summary>
    public ImageApiCanceledException()
    {
    }

    /// <summary>Initializes a cancellation.</summary>
    /// <param name="message">What was cancelled, without secrets.</param>
    public ImageApiCanceledException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes a cancellation that another error reported.</summary>
    /// <param name="message">What was cancelled, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiCanceledException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes a cancellation by a token.</summary>
    /// <param name="message">What was cancelled, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="token">The caller's token.</param>
    public ImageApiCanceledException(string? message, Exception? innerException, CancellationToken token)
        : base(message, innerException, token)
    {
    }

    /// <summary>Gets the name of the call that was cancelled, such as <c>images.generate</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Gets the id of the job that was waited for; <c>Jobs.WaitAsync</c> continues it from any process.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets what is known about the request: whether it may have been carried out and billed.</summary>
    public RequestOutcome Outcome { get; init; }

    /// <summary>Gets the idempotency key that was sent with every attempt.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the full paths of the files that had been saved when a call that saves several was cancelled; they stay where they are.</summary>
    /// <value>Empty for other calls.</value>
    public IReadOnlyList<string> SavedPaths { get; internal set; } = [];
}
