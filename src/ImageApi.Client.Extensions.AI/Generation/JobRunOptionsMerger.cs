namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Joins the job options of a request with those of the generator.</summary>
internal static class JobRunOptionsMerger
{
    /// <summary>
    /// The options of the request replace those of the generator. Only the generator's <see cref="JobRunOptions.OnSubmitted"/> stays, unless the request
    /// has its own: a shorter timeout must not cost the id of a job.
    /// </summary>
    public static JobRunOptions? Merge(JobRunOptions? request, JobRunOptions? generator) =>
        request is null ? generator
        : request.OnSubmitted is not null || generator?.OnSubmitted is null ? request
        : new JobRunOptions { Submission = request.Submission, OnSubmitted = generator.OnSubmitted, Wait = request.Wait };
}
