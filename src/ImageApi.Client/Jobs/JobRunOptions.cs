namespace ImageApi.Client;

/// <summary>Settings for <see cref="JobsClient.RunAsync"/>: the submission of a job and the wait for it.</summary>
public sealed class JobRunOptions
{
    /// <summary>Gets or sets the timeout, idempotency key and headers of the submission. They do not apply to the status queries that follow.</summary>
    /// <value>The default is null: the client's own timeout and a new idempotency key.</value>
    public RequestOptions? Submission { get; set; }

    /// <summary>Gets or sets the callback that gets the accepted job before the first status query: the place to store its id.</summary>
    /// <remarks>It is awaited. An exception in it comes out of the call; the job goes on at the server.</remarks>
    /// <value>The default is null: there is none.</value>
    public Func<Job, CancellationToken, ValueTask>? OnSubmitted { get; set; }

    /// <summary>Gets or sets the timeout, intervals, progress and request headers of the wait.</summary>
    /// <value>The default is null: the defaults of <see cref="JobWaitOptions"/>.</value>
    public JobWaitOptions? Wait { get; set; }
}
