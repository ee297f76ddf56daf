using System.Collections.Concurrent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class IdempotencyKeysTests
{
    private const long Frequency = 1_000;

    [Fact]
    public void All_idempotency_keys_are_unique()
    {
        var idempotencyKeys = new ConcurrentBag<string>();

        Parallel.For(0, 20_000, i => idempotencyKeys.Add(IdempotencyKeys.Next(i / 5_000 * 1_000_000L, Frequency)));

        Assert.Equal(20_000, idempotencyKeys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(idempotencyKeys, static idempotencyKey => Assert.True(Guid.TryParseExact(idempotencyKey, "D", out _)));
    }

    [Fact]
    public void Idempotency_keys_of_one_timestamp_differ_in_the_last_byte()
    {
        var first = IdempotencyKeys.Next(Timestamp(1_000), Frequency);

        Assert.Equal(first[..^2], IdempotencyKeys.Next(Timestamp(1_000) + 9, Frequency)[..^2]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void Idempotency_keys_of_different_timestamps_share_no_prefix(int later)
    {
        var first = IdempotencyKeys.Next(Timestamp(2_000), Frequency);

        Assert.NotEqual(first[..8], IdempotencyKeys.Next(Timestamp(2_000) + later, Frequency)[..8]);
    }

    [Fact]
    public void One_timestamp_yields_256_idempotency_keys_with_one_prefix()
    {
        var idempotencyKeys = Enumerable.Range(0, 257).Select(static _ => IdempotencyKeys.Next(Timestamp(3_000), Frequency)).ToList();

        Assert.Equal(256, idempotencyKeys.Count(idempotencyKey => idempotencyKey[..^2] == idempotencyKeys[0][..^2]));
        Assert.Equal(257, idempotencyKeys.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>A time far from that of other calls on the same thread.</summary>
    private static long Timestamp(int number) => number * 1_000_000_000L;
}
