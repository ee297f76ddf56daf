using System.Net.Http.Headers;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http.Downloads;
using ImageApi.Client.Http.Handlers;
using ImageApi.Client.Http.Retries;
using Polly;

namespace ImageApi.Client.Http;

/// <summary>The options that the transport uses. It is not a record, whose text would show the target of the API key provider.</summary>
internal sealed class TransportSettings
{
    /// <summary>Gets the address that paths are appended to; it ends with a slash.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Gets the key, asked for before every attempt.</summary>
    public required Func<CancellationToken, ValueTask<string>> ApiKey { get; init; }

    public required RetrySettings Retry { get; init; }

    /// <summary>Gets what the application puts around every attempt; null for nothing.</summary>
    public ResiliencePipeline? AttemptPipeline { get; init; }

    /// <summary>Gets a value indicating whether functions of the application's get the token of a call.</summary>
    public bool ExposesTokens { get; init; }

    public required IReadOnlyList<ProductInfoHeaderValue> UserAgent { get; init; }

    /// <summary>Gets how long an answer that has begun may be silent.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>Gets the limit for JSON without the media in it, in bytes.</summary>
    public required int MaxJsonBytes { get; init; }

    /// <summary>Gets the limit for one image, video or sound, in bytes.</summary>
    public required long MaxMediaBytes { get; init; }

    public required ClientTelemetry Telemetry { get; init; }

    public required DownloadUriPolicy Downloads { get; init; }

    public bool SendIdempotencyKey { get; init; } = true;

    /// <summary>Gets a value indicating whether a <see cref="SingleSendHandler"/> stands before the wire.</summary>
    public bool HasSingleSendHandler { get; init; }

    /// <summary>Gets a value indicating whether the caller vouches that the server honours idempotency keys.</summary>
    public bool ServerHonorsIdempotencyKeys { get; init; }
}
