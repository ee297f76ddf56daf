using System.Net;
using ImageApi.Client.Errors;

namespace ImageApi.Client;

/// <summary>The root of everything that goes wrong between this library and the API.</summary>
/// <remarks>
/// No instance holds the API key: texts from the server are masked and bounded before they get here.
/// Cancellation by the caller's own token is an <see cref="ImageApiCanceledException"/>, which is no <see cref="ImageApiException"/>.
/// </remarks>
public class ImageApiException : Exception
{
    /// <summary>Initializes an error with the message of the platform.</summary>
    public ImageApiException()
    {
    }

    /// <summary>Initializes an error.</summary>
    /// <param name="message">What happened, without secrets.</param>
    public ImageApiException(string? message)
        : base(message)
    {
    }

    /// <summary>Initializes an error that another one caused.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ImageApiException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ImageApiException(string message, Exception? innerException, ErrorFacts facts)
        : base(message, innerException)
    {
        Operation = facts.Operation;
        Outcome = facts.Outcome;
        StatusCode = facts.StatusCode;
        ErrorCode = facts.ErrorCode;
        ErrorType = facts.ErrorType;
        ErrorParam = facts.ErrorParam;
        RequestId = facts.RequestId;
        JobId = facts.JobId;
        Attempts = facts.Attempts;
        RetryAfter = facts.RetryAfter;
        IdempotencyKey = facts.IdempotencyKey;
        ResponseExcerpt = facts.ResponseExcerpt;
        IsContentRejected = facts.IsContentRejected;
        RepeatsAllowed = facts.RepeatsAllowed;
    }

    /// <summary>Gets the name of the call that failed, such as <c>images.generate</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Gets the HTTP status of the last answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Gets the server's own code for the error, such as <c>invalid_api_key</c>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Gets the server's class of the error, such as <c>invalid_request_error</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets the request field that the server objects to.</summary>
    public string? ErrorParam { get; init; }

    /// <summary>Gets the request id that the server gave, for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the id of the job this is about; <c>Jobs.WaitAsync</c> continues it from any process.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets how often the request was tried; 0 when it did not come to a try.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets what is known about the request: whether it may have been carried out and billed.</summary>
    /// <value>The default is <see cref="RequestOutcome.Unknown"/>, the careful answer.</value>
    public RequestOutcome Outcome { get; init; }

    /// <summary>Gets how long the server asked to wait before another try; <see cref="TimeSpan.MaxValue"/> when it named more than that.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the idempotency key that was sent with every attempt, for support tickets.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the beginning of the answer's text: at most 4 096 characters, control characters escaped, the key masked.</summary>
    public string? ResponseExcerpt { get; init; }

    /// <summary>Gets a value indicating whether the server refused the content for its policy (codes such as <c>content_policy_violation</c>).</summary>
    public bool IsContentRejected { get; init; }

    /// <summary>Gets the full paths of the files that had been saved when a call that saves several failed; they stay where they are.</summary>
    /// <value>Empty for other calls.</value>
    public IReadOnlyList<string> SavedPaths { get; internal set; } = [];

    /// <summary>Gets how often the same may be tried again for the same reason.</summary>
    internal int RepeatsAllowed { get; init; }
}
