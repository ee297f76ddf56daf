using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>An answer was larger, deeper or longer than the limits in the options allow.</summary>
public sealed class ImageApiLimitException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiLimitException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiLimitException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiLimitException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiLimitException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
