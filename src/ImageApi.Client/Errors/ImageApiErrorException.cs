using ImageApi.Client.Errors;

namespace ImageApi.Client;

/// <summary>The API answered that it will not or could not carry the request out.</summary>
public class ImageApiErrorException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiErrorException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiErrorException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiErrorException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiErrorException(string message, Exception? innerException, ErrorFacts facts)
        : base(message, innerException, facts)
    {
    }
}
