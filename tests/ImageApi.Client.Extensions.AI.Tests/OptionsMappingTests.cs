using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>What of the options is sent, on both ways.</summary>
public sealed class OptionsMappingTests : IDisposable
{
    private readonly WireMockFixture _server = new();

    public static TheoryData<string, object?> UnserializableValues
    {
        get
        {
            var circular = new List<object?>();
            circular.Add(circular);
            return new()
            {
                { "stream", Stream.Null }, { "nested", new Dictionary<string, object?> { ["stream"] = Stream.Null } }, { "endless", circular }, { "no_number", double.NaN },
            };
        }
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Prompt_without_options_is_sent_with_documented_defaults()
    {
        await _server.Generator.GenerateImagesAsync("fox");

        AssertSent("""{ "model": "gpt-image-2", "prompt": "fox", "size": "1024x1024", "response_format": "url", "reference_images": [] }""", _server.FirstRequestBody);
    }

    [Fact]
    public async Task Prompt_without_options_is_the_only_job_input()
    {
        await _server.JobGenerator.GenerateImagesAsync("fox");

        AssertSent("""{ "model": "gpt-image-2", "input": { "prompt": "fox" } }""", _server.FirstRequestBody);
    }

    [Fact]
    public async Task Every_option_is_sent()
    {
        await _server.Generator.GenerateImagesAsync("fox", AllOptions());

        AssertSent(
            """
            { "model": "other", "prompt": "fox", "size": "512x768", "response_format": "b64_json", "reference_images": [], "quality": "high",
              "output_format": "webp", "background": "transparent", "n": 3, "user": "user-1", "seed": 42 }
            """,
            _server.FirstRequestBody);
    }

    [Fact]
    public async Task Every_option_is_sent_with_a_job()
    {
        var options = AllOptions();
        options.AspectRatio = AspectRatio.Portrait2X3;

        await _server.JobGenerator.GenerateImagesAsync("fox", options);

        AssertSent(
            """
            { "model": "other", "input": { "prompt": "fox", "size": "512x768", "quality": "high", "output_format": "webp", "response_format": "b64_json",
              "background": "transparent", "n": 3, "user": "user-1", "aspect_ratio": "2:3", "seed": 42 } }
            """,
            _server.FirstRequestBody);
    }

    [Fact]
    public async Task Model_of_the_generator_is_the_default()
    {
        await _server.Client.AsIImageGenerator("own-model").GenerateImagesAsync("fox");

        Assert.Equal("own-model", (string?)_server.FirstRequestBody["model"]);
    }

    [Fact]
    public async Task Model_of_the_request_overrides_the_generator()
    {
        await _server.Client.AsIImageGenerator("own-model", EmulatorFixture.WithJobs()).GenerateImagesAsync("fox", new ImageGenerationOptions { ModelId = "other" });

        Assert.Equal("other", (string?)_server.FirstRequestBody["model"]);
    }

    [Theory]
    [InlineData("image/png", "png")]
    [InlineData("image/jpeg", "jpeg")]
    [InlineData("image/jpg", "jpeg")]
    [InlineData("IMAGE/WebP", "webp")]
    [InlineData("image/avif", "avif")]
    public async Task Media_type_is_mapped_to_output_format(string mediaType, string format)
    {
        await _server.Generator.GenerateImagesAsync("fox", new ImageGenerationOptions { MediaType = mediaType });

        Assert.Equal(format, (string?)_server.FirstRequestBody["output_format"]);
    }

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("image/*")]
    [InlineData("image/")]
    [InlineData("png")]
    [InlineData("image/png; q=1")]
    public async Task Non_image_media_type_is_rejected(string mediaType) =>
        await AssertRejectedAsync<ArgumentException>("MediaType", new ImageGenerationOptions { MediaType = mediaType });

