using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>What of the options is sent, on both ways.</summary>
public sealed class OptionsMappingTests : IDisposable
{
    private readonly Wire _wire = new();

    public static TheoryData<string, object?> Unwritable
    {
        get
        {
            var endless = new List<object?>();
            endless.Add(endless);
            return new()
            {
                { "stream", Stream.Null }, { "nested", new Dictionary<string, object?> { ["stream"] = Stream.Null } }, { "endless", endless }, { "no_number", double.NaN },
            };
        }
    }

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task A_bare_prompt_is_sent_as_the_contract_has_it()
    {
        await _wire.Generator.GenerateImagesAsync("fox");

        AssertSent("""{ "model": "gpt-image-2", "prompt": "fox", "size": "1024x1024", "response_format": "url", "reference_images": [] }""", _wire.Sent);
    }

    [Fact]
    public async Task A_bare_prompt_is_all_the_input_of_a_job()
    {
        await _wire.Jobs.GenerateImagesAsync("fox");

        AssertSent("""{ "model": "gpt-image-2", "input": { "prompt": "fox" } }""", _wire.Sent);
    }

    [Fact]
    public async Task Everything_that_is_set_is_sent()
    {
        await _wire.Generator.GenerateImagesAsync("fox", All());

        AssertSent(
            """
            { "model": "other", "prompt": "fox", "size": "512x768", "response_format": "b64_json", "reference_images": [], "quality": "high",
              "output_format": "webp", "background": "transparent", "n": 3, "user": "user-1", "seed": 42 }
            """,
            _wire.Sent);
    }

    [Fact]
    public async Task Everything_that_is_set_is_sent_with_a_job()
    {
        var options = All();
        options.AspectRatio = AspectRatio.Portrait2X3;

        await _wire.Jobs.GenerateImagesAsync("fox", options);

        AssertSent(
            """
            { "model": "other", "input": { "prompt": "fox", "size": "512x768", "quality": "high", "output_format": "webp", "response_format": "b64_json",
              "background": "transparent", "n": 3, "user": "user-1", "aspect_ratio": "2:3", "seed": 42 } }
            """,
            _wire.Sent);
    }

    [Fact]
    public async Task The_default_model_is_that_of_the_generator()
    {
        await _wire.Client.AsIImageGenerator("own-model").GenerateImagesAsync("fox");

        Assert.Equal("own-model", (string?)_wire.Sent["model"]);
    }

    [Fact]
    public async Task The_model_of_a_request_goes_before_that_of_the_generator()
    {
        await _wire.Client.AsIImageGenerator("own-model", World.OverJobs()).GenerateImagesAsync("fox", new ImageGenerationOptions { ModelId = "other" });

        Assert.Equal("other", (string?)_wire.Sent["model"]);
    }

