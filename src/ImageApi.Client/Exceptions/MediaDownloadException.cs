using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>A generated medium could not be fetched whole from its link. What was bought is not lost: the link or the job can be asked again.</summary>
public sealed class MediaDownloadException : ImageApiException
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public MediaDownloadException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public MediaDownloadException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public MediaDownloadException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal MediaDownloadException(string message, Exception? innerException, FailureDetails facts)
        : base(message, innerException, facts)
    {
    }
}
