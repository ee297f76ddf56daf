namespace ImageApi.Client;

/// <summary>Time limits. Each spans a whole call: its attempts, the waits between them, and the reading of the answer.</summary>
/// <remarks>All are more than zero and at most 45 days. <c>HttpClient.Timeout</c> plays no part.</remarks>
public sealed class ImageApiTimeoutOptions
{
    /// <summary>Gets or sets the limit for a synchronous generation.</summary>
    /// <value>The default is 10 minutes: a shorter one can cut off what is being paid for.</value>
    public TimeSpan Generation { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the limit for the submission of a job.</summary>
    /// <value>The default is 60 seconds.</value>
    public TimeSpan Submission { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets the limit for one question about a job's state.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan StatusQuery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the limit for an upload.</summary>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan Upload { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets the limit for a download.</summary>
    /// <value>The default is 30 minutes.</value>
    public TimeSpan Download { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how long a transfer that has begun may stand still.</summary>
    /// <value>The default is 60 seconds.</value>
    public TimeSpan Idle { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets the limit for making a connection. It does not apply to a handler of your own, or in the netstandard2.0 build.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(10);
}
