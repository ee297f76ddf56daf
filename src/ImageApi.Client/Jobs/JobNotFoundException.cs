namespace ImageApi.Client;

/// <summary>The server does not know the job, or no longer knows it.</summary>
public sealed class JobNotFoundException : ImageApiException
{
    /// <inheritdoc cref="ImageApiException(string, Exception)"/>
    public JobNotFoundException(string? message = null, Exception? innerException = null)
        : base(message, innerException) => Reason = ImageApiFailureReason.Job;

    /// <summary>Gets the job as it was last seen; null when it never was.</summary>
    public Job? Job { get; init; }
}
