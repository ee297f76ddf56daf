using FsCheck.Fluent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class RetryScheduleTests
{
    private static readonly RetrySettings Settings = new(2, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(60));

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
    public void The_limit_doubles_up_to_the_cap(int retriesDone, double random, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetrySchedule.Backoff(Settings, retriesDone, random));

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 2, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 0, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, true)]
    public void How_often_is_what_the_rules_and_the_settings_both_allow(int repeat, int maxRetries, bool again) =>
        Assert.Equal(again, RetrySchedule.NextWait(Settings, (Repeat)repeat, 0, maxRetries, null, TimeSpan.FromHours(1), 0.5) is not null);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void There_is_an_end_to_repeating(int repeat, int retriesDone) =>
        Assert.Null(RetrySchedule.NextWait(Settings, (Repeat)repeat, retriesDone, 2, null, TimeSpan.FromHours(1), 0.5));

    [Theory]
    [InlineData(2.0, 2.0)]
    [InlineData(0.0, 0.5)]
    [InlineData(60.0, 60.0)]
    [InlineData(60.001, null)]
    [InlineData(86400.0, null)]
    public void S28_S30_the_servers_wish_is_a_minimum_up_to_a_cap(double retryAfter, double? seconds) =>
        Assert.Equal(seconds, RetrySchedule.NextWait(Settings, Repeat.Yes, 0, 2, TimeSpan.FromSeconds(retryAfter), TimeSpan.FromHours(1), 1)?.TotalSeconds);

    [Fact]
    public void S30_a_wish_beyond_measure_is_not_waited_for() =>
        Assert.Null(RetrySchedule.NextWait(Settings, Repeat.Yes, 0, 2, TimeSpan.MaxValue, TimeSpan.FromHours(1), 1));

    [Theory]
    [InlineData(499, false)]
    [InlineData(500, false)]
    [InlineData(501, true)]
    public void A_wait_that_would_outlast_the_call_is_not_begun(int leftMilliseconds, bool again) =>
        Assert.Equal(again, RetrySchedule.NextWait(Settings, Repeat.Yes, 0, 2, null, TimeSpan.FromMilliseconds(leftMilliseconds), 1) is not null);

    [Fact]
    public void P5_every_wait_keeps_its_bounds() => Property.Holds(
        from retries in Gen.OneOf(Gen.Choose(0, 10), Gen.Choose(0, int.MaxValue))
        from baseMs in Gen.Choose(1, 10_000)
        from moreMs in Gen.Choose(0, 100_000)
        from wishMs in Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 120_000))
        from leftMs in Gen.Choose(-1000, 200_000)
        from random in Gen.Choose(0, 1000)
        select (retries, settings: new RetrySettings(int.MaxValue, TimeSpan.FromMilliseconds(baseMs), TimeSpan.FromMilliseconds(baseMs + moreMs), TimeSpan.FromSeconds(60)),
            wish: wishMs < 0 ? default(TimeSpan?) : TimeSpan.FromMilliseconds(wishMs), left: TimeSpan.FromMilliseconds(leftMs), random: random / 1000.0),
        static x =>
        {
            var backoff = RetrySchedule.Backoff(x.settings, x.retries, x.random);
            Assert.InRange(backoff, TimeSpan.Zero, x.settings.MaxDelay);
            Assert.True(RetrySchedule.Backoff(x.settings, Math.Max(0, x.retries - 1), x.random) <= backoff);
            Assert.True(x.retries > 40 || backoff.TotalMilliseconds <= (x.settings.BaseDelay.TotalMilliseconds * Math.Pow(2, x.retries)) + 1);

            var wait = RetrySchedule.NextWait(x.settings, Repeat.Yes, x.retries, int.MaxValue, x.wish, x.left, x.random);
            if (wait is { } time)
            {
                Assert.True(time >= (x.wish ?? TimeSpan.Zero) && time >= backoff && time < x.left && x.retries < int.MaxValue);
                Assert.True(time == backoff || time == x.wish);
            }
            else
            {
                Assert.True(x.wish > x.settings.MaxRetryAfter || backoff >= x.left || x.wish >= x.left || x.retries == int.MaxValue);
            }
        });

    [Fact]
    public void P5_all_waits_together_stay_below_the_time_limit() => Property.Holds(
        from limit in Gen.Choose(0, 100_000)
        from random in Gen.Choose(0, 1000)
        select (limit: TimeSpan.FromMilliseconds(limit), random: Math.Max(1, random) / 1000.0),
        static x =>
        {
            var sum = TimeSpan.Zero;
            for (var retry = 0; RetrySchedule.NextWait(Settings, Repeat.Yes, retry, 100_000, null, x.limit - sum, x.random) is { } wait; retry++)
            {
                sum += wait;
            }

            Assert.True(sum <= x.limit);
        });
}
