using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>The generator in the pipelines of Microsoft.Extensions.AI, against the emulator.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private World _world = null!;

    public async Task InitializeAsync() => _world = await World.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task It_works_under_a_delegating_generator()
    {
        using var generator = new Counting(_world.Client.AsIImageGenerator());

        var response = await generator.GenerateImagesAsync("a red fox");

        Assert.Single(response.Contents);
        Assert.Equal(1, generator.Requests);
        Assert.Same(_world.Client, generator.GetService<ImageApiClient>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_logged_with_all_that_comes_back(bool useJobs)
    {
        var logs = new Logs();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
        using var generator = (useJobs ? _world.Jobs : _world.Client.AsIImageGenerator()).AsBuilder().UseLogging(factory).Build();

        await generator.GenerateImagesAsync("a red fox", new ImageApiImageGenerationOptions { Quality = ImageQuality.High, ResponseFormat = ImageGenerationResponseFormat.Uri });

        Assert.Contains(logs.Lines, static line => line.Contains("completed", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(_world.Emulator.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_that_the_server_may_say_of_a_picture_can_be_logged()
    {
        var logs = new Logs();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
        using var seed = System.Text.Json.JsonDocument.Parse("7");
        var media = new GeneratedMedia
        {
            Url = "https://example.com/fox.png",
            RevisedPrompt = "a very red fox",
            Width = 640,
            Duration = TimeSpan.FromSeconds(1.5),
            ExpiresAt = DateTimeOffset.UnixEpoch,
            AdditionalProperties = new Dictionary<string, System.Text.Json.JsonElement> { ["seed"] = seed.RootElement },
        };
        using var generator = Substitutes.Answering(new ImageResult { Images = [media, new GeneratedMedia()] }).AsBuilder().UseLogging(factory).Build();

        await generator.GenerateImagesAsync("a red fox");

        Assert.Contains(logs.Lines, static line => line.Contains("a very red fox", StringComparison.Ordinal) && line.Contains("1970", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_traced_with_provider_model_and_usage()
    {
        var spans = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource("a test of pictures").AddInMemoryExporter(spans).Build();
        using var generator = _world.Client.AsIImageGenerator("gpt-image-2").AsBuilder()
            .UseOpenTelemetry(sourceName: "a test of pictures", configure: static telemetry => telemetry.EnableSensitiveData = true).Build();

        var response = await generator.GenerateImagesAsync("a red fox");

        var span = Assert.Single(spans);
        Assert.Equal("imageapi", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("gpt-image-2", span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(_world.Emulator.BaseAddress.Host, span.GetTagItem("server.address"));
        Assert.Equal(_world.Emulator.BaseAddress.Port, span.GetTagItem("server.port"));
        Assert.Equal(response.Usage!.InputTokenCount, Convert.ToInt64(span.GetTagItem("gen_ai.usage.input_tokens"), null));
    }

    [Fact]
    public async Task Its_failures_are_traced()
    {
        var spans = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource("a test of failures").AddInMemoryExporter(spans).Build();
        using var generator = _world.Client.AsIImageGenerator().AsBuilder().UseOpenTelemetry(sourceName: "a test of failures").Build();
        _world.Emulator.Faults.Next(Emulator.EmulatorEndpoint.Generation, Emulator.EmulatorFault.Status(400));

        await Assert.ThrowsAsync<ImageApiErrorException>(() => generator.GenerateImagesAsync("a red fox"));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(spans).Status);
    }

    [Fact]
    public async Task A_pipeline_may_change_its_own_options()
    {
        using var generator = _world.Client.AsIImageGenerator().AsBuilder()
            .ConfigureOptions(static options => ((ImageApiImageGenerationOptions)options).Background = ImageBackground.Transparent).Build();
        var options = new ImageApiImageGenerationOptions { Quality = ImageQuality.Low };

        var response = await generator.GenerateImagesAsync("a red fox", options);

        var result = Assert.IsType<ImageResult>(response.RawRepresentation);
        Assert.Equal((ImageQuality.Low, ImageBackground.Transparent), (result.Quality, result.Background));
        Assert.Null(options.Background);
    }

    [Fact]
    public async Task A_container_hands_it_out_over_the_registered_client()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = _world.Emulator.BaseAddress;
            options.ApiKey = _world.Emulator.ApiKey;
        });
        services.AddImageGenerator(static provider => provider.GetRequiredService<ImageApiClient>().AsIImageGenerator(options: World.OverJobs())).UseLogging().UseOpenTelemetry();
        await using var provider = services.BuildServiceProvider();

        var response = await provider.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a red fox");

        Assert.Single(response.Contents);
        Assert.Equal(1, _world.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Files_go_through_a_pipeline_into_a_picture()
    {
        using var files = _world.Client.AsIHostedFileClient().AsBuilder().UseLogging(LoggerFactory.Create(static _ => { })).UseOpenTelemetry().Build();

        var file = await files.UploadAsync(await _world.PictureAsync());
        var response = await _world.Jobs.EditImagesAsync([file], "the same fox at night");

        Assert.Single(response.Contents);
    }

    private sealed class Counting(IImageGenerator inner) : DelegatingImageGenerator(inner)
    {
        public int Requests { get; private set; }

        public override Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Requests++;
            return base.GenerateAsync(request, options, cancellationToken);
        }
    }

    private sealed class Logs : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
