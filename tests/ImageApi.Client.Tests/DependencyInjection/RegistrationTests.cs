using System.Collections.Concurrent;
using ImageApi.Client.Http.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.DependencyInjection;

/// <summary>Several clients in one container, and settings that change while the application runs.</summary>
public sealed class RegistrationTests
{
    private const string OtherApiKey = "other-key-0123456789abcdef";
    private static readonly ImageRequest Request = new() { Prompt = "fox" };

    [Fact]
    public async Task Keyed_clients_have_their_own_options()
    {
        await using var firstServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        await using var secondServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var services = new ServiceCollection();
        services.AddKeyedImageApiClient("one", options => SetServer(options, firstServer, TestClients.ApiKey));
        services.AddKeyedImageApiClient("other", options => SetServer(options, secondServer, OtherApiKey));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ImageApiClient>("one").Images.GenerateAsync(Request);
        await provider.GetRequiredKeyedService<ImageApiClient>("other").Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {TestClients.ApiKey}", Assert.Single(firstServer.Requests).Header("Authorization"));
        Assert.Equal($"Bearer {OtherApiKey}", Assert.Single(secondServer.Requests).Header("Authorization"));
        Assert.Null(provider.GetService<ImageApiClient>());
    }

    [Fact]
    public async Task Keyed_and_unkeyed_clients_can_be_registered_together()
    {
        var services = new ServiceCollection();
        var stub = new StubHandler(TimeProvider.System, StubHandler.SucceededJob());
        services.AddImageApiClient(SetValidOptions).ConfigurePrimaryHttpMessageHandler(() => stub);
        services.AddKeyedImageApiClient("tenant", SetValidOptions).ConfigurePrimaryHttpMessageHandler(() => stub);
        await using var provider = services.BuildServiceProvider();

        Assert.NotSame(provider.GetRequiredService<ImageApiClient>(), provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
        Assert.Same(provider.GetRequiredKeyedService<ImageApiClient>("tenant"), provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
    }

    [Fact]
    public async Task Options_can_be_configured_from_other_services()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var services = new ServiceCollection().AddSingleton(new ApiKeyStore(OtherApiKey));
        services.AddImageApiClient((provider, options) => SetServer(options, server, provider.GetRequiredService<ApiKeyStore>().ApiKey));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherApiKey}", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Keyed_options_combine_configuration_and_other_services()
    {
        var services = new ServiceCollection().AddSingleton(new ApiKeyStore(OtherApiKey));
        services.AddKeyedImageApiClient("tenant", CreateConfiguration(("BaseAddress", "https://backend:8000")));
        services.AddKeyedImageApiClient("tenant", static (provider, options) => options.ApiKey = provider.GetRequiredService<ApiKeyStore>().ApiKey);
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
        var options = provider.GetRequiredService<IOptionsMonitor<ImageApiClientOptions>>().Get("tenant");
        Assert.Equal((new Uri("https://backend:8000"), OtherApiKey), (options.BaseAddress, options.ApiKey));
        Assert.Single(services, static service => service.ServiceType == typeof(ImageApiClient));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tenant")]
    public async Task Invalid_options_fail_validation_on_host_start(string? serviceKey)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Action<ImageApiClientOptions> setInvalidOptions = static options => options.ApiKey = "line\nbreak-secret";
        _ = serviceKey is null ? builder.Services.AddImageApiClient(setInvalidOptions) : builder.Services.AddKeyedImageApiClient(serviceKey, setInvalidOptions);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("BaseAddress", error.Message);
        Assert.Contains("ApiKey", error.Message);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Fact]
    public async Task Changed_api_key_is_used_without_a_restart()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey));
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();
        await client.Images.GenerateAsync(Request);

        ChangeConfiguration(configuration, ("ApiKey", OtherApiKey));
        await client.Images.GenerateAsync(Request);

        Assert.Equal([$"Bearer {TestClients.ApiKey}", $"Bearer {OtherApiKey}"], server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Fact]
    public async Task Retry_uses_the_changed_api_key()
    {
        var configuration = CreateConfiguration(("ApiKey", TestClients.ApiKey), ("Retry:BaseDelay", "00:00:00.001"));
        await using var server = ScriptedServer.Start(
            async connection =>
            {
                ChangeConfiguration(configuration, ("ApiKey", OtherApiKey));
                await ScriptedResponse.With(429, "{}", "Retry-After: 0")(connection);
            },
            ScriptedResponse.Success(Endpoint.Generate));
        configuration["BaseAddress"] = server.BaseAddress.AbsoluteUri;
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherApiKey}", server.Requests[1].Header("Authorization"));
    }

    [Fact]
    public async Task Api_key_of_a_new_base_address_is_not_sent_to_the_old_one()
    {
        var configuration = CreateConfiguration(("ApiKey", TestClients.ApiKey), ("Retry:BaseDelay", "00:00:00.001"));
        await using var server = ScriptedServer.Start(
            async connection =>
            {
                ChangeConfiguration(configuration, ("ApiKey", OtherApiKey), ("BaseAddress", "https://elsewhere:8000"));
                await ScriptedResponse.With(429, "{}", "Retry-After: 0")(connection);
            },
            ScriptedResponse.Success(Endpoint.Generate));
        configuration["BaseAddress"] = server.BaseAddress.AbsoluteUri;
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain(OtherApiKey, server.Received);
    }

    [Fact]
    public async Task Changed_retry_options_apply_to_later_calls()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}", "Retry-After: 0"));
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey), ("Retry:BaseDelay", "00:00:00.001"), ("Retry:MaxRetries", "0"));
        await using var provider = new ServiceCollection().Also(services => services.AddKeyedImageApiClient("tenant", configuration)).BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ImageApiClient>("tenant");
        var before = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(Request));

        ChangeConfiguration(configuration, ("Retry:MaxRetries", "2"));
        var after = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(Request));

        Assert.Equal((1, 3), (before.Info.Attempts, after.Info.Attempts));
    }

    [Theory]
    [InlineData("ApiKey", "line\nbreak-secret")]
    [InlineData("Retry:MaxRetries", "-3")]
    [InlineData("Timeouts:Generation", "secret")]
    [InlineData("BaseAddress", "ftp://user:secret@backend")]
    public async Task Invalid_configuration_change_is_ignored_with_a_warning(string name, string value)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey));
        using var logs = new LogLineCollector();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        ChangeConfiguration(configuration, (name, value));
        await client.Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {TestClients.ApiKey}", Assert.Single(server.Requests).Header("Authorization"));
        var line = Assert.Single(logs.Lines, static line => line.StartsWith("Warning ImageApi.Client 8 ", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", line);
    }

    [Fact]
    public async Task Throwing_options_reload_is_ignored_with_a_warning()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey));
        using var logs = new LogLineCollector();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        var isValid = true;
        services.AddImageApiClient(options => options.UserAgentSuffix = isValid ? "Shop/1.0" : throw new TimeoutException("secret"));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        isValid = false;
        ChangeConfiguration(configuration, ("ApiKey", OtherApiKey));
        await client.Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {TestClients.ApiKey}", Assert.Single(server.Requests).Header("Authorization"));
        var line = Assert.Single(logs.Lines, static line => line.StartsWith("Warning ImageApi.Client 8 ", StringComparison.Ordinal));
        Assert.Contains(nameof(TimeoutException), line);
        Assert.DoesNotContain("secret", line);
    }

    [Fact]
    public async Task Invalid_options_of_one_tenant_do_not_affect_another()
    {
        var services = new ServiceCollection();
        services.AddKeyedImageApiClient("sound", SetValidOptions);
        services.AddKeyedImageApiClient("faulty", static options => options.ApiKey = "a b");
        services.AddKeyedImageApiClient("broken", static _ => throw new TimeoutException());
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredKeyedService<ImageApiClient>("sound"));
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<ImageApiClient>("faulty"));
        Assert.Throws<TimeoutException>(() => provider.GetRequiredKeyedService<ImageApiClient>("broken"));
    }

    [Fact]
    public async Task Configuration_change_during_client_creation_is_applied()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey));
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration);
        services.AddSingleton<TimeProvider>(_ => // is asked for by the client after its settings
        {
            ChangeConfiguration(configuration, ("ApiKey", OtherApiKey));
            return TimeProvider.System;
        });
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherApiKey}", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Theory]
    [InlineData("Timeouts:Generation", "00:05:00", 1)]
    [InlineData("ReferenceImages:UploadCacheDuration", "02:00:00", 1)]
    [InlineData("ReferenceImages:UploadThreshold", "99", 1)]
    [InlineData("ReferenceImages:UploadCacheDuration", "00:00:00", 2)]
    [InlineData("ApiKey", OtherApiKey, 2)]
    public async Task Upload_cache_survives_option_changes_within_one_account(string name, string value, int uploads)
    {
        await using var server = StartUploadServer();
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey), ("ReferenceImages:UploadThreshold", "10"));
        await using var provider = new ServiceCollection().AddImageApiClient(configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(RequestWithReference);
        ChangeConfiguration(configuration, (name, value));
        await client.Images.GenerateAsync(RequestWithReference);
        await client.Images.GenerateAsync(RequestWithReference);

        Assert.Equal(value == "00:00:00" ? uploads + 1 : uploads, server.Requests.Count(static request => request.Target == "/v1/files/upload"));
    }

    [Fact]
    public async Task Upload_cache_is_not_shared_between_base_addresses()
    {
        await using var server = StartUploadServer();
        await using var otherServer = StartUploadServer();
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", TestClients.ApiKey), ("ReferenceImages:UploadThreshold", "10"));
        await using var provider = new ServiceCollection().AddImageApiClient(configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(RequestWithReference);
        ChangeConfiguration(configuration, ("BaseAddress", server.BaseAddress.AbsoluteUri + "v1")); // the same in other words
        await client.Images.GenerateAsync(RequestWithReference);
        ChangeConfiguration(configuration, ("BaseAddress", otherServer.BaseAddress.AbsoluteUri));
        await client.Images.GenerateAsync(RequestWithReference);

        Assert.Equal((1, 1), (server.Requests.Count(static request => request.Target == "/v1/files/upload"), otherServer.Requests.Count(static request => request.Target == "/v1/files/upload")));
    }

    [Fact]
    public async Task Upload_cache_survives_a_changed_ApiKeyProvider()
    {
        await using var server = StartUploadServer();
        var configuration = CreateConfiguration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ReferenceImages:UploadThreshold", "10"));
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration);
        services.Configure<ImageApiClientOptions>(options =>
        {
            var apiKey = configuration["Now"] ?? TestClients.ApiKey;
            options.ApiKeyProvider = _ => new(apiKey);
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(RequestWithReference);
        ChangeConfiguration(configuration, ("Now", OtherApiKey));
        await client.Images.GenerateAsync(RequestWithReference);

        Assert.Equal(["/v1/files/upload", "/v1/images/generations", "/v1/images/generations"], server.Requests.Select(static request => request.Target));
        Assert.Equal($"Bearer {OtherApiKey}", server.Requests[2].Header("Authorization"));
    }

    [Fact]
    public async Task Disposed_container_ignores_configuration_changes()
    {
        var configuration = CreateConfiguration(("BaseAddress", "https://backend:8000"), ("ApiKey", TestClients.ApiKey));
        using var logs = new LogLineCollector();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ImageApiClient>();

        ChangeConfiguration(configuration, ("ApiKey", OtherApiKey));
        await provider.DisposeAsync();
        ChangeConfiguration(configuration, ("ApiKey", TestClients.ApiKey));

        Assert.Single(logs.Lines, static line => line.StartsWith("Information ImageApi.Client 7 ", StringComparison.Ordinal));
    }

#if !NETSTANDARD_LIBRARY // it has no SocketsHttpHandler; the factory renews its handlers instead, see LifetimeTests
    [Fact]
    public void Pooled_connection_lifetime_is_limited_for_DNS_changes()
    {
        using var handler = Assert.IsType<SocketsHttpHandler>(HttpClientDefaults.CreateHandler(TimeSpan.FromSeconds(1)));

        Assert.InRange(handler.PooledConnectionLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
    }
#endif

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Missing_service_key_throws_ArgumentException(string? serviceKey) =>
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddKeyedImageApiClient(serviceKey!, SetValidOptions));

    private static ImageRequest RequestWithReference => Request with { ReferenceImages = [ReferenceImage.FromBytes(SampleFiles.PngOf(100))] };

    private static ScriptedServer StartUploadServer() => ScriptedServer.Start(ScriptedResponse.FromRequest(static request =>
        Task.FromResult((200, request.Target == "/v1/files/upload" ? ScriptedResponse.FileResponseJson : ScriptedResponse.ImageResponseJson))));

    private static void SetValidOptions(ImageApiClientOptions options)
    {
        options.BaseAddress = new Uri("https://backend:8000");
        options.ApiKey = TestClients.ApiKey;
    }

    private static void SetServer(ImageApiClientOptions options, ScriptedServer server, string apiKey)
    {
        options.BaseAddress = server.BaseAddress;
        options.ApiKey = apiKey;
    }

    private static IConfigurationRoot CreateConfiguration(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(static value => value.Name, static value => (string?)value.Value)).Build();

    private static void ChangeConfiguration(IConfigurationRoot configuration, params (string Name, string Value)[] values)
    {
        foreach (var (name, value) in values)
        {
            configuration[name] = value;
        }

        configuration.Reload();
    }

    private sealed record ApiKeyStore(string ApiKey);

    private sealed class LogLineCollector : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class LineLogger(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{logLevel} {category} {eventId.Id} {formatter(state, exception)}");
        }
    }
}
