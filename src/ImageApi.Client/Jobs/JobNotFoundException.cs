using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>The server does not know the job, or no longer.</summary>
public sealed class JobNotFoundException : ImageApiResponseException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public JobNotFoundException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public JobNotFoundException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public JobNotFoundException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal JobNotFoundException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }

    /// <summary>Gets the job as it was last seen; null when it never was.</summary>
    public Job? Job { get; init; }
}
