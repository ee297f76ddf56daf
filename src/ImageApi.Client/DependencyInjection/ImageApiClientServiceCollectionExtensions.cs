using ImageApi.Client;
using ImageApi.Client.DependencyInjection;
using ImageApi.Client.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="ImageApiClient"/>.</summary>
public static class ImageApiClientServiceCollectionExtensions
{
    private const string ClientName = "ImageApi.Client";

    /// <summary>Registers an <see cref="ImageApiClient"/> as a singleton, which singletons of your own may hold.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets address, key and settings. Several registrations add up.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    public static IHttpClientBuilder AddImageApiClient(this IServiceCollection services, Action<ImageApiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddOptions<ImageApiClientOptions>().Configure(configure);
        return AddClient(services);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> as a singleton, with settings from the configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">A section with the names of <see cref="ImageApiClientOptions"/>, such as <c>configuration.GetSection("ImageApi")</c>.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    public static IHttpClientBuilder AddImageApiClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);

        services.AddOptions<ImageApiClientOptions>().Bind(section);
        return AddClient(services);
    }

    private static IHttpClientBuilder AddClient(IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(ImageApiClient)))
        {
            return services.AddHttpClient(ClientName); // a second registration must not undo what was done with the first one's builder
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ImageApiClientOptions>, OptionsValidator>());
        services.TryAddSingleton(static provider => new ImageApiClient(
            HttpSource(provider.GetRequiredService<IHttpClientFactory>()),
            provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>(),
            hasSendGuard: true));

        var builder = services.AddHttpClient(ClientName, static client => OwnHttpClient.Configure(client))
            .ConfigurePrimaryHttpMessageHandler(static provider =>
                OwnHttpClient.CreateHandler(provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value.Timeouts.Connect));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, SendGuard>(static _ => new SendGuard(ClientName)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, HostResilienceRemoval>(
            static provider => new HostResilienceRemoval(ClientName, provider.GetRequiredService<IOptions<ImageApiClientOptions>>())));
#if NETSTANDARD2_0 // connections are not renewed by the handler there: a new handler now and then sees changes of DNS
        return builder.SetHandlerLifetime(TimeSpan.FromMinutes(2));
#else
        return builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
#endif
    }

#if NETSTANDARD2_0 // an HttpClient must not outlive its handler's lifetime there
    private static Func<HttpClient> HttpSource(IHttpClientFactory factory) => () => factory.CreateClient(ClientName);
#else
    private static Func<HttpClient> HttpSource(IHttpClientFactory factory)
    {
        var client = new Lazy<HttpClient>(() => factory.CreateClient(ClientName));
        return () => client.Value;
    }
#endif
}
