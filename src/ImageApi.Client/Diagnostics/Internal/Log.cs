using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>Every message that the library logs. None holds a key, a prompt, a query or the bytes of an image.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Operation}: attempt {Attempt} failed ({Reason}); retrying in {Delay}")]
    public static partial void Retrying(this ILogger logger, string operation, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(2, LogLevel.Information, "The server accepted job {JobId}")]
    public static partial void JobAccepted(this ILogger logger, string jobId);

    [LoggerMessage(3, LogLevel.Debug, "Job {JobId} is {State} (status '{Status}'); checking again in {Delay}")]
    public static partial void JobPolled(this ILogger logger, string jobId, string state, string status, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Debug, "The status check of job {JobId} failed: {ErrorType}, HTTP status {Status}; checking again in {Delay}")]
    public static partial void JobPollFailed(this ILogger logger, string jobId, TimeSpan delay, string errorType, int? status);

    [LoggerMessage(5, LogLevel.Information, "Job {JobId} completed with state {State}")]
    public static partial void JobCompleted(this ILogger logger, string jobId, string state);

    [LoggerMessage(6, LogLevel.Warning, "The upload response of a reference image contains no URL; its {Size} bytes are sent inside the request")]
    public static partial void UploadWithoutUrl(this ILogger logger, long size);

    [LoggerMessage(7, LogLevel.Information, "Applied a configuration change; calls that start from now on use the new options")]
    public static partial void OptionsReloaded(this ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "Ignored an invalid configuration change; the previous options remain in effect: {Errors}")]
    public static partial void OptionsReloadIgnored(this ILogger logger, string errors);

    [LoggerMessage(EventId = 9, Message = "{Operation} took {Seconds:0.###} s in {Attempts} attempts")]
    public static partial void OperationSucceeded(this ILogger logger, LogLevel level, string operation, double seconds, int attempts);

    [LoggerMessage(EventId = 10, Message = "{Operation} failed after {Seconds:0.###} s in {Attempts} attempts: {ErrorType}, outcome {Outcome}")]
    public static partial void OperationFailed(this ILogger logger, LogLevel level, string operation, double seconds, int attempts, string errorType, RequestOutcome? outcome);

    [LoggerMessage(11, LogLevel.Information, "Stopped waiting for job {JobId} before it completed: {ErrorType}")]
    public static partial void JobWaitStopped(this ILogger logger, string jobId, string errorType);
}
