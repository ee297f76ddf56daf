using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Http.Retries;

/// <summary>All that the retry rules may look at.</summary>
/// <param name="Kind">How the attempt ended.</param>
/// <param name="BodyStarted">Whether the transport began to write the request's body: the only proof of non-delivery there is.</param>
/// <param name="CanReplay">Whether the same body can be sent again, byte for byte.</param>
internal readonly record struct RetryConditions(FailureKind Kind, bool BodyStarted, bool CanReplay)
{
    /// <summary>Gets the status of the answer; 0 without one.</summary>
    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public bool HasRetryAfter { get; init; }

    /// <summary>Gets a value indicating whether the next attempt of a download can go on where this one ended.</summary>
    public bool CanResume { get; init; }

    /// <summary>Gets a value indicating whether the server said <c>x-should-retry: false</c>, or another attempt would be of no use.</summary>
    public bool RetryForbidden { get; init; }

    /// <summary>Gets a value indicating whether the caller vouches that the server honours the idempotency key that was sent.</summary>
    public bool HonorsIdempotencyKey { get; init; }

    /// <summary>Gets a value indicating whether the key provider has another key than the one refused.</summary>
    public bool HasNewApiKey { get; init; }
}
