using System.Globalization;
using System.Net;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Http.Failures;

/// <summary>A failed attempt: what was seen, what follows, and what to tell.</summary>
internal sealed class AttemptFailure
{
    /// <summary>Gets the reason of the exception that the failure becomes.</summary>
    public required ImageApiFailureReason Reason { get; init; }

    public required string Message { get; init; }

    public required RetryConditions Conditions { get; init; }

    public required RetryDecision Decision { get; init; }

    /// <summary>Gets the reason for telemetry: the status or the kind, never a server's text, which may repeat the prompt.</summary>
    public string RetryReason => Conditions.Kind == FailureKind.ErrorStatus ? Conditions.Status.ToString(CultureInfo.InvariantCulture) : Conditions.Kind.ToString();

    public HttpStatusCode? StatusCode { get; init; }

    public ApiError? Error { get; init; }

    public string? RequestId { get; init; }

    public string? JobId { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? Excerpt { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>Gets or sets how long to wait before the next attempt; null when there is none.</summary>
    public TimeSpan? NextDelay { get; set; }
}
