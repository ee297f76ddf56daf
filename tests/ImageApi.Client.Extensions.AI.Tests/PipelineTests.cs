using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>The generator in the pipelines of Microsoft.Extensions.AI, against the emulator.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private EmulatorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await EmulatorFixture.CreateAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Generator_works_inside_a_delegating_generator()
    {
        using var generator = new CountingGenerator(_fixture.Client.AsIImageGenerator());

        var response = await generator.GenerateImagesAsync("a red fox");

        Assert.Single(response.Contents);
        Assert.Equal(1, generator.RequestCount);
        Assert.Same(_fixture.Client, generator.GetService<ImageApiClient>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UseLogging_logs_the_response_without_the_api_key(bool useJobs)
    {
        var logs = new CollectingLogger();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
        using var generator = (useJobs ? _fixture.JobGenerator : _fixture.Client.AsIImageGenerator()).AsBuilder().UseLogging(factory).Build();

        await generator.GenerateImagesAsync("a red fox", new ImageApiImageGenerationOptions { Quality = ImageQuality.High, ResponseFormat = ImageGenerationResponseFormat.Uri });

        Assert.Contains(logs.Lines, static line => line.Contains("completed", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(_fixture.Emulator.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task UseLogging_logs_all_image_metadata()
    {
        var logs = new CollectingLogger();
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
        using var generator = SubstituteGenerators.Returning(new ImageResult { Images = [media, new GeneratedMedia()] }).AsBuilder().UseLogging(factory).Build();

        await generator.GenerateImagesAsync("a red fox");

        Assert.Contains(logs.Lines, static line => line.Contains("a very red fox", StringComparison.Ordinal) && line.Contains("1970", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UseOpenTelemetry_traces_provider_model_and_usage()
    {
        var spans = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource("a test of pictures").AddInMemoryExporter(spans).Build();
        using var generator = _fixture.Client.AsIImageGenerator("gpt-image-2").AsBuilder()
            .UseOpenTelemetry(sourceName: "a test of pictures", configure: static telemetry => telemetry.EnableSensitiveData = true).Build();

        var response = await generator.GenerateImagesAsync("a red fox");

        var span = Assert.Single(spans);
        Assert.Equal("imageapi", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("gpt-image-2", span.GetTagItem("gen_ai.request.model"));
        Assert.Equal(_fixture.Emulator.BaseAddress.Host, span.GetTagItem("server.address"));
        Assert.Equal(_fixture.Emulator.BaseAddress.Port, span.GetTagItem("server.port"));
        Assert.Equal(response.Usage!.InputTokenCount, Convert.ToInt64(span.GetTagItem("gen_ai.usage.input_tokens"), null));
    }

    [Fact]
    public async Task UseOpenTelemetry_traces_failures()
    {
        var spans = new List<Activity>();
        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource("a test of failures").AddInMemoryExporter(spans).Build();
        using var generator = _fixture.Client.AsIImageGenerator().AsBuilder().UseOpenTelemetry(sourceName: "a test of failures").Build();
        _fixture.Emulator.Faults.Next(Emulator.EmulatorEndpoint.Generation, Emulator.EmulatorFault.Status(400));

        await Assert.ThrowsAsync<ImageApiResponseException>(() => generator.GenerateImagesAsync("a red fox"));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(spans).Status);
    }

    [Fact]
    public async Task ConfigureOptions_does_not_change_the_options_of_the_caller()
    {
        using var generator = _fixture.Client.AsIImageGenerator().AsBuilder()
            .ConfigureOptions(static options => ((ImageApiImageGenerationOptions)options).Background = ImageBackground.Transparent).Build();
        var options = new ImageApiImageGenerationOptions { Quality = ImageQuality.Low };

        var response = await generator.GenerateImagesAsync("a red fox", options);

        var result = Assert.IsType<ImageResult>(response.RawRepresentation);
        Assert.Equal((ImageQuality.Low, ImageBackground.Transparent), (result.Quality, result.Background));
        Assert.Null(options.Background);
    }

    [Fact]
    public async Task Generator_is_resolved_from_the_service_container()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = _fixture.Emulator.BaseAddress;
            options.ApiKey = _fixture.Emulator.ApiKey;
        });
        services.AddImageGenerator(static provider => provider.GetRequiredService<ImageApiClient>().AsIImageGenerator(options: EmulatorFixture.WithJobs())).UseLogging().UseOpenTelemetry();
        await using var provider = services.BuildServiceProvider();

        var response = await provider.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a red fox");

        Assert.Single(response.Contents);
        Assert.Equal(1, _fixture.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Hosted_file_pipeline_provides_a_reference_image()
    {
        using var files = _fixture.Client.AsIHostedFileClient().AsBuilder().UseLogging(LoggerFactory.Create(static _ => { })).UseOpenTelemetry().Build();

        var file = await files.UploadAsync(await _fixture.GenerateReferenceAsync());
        var response = await _fixture.JobGenerator.EditImagesAsync([file], "the same fox at night");

        Assert.Single(response.Contents);
    }

    private sealed class CountingGenerator(IImageGenerator inner) : DelegatingImageGenerator(inner)
    {
        public int RequestCount { get; private set; }

        public override Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            RequestCount++;
            return base.GenerateAsync(request, options, cancellationToken);
        }
    }

    private sealed class CollectingLogger : ILoggerProvider, ILogger
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
