using ImageApi.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.Tests.DependencyInjection;

/// <summary>A host gives every client of its own ten seconds and four tries. A paid call must survive that (C9).</summary>
public sealed class HostResilienceTests
{
    private const string Prompt = "a red fox in the snow";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C9_the_hosts_resilience_does_not_cut_or_repeat_a_paid_call(bool hostFirst)
    {
        await using var emulator = await SlowEmulatorAsync();
        await using var services = Services(emulator, hostFirst, keep: false);

        var result = await services.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Single(result.Images);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
        Assert.Equal(1, emulator.Ledger.ChargesFor(Prompt));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C9_the_hosts_resilience_cuts_a_paid_call_where_it_is_kept_but_does_not_repeat_it(bool hostFirst)
    {
        await using var emulator = await SlowEmulatorAsync();
        await using var services = Services(emulator, hostFirst, keep: true);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(
            () => services.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = Prompt }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
    }

    private static Task<ImageApiEmulator> SlowEmulatorAsync() =>
        ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true, GenerationDelay = TimeSpan.FromSeconds(2.5) });

    private static ServiceProvider Services(ImageApiEmulator emulator, bool hostFirst, bool keep)
    {
        var services = new ServiceCollection();
        if (hostFirst)
        {
            AddHostResilience(services);
        }

        services.AddImageApiClient(options =>
        {
            options.BaseAddress = emulator.BaseAddress;
            options.ApiKey = emulator.ApiKey;
            options.KeepHostResilienceHandlers = keep;
        });
        if (!hostFirst)
        {
            AddHostResilience(services);
        }

        return services.BuildServiceProvider();
    }

    private static void AddHostResilience(IServiceCollection services) => services.ConfigureHttpClientDefaults(static defaults =>
        defaults.AddStandardResilienceHandler(static options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(20);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(10);
        }));
}
