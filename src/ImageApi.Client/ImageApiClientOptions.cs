using System.Text.Json.Serialization;
using Polly;

namespace ImageApi.Client;

/// <summary>Settings of a client. They are checked all at once when the client is made, before a byte is sent.</summary>
public sealed class ImageApiClientOptions
{
    /// <summary>Gets or sets the address of the API, such as <c>https://backend:8000</c>. It may carry a prefix or end in <c>/v1</c>.</summary>
    /// <value>Required: every deployment has its own. It must be https unless it is a loopback address.</value>
    public Uri? BaseAddress { get; set; }

    /// <summary>Gets or sets the API key. It is sent to <see cref="BaseAddress"/> alone.</summary>
    /// <value>Visible ASCII characters. Required, unless <see cref="ApiKeyProvider"/> is set.</value>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets who is asked for the key before every attempt, in place of <see cref="ApiKey"/>: for keys that change.</summary>
    [JsonIgnore]
    public Func<CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>Gets or sets a value indicating whether <see cref="BaseAddress"/> may be http beyond this machine, so that the key travels in clear text.</summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Gets or sets a name of your application that is added to the User-Agent header, such as <c>MyShop/2.1</c>.</summary>
    public string? UserAgentSuffix { get; set; }

    /// <summary>Gets or sets a value indicating whether an <c>Idempotency-Key</c> is made up and sent for paid calls. One that a call gives is sent in any case.</summary>
    /// <value>The default is true. The API documents none; sending it is OpenAI's convention and never makes a repetition safe by itself.</value>
    public bool SendIdempotencyKey { get; set; } = true;

    /// <summary>
    /// Gets or sets a Polly pipeline of your own around every attempt to reach the API: a limit of concurrency or rate, a circuit breaker, chaos for tests.
    /// Retries and time limits are built in and need none.
    /// </summary>
    /// <value>The default is null: there is none. It is not asked when result links are fetched.</value>
    /// <remarks>
    /// Strategies see a failed attempt as the <see cref="ImageApiException"/> that it would end in. None can buy anything twice: where one runs an attempt anew that must
    /// not be repeated (<see cref="RequestOutcome.Unknown"/> above all), nothing is sent, and it gets the same failure again. When it lets no attempt pass, the
    /// call ends with an <see cref="ImageApiException"/> around the strategy's exception.
    /// </remarks>
    [JsonIgnore]
    public ResiliencePipeline? AttemptPipeline { get; set; }

    /// <summary>Gets or sets a value indicating whether resilience handlers that the host adds to all its clients stay in place.</summary>
    /// <value>The default is false: they are removed from this client, since they would cut paid calls short and send them again. A handler that was added
    /// to this client alone, with the builder that <c>AddImageApiClient</c> returns, always stays.</value>
    public bool KeepHostResilienceHandlers { get; set; }

    /// <summary>Gets or sets a value indicating whether an answer about another job than the one asked for is an error.</summary>
    /// <value>The default is true.</value>
    public bool VerifyJobIds { get; set; } = true;

    /// <summary>Gets the server's status words that this library does not know, or takes differently. They go before the built-in ones.</summary>
    public IDictionary<string, JobState> JobStatusMappings { get; } = new Dictionary<string, JobState>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the settings for repeated attempts.</summary>
    public ImageApiRetryOptions Retry { get; } = new();

    /// <summary>Gets the time limits.</summary>
    public ImageApiTimeoutOptions Timeouts { get; } = new();

    /// <summary>Gets the defaults for the waits for jobs.</summary>
    public ImageApiWaitOptions Wait { get; } = new();

    /// <summary>Gets the limits for sizes.</summary>
    public ImageApiLimitOptions Limits { get; } = new();

    /// <summary>Gets the settings for reference images.</summary>
    public ImageApiReferenceImageOptions ReferenceImages { get; } = new();

    /// <summary>Gets the rules for result links.</summary>
    public ImageApiDownloadOptions Downloads { get; } = new();

    /// <summary>Gets what traces and metrics say.</summary>
    public ImageApiTelemetryOptions Telemetry { get; } = new();

    /// <summary>Describes the settings without the key.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"ImageApiClientOptions for {(BaseAddress is { IsAbsoluteUri: true } ? BaseAddress.Host : "no address")}";
}
