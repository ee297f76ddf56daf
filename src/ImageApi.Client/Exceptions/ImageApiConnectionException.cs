using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>No complete answer came, because the connection could not be made or was cut.</summary>
public sealed class ImageApiConnectionException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiConnectionException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiConnectionException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiConnectionException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiConnectionException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
