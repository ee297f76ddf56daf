using FsCheck;
using FsCheck.Fluent;
using ImageApi.Emulator;
using Xunit.Abstractions;

namespace ImageApi.Client.Tests.Model;

/// <summary>The state machine of the promises: any orders, in any sequence.</summary>
public sealed class ModelTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Cases = Support.Property.DefaultCases;
    private readonly string _directory = Directory.CreateTempSubdirectory("model-").FullName;
    private ImageApiEmulator _emulator = null!;

    public async Task InitializeAsync() => _emulator = await ImageApiEmulator.StartAsync(
        new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 2, DrawTinyImages = true, RecordRequests = false });

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Recorded_sequence_never_double_charges_or_loses_a_charge() => Run(Config.QuickThrowOnFailure.WithReplay(20260101, 7));

    [Fact]
    public void Random_sequence_never_double_charges_or_loses_a_charge() => Run(Config.QuickThrowOnFailure);

    /// <summary>The positive control: a client that trusts a server with idempotency keys that it ignores.</summary>
    [Fact]
    public void Client_that_retries_ambiguous_failures_is_detected() => Assert.ThrowsAny<Exception>(
        () => Run(Config.QuickThrowOnFailure.WithReplay(20260101, 7), serverHonorsIdempotencyKeys: true));

    private void Run(Config config, bool serverHonorsIdempotencyKeys = false)
    {
        var commands = Gen.Choose(0, 9 * 64).ListOf().Resize(12);
        Check.One(config.WithMaxTest(Cases), Prop.ForAll(commands.ToArbitrary(), async script => await RunOneAsync([.. script], serverHonorsIdempotencyKeys)));
    }

    private async Task RunOneAsync(int[] script, bool serverHonorsIdempotencyKeys)
    {
        var apiKey = new RotatingApiKey(_emulator.ApiKey);
        using var client = TestClients.Create(
            _emulator,
            options =>
            {
                options.ApiKeyProvider = apiKey.GetAsync;
                options.Retry.ServerHonorsIdempotencyKeys = serverHonorsIdempotencyKeys;
            });
        var model = new ServerModel(_emulator, client, apiKey, _directory);
        foreach (var command in script)
        {
            await model.ExecuteAsync(command);
        }

        _emulator.Faults.Clear();
        if (model.Violations.Count > 0)
        {
            output.WriteLine($"orders: {string.Join(", ", script)}");
        }

        Assert.Empty(model.Violations);
    }
}
