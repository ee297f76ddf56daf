using ImageApi.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.Tests.DependencyInjection;

/// <summary>A host gives every client of its own ten seconds and four tries. A paid call must survive that (C9).</summary>
public sealed class InheritedResilienceHandlerTests
{
    private const string Prompt = "a red fox in the snow";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C9_Inherited_resilience_does_not_time_out_or_retry_paid_requests(bool defaultsFirst)
    {
        await using var emulator = await SlowEmulatorAsync();
        await using var services = BuildServices(emulator, defaultsFirst, keepInherited: false);

        var result = await services.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Single(result.Images);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
        Assert.Equal(1, emulator.Ledger.ChargesFor(Prompt));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C9_Kept_resilience_handler_times_out_but_does_not_retry(bool defaultsFirst)
    {
        await using var emulator = await SlowEmulatorAsync();
        await using var services = BuildServices(emulator, defaultsFirst, keepInherited: true);

        var error = await FailureAssert.ThrowsAsync(
            ImageApiFailureReason.Connection, () => services.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = Prompt }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Resilience_handler_of_this_client_alone_stays(bool addInherited, bool defaultsFirst) =>
        Assert.Equal(1, CountResilienceHandlers(addInherited, addOwn: true, keepInherited: false, defaultsFirst));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inherited_resilience_handler_is_removed(bool defaultsFirst) =>
        Assert.Equal(0, CountResilienceHandlers(addInherited: true, addOwn: false, keepInherited: false, defaultsFirst));

    /// <summary>The positive control: the count sees handlers of both kinds.</summary>
    [Fact]
    public void Kept_and_own_resilience_handlers_are_both_counted() =>
        Assert.Equal(2, CountResilienceHandlers(addInherited: true, addOwn: true, keepInherited: true, defaultsFirst: true));

    private static int CountResilienceHandlers(bool addInherited, bool addOwn, bool keepInherited, bool defaultsFirst)
    {
        var services = new ServiceCollection();
        if (addInherited && defaultsFirst)
        {
            AddResilienceDefaults(services);
        }

        var builder = services.AddImageApiClient(options =>
        {
            options.BaseAddress = new Uri("https://backend:8000");
            options.ApiKey = TestClients.ApiKey;
            options.KeepHostResilienceHandlers = keepInherited;
        });
        if (addOwn)
        {
            builder.AddStandardResilienceHandler();
        }

        if (addInherited && !defaultsFirst)
        {
            AddResilienceDefaults(services);
        }

        using var provider = services.BuildServiceProvider();
        var count = 0;
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(builder.Name);
        while (handler is DelegatingHandler { InnerHandler: { } inner } outer)
        {
            count += outer.GetType().Namespace?.StartsWith("Microsoft.Extensions.Http.Resilience", StringComparison.Ordinal) == true ? 1 : 0;
            handler = inner;
        }

        return count;
    }

    private static Task<ImageApiEmulator> SlowEmulatorAsync() =>
        ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true, GenerationDelay = TimeSpan.FromSeconds(2.5) });

    private static ServiceProvider BuildServices(ImageApiEmulator emulator, bool defaultsFirst, bool keepInherited)
    {
        var services = new ServiceCollection();
        if (defaultsFirst)
        {
            AddResilienceDefaults(services);
        }

        services.AddImageApiClient(options =>
        {
            options.BaseAddress = emulator.BaseAddress;
            options.ApiKey = emulator.ApiKey;
            options.KeepHostResilienceHandlers = keepInherited;
        });
        if (!defaultsFirst)
        {
            AddResilienceDefaults(services);
        }

        return services.BuildServiceProvider();
    }

    private static void AddResilienceDefaults(IServiceCollection services) => services.ConfigureHttpClientDefaults(static defaults =>
        defaults.AddStandardResilienceHandler(static options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(20);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(10);
        }));
}
