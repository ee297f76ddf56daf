using System.Net.Http.Headers;
using ImageApi.Client.Diagnostics;
using ImageApi.Client.Http;
using ImageApi.Client.Jobs;
using ImageApi.Client.Media;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageApi.Client;

/// <summary>A client for a paid image, video and audio generation API. It never repeats a paid request that may have been carried out, unless told to, and never loses sight of what was bought.</summary>
/// <remarks>
/// One instance serves a whole application: it is safe for many threads at once, and in singletons. In an application with a container
/// register it with <c>AddImageApiClient</c> instead of making it by hand.
/// </remarks>
public class ImageApiClient : IDisposable
{
    private readonly HttpClient? _owned;

    /// <summary>Initializes a client with connections of its own, which <see cref="Dispose()"/> closes.</summary>
    /// <param name="options">Address, key and settings. Later changes of it do not count.</param>
    /// <param name="loggerFactory">Where to log; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of bounds; all faults are told at once.</exception>
    public ImageApiClient(ImageApiClientOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : this(OwnHttpClient.Create(Connect(options)), options, loggerFactory, timeProvider, owned: true)
    {
    }

    /// <summary>Initializes a client on an <see cref="HttpClient"/> of the caller's, which it never disposes.</summary>
    /// <param name="httpClient">Its <see cref="HttpClient.Timeout"/> must be infinite or longer than every time limit of the options; its handlers should
    /// not follow redirects and must not read a request's body before it is sent: a body that is kept could be sent twice, so such a call is refused.</param>
    /// <param name="options">Address, key and settings. Later changes of it do not count.</param>
    /// <param name="loggerFactory">Where to log; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of bounds, or the <see cref="HttpClient.Timeout"/> would cut a paid call.</exception>
    public ImageApiClient(HttpClient httpClient, ImageApiClientOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : this(Checked(httpClient, options), options, loggerFactory, timeProvider)
    {
    }

    internal ImageApiClient(Func<HttpClient> http, ImageApiClientOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider, Func<double>? random = null, bool hasSendGuard = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.ThrowIfFaulty(options);

        var settings = Translate(options, hasSendGuard);
        var logger = new SafeLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("ImageApi.Client"));
        var transport = new ApiTransport(http, settings, timeProvider ?? TimeProvider.System, logger, random ?? RandomNumber.Next);
        var reading = new JobReadContext(settings.BaseAddress, new JobWords(options.JobStatusWords), options.RejectForeignJobs);
        var files = new FilesClient(transport, options.Timeouts.Upload);
        var uploads = options.References.UploadFrom is { } from
            ? new ReferenceUploads(from, new LinkMemory(options.References.RememberFor, transport.Time), files.UploadReferenceAsync, logger)
            : null;
        var jobs = new JobsClient(transport, new JobSettings(options.Timeouts.Submission, options.Timeouts.StatusQuery, reading, uploads));
        var fetcher = new MediaFetcher(transport, options.Timeouts.Download, jobs.RenewAsync);
        BaseAddress = settings.BaseAddress;
        Images = new ImagesClient(transport, options.Timeouts.Generation, fetcher, uploads);
        Jobs = jobs;
        Files = files;
        Media = new MediaClient(fetcher);
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected ImageApiClient()
    {
        Images = null!;
        Jobs = null!;
        Files = null!;
        Media = null!;
    }

    private ImageApiClient(HttpClient http, ImageApiClientOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider, bool owned)
        : this(() => http, options, loggerFactory, timeProvider) => _owned = owned ? http : null;

    /// <summary>Gets the address of the API, as it is called: with a closing slash, without <c>v1</c>.</summary>
    /// <value>Null for a substitute, which has none.</value>
    public virtual Uri? BaseAddress { get; }

    /// <summary>Gets the synchronous generation of pictures.</summary>
    public virtual ImagesClient Images { get; }

    /// <summary>Gets the jobs: pictures, videos and sounds that take their time.</summary>
    public virtual JobsClient Jobs { get; }

    /// <summary>Gets the uploads.</summary>
    public virtual FilesClient Files { get; }

    /// <summary>Gets the fetching of what was generated.</summary>
    public virtual MediaClient Media { get; }

    /// <summary>Closes the connections, if they are the client's own.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connections, if they are the client's own.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _owned?.Dispose();
        }
    }

    private static Func<HttpClient> Checked(HttpClient httpClient, ImageApiClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        ArgumentNullException.ThrowIfNull(options);
        if (httpClient.Timeout != Timeout.InfiniteTimeSpan && httpClient.Timeout <= OptionsCheck.LongestTimeout(options))
        {
            throw new ArgumentException(
                $"The HttpClient's Timeout of {httpClient.Timeout} would cut calls that are being paid for. Set it to Timeout.InfiniteTimeSpan; the time limits are in ImageApiClientOptions.Timeouts.",
                nameof(httpClient));
        }

        return () => httpClient;
    }

    /// <summary>The options are checked before anything is made of them.</summary>
    private static TimeSpan Connect(ImageApiClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsCheck.ThrowIfFaulty(options);
        return options.Timeouts.Connect;
    }

    private static HttpSettings Translate(ImageApiClientOptions options, bool hasSendGuard)
    {
        var baseAddress = Http.BaseAddress.Normalize(options.BaseAddress!);
        var key = options.ApiKey;
        return new HttpSettings
        {
            BaseAddress = baseAddress,
            ApiKey = options.ApiKeyProvider ?? (_ => new(key!)),
            Retry = new RetrySettings(options.Retry.MaxRetries, options.Retry.BaseDelay, options.Retry.MaxDelay, options.Retry.MaxRetryAfter),
            UserAgent = UserAgent(options.UserAgentSuffix),
            IdleTimeout = options.Timeouts.Idle,
            MaxJsonBytes = options.Limits.MaxJsonBytes,
            MaxMediaBytes = options.Limits.MaxMediaBytes,
            Links = new LinkPolicy
            {
                BaseAddress = baseAddress,
                AllowInsecure = options.Links.AllowInsecureHttp,
                SendKeyToSameOrigin = options.Links.SendApiKeyToSameOrigin,
                IsAllowed = options.Links.IsAllowed,
            },
            HasSendGuard = hasSendGuard,
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
