using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http.Handlers;
using ImageApi.Client.Internal;
using ImageApi.Client.Media.References;
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
    private const string ConnectionCheckJobId = "connection-check";

    private readonly ClientContext _context;
    private readonly HttpClient? _owned;
    private volatile ApiKeySource _apiKey;
    private volatile ClientComponents _components;
    private UploadCache _uploads;

    /// <summary>Initializes a client with connections of its own, which <see cref="Dispose()"/> closes.</summary>
    /// <param name="options">Address, key and settings. Later changes of it do not count.</param>
    /// <param name="loggerFactory">Where to log; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of bounds; all faults are told at once.</exception>
    /// <example>
    /// <code>
    /// using var client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri("https://backend:8000"), ApiKey = key });
    /// </code>
    /// </example>
    public ImageApiClient(ImageApiClientOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : this(HttpClientDefaults.Create(Connect(options)), options, loggerFactory, timeProvider, owned: true)
    {
    }

    /// <summary>Initializes a client on an <see cref="HttpClient"/> of the caller's, which it never disposes.</summary>
    /// <param name="httpClient">Its <see cref="HttpClient.Timeout"/> must be infinite or longer than every time limit of the options; its handlers should
    /// not follow redirects and must not read a request's body before it is sent: a body that is kept could be sent twice, so such a call is refused.</param>
    /// <param name="options">Address, key and settings. Later changes of it do not count.</param>
    /// <param name="loggerFactory">Where to log; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A setting is missing or out of bounds, or the <see cref="HttpClient.Timeout"/> would cut a paid call.</exception>
    /// <example>
    /// <code>
    /// using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    /// using var client = new ImageApiClient(http, new ImageApiClientOptions { BaseAddress = new Uri("https://backend:8000"), ApiKey = key });
    /// </code>
    /// </example>
    public ImageApiClient(HttpClient httpClient, ImageApiClientOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : this(Validate(httpClient, options), options, loggerFactory, timeProvider)
    {
    }

    internal ImageApiClient(Func<HttpClient> http, ImageApiClientOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider, Func<double>? random = null, bool hasSingleSendHandler = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);

        var logger = new SafeLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("ImageApi.Client"));
        _context = new ClientContext(http, logger, timeProvider ?? TimeProvider.System, random ?? RandomNumber.Next, hasSingleSendHandler);
        _apiKey = new ApiKeySource(options);
        _uploads = new UploadCache(options.ReferenceImages.UploadCacheDuration, _context.Time);
        _components = CreateComponents(options, _apiKey);
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected ImageApiClient()
    {
        _context = null!;
        _apiKey = null!;
        _components = null!;
        _uploads = null!;
    }

    private ImageApiClient(HttpClient http, ImageApiClientOptions options, ILoggerFactory? loggerFactory, TimeProvider? timeProvider, bool owned)
        : this(() => http, options, loggerFactory, timeProvider) => _owned = owned ? http : null;

    /// <summary>Gets the address of the API, as it is called: with a closing slash, without <c>v1</c>.</summary>
    /// <value>Null for a substitute, which has none.</value>
    public virtual Uri? BaseAddress => _components?.BaseAddress;

    /// <summary>Gets the synchronous generation of pictures.</summary>
    public virtual ImagesClient Images => _components.Images;

    /// <summary>Gets the jobs: pictures, videos and sounds that take their time.</summary>
    public virtual JobsClient Jobs => _components.Jobs;

    /// <summary>Gets the uploads.</summary>
    public virtual FilesClient Files => _components.Files;

    /// <summary>Gets the fetching of what was generated.</summary>
    public virtual MediaClient Media => _components.Media;

    /// <summary>Checks that the API can be reached and accepts the API key. It never costs anything: it queries the status of a job that does not exist.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A task that completes when the server answered that it does not know the job, which it says only to a valid key.</returns>
    /// <exception cref="ImageApiResponseException">The server answered otherwise, such as 401 or 403 for a key that it does not accept.</exception>
    /// <exception cref="ImageApiException">No response came, or not a usable one.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <example>
    /// <code>
    /// await client.CheckConnectionAsync();
    /// </code>
    /// </example>
    public virtual async Task CheckConnectionAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Jobs.GetAsync(ConnectionCheckJobId, options: null, cancellationToken).ConfigureAwait(false);
        }
        catch (JobNotFoundException)
        {
            // this is the expected response
        }
    }

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

    /// <summary>Takes settings without faults for the calls that begin from now on. The key is the new one for those under way as well.</summary>
    internal void Apply(ImageApiClientOptions options)
    {
        var apiKey = new ApiKeySource(options);
        if (apiKey.IsSameAccount(_apiKey))
        {
            _uploads.SetDuration(options.ReferenceImages.UploadCacheDuration);
        }
        else
        {
            // a link that the server cannot read may be passed over without a word, and a picture without its reference be billed
            _uploads = new UploadCache(options.ReferenceImages.UploadCacheDuration, _context.Time);
        }

        _components = CreateComponents(options, apiKey);
        _apiKey = apiKey;
    }

    private ClientComponents CreateComponents(ImageApiClientOptions options, ApiKeySource apiKey) => ClientComponents.Create(options, token => CurrentApiKey(apiKey).ReadAsync(token), _context, _uploads);

    /// <summary>A call that began before the settings changed uses the key of today, unless that is for another address: it goes to no other.</summary>
    private ApiKeySource CurrentApiKey(ApiKeySource created) => _apiKey is { } current && current.BaseAddress == created.BaseAddress ? current : created;

    private static Func<HttpClient> Validate(HttpClient httpClient, ImageApiClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        ArgumentNullException.ThrowIfNull(options);
        if (httpClient.Timeout != Timeout.InfiniteTimeSpan && httpClient.Timeout <= OptionsValidation.MaxTimeout(options))
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
        OptionsValidation.ThrowIfInvalid(options);
        return options.Timeouts.Connect;
    }
}
