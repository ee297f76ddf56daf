namespace ImageApi.Client;

/// <summary>Settings of an image generator made by <c>AsIImageGenerator</c>, for all its requests.</summary>
public sealed class ImageApiGeneratorOptions
{
    /// <summary>Gets or sets a value indicating whether pictures are made by jobs instead of one long call.</summary>
    /// <value>
    /// The default is false: <c>POST /v1/images/generations</c>, one connection that stands until the picture is there. True: <c>POST /v1/jobs</c>
    /// and short questions, which gateways do not cut when a picture takes its time, and which leave an id to go on with when something breaks.
    /// </value>
    public bool UseJobs { get; set; }

    /// <summary>Gets or sets the time limit and headers of the calls, without jobs.</summary>
    /// <value>The default is the client's own limits. Without an idempotency key: one key for all requests would make them one and the same.</value>
    public RequestOptions? RequestOptions { get; set; }

    /// <summary>Gets or sets the submission and the wait of the jobs, with jobs only. <see cref="JobRunOptions.OnSubmitted"/> gets every accepted job.</summary>
    /// <value>The default is that of <see cref="JobRunOptions"/>. Without an idempotency key, as in <see cref="RequestOptions"/>.</value>
    public JobRunOptions? JobRun { get; set; }
}
