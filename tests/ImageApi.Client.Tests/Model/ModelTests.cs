using FsCheck;
using FsCheck.Fluent;
using ImageApi.Emulator;
using Xunit.Abstractions;

namespace ImageApi.Client.Tests.Model;

/// <summary>The state machine of the promises: any orders, in any sequence.</summary>
public sealed class ModelTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Cases = Support.Property.Cases;
    private readonly string _directory = Directory.CreateTempSubdirectory("model-").FullName;
    private ImageApiEmulator _emulator = null!;

    public async Task InitializeAsync() => _emulator = await ImageApiEmulator.StartAsync(
        new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 2, DrawTinyPictures = true, KeepRequests = false });

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Whatever_is_ordered_nothing_is_charged_twice_and_nothing_charged_is_lost() => Run(Config.QuickThrowOnFailure.WithReplay(20260101, 7));

    [Fact]
    public void The_same_holds_for_orders_that_nobody_has_seen_before() => Run(Config.QuickThrowOnFailure);

    /// <summary>The positive control: a client that trusts a server with idempotency keys that it ignores.</summary>
    [Fact]
    public void A_client_that_repeats_what_may_have_been_carried_out_is_found_out() => Assert.ThrowsAny<Exception>(
        () => Run(Config.QuickThrowOnFailure.WithReplay(20260101, 7), AmbiguousRetry.WhenServerHonoursIdempotencyKey));

    private void Run(Config config, AmbiguousRetry repeats = AmbiguousRetry.Never)
    {
        var orders = Gen.Choose(0, 9 * 64).ListOf().Resize(12);
        Check.One(config.WithMaxTest(Cases), Prop.ForAll(orders.ToArbitrary(), async script => await RunOneAsync([.. script], repeats)));
    }

    private async Task RunOneAsync(int[] script, AmbiguousRetry repeats)
    {
        var keys = new KeyRing(_emulator.ApiKey);
        using var client = Clients.For(
            _emulator,
            options =>
            {
                options.ApiKeyProvider = keys.GetAsync;
                options.AmbiguousRetry = repeats;
            });
        var model = new ServerModel(_emulator, client, keys, _directory);
        foreach (var order in script)
        {
            await model.DoAsync(order);
        }

        _emulator.Faults.Clear();
        if (model.Broken.Count > 0)
        {
            output.WriteLine($"orders: {string.Join(", ", script)}");
        }

        Assert.Empty(model.Broken);
    }
}
