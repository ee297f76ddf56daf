namespace ImageApi.Client;

/// <summary>The job did not complete within the limit of the wait. It continues at the server: wait again with its id.</summary>
public sealed class JobTimeoutException : ImageApiException
{
    /// <inheritdoc cref="ImageApiException(string, Exception)"/>
    public JobTimeoutException(string? message = null, Exception? innerException = null)
        : base(message, innerException) => Reason = ImageApiFailureReason.Job;

    /// <summary>Gets the job as it was last seen; null when no status check succeeded.</summary>
    public Job? Job { get; init; }
}
