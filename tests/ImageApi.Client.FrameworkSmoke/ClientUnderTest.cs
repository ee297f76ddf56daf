using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>A client, made as applications make theirs.</summary>
internal sealed class ClientUnderTest : IDisposable
{
    private readonly IDisposable _owner;

    private ClientUnderTest(ImageApiClient client, IDisposable owner, bool hasSendGuard)
    {
        Client = client;
        _owner = owner;
        HasSendGuard = hasSendGuard;
    }

    public ImageApiClient Client { get; }

    /// <summary>Gets a value indicating whether a handler may read what is sent.</summary>
    public bool HasSendGuard { get; }

    public static ClientUnderTest ByHand(ImageApiClientOptions options, OuterHandlers handlers)
    {
        if (handlers == OuterHandlers.None)
        {
            var own = new ImageApiClient(options);
            return new ClientUnderTest(own, own, hasSendGuard: false);
        }

        HttpMessageHandler handler = Platform(handlers);
        if (handlers.HasFlag(OuterHandlers.ReadsBodies))
        {
            handler = new BodyReader { InnerHandler = handler };
        }

        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new ClientUnderTest(new ImageApiClient(http, options), http, hasSendGuard: false);
    }

    public static ClientUnderTest FromContainer(ImageApiClientOptions options, OuterHandlers handlers)
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(configured => Copy(options, configured));
        if (handlers.HasFlag(OuterHandlers.ReadsBodies))
        {
            builder.AddHttpMessageHandler(static () => new BodyReader());
        }

        if ((handlers & ~OuterHandlers.ReadsBodies) != OuterHandlers.None)
        {
            builder.ConfigurePrimaryHttpMessageHandler(() => Platform(handlers));
        }

        var provider = services.BuildServiceProvider();
        return new ClientUnderTest(provider.GetRequiredService<ImageApiClient>(), provider, hasSendGuard: true);
    }

    public void Dispose() => _owner.Dispose();

    private static HttpClientHandler Platform(OuterHandlers handlers)
    {
        var handler = handlers.HasFlag(OuterHandlers.WebRequest) ? new WebRequestHandler() : new HttpClientHandler();
        handler.AllowAutoRedirect = handlers.HasFlag(OuterHandlers.FollowsRedirects);
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
