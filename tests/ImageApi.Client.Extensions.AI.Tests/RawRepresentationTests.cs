using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>The caller's own request wins.</summary>
public sealed class RawRepresentationTests : IDisposable
{
    private readonly Wire _wire = new();

    public static TheoryData<object> NoImageRequests => [new JobRequest { Input = new ImageJobInput { Prompt = "" } }, new ImageJobInput { Prompt = "" }, "text"];

    public static TheoryData<object> NoJobRequests => [new ImageRequest { Prompt = "" }, new JobRequest { Input = JobInput.FromJson(JsonDocument.Parse("{}").RootElement) }, "text"];

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task What_the_raw_request_sets_wins()
    {
        await _wire.Generator.GenerateImagesAsync("fox", Options(new ImageRequest
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

        var sent = _wire.Sent;
        Assert.Equal(
            ("a raw fox", "raw-model", "2048x2048", "b64_json", "low", "webp", 2, 1),
            ((string?)sent["prompt"], (string?)sent["model"], (string?)sent["size"], (string?)sent["response_format"],
                (string?)sent["quality"], (string?)sent["output_format"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Fact]
    public async Task What_the_raw_request_leaves_open_is_filled_in()
    {
        await _wire.Generator.GenerateImagesAsync("fox", Options(new ImageRequest { Prompt = "" }));

        var sent = _wire.Sent;
        Assert.Equal(
            ("fox", "asked-model", "512x512", "high", "png", 5, 2),
            ((string?)sent["prompt"], (string?)sent["model"], (string?)sent["size"], (string?)sent["quality"], (string?)sent["output_format"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_raw_input_of_a_job_sets_wins(bool wrapped)
    {
        var input = new ImageJobInput { Prompt = "", Mask = "https://example.com/mask.png", Size = "2048x2048", Count = 2, AspectRatio = AspectRatio.Square };

        await _wire.Jobs.GenerateImagesAsync("fox", Options(wrapped ? new JobRequest { Input = input } : input));

        var sent = _wire.SentInput;
        Assert.Equal("asked-model", (string?)_wire.Sent["model"]);
        Assert.Equal(
            ("fox", "https://example.com/mask.png", "2048x2048", "1:1", "high", 2, 2),
            ((string?)sent["prompt"], (string?)sent["mask"], (string?)sent["size"], (string?)sent["aspect_ratio"], (string?)sent["quality"], (int?)sent["n"], (int?)sent["seed"]));
    }

    [Fact]
    public async Task The_model_of_a_raw_job_wins()
    {
        await _wire.Jobs.GenerateImagesAsync("fox", Options(new JobRequest { Model = "raw-model", Input = new ImageJobInput { Prompt = "" } }));

        Assert.Equal("raw-model", (string?)_wire.Sent["model"]);
    }

    [Fact]
    public async Task Images_of_both_are_sent()
    {
        var options = Options(new ImageRequest { Prompt = "", ReferenceImages = ["https://example.com/logo.png"] });

        await _wire.Generator.EditImagesAsync([new UriContent("https://example.com/fox.png", "image/png")], "fox", options);

        Assert.Equal(
            ["https://example.com/logo.png", "https://example.com/fox.png"], _wire.Sent["reference_images"]!.AsArray().Select(static image => (string?)image));
    }

    [Fact]
    public async Task A_field_that_the_raw_request_leaves_out_stays_out()
    {
        await _wire.Generator.GenerateImagesAsync("fox", Options(new ImageRequest { Prompt = "", ReferenceImages = null }));

        Assert.False(_wire.Sent.ContainsKey("reference_images"));
    }

    [Fact]
    public async Task An_empty_word_of_the_raw_request_sets_nothing()
    {
        await _wire.Generator.GenerateImagesAsync("fox", Options(new ImageRequest { Prompt = "", Quality = (string?)null, Size = (string?)null }));

        Assert.Equal(("high", "512x512"), ((string?)_wire.Sent["quality"], (string?)_wire.Sent["size"]));
    }

    [Fact]
    public async Task A_factory_that_makes_nothing_changes_nothing()
    {
        await _wire.Generator.GenerateImagesAsync("fox", new ImageGenerationOptions { RawRepresentationFactory = _ => null });

        Assert.Equal("fox", (string?)_wire.Sent["prompt"]);
    }

    [Fact]
    public async Task The_factory_is_given_the_generator_itself()
    {
        IImageGenerator? given = null;
        var generator = _wire.Generator;

        await generator.GenerateImagesAsync("fox", new ImageGenerationOptions
        {
            RawRepresentationFactory = asking =>
            {
                given = asking;
                return null;
            },
        });

        Assert.Same(generator, given);
    }

    [Theory]
    [MemberData(nameof(NoImageRequests), DisableDiscoveryEnumeration = true)]
    public async Task Raw_requests_of_other_kinds_are_refused(object raw)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Generator.GenerateImagesAsync("fox", Options(raw)));

        Assert.Equal(0, _wire.Requests);
    }

    [Theory]
    [MemberData(nameof(NoJobRequests), DisableDiscoveryEnumeration = true)]
    public async Task Raw_requests_of_other_kinds_are_refused_with_jobs(object raw)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Jobs.GenerateImagesAsync("fox", Options(raw)));

        Assert.Equal(0, _wire.Requests);
    }

    private static ImageApiImageGenerationOptions Options(object raw) => new()
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
