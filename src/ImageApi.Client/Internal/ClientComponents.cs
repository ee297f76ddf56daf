using System.Net.Http.Headers;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Downloads;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.Downloading;
using ImageApi.Client.Media.References;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Internal;

/// <summary>The components of a client for one state of its options. Changed options create new components; running calls keep the old ones.</summary>
internal sealed record ClientComponents(Uri BaseAddress, ImagesClient Images, JobsClient Jobs, FilesClient Files, MediaClient Media)
{
    /// <summary>Creates the components.</summary>
    /// <param name="options">Settings without faults. Later changes of the object do not count.</param>
    /// <param name="apiKey">Gives the key for an attempt.</param>
    /// <param name="context">What stays the same when the settings change.</param>
    /// <param name="uploadCache">What is remembered of uploads to the same account.</param>
    public static ClientComponents Create(ImageApiClientOptions options, Func<CancellationToken, ValueTask<string>> apiKey, ClientContext context, UploadCache uploadCache)
    {
        var settings = ToTransportSettings(options, apiKey, context);
        var transport = new ApiTransport(context.Http, settings, context.Time, context.Logger, context.Random, context.Budget);
        var parserContext = new JobParserContext(settings.BaseAddress, new JobStatusParser(options.JobStatusMappings), options.VerifyJobIds);
        var files = new FilesClient(transport, options.Timeouts.Upload);
        var uploads = options.ReferenceImages.UploadThreshold is { } threshold
            ? new ReferenceImageUploader(threshold, uploadCache, files.UploadReferenceImageAsync, context.Logger)
            : null;
        var waitSettings = JobWaitSettings.FromDefaults(options.Wait);
        var jobs = new JobsClient(
            transport, new JobSettings(options.Timeouts.Submission, options.Timeouts.StatusQuery, waitSettings, parserContext, uploads));
        var downloader = new MediaDownloader(transport, options.Timeouts.Download, jobs.RefreshUrlAsync);
        var images = new ImagesClient(transport, options.Timeouts.Generation, downloader, uploads);
        return new ClientComponents(settings.BaseAddress, images, jobs, files, new MediaClient(downloader));
    }

    private static TransportSettings ToTransportSettings(ImageApiClientOptions options, Func<CancellationToken, ValueTask<string>> apiKey, ClientContext context)
    {
        var baseAddress = BaseAddressValidation.Normalize(options.BaseAddress!);
        return new TransportSettings
        {
            BaseAddress = baseAddress,
            ApiKey = apiKey,
            Retry = new RetrySettings(options.Retry.MaxRetries, options.Retry.BaseDelay, options.Retry.MaxDelay, options.Retry.MaxRetryAfter),
            AttemptPipeline = options.AttemptPipeline,
            ExposesTokens = options.AttemptPipeline is not null || options.ApiKeyProvider is not null,
            UserAgent = UserAgent(options.UserAgentSuffix),
            IdleTimeout = options.Timeouts.Idle,
            MaxJsonBytes = options.Limits.MaxJsonBytes,
            MaxMediaBytes = options.Limits.MaxMediaBytes,
            Telemetry = new ClientTelemetry(context.Logger, context.Time, options.Telemetry.ProviderName, baseAddress, options.Telemetry.EnableSensitiveData),
            Downloads = new DownloadUriPolicy
            {
                BaseAddress = baseAddress,
                AllowInsecure = options.Downloads.AllowInsecureHttp,
                SendApiKeyToSameOrigin = options.Downloads.SendApiKeyToSameOrigin,
                AllowUri = options.Downloads.AllowUri,
            },
            HasSingleSendHandler = context.HasSingleSendHandler,
            SendIdempotencyKey = options.SendIdempotencyKey,
            ServerHonorsIdempotencyKeys = options.Retry.ServerHonorsIdempotencyKeys,
        };
    }

    private static IReadOnlyList<ProductInfoHeaderValue> UserAgent(string? suffix)
    {
        var own = new ProductInfoHeaderValue("ImageApi.Client", typeof(ImageApiClient).Assembly.GetName().Version?.ToString(3));
        return suffix is null ? [own] : [own, ProductInfoHeaderValue.Parse(suffix)];
    }
}
