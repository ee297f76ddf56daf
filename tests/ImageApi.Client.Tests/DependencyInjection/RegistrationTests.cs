using System.Collections.Concurrent;
using ImageApi.Client.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.DependencyInjection;

/// <summary>Several clients in one container, and settings that change while the application runs.</summary>
public sealed class RegistrationTests
{
    private const string OtherKey = "other-key-0123456789abcdef";
    private static readonly ImageRequest Request = new() { Prompt = "fox" };

    [Fact]
    public async Task Clients_under_different_keys_have_settings_of_their_own()
    {
        await using var one = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        await using var other = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var services = new ServiceCollection();
        services.AddKeyedImageApiClient("one", options => Set(options, one, Clients.Key));
        services.AddKeyedImageApiClient("other", options => Set(options, other, OtherKey));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ImageApiClient>("one").Images.GenerateAsync(Request);
        await provider.GetRequiredKeyedService<ImageApiClient>("other").Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {Clients.Key}", Assert.Single(one.Requests).Header("Authorization"));
        Assert.Equal($"Bearer {OtherKey}", Assert.Single(other.Requests).Header("Authorization"));
        Assert.Null(provider.GetService<ImageApiClient>());
    }

    [Fact]
    public async Task A_client_with_a_key_and_one_without_live_side_by_side()
    {
        var services = new ServiceCollection();
        var stub = new StubHandler(TimeProvider.System, StubHandler.Done());
        services.AddImageApiClient(Valid).ConfigurePrimaryHttpMessageHandler(() => stub);
        services.AddKeyedImageApiClient("tenant", Valid).ConfigurePrimaryHttpMessageHandler(() => stub);
        await using var provider = services.BuildServiceProvider();

        Assert.NotSame(provider.GetRequiredService<ImageApiClient>(), provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
        Assert.Same(provider.GetRequiredKeyedService<ImageApiClient>("tenant"), provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
    }

    [Fact]
    public async Task Settings_can_be_taken_from_other_services()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var services = new ServiceCollection().AddSingleton(new Vault(OtherKey));
        services.AddImageApiClient((provider, options) => Set(options, server, provider.GetRequiredService<Vault>().Key));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherKey}", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Keyed_settings_can_be_taken_from_the_configuration_and_from_other_services()
    {
        var services = new ServiceCollection().AddSingleton(new Vault(OtherKey));
        services.AddKeyedImageApiClient("tenant", Configuration(("BaseAddress", "https://backend:8000")));
        services.AddKeyedImageApiClient("tenant", static (provider, options) => options.ApiKey = provider.GetRequiredService<Vault>().Key);
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredKeyedService<ImageApiClient>("tenant"));
        var options = provider.GetRequiredService<IOptionsMonitor<ImageApiClientOptions>>().Get("tenant");
        Assert.Equal((new Uri("https://backend:8000"), OtherKey), (options.BaseAddress, options.ApiKey));
        Assert.Single(services, static service => service.ServiceType == typeof(ImageApiClient));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tenant")]
    public async Task Faults_of_the_settings_are_told_when_the_host_starts(string? key)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Action<ImageApiClientOptions> wrong = static options => options.ApiKey = "line\nbreak-secret";
        _ = key is null ? builder.Services.AddImageApiClient(wrong) : builder.Services.AddKeyedImageApiClient(key, wrong);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("BaseAddress", error.Message);
        Assert.Contains("ApiKey", error.Message);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Fact]
    public async Task A_new_key_in_the_configuration_is_used_without_a_restart()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key));
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();
        await client.Images.GenerateAsync(Request);

        Change(configuration, ("ApiKey", OtherKey));
        await client.Images.GenerateAsync(Request);

        Assert.Equal([$"Bearer {Clients.Key}", $"Bearer {OtherKey}"], server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Fact]
    public async Task A_call_under_way_takes_the_new_key_with_its_next_attempt()
    {
        var configuration = Configuration(("ApiKey", Clients.Key), ("Retry:BaseDelay", "00:00:00.001"));
        await using var server = ScriptServer.Start(
            async connection =>
            {
                Change(configuration, ("ApiKey", OtherKey));
                await Reply.With(429, "{}", "Retry-After: 0")(connection);
            },
            Reply.Good(Endpoint.Generate));
        configuration["BaseAddress"] = server.BaseAddress.AbsoluteUri;
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherKey}", server.Requests[1].Header("Authorization"));
    }

    [Fact]
    public async Task The_key_of_a_new_address_does_not_go_to_the_old_one()
    {
        var configuration = Configuration(("ApiKey", Clients.Key), ("Retry:BaseDelay", "00:00:00.001"));
        await using var server = ScriptServer.Start(
            async connection =>
            {
                Change(configuration, ("ApiKey", OtherKey), ("BaseAddress", "https://elsewhere:8000"));
                await Reply.With(429, "{}", "Retry-After: 0")(connection);
            },
            Reply.Good(Endpoint.Generate));
        configuration["BaseAddress"] = server.BaseAddress.AbsoluteUri;
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration)).BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain(OtherKey, server.Received);
    }

    [Fact]
    public async Task New_tuning_counts_for_the_calls_that_begin_afterwards()
    {
        await using var server = ScriptServer.Start(Reply.With(429, "{}", "Retry-After: 0"));
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key), ("Retry:BaseDelay", "00:00:00.001"), ("Retry:MaxRetries", "0"));
        await using var provider = new ServiceCollection().Also(services => services.AddKeyedImageApiClient("tenant", configuration)).BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ImageApiClient>("tenant");
        var before = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(Request));

        Change(configuration, ("Retry:MaxRetries", "2"));
        var after = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(Request));

        Assert.Equal((1, 3), (before.Attempts, after.Attempts));
    }

    [Theory]
    [InlineData("ApiKey", "line\nbreak-secret")]
    [InlineData("Retry:MaxRetries", "-3")]
    [InlineData("Timeouts:Generation", "secret")]
    [InlineData("BaseAddress", "ftp://user:secret@backend")]
    public async Task Changes_with_faults_are_not_taken_over_and_a_warning_tells_them(string name, string value)
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key));
        using var logs = new LogLines();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        Change(configuration, (name, value));
        await client.Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {Clients.Key}", Assert.Single(server.Requests).Header("Authorization"));
        var line = Assert.Single(logs.Lines, static line => line.StartsWith("Warning ImageApi.Client 8 ", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", line);
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_anew_are_not_taken_over_and_a_warning_tells_them()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key));
        using var logs = new LogLines();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        var isWell = true;
        services.AddImageApiClient(options => options.UserAgentSuffix = isWell ? "Shop/1.0" : throw new TimeoutException("secret"));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        isWell = false;
        Change(configuration, ("ApiKey", OtherKey));
        await client.Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {Clients.Key}", Assert.Single(server.Requests).Header("Authorization"));
        var line = Assert.Single(logs.Lines, static line => line.StartsWith("Warning ImageApi.Client 8 ", StringComparison.Ordinal));
        Assert.Contains(nameof(TimeoutException), line);
        Assert.DoesNotContain("secret", line);
    }

    [Fact]
    public async Task Faults_of_one_tenant_do_not_concern_another()
    {
        var services = new ServiceCollection();
        services.AddKeyedImageApiClient("sound", Valid);
        services.AddKeyedImageApiClient("faulty", static options => options.ApiKey = "a b");
        services.AddKeyedImageApiClient("broken", static _ => throw new TimeoutException());
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredKeyedService<ImageApiClient>("sound"));
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<ImageApiClient>("faulty"));
        Assert.Throws<TimeoutException>(() => provider.GetRequiredKeyedService<ImageApiClient>("broken"));
    }

    [Fact]
    public async Task A_change_while_the_client_is_made_is_not_missed()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key));
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration);
        services.AddSingleton<TimeProvider>(_ => // is asked for by the client after its settings
        {
            Change(configuration, ("ApiKey", OtherKey));
            return TimeProvider.System;
        });
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(Request);

        Assert.Equal($"Bearer {OtherKey}", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Theory]
    [InlineData("Timeouts:Generation", "00:05:00", 1)]
    [InlineData("References:RememberFor", "02:00:00", 1)]
    [InlineData("References:UploadFrom", "99", 1)]
    [InlineData("References:RememberFor", "00:00:00", 2)]
    [InlineData("ApiKey", OtherKey, 2)]
    public async Task What_was_uploaded_is_remembered_over_a_change_of_settings_unless_the_account_may_be_another(string name, string value, int uploads)
    {
        await using var server = Uploads();
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key), ("References:UploadFrom", "10"));
        await using var provider = new ServiceCollection().AddImageApiClient(configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(WithReference);
        Change(configuration, (name, value));
        await client.Images.GenerateAsync(WithReference);
        await client.Images.GenerateAsync(WithReference);

        Assert.Equal(value == "00:00:00" ? uploads + 1 : uploads, server.Requests.Count(static request => request.Target == "/v1/files/upload"));
    }

    [Fact]
    public async Task What_was_uploaded_to_one_address_is_not_taken_for_an_upload_to_another()
    {
        await using var server = Uploads();
        await using var other = Uploads();
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("ApiKey", Clients.Key), ("References:UploadFrom", "10"));
        await using var provider = new ServiceCollection().AddImageApiClient(configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(WithReference);
        Change(configuration, ("BaseAddress", server.BaseAddress.AbsoluteUri + "v1")); // the same in other words
        await client.Images.GenerateAsync(WithReference);
        Change(configuration, ("BaseAddress", other.BaseAddress.AbsoluteUri));
        await client.Images.GenerateAsync(WithReference);

        Assert.Equal((1, 1), (server.Requests.Count(static request => request.Target == "/v1/files/upload"), other.Requests.Count(static request => request.Target == "/v1/files/upload")));
    }

    [Fact]
    public async Task Providers_of_a_key_are_taken_for_those_of_one_account()
    {
        await using var server = Uploads();
        var configuration = Configuration(("BaseAddress", server.BaseAddress.AbsoluteUri), ("References:UploadFrom", "10"));
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration);
        services.Configure<ImageApiClientOptions>(options =>
        {
            var key = configuration["Now"] ?? Clients.Key;
            options.ApiKeyProvider = _ => new(key);
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ImageApiClient>();

        await client.Images.GenerateAsync(WithReference);
        Change(configuration, ("Now", OtherKey));
        await client.Images.GenerateAsync(WithReference);

        Assert.Equal(["/v1/files/upload", "/v1/images/generations", "/v1/images/generations"], server.Requests.Select(static request => request.Target));
        Assert.Equal($"Bearer {OtherKey}", server.Requests[2].Header("Authorization"));
    }

    [Fact]
    public async Task A_disposed_container_follows_no_more_changes()
    {
        var configuration = Configuration(("BaseAddress", "https://backend:8000"), ("ApiKey", Clients.Key));
        using var logs = new LogLines();
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.AddProvider(logs));
        services.AddImageApiClient(configuration);
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ImageApiClient>();

        Change(configuration, ("ApiKey", OtherKey));
        await provider.DisposeAsync();
        Change(configuration, ("ApiKey", Clients.Key));

        Assert.Single(logs.Lines, static line => line.StartsWith("Information ImageApi.Client 7 ", StringComparison.Ordinal));
    }

