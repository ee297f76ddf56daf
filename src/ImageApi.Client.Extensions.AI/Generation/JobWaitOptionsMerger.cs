namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Joins the wait of a request with that of the generator.</summary>
internal static class JobWaitOptionsMerger
{
    /// <summary>
    /// The request's own wait goes before the generator's. Only who writes down what was bought stays, unless the request names somebody else:
    /// a shorter time limit must not cost the id of a job.
    /// </summary>
    public static JobWaitOptions? Merge(JobWaitOptions? requestWait, JobWaitOptions? generatorWait) =>
        requestWait is null ? generatorWait
        : requestWait.OnSubmitted is not null || generatorWait?.OnSubmitted is null ? requestWait
        : new JobWaitOptions
        {
            Timeout = requestWait.Timeout,
            FirstInterval = requestWait.FirstInterval,
            MaxInterval = requestWait.MaxInterval,
            IntervalFactor = requestWait.IntervalFactor,
            Progress = requestWait.Progress,
            OnSubmitted = generatorWait.OnSubmitted,
            Submission = requestWait.Submission,
        };
}
