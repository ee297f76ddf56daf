using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>The API answered that it will not or could not carry the request out.</summary>
public class ImageApiResponseException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiResponseException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiResponseException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiResponseException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiResponseException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
