using System.Net;
using System.Net.Http.Headers;
using ImageApi.Emulator.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Emulator.Tests;

public sealed class MediaDownloadTests
{
    private const string SmallSizeJson = ""","size":"64x64" """;

    [Fact]
    public async Task Media_URL_requires_no_API_key()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));
        using var anonymousClient = new HttpClient();

        using var response = await anonymousClient.GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((await response.Content.ReadAsByteArrayAsync()).Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task HEAD_request_returns_the_length_without_a_body()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));
        var bytes = await client.Http.GetByteArrayAsync(url);

        using var response = await client.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Range_request_with_a_matching_ETag_returns_partial_content()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));
        using var fullResponse = await client.Http.GetAsync(url);
        var bytes = await fullResponse.Content.ReadAsByteArrayAsync();
        Assert.False(fullResponse.Headers.ETag!.IsWeak);

        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(10, 29), IfRange = new RangeConditionHeaderValue(fullResponse.Headers.ETag) } };
        using var partialResponse = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, partialResponse.StatusCode);
        Assert.Equal(bytes[10..30], await partialResponse.Content.ReadAsByteArrayAsync());
        Assert.Equal(bytes.Length, partialResponse.Content.Headers.ContentRange!.Length);
    }

    [Fact]
    public async Task Range_request_with_another_ETag_returns_the_full_content()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(10, 29), IfRange = new RangeConditionHeaderValue("\"other\"") } };
        using var fullResponse = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, fullResponse.StatusCode);
    }

    [Theory]
    [InlineData("media/none.png")]
    [InlineData("media/gen_none-0.png")]
    [InlineData("media/-.")]
    public async Task Unknown_media_URL_returns_404(string path)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("media_not_found", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Expired_media_URL_returns_410_and_the_job_returns_a_new_one()
    {
        var clock = new FakeTimeProvider();
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options =>
        {
            options.TimeProvider = clock;
            options.MediaUrlLifetime = TimeSpan.FromMinutes(5);
        }));
        var id = (await client.SubmitJsonAsync("a red fox", SmallSizeJson)).GetProperty("id").GetString()!;
        var oldUrl = await GetMediaUrlAsync(client, id);
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(client, oldUrl));

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(HttpStatusCode.Gone, await GetStatusAsync(client, oldUrl));
        Assert.Equal(HttpStatusCode.OK, await GetStatusAsync(client, await GetMediaUrlAsync(client, id)));
    }

    [Fact]
    public async Task Media_URL_with_a_modified_or_missing_expiry_returns_410()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.MediaUrlLifetime = TimeSpan.FromMinutes(5)));
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        Assert.Equal(HttpStatusCode.Gone, await GetStatusAsync(client, url.Replace("expires=", "expires=9", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Gone, await GetStatusAsync(client, url[..url.IndexOf('?', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Media_URLs_start_with_the_public_base_address()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.PublicBaseAddress = new Uri("https://images.example/api/")));

        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        Assert.StartsWith("https://images.example/api/media/gen_", url, StringComparison.Ordinal);
    }

    private static async Task<string> GetMediaUrlAsync(EmulatorTestClient client, string id)
        => (await client.GetJobAsync(id)).GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString()!;

    private static async Task<HttpStatusCode> GetStatusAsync(EmulatorTestClient client, string url)
    {
        using var response = await client.Http.GetAsync(url);
        return response.StatusCode;
    }
}
