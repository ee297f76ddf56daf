using ImageApi.Client.DependencyInjection;
using ImageApi.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.DependencyInjection;

public sealed class ImageApiClientServiceCollectionExtensionsTests
{
    private static readonly Dictionary<string, string?> Everything = new()
    {
        ["ImageApi:BaseAddress"] = "https://backend:8000/prefix",
        ["ImageApi:ApiKey"] = Clients.Key,
        ["ImageApi:AllowInsecureHttp"] = "true",
        ["ImageApi:UserAgentSuffix"] = "MyShop/2.1",
        ["ImageApi:SendIdempotencyKey"] = "false",
        ["ImageApi:AmbiguousRetry"] = "WhenServerHonoursIdempotencyKey",
        ["ImageApi:KeepHostResilienceHandlers"] = "true",
        ["ImageApi:RejectForeignJobs"] = "false",
        ["ImageApi:JobStatusWords:fertig"] = "Succeeded",
        ["ImageApi:JobStatusWords:kaputt"] = "Failed",
        ["ImageApi:Retry:MaxRetries"] = "4",
        ["ImageApi:Retry:BaseDelay"] = "00:00:01",
        ["ImageApi:Retry:MaxDelay"] = "00:00:09",
        ["ImageApi:Retry:MaxRetryAfter"] = "00:01:10",
        ["ImageApi:Timeouts:Generation"] = "00:11:00",
        ["ImageApi:Timeouts:Submission"] = "00:01:01",
        ["ImageApi:Timeouts:StatusQuery"] = "00:00:31",
        ["ImageApi:Timeouts:Upload"] = "00:12:00",
        ["ImageApi:Timeouts:Download"] = "00:31:00",
        ["ImageApi:Timeouts:Idle"] = "00:01:02",
        ["ImageApi:Timeouts:Connect"] = "00:00:12",
        ["ImageApi:Limits:MaxMediaBytes"] = "1000000",
        ["ImageApi:Limits:MaxJsonBytes"] = "50000",
        ["ImageApi:References:UploadFrom"] = "1048576",
        ["ImageApi:References:RememberFor"] = "00:20:00",
        ["ImageApi:Links:AllowInsecureHttp"] = "true",
        ["ImageApi:Links:SendApiKeyToSameOrigin"] = "true",
    };

    [Fact]
    public void Every_setting_is_read_from_the_configuration()
    {
        using var provider = FromConfiguration(Everything);

        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;

        Assert.Equal(
            [
                "https://backend:8000/prefix", Clients.Key, true, "MyShop/2.1", false, AmbiguousRetry.WhenServerHonoursIdempotencyKey, true, false,
                JobState.Succeeded, JobState.Failed,
                4, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(70),
                TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(31), TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(31),
                TimeSpan.FromSeconds(62), TimeSpan.FromSeconds(12),
                1_000_000L, 50_000, 1_048_576L, TimeSpan.FromMinutes(20), true, true,
            ],
            new object?[]
            {
                options.BaseAddress!.OriginalString, options.ApiKey, options.AllowInsecureHttp, options.UserAgentSuffix, options.SendIdempotencyKey,
                options.AmbiguousRetry, options.KeepHostResilienceHandlers, options.RejectForeignJobs,
                options.JobStatusWords["FERTIG"], options.JobStatusWords["kaputt"],
                options.Retry.MaxRetries, options.Retry.BaseDelay, options.Retry.MaxDelay, options.Retry.MaxRetryAfter,
                options.Timeouts.Generation, options.Timeouts.Submission, options.Timeouts.StatusQuery, options.Timeouts.Upload, options.Timeouts.Download,
                options.Timeouts.Idle, options.Timeouts.Connect,
                options.Limits.MaxMediaBytes, options.Limits.MaxJsonBytes, options.References.UploadFrom, options.References.RememberFor,
                options.Links.AllowInsecureHttp, options.Links.SendApiKeyToSameOrigin,
            });
    }

