using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>A job came to a bad end at the server. Whether it is billed is the server's to say.</summary>
public sealed class JobFailedException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public JobFailedException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public JobFailedException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public JobFailedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal JobFailedException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }

    /// <summary>Gets the job as it ended, with what it may have generated all the same.</summary>
    public Job? Job { get; init; }
}
