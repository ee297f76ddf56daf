using ImageApi.Client.DependencyInjection.Internal;
using ImageApi.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.DependencyInjection;

public sealed class ImageApiClientServiceCollectionExtensionsTests
{
    private static readonly Dictionary<string, string?> AllOptions = new()
    {
        ["ImageApi:BaseAddress"] = "https://backend:8000/prefix",
        ["ImageApi:ApiKey"] = TestClients.ApiKey,
        ["ImageApi:AllowInsecureHttp"] = "true",
        ["ImageApi:UserAgentSuffix"] = "MyShop/2.1",
        ["ImageApi:SendIdempotencyKey"] = "false",
        ["ImageApi:KeepHostResilienceHandlers"] = "true",
        ["ImageApi:VerifyJobIds"] = "false",
        ["ImageApi:JobStatusMappings:fertig"] = "Succeeded",
        ["ImageApi:JobStatusMappings:kaputt"] = "Failed",
        ["ImageApi:Retry:MaxRetries"] = "4",
        ["ImageApi:Retry:BaseDelay"] = "00:00:01",
        ["ImageApi:Retry:MaxDelay"] = "00:00:09",
        ["ImageApi:Retry:MaxRetryAfter"] = "00:01:10",
        ["ImageApi:Retry:ServerHonorsIdempotencyKeys"] = "true",
        ["ImageApi:Timeouts:Generation"] = "00:11:00",
        ["ImageApi:Timeouts:Submission"] = "00:01:01",
        ["ImageApi:Timeouts:StatusQuery"] = "00:00:31",
        ["ImageApi:Timeouts:Upload"] = "00:12:00",
        ["ImageApi:Timeouts:Download"] = "00:31:00",
        ["ImageApi:Timeouts:Idle"] = "00:01:02",
        ["ImageApi:Timeouts:Connect"] = "00:00:12",
        ["ImageApi:Wait:Timeout"] = "00:32:00",
        ["ImageApi:Wait:FirstInterval"] = "00:00:03",
        ["ImageApi:Wait:MaxInterval"] = "00:00:11",
        ["ImageApi:Wait:IntervalFactor"] = "2.5",
        ["ImageApi:Limits:MaxMediaBytes"] = "1000000",
        ["ImageApi:Limits:MaxJsonBytes"] = "50000",
        ["ImageApi:ReferenceImages:UploadThreshold"] = "1048576",
        ["ImageApi:ReferenceImages:UploadCacheDuration"] = "00:20:00",
        ["ImageApi:Downloads:AllowInsecureHttp"] = "true",
        ["ImageApi:Downloads:SendApiKeyToSameOrigin"] = "true",
    };

    [Fact]
    public void Every_option_is_bound_from_configuration()
    {
        using var provider = FromConfiguration(AllOptions);

        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;

        Assert.Equal(
            [
                "https://backend:8000/prefix", TestClients.ApiKey, true, "MyShop/2.1", false, true, false,
                JobState.Succeeded, JobState.Failed,
                4, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(70), true,
                TimeSpan.FromMinutes(11), TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(31), TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(31),
                TimeSpan.FromSeconds(62), TimeSpan.FromSeconds(12),
                TimeSpan.FromMinutes(32), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(11), 2.5,
                1_000_000L, 50_000, 1_048_576L, TimeSpan.FromMinutes(20), true, true,
            ],
            new object?[]
            {
                options.BaseAddress!.OriginalString, options.ApiKey, options.AllowInsecureHttp, options.UserAgentSuffix, options.SendIdempotencyKey,
                options.KeepHostResilienceHandlers, options.VerifyJobIds,
                options.JobStatusMappings["FERTIG"], options.JobStatusMappings["kaputt"],
                options.Retry.MaxRetries, options.Retry.BaseDelay, options.Retry.MaxDelay, options.Retry.MaxRetryAfter,
                options.Retry.ServerHonorsIdempotencyKeys,
                options.Timeouts.Generation, options.Timeouts.Submission, options.Timeouts.StatusQuery, options.Timeouts.Upload, options.Timeouts.Download,
                options.Timeouts.Idle, options.Timeouts.Connect,
                options.Wait.Timeout, options.Wait.FirstInterval, options.Wait.MaxInterval, options.Wait.IntervalFactor,
                options.Limits.MaxMediaBytes, options.Limits.MaxJsonBytes, options.ReferenceImages.UploadThreshold, options.ReferenceImages.UploadCacheDuration,
                options.Downloads.AllowInsecureHttp, options.Downloads.SendApiKeyToSameOrigin,
            });
    }

