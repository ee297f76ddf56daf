using ImageApi.Client.Media;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Media;

public sealed class LinkMemoryTests
{
    private readonly FakeTimeProvider _time = new();
    private int _uploads;

    [Fact]
    public async Task The_oldest_link_goes_when_there_are_too_many()
    {
        var memory = new LinkMemory(TimeSpan.FromHours(1), _time);
        for (var i = 0; i <= LinkMemory.Most; i++)
        {
            await GetAsync(memory, $"hash {i}");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(LinkMemory.Most, memory.Count);
        await GetAsync(memory, "hash 1");
        Assert.Equal(LinkMemory.Most + 1, _uploads);
        await GetAsync(memory, "hash 0");
        Assert.Equal(LinkMemory.Most + 2, _uploads);
    }

    [Fact]
    public async Task With_no_time_to_remember_nothing_is_kept()
    {
        var memory = new LinkMemory(TimeSpan.Zero, _time);

        await GetAsync(memory, "hash");
        await GetAsync(memory, "hash");

        Assert.Equal((2, 0), (_uploads, memory.Count));
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var memory = new LinkMemory(TimeSpan.FromHours(1), _time);

        await Assert.ThrowsAsync<ImageApiException>(() => memory.GetAsync("hash", static _ => throw new ImageApiException("no"), default));

        Assert.Equal(0, memory.Count);
    }

    [Fact]
    public async Task A_source_that_fails_concerns_its_own_call_alone()
    {
        var memory = new LinkMemory(TimeSpan.FromHours(1), _time);
        using var reading = new SemaphoreSlim(0);

        var first = Assert.ThrowsAsync<IOException>(() => memory.GetAsync(
            "hash",
            async token =>
            {
                await reading.WaitAsync(token);
                throw new IOException("mine");
            },
            default));
        var second = GetAsync(memory, "hash");
        reading.Release();

        await first;
        Assert.Equal("https://cdn.example/hash", (await second).Url);
    }

    private Task<UploadedLink> GetAsync(LinkMemory memory, string hash) => memory.GetAsync(
        hash,
        _ =>
        {
            _uploads++;
            return Task.FromResult(new UploadedLink("https://cdn.example/" + hash, ExpiresAt: null));
        },
        default);
}
