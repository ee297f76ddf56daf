using System.Net;

namespace ImageApi.Client.Exceptions.Internal;

/// <summary>The facts that every error of the library carries, gathered once.</summary>
internal sealed record FailureDetails
{
    public required string Operation { get; init; }

    public required RequestOutcome Outcome { get; init; }

    public HttpStatusCode? StatusCode { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorParam { get; init; }

    public string? RequestId { get; init; }

    public string? JobId { get; init; }

    /// <summary>Gets a value indicating whether the request only prepared a purchase, which then was not made.</summary>
    public bool IsPreparation { get; init; }

    public int Attempts { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? ResponseExcerpt { get; init; }

    public bool IsContentRejected { get; init; }

    /// <summary>Gets how often the same may be tried again for the same reason: the waiting for a job goes by it.</summary>
    public int RepeatsAllowed { get; init; }
}