    [Fact]
    public void Binding_test_covers_every_option()
    {
        var optionNames = new[] { typeof(ImageApiClientOptions), typeof(ImageApiRetryOptions), typeof(ImageApiTimeoutOptions), typeof(ImageApiWaitOptions), typeof(ImageApiLimitOptions), typeof(ImageApiReferenceImageOptions), typeof(ImageApiDownloadOptions) }
            .SelectMany(static type => type.GetProperties())
            .Where(static property => property.CanWrite && OptionProperties.CanBeConfigured(property))
            .Select(static property => property.Name);

        Assert.All(optionNames, static name => Assert.Contains(AllOptions.Keys, path => path.EndsWith(":" + name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Client_is_a_singleton()
    {
        using var provider = new ServiceCollection().Also(static services => services.AddImageApiClient(Configure)).BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        Assert.Same(provider.GetRequiredService<ImageApiClient>(), scope.ServiceProvider.GetRequiredService<ImageApiClient>());
    }

    [Fact]
    public async Task Resolved_client_generates_an_image()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        await using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(options =>
        {
            options.BaseAddress = emulator.BaseAddress;
            options.ApiKey = emulator.ApiKey;
        })).BuildServiceProvider();

        var result = await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
    }

    [Fact]
    public async Task Builder_replaces_the_primary_handler_and_adds_handlers()
    {
        var stub = new StubHandler(TimeProvider.System, StubHandler.SucceededJob());
        var added = new CountingHandler();
        var services = new ServiceCollection();
        services.AddImageApiClient(Configure).ConfigurePrimaryHttpMessageHandler(() => stub).AddHttpMessageHandler(() => added);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Jobs.WaitAsync("job_1");

        Assert.Single(stub.Requests);
        Assert.Equal(1, added.Count);
    }

    [Fact]
    public async Task Second_registration_merges_options_and_keeps_handlers()
    {
        var stub = new StubHandler(TimeProvider.System, StubHandler.SucceededJob());
        var services = new ServiceCollection();
        services.AddImageApiClient(Configure).ConfigurePrimaryHttpMessageHandler(() => stub);
        services.AddImageApiClient(static options => options.Retry.MaxRetries = 0);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ImageApiClient>().Jobs.WaitAsync("job_1");

        Assert.Single(stub.Requests);
        Assert.Equal(0, provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value.Retry.MaxRetries);
        Assert.Single(services, static service => service.ServiceType == typeof(ImageApiClient));
        Assert.Single(services, static service => service.ImplementationType == typeof(ImageApiClientOptionsValidator));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void C9_Inherited_resilience_handler_is_removed_unless_kept(bool keepInherited, int expectedCount)
    {
        var services = new ServiceCollection();
        services.AddImageApiClient(options =>
        {
            Configure(options);
            options.KeepHostResilienceHandlers = keepInherited;
        });
        services.ConfigureHttpClientDefaults(static builder => builder.AddStandardResilienceHandler());
        using var provider = services.BuildServiceProvider();

        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("ImageApi.Client");
        var found = 0;
        for (var current = handler; current is DelegatingHandler outer; current = outer.InnerHandler!)
        {
            found += outer is ResilienceHandler ? 1 : 0;
        }

        Assert.Equal(expectedCount, found);
    }

    [Fact]
    public void Options_validation_reports_every_name_but_never_the_api_key()
    {
        const string InvalidApiKey = "secret-key-with-a-line-break\n";
        using var provider = FromConfiguration(new(AllOptions)
        {
            ["ImageApi:BaseAddress"] = "ftp://backend",
            ["ImageApi:ApiKey"] = InvalidApiKey,
            ["ImageApi:Timeouts:Generation"] = "-00:00:01",
            ["ImageApi:Wait:Timeout"] = "00:32:00",
        ["ImageApi:Wait:FirstInterval"] = "00:00:03",
        ["ImageApi:Wait:MaxInterval"] = "00:00:11",
        ["ImageApi:Wait:IntervalFactor"] = "2.5",
        ["ImageApi:Limits:MaxMediaBytes"] = "0",
            ["ImageApi:Retry:MaxRetries"] = "99",
        });

        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ImageApiClient>);

        Assert.All(
            new[] { "BaseAddress", "ApiKey", "Timeouts.Generation", "Limits.MaxMediaBytes", "Retry.MaxRetries" },
            name => Assert.Contains("ImageApiClientOptions." + name, error.Message, StringComparison.Ordinal));
        Assert.Equal(5, error.Failures.Count());
        Assert.DoesNotContain(InvalidApiKey.Trim(), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_configuration_requires_base_address_and_api_key()
    {
        using var provider = FromConfiguration([]);

        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ImageApiClient>);

        Assert.Equal(2, error.Failures.Count());
    }

    private static void Configure(ImageApiClientOptions options)
    {
        options.BaseAddress = new Uri("https://api.example");
        options.ApiKey = TestClients.ApiKey;
    }

    private static ServiceProvider FromConfiguration(Dictionary<string, string?> values) => new ServiceCollection()
        .Also(services => services.AddImageApiClient(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("ImageApi"))).BuildServiceProvider();

    private sealed class CountingHandler : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
