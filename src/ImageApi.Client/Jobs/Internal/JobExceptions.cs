using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Makes the errors that only jobs have.</summary>
internal static class JobExceptions
{
    public const string Waiting = "jobs.wait";

    public static JobFailedException Failed(Job job)
    {
        var reason = job.Error?.Message ?? job.Error?.Code ?? "no reason given";
        var verb = job.State == JobState.Canceled ? "was cancelled" : "failed";
        return new JobFailedException($"The job {JobIdValidation.ToLoggable(job.Id)} {verb}: {reason}", innerException: null, Details(job.Id, job, attempts: 0) with
        {
            ErrorCode = job.Error?.Code,
            ErrorType = job.Error?.Type,
            IsContentRejected = KnownErrorCodes.IsPolicy(job.Error?.Code),
        })
        {
            Job = job,
        };
    }

    public static JobTimeoutException TimedOut(string jobId, Job? last, TimeSpan limit, ImageApiException? lastFailure, int polls, TimeSpan? retryAfter) => new(
        (retryAfter is null ? $"The job {JobIdValidation.ToLoggable(jobId)} did not end within {limit}." : $"The server asks to wait {retryAfter} before the next question about the job {JobIdValidation.ToLoggable(jobId)}, which is more than is left of {limit}.")
        + $" It was last seen {(last is null ? "not at all" : $"as {last.State}")}. It goes on at the server: wait again with its id.",
        lastFailure,
        Details(jobId, last, polls) with { RetryAfter = retryAfter ?? lastFailure?.RetryAfter, StatusCode = lastFailure?.StatusCode })
    {
        Job = last,
    };

    public static JobNotFoundException NotFound(ImageApiResponseException response, string jobId, Job? last) => new(
        last is null ? $"The server does not know the job {JobIdValidation.ToLoggable(jobId)}." : $"The server no longer knows the job {JobIdValidation.ToLoggable(jobId)}.",
        response,
        new FailureDetails
        {
            Operation = response.Operation ?? Waiting,
            Outcome = last is null ? response.Outcome : RequestOutcome.Accepted,
            StatusCode = response.StatusCode,
            ErrorCode = response.ErrorCode,
            ErrorType = response.ErrorType,
            ErrorParam = response.ErrorParam,
            RequestId = response.RequestId,
            JobId = jobId,
            Attempts = response.Attempts,
            ResponseExcerpt = response.ResponseExcerpt,
        })
    {
        Job = last,
    };

    public static ImageApiCanceledException Canceled(string jobId, Exception cause, CancellationToken token) =>
        new($"The waiting for the job {JobIdValidation.ToLoggable(jobId)} was cancelled; the job goes on at the server.", cause, token)
        {
            Operation = Waiting,
            JobId = jobId,
            Outcome = RequestOutcome.Accepted,
        };

    /// <summary>What an error of a callback cannot tell by itself.</summary>
    public static RequestInfo InfoFor(string jobId, Job? job) => new() { Operation = Waiting, Outcome = RequestOutcome.Accepted, JobId = jobId, RequestId = job?.RequestId };

    private static FailureDetails Details(string jobId, Job? job, int attempts) => new()
    {
        Operation = Waiting,
        Outcome = RequestOutcome.Accepted,
        JobId = jobId,
        RequestId = job?.RequestId,
        Attempts = attempts,
    };
}
