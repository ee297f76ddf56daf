namespace ImageApi.Client;

/// <summary>Short forms of the calls of <see cref="JobsClient"/>.</summary>
public static class JobsClientExtensions
{
    /// <summary>Submits a job for one image from a prompt, with the defaults of <see cref="ImageJobInput"/>, and waits until it has succeeded.</summary>
    /// <param name="jobs">The client.</param>
    /// <param name="prompt">What the image is to show.</param>
    /// <param name="options">The settings of the submission and of the wait.</param>
    /// <param name="cancellationToken">Stops the waiting; the job goes on.</param>
    /// <returns>The job, which has succeeded.</returns>
    /// <exception cref="ArgumentException"><paramref name="prompt"/> is blank; nothing was sent.</exception>
    /// <exception cref="JobFailedException">The job failed or was canceled.</exception>
    /// <exception cref="JobTimeoutException">The job did not complete within the timeout; wait again with its id.</exception>
    /// <exception cref="ImageApiException">The submission or the status queries failed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled; it carries the id, once there is one.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.RunAsync("a red fox in the snow");
    /// await client.Media.SaveAsync(job.Output.Images[0], "fox.png");
    /// </code>
    /// </example>
    public static Task<Job> RunAsync(
        this JobsClient jobs, string prompt, JobRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentException.ThrowIfNullOrWhiteSpace(prompt);

        return jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = prompt } }, options, cancellationToken);
    }
}
