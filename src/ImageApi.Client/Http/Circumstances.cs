using System.Net;

namespace ImageApi.Client.Http;

/// <summary>What was going on when an attempt failed with an exception.</summary>
internal sealed record Circumstances(
    ApiCall Call, SingleUseContent? Content, HttpStatusCode? StatusCode, ApiAnswer? Answer, string Key, bool KeyIsHonoured)
{
    /// <summary>Gets the host that was to be reached; null before an attempt.</summary>
    public string? Host { get; init; }

    /// <summary>Gets a value indicating whether the time of the whole call is up, or the one that a pipeline of the application's gives an attempt.</summary>
    public bool OutOfTime { get; init; }

    /// <summary>Gets a value indicating whether it can only be such a pipeline that gave the attempt no more time.</summary>
    public bool EndedByPipeline { get; init; }

    /// <summary>Gets a value indicating whether sending made no progress for too long.</summary>
    public bool SendStalled { get; init; }

    public bool BodyStarted => Content is { Started: true };

    public Observation Observe(AttemptEnd end) => new(end, BodyStarted, Call.Request.Body?.CanRepeat ?? true)
    {
        Status = (int)StatusCode.GetValueOrDefault(),
        CanResume = Call.Request.Position is { IsUsable: true },
        RetryForbidden = Call.Request.Position is { ForbidsRetry: true } || Call.Request.IsPassedOn?.Invoke() == true,
        KeyIsHonoured = KeyIsHonoured && Call.IdempotencyKey is not null,
    };
}
