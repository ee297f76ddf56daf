using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Failures;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Creates the exceptions that only jobs have.</summary>
internal static class JobExceptions
{
    public const string Waiting = "jobs.wait";

    public static JobFailedException Failed(Job job)
    {
        var happened = $"The job {JobIdValidation.ToLoggable(job.Id)} {(job.State == JobState.Canceled ? "was canceled" : "failed")}";
        var info = InfoFor(job.Id, job) with { ErrorCode = job.Error?.Code };
        return new JobFailedException(Message($"{happened}: {job.Error?.Message ?? job.Error?.Code ?? "the server gave no reason"}"))
        {
            Info = info,
            ErrorType = job.Error?.Type,
            IsContentRejected = KnownErrorCodes.IsPolicy(job.Error?.Code),
            Job = job,
        };
    }

    public static JobTimeoutException TimedOut(string jobId, Job? last, TimeSpan limit, ImageApiException? lastFailure, int polls, TimeSpan? retryAfter)
    {
        var id = JobIdValidation.ToLoggable(jobId);
        var happened = retryAfter is not { } delay ? $"The job {id} did not complete within {FailureMessage.Format(limit)}."
            : $"The server asks to wait {FailureMessage.Format(delay)} before the next status check of the job {id}, which is more than is left of {FailureMessage.Format(limit)}.";
        var seen = last is null ? "No status check succeeded." : $"Its last known state is {last.State}.";
        return new JobTimeoutException(Message($"{happened} {seen} The job continues at the server: wait again with its id; do not submit it again."), lastFailure)
        {
            Info = InfoFor(jobId, last) with { Attempts = polls, RetryAfter = retryAfter ?? lastFailure?.Info.RetryAfter, StatusCode = lastFailure?.StatusCode },
            Job = last,
        };
    }

    public static JobNotFoundException NotFound(ImageApiResponseException response, string jobId, Job? last) => new(
        $"{response.Info.Operation ?? Waiting}: The server {(last is null ? "does not know" : "no longer knows")} the job {JobIdValidation.ToLoggable(jobId)}.", response)
    {
        Info = response.Info with
        {
            Operation = response.Info.Operation ?? Waiting,
            Outcome = last is null ? response.Outcome : RequestOutcome.Accepted,
            JobId = jobId,
            IdempotencyKey = null,
            RetryAfter = null,
        },
        ErrorType = response.ErrorType,
        ErrorParam = response.ErrorParam,
        ResponseExcerpt = response.ResponseExcerpt,
        Job = last,
    };

    public static ImageApiCanceledException Canceled(string jobId, Exception cause, CancellationToken token) => new(
        Message($"Stopped waiting for the job {JobIdValidation.ToLoggable(jobId)}: the caller's token was canceled. The job continues at the server: wait again with its id."),
        cause,
        token)
    {
        Info = InfoFor(jobId, job: null),
    };

    /// <summary>What the exception of a callback cannot report itself.</summary>
    public static RequestInfo InfoFor(string jobId, Job? job) =>
        new() { Operation = Waiting, Outcome = RequestOutcome.Accepted, JobId = jobId, RequestId = job?.RequestId };

    private static string Message(string sentences) => $"{Waiting}: {FailureMessage.EndSentence(sentences)}";
}