    [Theory]
    [InlineData("image/png", "png")]
    [InlineData("image/jpeg", "jpeg")]
    [InlineData("image/jpg", "jpeg")]
    [InlineData("IMAGE/WebP", "webp")]
    [InlineData("image/avif", "avif")]
    public async Task A_media_type_becomes_a_format(string mediaType, string format)
    {
        await _wire.Generator.GenerateImagesAsync("fox", new ImageGenerationOptions { MediaType = mediaType });

        Assert.Equal(format, (string?)_wire.Sent["output_format"]);
    }

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("image/*")]
    [InlineData("image/")]
    [InlineData("png")]
    [InlineData("image/png; q=1")]
    public async Task A_media_type_of_no_image_is_refused(string mediaType) =>
        await AssertRefusedAsync<ArgumentException>("MediaType", new ImageGenerationOptions { MediaType = mediaType });

    [Fact]
    public async Task Hosted_results_are_refused() =>
        await AssertRefusedAsync<NotSupportedException>("hosts no results", new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Hosted });

    [Fact]
    public async Task An_unknown_response_format_is_refused() =>
        await AssertRefusedAsync<ArgumentException>("ResponseFormat", new ImageGenerationOptions { ResponseFormat = (ImageGenerationResponseFormat)77 });

    [Fact]
    public async Task Streamed_images_are_refused() => await AssertRefusedAsync<NotSupportedException>("StreamingCount", new ImageGenerationOptions { StreamingCount = 2 });

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1024, -1)]
    public async Task A_size_without_pixels_is_refused(int width, int height) =>
        await AssertRefusedAsync<ArgumentException>("ImageSize", new ImageGenerationOptions { ImageSize = new(width, height) });

    [Fact]
    public async Task Two_sizes_are_refused() =>
        await AssertRefusedAsync<ArgumentException>("not both", new ImageApiImageGenerationOptions { ImageSize = new(1024, 1024), Size = ImageSize.Auto });

    [Fact]
    public async Task A_count_of_none_is_refused() => await AssertRefusedAsync<ArgumentException>("Count", new ImageGenerationOptions { Count = 0 });

    [Fact]
    public async Task The_size_may_be_auto()
    {
        await _wire.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { Size = ImageSize.Auto });

        Assert.Equal("auto", (string?)_wire.Sent["size"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("auto")]
    public async Task An_aspect_ratio_becomes_a_size_where_there_is_no_field_for_it(string? size)
    {
        await _wire.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { AspectRatio = AspectRatio.Landscape16X9, Size = size });

        Assert.Equal("1376x768", (string?)_wire.Sent["size"]);
        Assert.False(_wire.Sent.ContainsKey("aspect_ratio"));
    }

    [Fact]
    public async Task An_aspect_ratio_beside_a_size_is_refused_where_there_is_no_field_for_it()
    {
        var options = new ImageApiImageGenerationOptions { AspectRatio = AspectRatio.Landscape16X9, Size = "2048x2048" };

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => _wire.Generator.GenerateImagesAsync("fox", options));

        Assert.Contains("aspect ratio", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _wire.Requests);
    }

    [Fact]
    public async Task An_aspect_ratio_without_a_size_is_refused_where_there_is_no_field_for_it()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { AspectRatio = "7:5" }));

        Assert.Equal(0, _wire.Requests);
    }

    [Fact]
    public async Task Words_may_come_as_additional_properties()
    {
        var options = new ImageGenerationOptions
        {
            AdditionalProperties = new() { ["quality"] = "high", ["background"] = ImageBackground.Opaque, ["size"] = "auto", ["aspect_ratio"] = Json("\"3:2\""), ["user"] = "user-1" },
        };

        await _wire.Jobs.GenerateImagesAsync("fox", options);

        AssertSent("""{ "prompt": "fox", "size": "auto", "quality": "high", "background": "opaque", "user": "user-1", "aspect_ratio": "3:2" }""", _wire.SentInput);
    }

    [Fact]
    public async Task A_word_that_is_set_twice_is_refused() => await AssertRefusedAsync<ArgumentException>(
        "quality", new ImageApiImageGenerationOptions { Quality = ImageQuality.High, AdditionalProperties = new() { ["quality"] = "low" } });

    [Fact]
    public async Task A_word_that_is_no_text_is_refused() =>
        await AssertRefusedAsync<ArgumentException>("quality", new ImageGenerationOptions { AdditionalProperties = new() { ["quality"] = 3 } });

    [Fact]
    public async Task Additional_properties_of_all_plain_types_are_sent()
    {
        var options = new ImageGenerationOptions
        {
            AdditionalProperties = new()
            {
                ["text"] = "a", ["whole"] = 1, ["long"] = 5_000_000_000L, ["part"] = 0.5, ["yes"] = true, ["nothing"] = null, ["json"] = Json("""{ "a": [1] }"""),
                ["node"] = new JsonObject { ["b"] = 2 }, ["texts"] = new[] { "x", "y" }, ["map"] = new Dictionary<string, object?> { ["c"] = new[] { 3 } },
            },
        };

        await _wire.Generator.GenerateImagesAsync("fox", options);

        var sent = _wire.Sent;
        AssertSent(
            """{ "text": "a", "whole": 1, "long": 5000000000, "part": 0.5, "yes": true, "nothing": null, "json": { "a": [1] }, "node": { "b": 2 }, "texts": ["x", "y"], "map": { "c": [3] } }""",
            new JsonObject(options.AdditionalProperties.Keys.Select(key => KeyValuePair.Create(key, sent[key]?.DeepClone()))));
    }

    [Theory]
    [MemberData(nameof(Unwritable), DisableDiscoveryEnumeration = true)]
    public async Task An_additional_property_that_is_no_json_is_refused(string name, object? value) =>
        await AssertRefusedAsync<ArgumentException>(name, new ImageGenerationOptions { AdditionalProperties = new() { [name] = value } });

    [Fact]
    public async Task An_additional_property_with_a_property_of_its_own_is_refused() =>
        await AssertRefusedAsync<ArgumentException>("response_format", new ImageGenerationOptions { AdditionalProperties = new() { ["response_format"] = "url" } });

    [Fact]
    public async Task The_options_are_left_as_they_were()
    {
        var options = new ImageGenerationOptions { AdditionalProperties = new() { ["quality"] = "high" } };

        await _wire.Generator.GenerateImagesAsync("fox", options);

        Assert.Equal("high", options.AdditionalProperties["quality"]);
    }

    [Fact]
    public async Task A_request_has_an_idempotency_key_of_its_own()
    {
        await _wire.Generator.GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { Call = new CallOptions { IdempotencyKey = "order-7" } });

        Assert.Equal("order-7", _wire.HeaderOfSent("Idempotency-Key"));
    }

    [Fact]
    public async Task The_headers_of_the_generator_are_sent()
    {
        var options = new ImageApiGeneratorOptions { Call = new CallOptions { Headers = new Dictionary<string, string> { ["X-Tenant"] = "a" } } };

        await _wire.Client.AsIImageGenerator(options: options).GenerateImagesAsync("fox");

        Assert.Equal("a", _wire.HeaderOfSent("X-Tenant"));
    }

    [Fact]
    public async Task Settings_of_a_job_are_refused_without_jobs()
    {
        var options = new ImageApiImageGenerationOptions { JobWait = new JobWaitOptions() };

        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Generator.GenerateImagesAsync("fox", options));
    }

    [Fact]
    public async Task Settings_of_a_call_are_refused_with_jobs()
    {
        var options = new ImageApiImageGenerationOptions { Call = new CallOptions() };

        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Jobs.GenerateImagesAsync("fox", options));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public async Task A_blank_prompt_is_refused(string? prompt)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _wire.Generator.GenerateAsync(new ImageGenerationRequest { Prompt = prompt }));

        Assert.Equal(0, _wire.Requests);
    }

    private static ImageApiImageGenerationOptions All() => new()
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
    private async Task AssertRefusedAsync<T>(string part, ImageGenerationOptions options)
        where T : Exception
    {
        foreach (var generator in new[] { _wire.Generator, _wire.Jobs })
        {
            var refusal = await Assert.ThrowsAnyAsync<T>(() => generator.GenerateImagesAsync("fox", options));
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _wire.Requests);
    }
}
