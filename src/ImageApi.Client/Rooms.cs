using System.Net.Http.Headers;
using ImageApi.Client.Diagnostics;
using ImageApi.Client.Http;
using ImageApi.Client.Jobs;
using ImageApi.Client.Media;

namespace ImageApi.Client;

/// <summary>The rooms of a client, made of one state of the settings. When these change, new ones are made; a call that is under way ends in the old ones.</summary>
internal sealed record Rooms(Uri BaseAddress, ImagesClient Images, JobsClient Jobs, FilesClient Files, MediaClient Media)
{
    /// <summary>Opens rooms.</summary>
    /// <param name="options">Settings without faults. Later changes of the object do not count.</param>
    /// <param name="key">Gives the key for an attempt.</param>
    /// <param name="ground">What stays the same when the settings change.</param>
    /// <param name="links">What is remembered of uploads to the same account.</param>
    public static Rooms Open(ImageApiClientOptions options, Func<CancellationToken, ValueTask<string>> key, ClientGround ground, LinkMemory links)
    {
        var settings = Translate(options, key, ground);
        var transport = new ApiTransport(ground.Http, settings, ground.Time, ground.Logger, ground.Random, ground.Budget);
        var reading = new JobReadContext(settings.BaseAddress, new JobWords(options.JobStatusWords), options.RejectForeignJobs);
        var files = new FilesClient(transport, options.Timeouts.Upload);
        var uploads = options.References.UploadFrom is { } from
            ? new ReferenceUploads(from, links, files.UploadReferenceAsync, ground.Logger)
            : null;
        var jobs = new JobsClient(transport, new JobSettings(options.Timeouts.Submission, options.Timeouts.StatusQuery, reading, uploads));
        var fetcher = new MediaFetcher(transport, options.Timeouts.Download, jobs.RenewAsync);
        return new Rooms(settings.BaseAddress, new ImagesClient(transport, options.Timeouts.Generation, fetcher, uploads), jobs, files, new MediaClient(fetcher));
    }

    private static HttpSettings Translate(ImageApiClientOptions options, Func<CancellationToken, ValueTask<string>> key, ClientGround ground)
    {
        var baseAddress = Http.BaseAddress.Normalize(options.BaseAddress!);
        return new HttpSettings
        {
            BaseAddress = baseAddress,
            ApiKey = key,
            Retry = new RetrySettings(options.Retry.MaxRetries, options.Retry.BaseDelay, options.Retry.MaxDelay, options.Retry.MaxRetryAfter),
            AttemptPipeline = options.AttemptPipeline,
            HandsOutTokens = options.AttemptPipeline is not null || options.ApiKeyProvider is not null,
            UserAgent = UserAgent(options.UserAgentSuffix),
            IdleTimeout = options.Timeouts.Idle,
            MaxJsonBytes = options.Limits.MaxJsonBytes,
            MaxMediaBytes = options.Limits.MaxMediaBytes,
            Telemetry = new ClientTelemetry(ground.Logger, ground.Time, options.Telemetry.ProviderName, baseAddress, options.Telemetry.CapturePrompts),
            Links = new LinkPolicy
            {
                BaseAddress = baseAddress,
                AllowInsecure = options.Links.AllowInsecureHttp,
                SendKeyToSameOrigin = options.Links.SendApiKeyToSameOrigin,
                IsAllowed = options.Links.IsAllowed,
            },
            HasSendGuard = ground.HasSendGuard,
            SendIdempotencyKey = options.SendIdempotencyKey,
            TrustIdempotencyKey = options.AmbiguousRetry == AmbiguousRetry.WhenServerHonoursIdempotencyKey,
        };
    }

    private static IReadOnlyList<ProductInfoHeaderValue> UserAgent(string? suffix)
    {
        var own = new ProductInfoHeaderValue("ImageApi.Client", typeof(ImageApiClient).Assembly.GetName().Version?.ToString(3));
        return suffix is null ? [own] : [own, ProductInfoHeaderValue.Parse(suffix)];
    }
}
