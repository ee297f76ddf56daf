using System.Net;
using System.Text.Json;
using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class GenerationTests
{
    [Fact]
    public async Task Model_and_prompt_are_enough()
    {
        await using var caller = await Caller.StartAsync();

        var answer = await caller.GenerateJsonAsync("a red fox");

        Assert.True(answer.GetProperty("created").GetInt64() > 0);
        Assert.Equal((1024, 1024), PngChunks.Size(await caller.Http.GetByteArrayAsync(Caller.LinkOf(answer))));
    }

    [Theory]
    [InlineData("2752x1536", 2752, 1536)]
    [InlineData("100x37", 100, 37)]
    [InlineData("1x1", 1, 1)]
    [InlineData("auto", 1024, 1024)]
    public async Task Picture_has_the_size_that_was_asked(string size, int width, int height)
    {
        await using var caller = await Caller.StartAsync();

        var picture = await caller.DrawAsync("a red fox", $$""","size":"{{size}}" """);

        Assert.Equal((width, height), PngChunks.Size(picture));
        using var decoded = SKBitmap.Decode(picture);
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
    }

    [Theory]
    [InlineData("png", SKEncodedImageFormat.Png)]
    [InlineData("jpeg", SKEncodedImageFormat.Jpeg)]
    [InlineData("webp", SKEncodedImageFormat.Webp)]
    public async Task Picture_has_the_format_that_was_asked(string format, SKEncodedImageFormat expected)
    {
        await using var caller = await Caller.StartAsync();
        var answer = await caller.GenerateJsonAsync("a red fox", $$""","size":"320x200","output_format":"{{format}}" """);

        using var response = await caller.Http.GetAsync(Caller.LinkOf(answer));

        Assert.Equal($"image/{format}", response.Content.Headers.ContentType!.MediaType);
        using var codec = SKCodec.Create(await response.Content.ReadAsStreamAsync());
        Assert.Equal(expected, codec.EncodedFormat);
        Assert.Equal((320, 200), (codec.Info.Width, codec.Info.Height));
    }

    [Fact]
    public async Task Base64_holds_the_same_picture_as_the_link()
    {
        await using var caller = await Caller.StartAsync();

        var inline = await caller.GenerateJsonAsync("a red fox", ""","size":"640x400","response_format":"b64_json" """);

        var item = Assert.Single(inline.GetProperty("data").EnumerateArray());
        Assert.False(item.TryGetProperty("url", out _));
        Assert.Equal(await caller.DrawAsync("a red fox", ""","size":"640x400" """), item.GetProperty("b64_json").GetBytesFromBase64());
    }

    [Fact]
    public async Task Several_pictures_of_one_prompt_differ()
    {
        await using var caller = await Caller.StartAsync();

        var answer = await caller.GenerateJsonAsync("a red fox", ""","size":"64x64","n":4""");

        var pictures = new HashSet<string>();
        for (var index = 0; index < 4; index++)
        {
            pictures.Add(Convert.ToHexString(await caller.Http.GetByteArrayAsync(Caller.LinkOf(answer, index))));
        }

        Assert.Equal(4, answer.GetProperty("data").GetArrayLength());
        Assert.Equal(4, pictures.Count);
        Assert.Equal(4, caller.Emulator.Ledger.ItemCount);
    }

    [Fact]
    public async Task Answer_tells_what_OpenAI_tells()
    {
        await using var caller = await Caller.StartAsync();

        var answer = await caller.GenerateJsonAsync("a red fox", ""","size":"64x32","quality":"high","output_format":"webp" """);

        Assert.Equal("64x32", answer.GetProperty("size").GetString());
        Assert.Equal("high", answer.GetProperty("quality").GetString());
        Assert.Equal("webp", answer.GetProperty("output_format").GetString());
        Assert.Equal("opaque", answer.GetProperty("background").GetString());
        Assert.True(answer.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
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
    public async Task Wrong_request_is_told_what_is_wrong_and_charged_nothing(string body, string param, string code)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.PostAsync("v1/images/generations", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await Caller.ErrorAsync(response);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.Equal(0, caller.Emulator.Ledger.ChargeCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task Body_that_is_no_object_is_refused(string body)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.PostAsync("v1/images/generations", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await Caller.ErrorAsync(response)).GetProperty("param").ValueKind);
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.MaxBodyBytes = 1000));

        using var response = await caller.GenerateAsync(new string('x', 2000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }
}
