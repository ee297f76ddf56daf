using System.Net;
using System.Security.Cryptography;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class UploadTests
{
    private static readonly byte[] SmallPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Upload_is_served_back_by_its_link()
    {
        await using var caller = await Caller.StartAsync();

        var answer = await Caller.JsonAsync(await caller.UploadAsync(SmallPng, "demo.png"));

        Assert.StartsWith("file_", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("file", answer.GetProperty("object").GetString());
        Assert.Equal("image", answer.GetProperty("kind").GetString());
        Assert.Equal("reference", answer.GetProperty("purpose").GetString());
        Assert.Equal("demo.png", answer.GetProperty("filename").GetString());
        Assert.Equal(SmallPng.Length, answer.GetProperty("bytes").GetInt64());
        Assert.Equal("image/png", answer.GetProperty("mime_type").GetString());
        Assert.Equal(SmallPng, await caller.Http.GetByteArrayAsync(answer.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Large_upload_comes_back_unchanged()
    {
        await using var caller = await Caller.StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(9 * 1024 * 1024);

        var answer = await Caller.JsonAsync(await caller.UploadAsync(bytes, "clip.bin"));

        Assert.Equal(bytes, await caller.Http.GetByteArrayAsync(answer.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Empty_file_is_stored()
    {
        await using var caller = await Caller.StartAsync();

        var answer = await Caller.JsonAsync(await caller.UploadAsync([], "empty.bin"));

        Assert.Equal(0, answer.GetProperty("bytes").GetInt64());
        Assert.Empty(await caller.Http.GetByteArrayAsync(answer.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData(null, "reference", "kind")]
    [InlineData("image", null, "purpose")]
    public async Task Missing_field_is_named(string? kind, string? purpose, string param)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.UploadAsync(SmallPng, kind: kind, purpose: purpose);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await Caller.ErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Form_without_a_file_is_refused()
    {
        await using var caller = await Caller.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("image"), "kind" }, { new StringContent("reference"), "purpose" } };

        using var response = await caller.Http.PostAsync("v1/files/upload", form);

        Assert.Equal("file", (await Caller.ErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Body_that_is_no_form_is_refused()
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.PostAsync("v1/files/upload", "{}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_content_type", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Form_that_breaks_off_is_refused()
    {
        await using var caller = await Caller.StartAsync();
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nima");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        using var response = await caller.Http.PostAsync("v1/files/upload", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_form", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Second_file_is_refused()
    {
        await using var caller = await Caller.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(SmallPng), "file", "a.png" }, { new ByteArrayContent(SmallPng), "file", "b.png" } };

        using var response = await caller.Http.PostAsync("v1/files/upload", form);

        Assert.Equal("invalid_form", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Oldest_upload_gives_way_beyond_the_bound()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.MaxStoredUploadBytes = 1500));
        var first = await Caller.JsonAsync(await caller.UploadAsync(new byte[1000], "one.bin"));
        var second = await Caller.JsonAsync(await caller.UploadAsync(new byte[1000], "two.bin"));

        using var gone = await caller.Http.GetAsync(first.GetProperty("url").GetString());

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(1000, (await caller.Http.GetByteArrayAsync(second.GetProperty("url").GetString())).Length);
    }
}
