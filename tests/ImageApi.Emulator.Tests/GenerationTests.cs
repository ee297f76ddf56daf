using System.Net;
using System.Text.Json;
using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class GenerationTests
{
    [Fact]
    public async Task Model_and_prompt_are_the_only_required_fields()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var response = await client.GenerateJsonAsync("a red fox");

        Assert.True(response.GetProperty("created").GetInt64() > 0);
        Assert.Equal((1024, 1024), PngChunks.ReadSize(await client.Http.GetByteArrayAsync(EmulatorTestClient.GetMediaUrl(response))));
    }

    [Theory]
    [InlineData("2752x1536", 2752, 1536)]
    [InlineData("100x37", 100, 37)]
    [InlineData("1x1", 1, 1)]
    [InlineData("auto", 1024, 1024)]
    public async Task Image_has_the_requested_size(string size, int width, int height)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var image = await client.GenerateAndDownloadAsync("a red fox", $$""","size":"{{size}}" """);

        Assert.Equal((width, height), PngChunks.ReadSize(image));
        using var decoded = SKBitmap.Decode(image);
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
    }

    [Theory]
    [InlineData("png", SKEncodedImageFormat.Png)]
    [InlineData("jpeg", SKEncodedImageFormat.Jpeg)]
    [InlineData("webp", SKEncodedImageFormat.Webp)]
    public async Task Image_has_the_requested_format(string format, SKEncodedImageFormat expected)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var generation = await client.GenerateJsonAsync("a red fox", $$""","size":"320x200","output_format":"{{format}}" """);

        using var response = await client.Http.GetAsync(EmulatorTestClient.GetMediaUrl(generation));

        Assert.Equal($"image/{format}", response.Content.Headers.ContentType!.MediaType);
        using var codec = SKCodec.Create(await response.Content.ReadAsStreamAsync());
        Assert.Equal(expected, codec.EncodedFormat);
        Assert.Equal((320, 200), (codec.Info.Width, codec.Info.Height));
    }

    [Fact]
    public async Task Base64_contains_the_same_image_as_the_URL()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var inline = await client.GenerateJsonAsync("a red fox", ""","size":"640x400","response_format":"b64_json" """);

        var item = Assert.Single(inline.GetProperty("data").EnumerateArray());
        Assert.False(item.TryGetProperty("url", out _));
        Assert.Equal(await client.GenerateAndDownloadAsync("a red fox", ""","size":"640x400" """), item.GetProperty("b64_json").GetBytesFromBase64());
    }

    [Fact]
    public async Task Multiple_images_of_one_prompt_differ()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var response = await client.GenerateJsonAsync("a red fox", ""","size":"64x64","n":4""");

        var images = new HashSet<string>();
        for (var index = 0; index < 4; index++)
        {
            images.Add(Convert.ToHexString(await client.Http.GetByteArrayAsync(EmulatorTestClient.GetMediaUrl(response, index))));
        }

        Assert.Equal(4, response.GetProperty("data").GetArrayLength());
        Assert.Equal(4, images.Count);
        Assert.Equal(4, client.Emulator.Ledger.ItemCount);
    }

    [Fact]
    public async Task Response_includes_the_OpenAI_fields()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var response = await client.GenerateJsonAsync("a red fox", ""","size":"64x32","quality":"high","output_format":"webp" """);

        Assert.Equal("64x32", response.GetProperty("size").GetString());
        Assert.Equal("high", response.GetProperty("quality").GetString());
        Assert.Equal("webp", response.GetProperty("output_format").GetString());
        Assert.Equal("opaque", response.GetProperty("background").GetString());
        Assert.True(response.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", "model", "missing_required_parameter")]
    [InlineData("""{"model":"m"}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"model":"m","prompt":null}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"model":"m","prompt":"  "}""", "prompt", "invalid_value")]
    [InlineData("""{"model":"m","prompt":7}""", "prompt", "invalid_type")]
    [InlineData("""{"model":"m","prompt":"\ud800"}""", "prompt", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","size":"big"}""", "size", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","size":"0x10"}""", "size", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","size":"99999x10"}""", "size", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","size":"-5x10"}""", "size", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","n":0}""", "n", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","n":11}""", "n", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","n":"2"}""", "n", "invalid_type")]
    [InlineData("""{"model":"m","prompt":"x","response_format":"xml"}""", "response_format", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","output_format":"tiff"}""", "output_format", "invalid_value")]
    [InlineData("""{"model":"m","prompt":"x","background":"pink"}""", "background", "invalid_value")]
    [InlineData("""{"model":"video-1","prompt":"x"}""", "model", "model_not_supported")]
    public async Task Invalid_request_returns_a_specific_error_without_charging(string body, string param, string code)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.PostAsync("v1/images/generations", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await EmulatorTestClient.ReadErrorAsync(response);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.Equal(0, client.Emulator.Ledger.ChargeCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task Body_that_is_not_a_JSON_object_returns_400(string body)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.PostAsync("v1/images/generations", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("param").ValueKind);
    }

    [Fact]
    public async Task Body_over_the_size_limit_returns_413()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.MaxBodyBytes = 1000));

        using var response = await client.GenerateAsync(new string('x', 2000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }
}
