using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>No complete answer came within the time limit of the call.</summary>
public sealed class ImageApiTimeoutException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiTimeoutException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiTimeoutException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiTimeoutException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiTimeoutException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
