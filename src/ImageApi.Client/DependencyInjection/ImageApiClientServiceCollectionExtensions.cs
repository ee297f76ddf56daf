using ImageApi.Client;
using ImageApi.Client.DependencyInjection.Internal;
using ImageApi.Client.Http.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="ImageApiClient"/>.</summary>
/// <remarks>
/// Settings are checked when the host starts, or else when the client is first asked for; all faults are told at once. When a configuration
/// is reloaded, calls that begin afterwards use the new settings (all but <c>Timeouts.Connect</c>), and calls under way use the new key from their next
/// attempt on. Settings with faults are not taken over: a warning tells them.
/// </remarks>
public static class ImageApiClientServiceCollectionExtensions
{
    private const string ClientName = "ImageApi.Client";

    /// <summary>Registers an <see cref="ImageApiClient"/> as a singleton, which singletons of your own may hold.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets address, key and settings. Several registrations add up.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddImageApiClient(options => options.BaseAddress = new Uri("https://backend:8000"));
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddImageApiClient(this IServiceCollection services, Action<ImageApiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        Options(services, serviceKey: null).Configure(configure);
        return AddClient(services, serviceKey: null);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> as a singleton, with settings that need other services, such as a store of secrets.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets address, key and settings. Several registrations add up.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddImageApiClient((provider, options) => options.ApiKeyProvider = provider.GetRequiredService&lt;Vault&gt;().ReadKeyAsync);
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddImageApiClient(this IServiceCollection services, Action<IServiceProvider, ImageApiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        Options(services, serviceKey: null).Configure<IServiceProvider>((options, provider) => configure(provider, options));
        return AddClient(services, serviceKey: null);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> as a singleton, with settings from the configuration, whose later changes are taken over.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">A section with the names of <see cref="ImageApiClientOptions"/>, such as <c>configuration.GetSection("ImageApi")</c>.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddImageApiClient(configuration.GetSection("ImageApi"));
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddImageApiClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);

        Options(services, serviceKey: null).Bind(section);
        return AddClient(services, serviceKey: null);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> under a key, for applications with several accounts or servers. Each has connections, settings and a retry budget of its own.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the service, and the name of its <see cref="ImageApiClientOptions"/>.</param>
    /// <param name="configure">Sets address, key and settings. Several registrations add up.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddKeyedImageApiClient("tenant-a", options => options.BaseAddress = new Uri("https://a.example"));
    /// // public sealed class Posters([FromKeyedServices("tenant-a")] ImageApiClient client)
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddKeyedImageApiClient(this IServiceCollection services, string serviceKey, Action<ImageApiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);

        Options(services, serviceKey).Configure(configure);
        return AddClient(services, serviceKey);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> under a key, with settings that need other services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the service, and the name of its <see cref="ImageApiClientOptions"/>.</param>
    /// <param name="configure">Sets address, key and settings. Several registrations add up.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddKeyedImageApiClient("tenant-a", (provider, options) => options.ApiKeyProvider = provider.GetRequiredService&lt;Vault&gt;().ReadKeyAsync);
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddKeyedImageApiClient(this IServiceCollection services, string serviceKey, Action<IServiceProvider, ImageApiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);

        Options(services, serviceKey).Configure<IServiceProvider>((options, provider) => configure(provider, options));
        return AddClient(services, serviceKey);
    }

    /// <summary>Registers an <see cref="ImageApiClient"/> under a key, with settings from the configuration, whose later changes are taken over.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key of the service, and the name of its <see cref="ImageApiClientOptions"/>.</param>
    /// <param name="section">A section with the names of <see cref="ImageApiClientOptions"/>.</param>
    /// <returns>The builder of the underlying HttpClient, to replace its primary handler or add handlers of your own.</returns>
    /// <example>
    /// <code>
    /// services.AddKeyedImageApiClient("tenant-a", configuration.GetSection("Tenants:A"));
    /// </code>
    /// </example>
    public static IHttpClientBuilder AddKeyedImageApiClient(this IServiceCollection services, string serviceKey, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        ArgumentNullException.ThrowIfNull(section);

        Options(services, serviceKey).Bind(section);
        return AddClient(services, serviceKey);
    }

    private static OptionsBuilder<ImageApiClientOptions> Options(IServiceCollection services, string? serviceKey)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ImageApiClientOptions>, ImageApiClientOptionsValidator>());
        return services.AddOptions<ImageApiClientOptions>(OptionsName(serviceKey)).ValidateOnStart();
    }

    private static string OptionsName(string? serviceKey) => serviceKey ?? Microsoft.Extensions.Options.Options.DefaultName;

    private static IHttpClientBuilder AddClient(IServiceCollection services, string? serviceKey)
    {
        var clientName = serviceKey is null ? ClientName : $"{ClientName}:{serviceKey}";
        if (services.Any(service => service.ServiceType == typeof(ImageApiClient) && Equals(service.ServiceKey, serviceKey)))
        {
            return services.AddHttpClient(clientName); // a second registration must not undo what was done with the first one's builder
        }

        services.AddSingleton(provider => new ReloadableOptions(
            OptionsName(serviceKey),
            provider.GetRequiredService<IOptionsFactory<ImageApiClientOptions>>(),
            provider.GetServices<IOptionsChangeTokenSource<ImageApiClientOptions>>(),
            provider.GetService<ILoggerFactory>()));
        services.Add(serviceKey is null
            ? ServiceDescriptor.Singleton(provider => Create(provider, clientName, serviceKey))
            : ServiceDescriptor.KeyedSingleton(serviceKey, (provider, _) => Create(provider, clientName, serviceKey)));
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(_ => new ConfigureTransportHandlers(clientName));
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(provider => new RemoveInheritedResilienceHandlers(
            clientName, () => OptionsFor(provider, serviceKey).Value, provider.GetServices<IConfigureOptions<HttpClientFactoryOptions>>));

        var builder = services.AddHttpClient(clientName, static client => HttpClientDefaults.Configure(client))
            .ConfigurePrimaryHttpMessageHandler(provider => HttpClientDefaults.CreateHandler(OptionsFor(provider, serviceKey).Value.Timeouts.Connect));
#if NETSTANDARD2_0 // connections are not renewed by the handler there: a new handler now and then sees changes of DNS
        return builder.SetHandlerLifetime(TimeSpan.FromMinutes(2));
#else
        return builder.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
#endif
    }

    private static ReloadableOptions OptionsFor(IServiceProvider provider, string? serviceKey) =>
        provider.GetServices<ReloadableOptions>().First(options => options.Name == OptionsName(serviceKey));

    private static ImageApiClient Create(IServiceProvider provider, string clientName, string? serviceKey)
    {
        var reloadable = OptionsFor(provider, serviceKey);
        var options = reloadable.Value;
        var client = new ImageApiClient(
            HttpSource(provider.GetRequiredService<IHttpClientFactory>(), clientName),
            options,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>(),
            hasSingleSendHandler: true);
        reloadable.Subscribe(options, client.Apply);
        return client;
    }

#if NETSTANDARD2_0 // an HttpClient must not outlive its handler's lifetime there
    private static Func<HttpClient> HttpSource(IHttpClientFactory factory, string name) => () => factory.CreateClient(name);
#else
    private static Func<HttpClient> HttpSource(IHttpClientFactory factory, string name)
    {
        var client = new Lazy<HttpClient>(() => factory.CreateClient(name));
        return () => client.Value;
    }
#endif
}
