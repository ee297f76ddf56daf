using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>A client, made as applications make theirs.</summary>
internal sealed class ClientUnderTest : IDisposable
{
    private readonly IDisposable _owner;

    private ClientUnderTest(ImageApiClient client, IDisposable owner, bool hasSingleSendHandler)
    {
        Client = client;
        _owner = owner;
        HasSingleSendHandler = hasSingleSendHandler;
    }

    public ImageApiClient Client { get; }

    /// <summary>Gets a value indicating whether a handler may read what is sent.</summary>
    public bool HasSingleSendHandler { get; }

    public static ClientUnderTest Create(ImageApiClientOptions options, HandlerBehaviors handlers)
    {
        if (handlers == HandlerBehaviors.None)
        {
            var client = new ImageApiClient(options);
            return new ClientUnderTest(client, client, hasSingleSendHandler: false);
        }

        HttpMessageHandler handler = CreatePlatformHandler(handlers);
        if (handlers.HasFlag(HandlerBehaviors.ReadsBodies))
        {
            handler = new BodyReadingHandler { InnerHandler = handler };
        }

        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new ClientUnderTest(new ImageApiClient(http, options), http, hasSingleSendHandler: false);
    }

    public static ClientUnderTest CreateFromContainer(ImageApiClientOptions options, HandlerBehaviors handlers)
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(configured => Copy(options, configured));
        if (handlers.HasFlag(HandlerBehaviors.ReadsBodies))
        {
            builder.AddHttpMessageHandler(static () => new BodyReadingHandler());
        }

        if ((handlers & ~HandlerBehaviors.ReadsBodies) != HandlerBehaviors.None)
        {
            builder.ConfigurePrimaryHttpMessageHandler(() => CreatePlatformHandler(handlers));
        }

        var provider = services.BuildServiceProvider();
        return new ClientUnderTest(provider.GetRequiredService<ImageApiClient>(), provider, hasSingleSendHandler: true);
    }

    public void Dispose() => _owner.Dispose();

    private static HttpClientHandler CreatePlatformHandler(HandlerBehaviors handlers)
    {
        var handler = handlers.HasFlag(HandlerBehaviors.WebRequest) ? new WebRequestHandler() : new HttpClientHandler();
        handler.AllowAutoRedirect = handlers.HasFlag(HandlerBehaviors.FollowsRedirects);
        handler.UseCookies = false;
        return handler;
    }

    private static void Copy(ImageApiClientOptions from, ImageApiClientOptions to)
    {
        to.BaseAddress = from.BaseAddress;
        to.ApiKey = from.ApiKey;
        to.Retry.BaseDelay = from.Retry.BaseDelay;
        to.Retry.MaxDelay = from.Retry.MaxDelay;
        to.Timeouts.Idle = from.Timeouts.Idle;
    }
}