    [Fact]
    public void No_setting_is_left_out_of_the_test_above()
    {
        var settings = new[] { typeof(ImageApiClientOptions), typeof(ImageApiRetryOptions), typeof(ImageApiTimeoutOptions), typeof(ImageApiLimitOptions), typeof(ImageApiReferenceOptions), typeof(ImageApiLinkOptions) }
            .SelectMany(static type => type.GetProperties())
            .Where(static property => property.CanWrite && SettingKinds.CanBeConfigured(property))
            .Select(static property => property.Name);

        Assert.All(settings, static name => Assert.Contains(Everything.Keys, key => key.EndsWith(":" + name, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_client_is_a_singleton()
    {
        using var provider = new ServiceCollection().Also(static services => services.AddImageApiClient(Configure)).BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        Assert.Same(provider.GetRequiredService<ImageApiClient>(), scope.ServiceProvider.GetRequiredService<ImageApiClient>());
    }

    [Fact]
    public async Task A_resolved_client_works()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true });
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(options =>
        {
            options.BaseAddress = emulator.BaseAddress;
            options.ApiKey = emulator.ApiKey;
        })).BuildServiceProvider();

        var result = await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
    }

    [Fact]
    public async Task The_builder_replaces_the_primary_handler_and_adds_handlers()
    {
        var stub = new StubHandler(TimeProvider.System, StubHandler.Done());
        var added = new Counter();
        var services = new ServiceCollection();
        services.AddImageApiClient(Configure).ConfigurePrimaryHttpMessageHandler(() => stub).AddHttpMessageHandler(() => added);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Jobs.WaitAsync("job_1");

        Assert.Single(stub.Requests);
        Assert.Equal(1, added.Count);
    }

    [Fact]
    public async Task A_second_registration_adds_up_and_keeps_the_first_ones_handlers()
    {
        var stub = new StubHandler(TimeProvider.System, StubHandler.Done());
        var services = new ServiceCollection();
        services.AddImageApiClient(Configure).ConfigurePrimaryHttpMessageHandler(() => stub);
        services.AddImageApiClient(static options => options.Retry.MaxRetries = 0);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Jobs.WaitAsync("job_1");

        Assert.Single(stub.Requests);
        Assert.Equal(0, provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value.Retry.MaxRetries);
        Assert.Single(services, static service => service.ServiceType == typeof(ImageApiClient));
        Assert.Single(services, static service => service.ImplementationType == typeof(OptionsValidator));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void C9_host_wide_resilience_is_taken_out_unless_it_is_wanted(bool keep, int left)
    {
        var services = new ServiceCollection();
        services.AddImageApiClient(options =>
        {
            Configure(options);
            options.KeepHostResilienceHandlers = keep;
        });
        services.ConfigureHttpClientDefaults(static builder => builder.AddStandardResilienceHandler());
        using var provider = services.BuildServiceProvider();

        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("ImageApi.Client");
        var found = 0;
        for (var current = handler; current is DelegatingHandler outer; current = outer.InnerHandler!)
        {
            found += outer is ResilienceHandler ? 1 : 0;
        }

        Assert.Equal(left, found);
    }

    [Fact]
    public void Every_fault_of_the_settings_is_told_by_name_and_the_key_never()
    {
        const string Key = "secret-key-with-a-line-break\n";
        using var provider = FromConfiguration(new(Everything)
        {
            ["ImageApi:BaseAddress"] = "ftp://backend",
            ["ImageApi:ApiKey"] = Key,
            ["ImageApi:Timeouts:Generation"] = "-00:00:01",
            ["ImageApi:Limits:MaxMediaBytes"] = "0",
            ["ImageApi:Retry:MaxRetries"] = "99",
        });

        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ImageApiClient>);

        Assert.All(
            new[] { "BaseAddress", "ApiKey", "Timeouts.Generation", "Limits.MaxMediaBytes", "Retry.MaxRetries" },
            name => Assert.Contains("ImageApiClientOptions." + name, error.Message, StringComparison.Ordinal));
        Assert.Equal(5, error.Failures.Count());
        Assert.DoesNotContain(Key.Trim(), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_setting_address_and_key_are_asked_for()
    {
        using var provider = FromConfiguration([]);

        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ImageApiClient>);

        Assert.Equal(2, error.Failures.Count());
    }

    private static void Configure(ImageApiClientOptions options)
    {
        options.BaseAddress = new Uri("https://api.example");
        options.ApiKey = Clients.Key;
    }

    private static ServiceProvider FromConfiguration(Dictionary<string, string?> values) => new ServiceCollection()
        .Also(services => services.AddImageApiClient(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("ImageApi"))).BuildServiceProvider();

    private sealed class Counter : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
