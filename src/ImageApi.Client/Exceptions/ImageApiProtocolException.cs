using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>An answer came, but not one that can be understood as this API's.</summary>
public sealed class ImageApiProtocolException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiProtocolException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiProtocolException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiProtocolException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiProtocolException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
