using System.Net;
using System.Security.Cryptography;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class UploadTests
{
    private static readonly byte[] SmallPng = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Uploaded_file_can_be_downloaded_from_its_URL()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var uploaded = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync(SmallPng, "demo.png"));

        Assert.StartsWith("file_", uploaded.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("file", uploaded.GetProperty("object").GetString());
        Assert.Equal("image", uploaded.GetProperty("kind").GetString());
        Assert.Equal("reference", uploaded.GetProperty("purpose").GetString());
        Assert.Equal("demo.png", uploaded.GetProperty("filename").GetString());
        Assert.Equal(SmallPng.Length, uploaded.GetProperty("bytes").GetInt64());
        Assert.Equal("image/png", uploaded.GetProperty("mime_type").GetString());
        Assert.Equal(SmallPng, await client.Http.GetByteArrayAsync(uploaded.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Large_upload_is_downloaded_unchanged()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var bytes = RandomNumberGenerator.GetBytes(9 * 1024 * 1024);

        var uploaded = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync(bytes, "clip.bin"));

        Assert.Equal(bytes, await client.Http.GetByteArrayAsync(uploaded.GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Empty_file_is_stored()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var uploaded = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync([], "empty.bin"));

        Assert.Equal(0, uploaded.GetProperty("bytes").GetInt64());
        Assert.Empty(await client.Http.GetByteArrayAsync(uploaded.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData(null, "reference", "kind")]
    [InlineData("image", null, "purpose")]
    public async Task Missing_form_field_error_names_the_field(string? kind, string? purpose, string param)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.UploadAsync(SmallPng, kind: kind, purpose: purpose);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Form_without_a_file_is_rejected()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("image"), "kind" }, { new StringContent("reference"), "purpose" } };

        using var response = await client.Http.PostAsync("v1/files/upload", form);

        Assert.Equal("file", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Body_without_a_multipart_form_returns_400()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.PostAsync("v1/files/upload", "{}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_content_type", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Truncated_form_returns_400()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nima");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        using var response = await client.Http.PostAsync("v1/files/upload", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_form", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Form_with_two_files_is_rejected()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(SmallPng), "file", "a.png" }, { new ByteArrayContent(SmallPng), "file", "b.png" } };

        using var response = await client.Http.PostAsync("v1/files/upload", form);

        Assert.Equal("invalid_form", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Oldest_upload_is_evicted_when_the_storage_limit_is_exceeded()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.MaxStoredUploadBytes = 1500));
        var first = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync(new byte[1000], "one.bin"));
        var second = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync(new byte[1000], "two.bin"));

        using var evictedResponse = await client.Http.GetAsync(first.GetProperty("url").GetString());

        Assert.Equal(HttpStatusCode.NotFound, evictedResponse.StatusCode);
        Assert.Equal(1000, (await client.Http.GetByteArrayAsync(second.GetProperty("url").GetString())).Length);
    }
}
