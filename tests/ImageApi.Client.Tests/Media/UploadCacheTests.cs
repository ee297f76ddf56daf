using ImageApi.Client.Media.References;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Media;

public sealed class UploadCacheTests
{
    private readonly FakeTimeProvider _time = new();
    private int _uploads;

    [Fact]
    public async Task Evicts_the_oldest_upload_when_the_cache_is_full()
    {
        var cache = new UploadCache(TimeSpan.FromHours(1), _time);
        for (var i = 0; i <= UploadCache.MaxEntries; i++)
        {
            await GetAsync(cache, $"hash {i}");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(UploadCache.MaxEntries, cache.Count);
        await GetAsync(cache, "hash 1");
        Assert.Equal(UploadCache.MaxEntries + 1, _uploads);
        await GetAsync(cache, "hash 0");
        Assert.Equal(UploadCache.MaxEntries + 2, _uploads);
    }

    [Fact]
    public async Task Zero_duration_disables_caching()
    {
        var cache = new UploadCache(TimeSpan.Zero, _time);

        await GetAsync(cache, "hash");
        await GetAsync(cache, "hash");

        Assert.Equal((2, 0), (_uploads, cache.Count));
    }

    [Fact]
    public async Task Failed_uploads_are_not_cached()
    {
        var cache = new UploadCache(TimeSpan.FromHours(1), _time);

        await Assert.ThrowsAsync<ImageApiException>(() => cache.GetAsync("hash", static _ => throw new ImageApiException("no"), default));

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task Source_failure_does_not_fail_concurrent_calls()
    {
        var cache = new UploadCache(TimeSpan.FromHours(1), _time);
        using var readGate = new SemaphoreSlim(0);

        var first = Assert.ThrowsAsync<IOException>(() => cache.GetAsync(
            "hash",
            async token =>
            {
                await readGate.WaitAsync(token);
                throw new IOException("mine");
            },
            default));
        var second = GetAsync(cache, "hash");
        readGate.Release();

        await first;
        Assert.Equal("https://cdn.example/hash", (await second).Url);
    }

    private Task<CachedUpload> GetAsync(UploadCache cache, string hash) => cache.GetAsync(
        hash,
        _ =>
        {
            _uploads++;
            return Task.FromResult(new CachedUpload("https://cdn.example/" + hash, ExpiresAt: null));
        },
        default);
}
