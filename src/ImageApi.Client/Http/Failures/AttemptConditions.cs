using System.Net;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Http.Failures;

/// <summary>What was going on when an attempt failed with an exception.</summary>
internal sealed record AttemptConditions(
    CallContext Call, SingleSendContent? Content, HttpStatusCode? StatusCode, ApiResponse? Response, string ApiKey, bool HonorsIdempotencyKey)
{
    /// <summary>Gets the host and port of the request; null before an attempt.</summary>
    public string? Host { get; init; }

    /// <summary>Gets a value indicating whether the time of the whole call is up, or the one that a pipeline of the application's gives an attempt.</summary>
    public bool IsCallTimeout { get; init; }

    /// <summary>Gets a value indicating whether it can only be such a pipeline that gave the attempt no more time.</summary>
    public bool IsPipelineTimeout { get; init; }

    /// <summary>Gets a value indicating whether sending made no progress for too long.</summary>
    public bool IsSendTimeout { get; init; }

    public bool BodyStarted => Content is { Started: true };

    public RetryConditions ToRetryConditions(FailureKind kind) => new(kind, BodyStarted, Call.Request.Body?.CanReplay ?? true)
    {
        Status = (int)StatusCode.GetValueOrDefault(),
        CanResume = Call.Request.ResumeState is { IsUsable: true },
        RetryForbidden = Call.Request.ResumeState is { ForbidsRetry: true } || Call.Request.IsResponseCommitted?.Invoke() == true,
        HonorsIdempotencyKey = HonorsIdempotencyKey && Call.IdempotencyKey is not null,
    };
}