    [Fact]
    public async Task Hosted_response_format_is_rejected() =>
        await AssertRejectedAsync<NotSupportedException>("hosts no results", new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Hosted });

    [Fact]
    public async Task Unknown_response_format_is_rejected() =>
        await AssertRejectedAsync<ArgumentException>("ResponseFormat", new ImageGenerationOptions { ResponseFormat = (ImageGenerationResponseFormat)77 });

    [Fact]
    public async Task StreamingCount_is_rejected() => await AssertRejectedAsync<NotSupportedException>("StreamingCount", new ImageGenerationOptions { StreamingCount = 2 });

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1024, -1)]
    public async Task Non_positive_image_size_is_rejected(int width, int height) =>
        await AssertRejectedAsync<ArgumentException>("ImageSize", new ImageGenerationOptions { ImageSize = new(width, height) });

    [Fact]
    public async Task ImageSize_combined_with_Size_is_rejected() =>
        await AssertRejectedAsync<ArgumentException>("not both", new ImageApiImageGenerationOptions { ImageSize = new(1024, 1024), Size = ImageSize.Auto });

    [Fact]
    public async Task Count_of_zero_is_rejected() => await AssertRejectedAsync<ArgumentException>("Count", new ImageGenerationOptions { Count = 0 });

    [Fact]
    public async Task Size_auto_is_sent()
    {
        await _server.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { Size = ImageSize.Auto });

        Assert.Equal("auto", (string?)_server.FirstRequestBody["size"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("auto")]
    public async Task Aspect_ratio_is_mapped_to_a_size_without_jobs(string? size)
    {
        await _server.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { AspectRatio = AspectRatio.Landscape16X9, Size = size });

        Assert.Equal("1376x768", (string?)_server.FirstRequestBody["size"]);
        Assert.False(_server.FirstRequestBody.ContainsKey("aspect_ratio"));
    }

    [Fact]
    public async Task Aspect_ratio_combined_with_size_is_rejected_without_jobs()
    {
        var options = new ImageApiImageGenerationOptions { AspectRatio = AspectRatio.Landscape16X9, Size = "2048x2048" };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => _server.Generator.GenerateImagesAsync("fox", options));

        Assert.Contains("aspect ratio", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _server.RequestCount);
    }

    [Fact]
    public async Task Unknown_aspect_ratio_is_rejected_without_jobs()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _server.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { AspectRatio = "7:5" }));

        Assert.Equal(0, _server.RequestCount);
    }

    [Fact]
    public async Task Typed_options_may_be_set_as_additional_properties()
    {
        var options = new ImageGenerationOptions
        {
            AdditionalProperties = new() { ["quality"] = "high", ["background"] = ImageBackground.Opaque, ["size"] = "auto", ["aspect_ratio"] = Json("\"3:2\""), ["user"] = "user-1" },
        };

        await _server.JobGenerator.GenerateImagesAsync("fox", options);

        AssertSent("""{ "prompt": "fox", "size": "auto", "quality": "high", "background": "opaque", "user": "user-1", "aspect_ratio": "3:2" }""", _server.FirstJobInput);
    }

    [Fact]
    public async Task Option_set_twice_is_rejected() => await AssertRejectedAsync<ArgumentException>(
        "quality", new ImageApiImageGenerationOptions { Quality = ImageQuality.High, AdditionalProperties = new() { ["quality"] = "low" } });

    [Fact]
    public async Task Non_string_option_value_is_rejected() =>
        await AssertRejectedAsync<ArgumentException>("quality", new ImageGenerationOptions { AdditionalProperties = new() { ["quality"] = 3 } });

    [Fact]
    public async Task Additional_properties_of_JSON_types_are_sent()
    {
        var options = new ImageGenerationOptions
        {
            AdditionalProperties = new()
            {
                ["text"] = "a", ["whole"] = 1, ["long"] = 5_000_000_000L, ["part"] = 0.5, ["yes"] = true, ["nothing"] = null, ["json"] = Json("""{ "a": [1] }"""),
                ["node"] = new JsonObject { ["b"] = 2 }, ["texts"] = new[] { "x", "y" }, ["map"] = new Dictionary<string, object?> { ["c"] = new[] { 3 } },
            },
        };

        await _server.Generator.GenerateImagesAsync("fox", options);

        var sent = _server.FirstRequestBody;
        AssertSent(
            """{ "text": "a", "whole": 1, "long": 5000000000, "part": 0.5, "yes": true, "nothing": null, "json": { "a": [1] }, "node": { "b": 2 }, "texts": ["x", "y"], "map": { "c": [3] } }""",
            new JsonObject(options.AdditionalProperties.Keys.Select(name => KeyValuePair.Create(name, sent[name]?.DeepClone()))));
    }

    [Theory]
    [MemberData(nameof(UnserializableValues), DisableDiscoveryEnumeration = true)]
    public async Task Unserializable_additional_property_is_rejected(string name, object? value) =>
        await AssertRejectedAsync<ArgumentException>(name, new ImageGenerationOptions { AdditionalProperties = new() { [name] = value } });

    [Fact]
    public async Task Additional_property_with_a_typed_option_is_rejected() =>
        await AssertRejectedAsync<ArgumentException>("response_format", new ImageGenerationOptions { AdditionalProperties = new() { ["response_format"] = "url" } });

    [Fact]
    public async Task Options_are_not_modified()
    {
        var options = new ImageGenerationOptions { AdditionalProperties = new() { ["quality"] = "high" } };

        await _server.Generator.GenerateImagesAsync("fox", options);

        Assert.Equal("high", options.AdditionalProperties["quality"]);
    }

    [Fact]
    public async Task Request_can_set_its_own_idempotency_key()
    {
        await _server.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { RequestOptions = new RequestOptions { IdempotencyKey = "order-7" } });

        Assert.Equal("order-7", _server.FirstRequestHeader("Idempotency-Key"));
    }

    [Fact]
    public async Task Headers_of_the_generator_are_sent()
    {
        var options = new ImageApiGeneratorOptions { RequestOptions = new RequestOptions { Headers = new Dictionary<string, string> { ["X-Tenant"] = "a" } } };

        await _server.Client.AsIImageGenerator(options: options).GenerateImagesAsync("fox");

        Assert.Equal("a", _server.FirstRequestHeader("X-Tenant"));
    }

    [Fact]
    public async Task Job_options_are_rejected_without_jobs()
    {
        var options = new ImageApiImageGenerationOptions { JobRun = new JobRunOptions() };

        await Assert.ThrowsAsync<ArgumentException>(() => _server.Generator.GenerateImagesAsync("fox", options));
    }

    [Fact]
    public async Task Call_options_are_rejected_with_jobs()
    {
        var options = new ImageApiImageGenerationOptions { RequestOptions = new RequestOptions() };

        await Assert.ThrowsAsync<ArgumentException>(() => _server.JobGenerator.GenerateImagesAsync("fox", options));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task Blank_prompt_is_rejected(string? prompt)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _server.Generator.GenerateAsync(new ImageGenerationRequest { Prompt = prompt }));

        Assert.Equal(0, _server.RequestCount);
    }

    private static ImageApiImageGenerationOptions AllOptions() => new()
    {
        ModelId = "other",
        ImageSize = new(512, 768),
        ResponseFormat = ImageGenerationResponseFormat.Data,
        MediaType = "image/webp",
        Count = 3,
        Quality = ImageQuality.High,
        Background = ImageBackground.Transparent,
        User = "user-1",
        AdditionalProperties = new() { ["seed"] = 42 },
    };

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static void AssertSent(string expected, JsonNode sent) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), sent), $"sent: {sent.ToJsonString()}");

    /// <summary>Refused on both ways, before anything is sent.</summary>
    private async Task AssertRejectedAsync<T>(string part, ImageGenerationOptions options)
        where T : Exception
    {
        foreach (var generator in new[] { _server.Generator, _server.JobGenerator })
        {
            var exception = await Assert.ThrowsAnyAsync<T>(() => generator.GenerateImagesAsync("fox", options));
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _server.RequestCount);
    }
}
