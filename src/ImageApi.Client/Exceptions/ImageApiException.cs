using System.Net;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>A call of this library failed; <see cref="Reason"/> gives the cause and <see cref="Outcome"/> whether it may have been billed.</summary>
/// <remarks>
/// No instance contains the API key: texts from the server are redacted and truncated first.
/// Cancellation by the caller's own token is an <see cref="ImageApiCanceledException"/>, which is not an <see cref="ImageApiException"/>.
/// </remarks>
public class ImageApiException : Exception
{
    private RequestInfo _info = new();

    /// <summary>Initializes an exception. The library throws its own; this constructor is for test doubles.</summary>
    /// <param name="message">What happened, without secrets; null for the message of the platform.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public ImageApiException(string? message = null, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal ImageApiException(string message, Exception? innerException, in ResponseDetails details)
        : base(message, innerException)
    {
        ErrorType = details.ErrorType;
        ErrorParam = details.ErrorParam;
        ResponseExcerpt = details.Excerpt;
        IsContentRejected = details.IsContentRejected;
    }

    /// <summary>Gets why the call failed.</summary>
    public ImageApiFailureReason Reason { get; init; }

    /// <summary>Gets what is known about the request, as <see cref="RequestInfo.FromException"/> returns it.</summary>
    public RequestInfo Info { get => _info; init => _info = value; }

    /// <summary>Gets what is known about the request: whether it may have been carried out and billed.</summary>
    /// <value>The default is <see cref="RequestOutcome.Unknown"/>.</value>
    public RequestOutcome Outcome => Info.Outcome;

    /// <summary>Gets the id of the job; <c>Jobs.WaitAsync</c> continues to wait for it from any process.</summary>
    public string? JobId => Info.JobId;

    /// <summary>Gets the request id from the server, for its support.</summary>
    public string? RequestId => Info.RequestId;

    /// <summary>Gets the HTTP status of the last response; null when there was none.</summary>
    public HttpStatusCode? StatusCode => Info.StatusCode;

    /// <summary>Gets the server's error code, such as <c>invalid_api_key</c>.</summary>
    public string? ErrorCode => Info.ErrorCode;

    /// <summary>Gets the server's error type, such as <c>invalid_request_error</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets the request field that the server rejected.</summary>
    public string? ErrorParam { get; init; }

    /// <summary>Gets the beginning of the response text: at most 4 096 characters, control characters escaped, the API key redacted.</summary>
    public string? ResponseExcerpt { get; init; }

    /// <summary>Gets a value indicating whether the server rejected the content for its policy (codes such as <c>content_policy_violation</c>).</summary>
    public bool IsContentRejected { get; init; }

    /// <summary>Gets how often a status check may be repeated after this failure.</summary>
    internal int RepeatsAllowed { get; init; }

    internal void SetInfo(RequestInfo info) => _info = info;
}