#if !NETSTANDARD_LIBRARY // it has no SocketsHttpHandler; the factory renews its handlers instead, see LifetimeTests
    [Fact]
    public void Connections_are_renewed_so_that_changes_of_names_are_seen()
    {
        using var handler = Assert.IsType<SocketsHttpHandler>(OwnHttpClient.CreateHandler(TimeSpan.FromSeconds(1)));

        Assert.InRange(handler.PooledConnectionLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
    }
#endif

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_key_is_wanted(string? key) =>
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddKeyedImageApiClient(key!, Valid));

    private static ImageRequest WithReference => Request with { ReferenceImages = [ReferenceImage.FromBytes(Samples.PngOf(100))] };

    private static ScriptServer Uploads() => ScriptServer.Start(Reply.To(static request =>
        Task.FromResult((200, request.Target == "/v1/files/upload" ? Reply.GoodFile : Reply.GoodImage))));

    private static void Valid(ImageApiClientOptions options)
    {
        options.BaseAddress = new Uri("https://backend:8000");
        options.ApiKey = Clients.Key;
    }

    private static void Set(ImageApiClientOptions options, ScriptServer server, string key)
    {
        options.BaseAddress = server.BaseAddress;
        options.ApiKey = key;
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static setting => setting.Name, static setting => (string?)setting.Value)).Build();

    private static void Change(IConfigurationRoot configuration, params (string Name, string Value)[] settings)
    {
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        configuration.Reload();
    }

    private sealed record Vault(string Key);

    private sealed class LogLines : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{logLevel} {category} {eventId.Id} {formatter(state, exception)}");
        }
    }
}
