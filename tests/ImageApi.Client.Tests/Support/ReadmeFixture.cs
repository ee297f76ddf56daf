using System.Collections.Concurrent;
using ImageApi.Emulator;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageApi.Client.Tests.Support;

/// <summary>What the blocks of README.md take for granted: a server, a client, a container, a database, a picture.</summary>
internal sealed class ReadmeFixture : IAsyncDisposable
{
    private ReadmeFixture(ImageApiEmulator emulator)
    {
        Emulator = emulator;
        Client = TestClients.Create(emulator);
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ImageApi:BaseAddress"] = emulator.BaseAddress.AbsoluteUri,
            ["ImageApi:ApiKey"] = emulator.ApiKey,
        }).Build();
        Store = new OwnDatabase(emulator.ApiKey);
    }

    public ImageApiEmulator Emulator { get; }

    public ImageApiClient Client { get; }

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IConfiguration Configuration { get; }

    public IHostEnvironment Environment { get; } = NSubstitute.Substitute.For<IHostEnvironment>();

    public OwnDatabase Store { get; }

    public static async Task<ReadmeFixture> CreateAsync()
    {
        var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, DrawTinyImages = true });
        var fixture = new ReadmeFixture(emulator);
        System.Environment.SetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS", emulator.BaseAddress.AbsoluteUri);
        System.Environment.SetEnvironmentVariable("IMAGEAPI_API_KEY", emulator.ApiKey);
        await fixture.CreateSampleImageAsync();
        return fixture;
    }

    public async Task<string> SubmitAsync() =>
        (await Client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow" } })).Id;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
    }

    private async Task CreateSampleImageAsync()
    {
        var result = await Client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        await Client.Media.SaveAsync(result.Images[0], "fox.png", new SaveOptions { Overwrite = true });
    }

    internal sealed class OwnDatabase(string apiKey)
    {
        private readonly ConcurrentQueue<string> _ids = [];

        public ValueTask<string> ReadApiKeyAsync(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested ? throw new OperationCanceledException(cancellationToken) : new(apiKey);

        public ValueTask WriteAsync(string id, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _ids.Enqueue(id);
            return default;
        }

        public ValueTask<string> ReadAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(_ids.Last());
        }
    }
}
