using System.Net;
using System.Net.Http.Headers;
using ImageApi.Emulator.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Emulator.Tests;

public sealed class MediaTests
{
    private const string Small = ""","size":"64x64" """;

    [Fact]
    public async Task Link_needs_no_key()
    {
        await using var caller = await Caller.StartAsync();
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));
        using var stranger = new HttpClient();

        using var response = await stranger.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((await response.Content.ReadAsByteArrayAsync()).Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Head_tells_the_length_and_sends_nothing()
    {
        await using var caller = await Caller.StartAsync();
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));
        var bytes = await caller.Http.GetByteArrayAsync(link);

        using var response = await caller.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, link));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Part_can_be_asked_for_by_range_and_strong_tag()
    {
        await using var caller = await Caller.StartAsync();
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));
        using var whole = await caller.Http.GetAsync(link);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.False(whole.Headers.ETag!.IsWeak);

        using var request = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(10, 29), IfRange = new RangeConditionHeaderValue(whole.Headers.ETag) } };
        using var part = await caller.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[10..30], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(bytes.Length, part.Content.Headers.ContentRange!.Length);
    }

    [Fact]
    public async Task Range_with_another_tag_gets_the_whole()
    {
        await using var caller = await Caller.StartAsync();
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        using var request = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(10, 29), IfRange = new RangeConditionHeaderValue("\"other\"") } };
        using var whole = await caller.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
    }

    [Theory]
    [InlineData("media/none.png")]
    [InlineData("media/gen_none-0.png")]
    [InlineData("media/-.")]
    public async Task Unknown_link_is_not_found(string path)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("media_not_found", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Expired_link_is_gone_and_the_job_gives_a_new_one()
    {
        var clock = new FakeTimeProvider();
        await using var caller = await Caller.StartAsync(Caller.Quick(options =>
        {
            options.TimeProvider = clock;
            options.LinkLifetime = TimeSpan.FromMinutes(5);
        }));
        var id = (await caller.SubmitJsonAsync("a red fox", Small)).GetProperty("id").GetString()!;
        var old = await LinkAsync(caller, id);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(caller, old));

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(caller, old));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(caller, await LinkAsync(caller, id)));
    }

    [Fact]
    public async Task Holder_of_a_link_cannot_prolong_it()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.LinkLifetime = TimeSpan.FromMinutes(5)));
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(caller, link.Replace("expires=", "expires=9", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(caller, link[..link.IndexOf('?', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Links_begin_with_the_public_address()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.PublicBaseAddress = new Uri("https://images.example/api/")));

        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        Assert.StartsWith("https://images.example/api/media/gen_", link, StringComparison.Ordinal);
    }

    private static async Task<string> LinkAsync(Caller caller, string id)
        => (await caller.QueryAsync(id)).GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString()!;

    private static async Task<HttpStatusCode> StatusAsync(Caller caller, string link)
    {
        using var response = await caller.Http.GetAsync(link);
        return response.StatusCode;
    }
}
