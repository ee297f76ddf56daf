using System.Collections.Concurrent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class IdempotencyKeysTests
{
    private const long Frequency = 1_000;

    [Fact]
    public void All_keys_differ()
    {
        var keys = new ConcurrentBag<string>();

        Parallel.For(0, 20_000, i => keys.Add(IdempotencyKeys.Next(i / 5_000 * 1_000_000L, Frequency)));

        Assert.Equal(20_000, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, static key => Assert.True(Guid.TryParseExact(key, "D", out _)));
    }

    [Fact]
    public void Keys_of_one_moment_differ_in_their_last_byte()
    {
        var first = IdempotencyKeys.Next(Moments(1_000), Frequency);

        Assert.Equal(first[..^2], IdempotencyKeys.Next(Moments(1_000) + 9, Frequency)[..^2]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void Keys_of_another_moment_have_nothing_in_common(int later)
    {
        var first = IdempotencyKeys.Next(Moments(2_000), Frequency);

        Assert.NotEqual(first[..8], IdempotencyKeys.Next(Moments(2_000) + later, Frequency)[..8]);
    }

    [Fact]
    public void A_moment_has_so_many_keys_as_its_last_byte_has_values()
    {
        var keys = Enumerable.Range(0, 257).Select(static _ => IdempotencyKeys.Next(Moments(3_000), Frequency)).ToList();

        Assert.Equal(256, keys.Count(key => key[..^2] == keys[0][..^2]));
        Assert.Equal(257, keys.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>A time far from that of other calls on the same thread.</summary>
    private static long Moments(int number) => number * 1_000_000_000L;
}
