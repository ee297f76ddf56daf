using FsCheck.Fluent;
using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Tests.Http;

public sealed class RetryDelayTests
{
    private static readonly RetrySettings RetryOptions = new(2, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(0, 1.0, 500)]
    [InlineData(1, 1.0, 1000)]
    [InlineData(2, 0.5, 1000)]
    [InlineData(3, 1.0, 4000)]
    [InlineData(4, 1.0, 8000)]
    [InlineData(5, 1.0, 8000)]
    [InlineData(1_000_000, 1.0, 8000)]
    [InlineData(int.MaxValue, 1.0, 8000)]
    [InlineData(0, 0.0, 0)]
    public void Backoff_doubles_up_to_the_maximum_delay(int retriesDone, double random, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryDelay.Backoff(RetryOptions, retriesDone, random));

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 2, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 0, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, true)]
    public void Retry_needs_a_retryable_decision_and_remaining_retries(int retry, int maxRetries, bool shouldRetry) =>
        Assert.Equal(shouldRetry, RetryDelay.Next(RetryOptions, (RetryAllowance)retry, 0, maxRetries, null, TimeSpan.FromHours(1), 0.5) is not null);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void No_delay_is_returned_after_the_last_retry(int retry, int retriesDone) =>
        Assert.Null(RetryDelay.Next(RetryOptions, (RetryAllowance)retry, retriesDone, 2, null, TimeSpan.FromHours(1), 0.5));

    [Theory]
    [InlineData(2.0, 2.0)]
    [InlineData(0.0, 0.5)]
    [InlineData(60.0, 60.0)]
    [InlineData(60.001, null)]
    [InlineData(86400.0, null)]
    public void S28_S30_Retry_After_is_a_minimum_delay_up_to_a_maximum(double retryAfter, double? seconds) =>
        Assert.Equal(seconds, RetryDelay.Next(RetryOptions, RetryAllowance.UpToMaxRetries, 0, 2, TimeSpan.FromSeconds(retryAfter), TimeSpan.FromHours(1), 1)?.TotalSeconds);

    [Fact]
    public void S30_Retry_After_of_TimeSpan_MaxValue_is_not_retried() =>
        Assert.Null(RetryDelay.Next(RetryOptions, RetryAllowance.UpToMaxRetries, 0, 2, TimeSpan.MaxValue, TimeSpan.FromHours(1), 1));

    [Theory]
    [InlineData(499, false)]
    [InlineData(500, false)]
    [InlineData(501, true)]
    public void Delay_beyond_the_request_timeout_is_not_started(int leftMilliseconds, bool shouldRetry) =>
        Assert.Equal(shouldRetry, RetryDelay.Next(RetryOptions, RetryAllowance.UpToMaxRetries, 0, 2, null, TimeSpan.FromMilliseconds(leftMilliseconds), 1) is not null);

    [Fact]
    public void P5_every_retry_delay_is_within_its_bounds() => Property.Holds(
        from retries in Gen.OneOf(Gen.Choose(0, 10), Gen.Choose(0, int.MaxValue))
        from baseMs in Gen.Choose(1, 10_000)
        from moreMs in Gen.Choose(0, 100_000)
        from retryAfterMs in Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 120_000))
        from leftMs in Gen.Choose(-1000, 200_000)
        from random in Gen.Choose(0, 1000)
        select (retries, options: new RetrySettings(int.MaxValue, TimeSpan.FromMilliseconds(baseMs), TimeSpan.FromMilliseconds(baseMs + moreMs), TimeSpan.FromSeconds(60)),
            retryAfter: retryAfterMs < 0 ? default(TimeSpan?) : TimeSpan.FromMilliseconds(retryAfterMs), left: TimeSpan.FromMilliseconds(leftMs), random: random / 1000.0),
        static x =>
        {
            var backoff = RetryDelay.Backoff(x.options, x.retries, x.random);
            Assert.InRange(backoff, TimeSpan.Zero, x.options.MaxDelay);
            Assert.True(RetryDelay.Backoff(x.options, Math.Max(0, x.retries - 1), x.random) <= backoff);
            Assert.True(x.retries > 40 || backoff.TotalMilliseconds <= (x.options.BaseDelay.TotalMilliseconds * Math.Pow(2, x.retries)) + 1);

            var delay = RetryDelay.Next(x.options, RetryAllowance.UpToMaxRetries, x.retries, int.MaxValue, x.retryAfter, x.left, x.random);
            if (delay is { } time)
            {
                Assert.True(time >= (x.retryAfter ?? TimeSpan.Zero) && time >= backoff && time < x.left && x.retries < int.MaxValue);
                Assert.True(time == backoff || time == x.retryAfter);
            }
            else
            {
                Assert.True(x.retryAfter > x.options.MaxRetryAfter || backoff >= x.left || x.retryAfter >= x.left || x.retries == int.MaxValue);
            }
        });

    [Fact]
    public void P5_total_retry_delay_stays_below_the_request_timeout() => Property.Holds(
        from limit in Gen.Choose(0, 100_000)
        from random in Gen.Choose(0, 1000)
        select (limit: TimeSpan.FromMilliseconds(limit), random: Math.Max(1, random) / 1000.0),
        static x =>
        {
            var sum = TimeSpan.Zero;
            for (var retry = 0; RetryDelay.Next(RetryOptions, RetryAllowance.UpToMaxRetries, retry, 100_000, null, x.limit - sum, x.random) is { } delay; retry++)
            {
                sum += delay;
            }

            Assert.True(sum <= x.limit);
        });
}
