using ImageApi.Emulator;

namespace ImageApi.Client.Extensions.AI.Tests.Support;

/// <summary>An emulator and a client on it.</summary>
internal sealed class EmulatorFixture : IAsyncDisposable
{
    private EmulatorFixture(ImageApiEmulator emulator)
    {
        Emulator = emulator;
        Client = new ImageApiClient(Options(emulator));
    }

    public ImageApiEmulator Emulator { get; }

    public ImageApiClient Client { get; }

    /// <summary>A generator over jobs that does not wait long.</summary>
    public IImageGenerator JobGenerator => Client.AsIImageGenerator(options: WithJobs());

    public static async Task<EmulatorFixture> CreateAsync() =>
        new(await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, DrawTinyImages = true }));

    public static ImageApiClientOptions Options(ImageApiEmulator emulator) => new()
    {
        BaseAddress = emulator.BaseAddress,
        ApiKey = emulator.ApiKey,
        Retry = { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    public static ImageApiGeneratorOptions WithJobs(Action<JobRunOptions>? configure = null)
    {
        var runOptions = new JobRunOptions
        {
            Wait = new JobWaitOptions { FirstInterval = TimeSpan.FromMilliseconds(5), MaxInterval = TimeSpan.FromMilliseconds(20) },
        };
        configure?.Invoke(runOptions);
        return new ImageApiGeneratorOptions { UseJobs = true, JobRun = runOptions };
    }

    public async Task<DataContent> GenerateReferenceAsync(string prompt = "a reference")
    {
        var response = await Client.AsIImageGenerator().GenerateImagesAsync(prompt, new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Data });
        return (DataContent)response.Contents[0];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
    }
}
