using System.Globalization;
using System.Net;

namespace ImageApi.Client.Http;

/// <summary>A failed attempt: what was seen, what follows, and what to tell.</summary>
internal sealed class Fault
{
    public required FaultKind Kind { get; init; }

    public required string Message { get; init; }

    public required Observation Seen { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Gets the reason in words of this library's own: a server's may repeat what it was asked.</summary>
    public string Reason => Seen.End == AttemptEnd.Answered ? Seen.Status.ToString(CultureInfo.InvariantCulture) : Seen.End.ToString();

    public HttpStatusCode? StatusCode { get; init; }

    public ApiError? Error { get; init; }

    public string? RequestId { get; init; }

    public string? JobId { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? Excerpt { get; init; }

    public Exception? Cause { get; init; }

    /// <summary>Gets or sets how long to wait before the next attempt; null when there is none.</summary>
    public TimeSpan? NextWait { get; set; }
}
