using ImageApi.Client.Errors;

namespace ImageApi.Client.Jobs;

/// <summary>Makes the errors that only jobs have.</summary>
internal static class JobFaults
{
    public const string Waiting = "jobs.wait";

    public static JobFailedException Failed(Job job)
    {
        var reason = job.Error?.Message ?? job.Error?.Code ?? "no reason given";
        var end = job.State == JobState.Cancelled ? "was cancelled" : "failed";
        return new JobFailedException($"The job {JobId.Shown(job.Id)} {end}: {reason}", innerException: null, Facts(job.Id, job, attempts: 0) with
        {
            ErrorCode = job.Error?.Code,
            ErrorType = job.Error?.Type,
            IsContentRejected = Http.ErrorCodes.IsPolicy(job.Error?.Code),
        })
        {
            Job = job,
        };
    }

    public static JobTimeoutException TimedOut(string jobId, Job? last, TimeSpan limit, ImageApiException? lastFailure, int polls, TimeSpan? wish) => new(
        (wish is null ? $"The job {JobId.Shown(jobId)} did not end within {limit}." : $"The server asks to wait {wish} before the next question about the job {JobId.Shown(jobId)}, which is more than is left of {limit}.")
        + $" It was last seen {(last is null ? "not at all" : $"as {last.State}")}. It goes on at the server: wait again with its id.",
        lastFailure,
        Facts(jobId, last, polls) with { RetryAfter = wish ?? lastFailure?.RetryAfter, StatusCode = lastFailure?.StatusCode })
    {
        Job = last,
    };

    public static JobNotFoundException NotFound(ImageApiErrorException answer, string jobId, Job? last) => new(
        last is null ? $"The server does not know the job {JobId.Shown(jobId)}." : $"The server no longer knows the job {JobId.Shown(jobId)}.",
        answer,
        new ErrorFacts
        {
            Operation = answer.Operation ?? Waiting,
            Outcome = last is null ? answer.Outcome : RequestOutcome.Accepted,
            StatusCode = answer.StatusCode,
            ErrorCode = answer.ErrorCode,
            ErrorType = answer.ErrorType,
            ErrorParam = answer.ErrorParam,
            RequestId = answer.RequestId,
            JobId = jobId,
            Attempts = answer.Attempts,
            ResponseExcerpt = answer.ResponseExcerpt,
        })
    {
        Job = last,
    };

    public static ImageApiCanceledException Canceled(string jobId, Exception cause, CancellationToken token) =>
        new($"The waiting for the job {JobId.Shown(jobId)} was cancelled; the job goes on at the server.", cause, token)
        {
            Operation = Waiting,
            JobId = jobId,
            Outcome = RequestOutcome.Accepted,
        };

    /// <summary>What an error of a callback cannot tell by itself.</summary>
    public static PurchaseFacts Accepted(string jobId, Job? job) => new() { Operation = Waiting, Outcome = RequestOutcome.Accepted, JobId = jobId, RequestId = job?.RequestId };

    private static ErrorFacts Facts(string jobId, Job? job, int attempts) => new()
    {
        Operation = Waiting,
        Outcome = RequestOutcome.Accepted,
        JobId = jobId,
        RequestId = job?.RequestId,
        Attempts = attempts,
    };
}
