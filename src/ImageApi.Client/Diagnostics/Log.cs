using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Diagnostics;

/// <summary>Every message that the library logs. None holds a key, a prompt, a query or the bytes of a picture.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Operation}: attempt {Attempt} failed, trying again in {Wait}: {Reason}")]
    public static partial void Retrying(this ILogger logger, string operation, int attempt, TimeSpan wait, string reason);

    [LoggerMessage(2, LogLevel.Information, "Job {JobId} was accepted")]
    public static partial void JobAccepted(this ILogger logger, string jobId);

    [LoggerMessage(3, LogLevel.Debug, "Job {JobId} is {State} ({Status}); asking again in {Wait}")]
    public static partial void JobPolled(this ILogger logger, string jobId, string state, string status, TimeSpan wait);

    [LoggerMessage(4, LogLevel.Debug, "Job {JobId}: the state could not be asked for, asking again in {Wait}: {ErrorType}, status {Status}")]
    public static partial void JobPollFailed(this ILogger logger, string jobId, TimeSpan wait, string errorType, int? status);

    [LoggerMessage(5, LogLevel.Information, "Job {JobId} ended as {State}")]
    public static partial void JobEnded(this ILogger logger, string jobId, string state);

    [LoggerMessage(6, LogLevel.Warning, "The upload of a reference image gave no link: its {Bytes} bytes are sent inside the request")]
    public static partial void UploadWithoutLink(this ILogger logger, long bytes);

    [LoggerMessage(7, LogLevel.Information, "The settings changed: calls that begin from now on use the new ones")]
    public static partial void SettingsChanged(this ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "The settings changed but have faults, so the old ones stay in use: {Faults}")]
    public static partial void SettingsRefused(this ILogger logger, string faults);

    [LoggerMessage(EventId = 9, Message = "{Call} took {Seconds:0.###} s in {Attempts} attempts")]
    public static partial void CallSucceeded(this ILogger logger, LogLevel level, string call, double seconds, int attempts);

    [LoggerMessage(EventId = 10, Message = "{Call} failed after {Seconds:0.###} s in {Attempts} attempts: {ErrorType}, outcome {Outcome}")]
    public static partial void CallFailed(this ILogger logger, LogLevel level, string call, double seconds, int attempts, string errorType, RequestOutcome? outcome);

    [LoggerMessage(11, LogLevel.Information, "Job {JobId}: the waiting ended without its end: {ErrorType}")]
    public static partial void JobWaitFailed(this ILogger logger, string jobId, string errorType);
}
