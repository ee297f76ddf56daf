using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>The caller's own request wins.</summary>
public sealed class RawRepresentationTests : IDisposable
{
    private readonly WireMockFixture _server = new();

    public static TheoryData<object> InvalidRawImageRequests => [new JobRequest { Input = new ImageJobInput { Prompt = "" } }, new ImageJobInput { Prompt = "" }, "text"];

    public static TheoryData<object> InvalidRawJobRequests => [new ImageRequest { Prompt = "" }, new JobRequest { Input = JobInput.FromJson(JsonDocument.Parse("{}").RootElement) }, "text"];

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Raw_request_values_take_precedence()
    {
        await _server.Generator.GenerateImagesAsync("fox", OptionsWithRaw(new ImageRequest
        {
            Prompt = "a raw fox",
            Model = "raw-model",
            Size = "2048x2048",
            ResponseFormat = ImageResponseFormat.Base64,
            Quality = ImageQuality.Low,
            OutputFormat = ImageOutputFormat.Webp,
            Count = 2,
            AdditionalParameters = new Dictionary<string, JsonElement> { ["seed"] = JsonDocument.Parse("1").RootElement },
        }));

        var sent = _server.FirstRequestBody;
        Assert.Equal(
            ("a raw fox", "raw-model", "2048x2048", "b64_json", "low", "webp", 2, 1),
            ((string?)sent["prompt"], (string?)sent["model"], (string?)sent["size"], (string?)sent["response_format"],
                (string?)sent["quality"], (string?)sent["output_format"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Fact]
    public async Task Unset_raw_request_values_are_filled_from_options()
    {
        await _server.Generator.GenerateImagesAsync("fox", OptionsWithRaw(new ImageRequest { Prompt = "" }));

        var sent = _server.FirstRequestBody;
        Assert.Equal(
            ("fox", "asked-model", "512x512", "high", "png", 5, 2),
            ((string?)sent["prompt"], (string?)sent["model"], (string?)sent["size"], (string?)sent["quality"], (string?)sent["output_format"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Raw_job_input_values_take_precedence(bool wrapped)
    {
        var input = new ImageJobInput { Prompt = "", Mask = "https://example.com/mask.png", Size = "2048x2048", Count = 2, AspectRatio = AspectRatio.Square };

        await _server.JobGenerator.GenerateImagesAsync("fox", OptionsWithRaw(wrapped ? new JobRequest { Input = input } : input));

        var sent = _server.FirstJobInput;
        Assert.Equal("asked-model", (string?)_server.FirstRequestBody["model"]);
        Assert.Equal(
            ("fox", "https://example.com/mask.png", "2048x2048", "1:1", "high", 2, 2),
            ((string?)sent["prompt"], (string?)sent["mask"], (string?)sent["size"], (string?)sent["aspect_ratio"], (string?)sent["quality"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Fact]
    public async Task Raw_job_model_takes_precedence()
    {
        await _server.JobGenerator.GenerateImagesAsync("fox", OptionsWithRaw(new JobRequest { Model = "raw-model", Input = new ImageJobInput { Prompt = "" } }));

        Assert.Equal("raw-model", (string?)_server.FirstRequestBody["model"]);
    }

    [Fact]
    public async Task Raw_and_original_images_are_both_sent()
    {
        var options = OptionsWithRaw(new ImageRequest { Prompt = "", ReferenceImages = ["https://example.com/logo.png"] });

        await _server.Generator.EditImagesAsync([new UriContent("https://example.com/fox.png", "image/png")], "fox", options);

        Assert.Equal(
            ["https://example.com/logo.png", "https://example.com/fox.png"], _server.FirstRequestBody["reference_images"]!.AsArray().Select(static image => (string?)image));
    }

    [Fact]
    public async Task Field_omitted_by_the_raw_request_is_not_sent()
    {
        await _server.Generator.GenerateImagesAsync("fox", OptionsWithRaw(new ImageRequest { Prompt = "", ReferenceImages = null }));

        Assert.False(_server.FirstRequestBody.ContainsKey("reference_images"));
    }

    [Fact]
    public async Task Empty_value_of_the_raw_request_is_ignored()
    {
        await _server.Generator.GenerateImagesAsync("fox", OptionsWithRaw(new ImageRequest { Prompt = "", Quality = (string?)null, Size = (string?)null }));

        Assert.Equal(("high", "512x512"), ((string?)_server.FirstRequestBody["quality"], (string?)_server.FirstRequestBody["size"]));
    }

    [Fact]
    public async Task Raw_factory_that_returns_null_is_ignored()
    {
        await _server.Generator.GenerateImagesAsync("fox", new ImageGenerationOptions { RawRepresentationFactory = _ => null });

        Assert.Equal("fox", (string?)_server.FirstRequestBody["prompt"]);
    }

    [Fact]
    public async Task Raw_factory_receives_the_generator()
    {
        IImageGenerator? received = null;
        var generator = _server.Generator;

        await generator.GenerateImagesAsync("fox", new ImageGenerationOptions
        {
            RawRepresentationFactory = passedGenerator =>
            {
                received = passedGenerator;
                return null;
            },
        });

        Assert.Same(generator, received);
    }

    [Theory]
    [MemberData(nameof(InvalidRawImageRequests), DisableDiscoveryEnumeration = true)]
    public async Task Raw_request_of_another_type_is_rejected(object raw)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _server.Generator.GenerateImagesAsync("fox", OptionsWithRaw(raw)));

        Assert.Equal(0, _server.RequestCount);
    }

    [Theory]
    [MemberData(nameof(InvalidRawJobRequests), DisableDiscoveryEnumeration = true)]
    public async Task Raw_request_of_another_type_is_rejected_with_jobs(object raw)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _server.JobGenerator.GenerateImagesAsync("fox", OptionsWithRaw(raw)));

        Assert.Equal(0, _server.RequestCount);
    }

    private static ImageApiImageGenerationOptions OptionsWithRaw(object raw) => new()
    {
        ModelId = "asked-model",
        ImageSize = new(512, 512),
        MediaType = "image/png",
        Quality = ImageQuality.High,
        Count = 5,
        AdditionalProperties = new() { ["seed"] = 2 },
        RawRepresentationFactory = _ => raw,
    };
}
