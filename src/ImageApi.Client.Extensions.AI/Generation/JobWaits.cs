namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Joins the wait of a request with that of the generator.</summary>
internal static class JobWaits
{
    /// <summary>
    /// The request's own wait goes before the generator's. Only who writes down what was bought stays, unless the request names somebody else:
    /// a shorter time limit must not cost the id of a job.
    /// </summary>
    public static JobWaitOptions? Join(JobWaitOptions? own, JobWaitOptions? shared) =>
        own is null ? shared
        : own.OnSubmitted is not null || shared?.OnSubmitted is null ? own
        : new JobWaitOptions
        {
            Timeout = own.Timeout,
            FirstInterval = own.FirstInterval,
            MaxInterval = own.MaxInterval,
            IntervalFactor = own.IntervalFactor,
            Progress = own.Progress,
            OnSubmitted = shared.OnSubmitted,
            Submission = own.Submission,
        };
}
