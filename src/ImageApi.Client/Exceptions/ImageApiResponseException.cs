using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>The API rejected the request or reported that it could not carry it out.</summary>
public sealed class ImageApiResponseException : ImageApiException
{
    /// <inheritdoc cref="ImageApiException(string, Exception)"/>
    public ImageApiResponseException(string? message = null, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal ImageApiResponseException(string message, Exception? innerException, in ResponseDetails details)
        : base(message, innerException, details)
    {
    }
}
