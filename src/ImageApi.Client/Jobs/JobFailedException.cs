namespace ImageApi.Client;

/// <summary>The job failed or was canceled at the server. The server decides whether it is billed.</summary>
public sealed class JobFailedException : ImageApiException
{
    /// <inheritdoc cref="ImageApiException(string, Exception)"/>
    public JobFailedException(string? message = null, Exception? innerException = null)
        : base(message, innerException) => Reason = ImageApiFailureReason.Job;

    /// <summary>Gets the final job, including media that it may have generated.</summary>
    public Job? Job { get; init; }
}
