using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>A job did not end within the limit of the wait. It goes on at the server: wait again with its id.</summary>
public sealed class JobTimeoutException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public JobTimeoutException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public JobTimeoutException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public JobTimeoutException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal JobTimeoutException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }

    /// <summary>Gets the job as it was last seen; null when no question was answered.</summary>
    public Job? Job { get; init; }
}
