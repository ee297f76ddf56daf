using FsCheck.Fluent;
using ImageApi.Client.Http;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Http;

public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 17, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("2", 2.0)]
    [InlineData(" 2 ", 2.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0.001", 0.001)]
    [InlineData("86400", 86400.0)]
    [InlineData("99999999999", 99999999999.0)]
    [InlineData("Thu, 17 Sep 2026 12:00:30 GMT", 30.0)]
    [InlineData("Thu, 17 Sep 2026 11:59:30 GMT", 0.0)]
    [InlineData("Thursday, 17-Sep-26 12:00:30 GMT", 30.0)]
    [InlineData("Thu Sep 17 12:00:30 2026", 30.0)]
    [InlineData("-5", null)]
    [InlineData("+5", null)]
    [InlineData("abc", null)]
    [InlineData("5, 10", null)]
    [InlineData("1,5", null)]
    [InlineData("1e3", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("2026-09-17", null)]
    [InlineData("٣", null)]
    public void S28_S31_every_form_is_read(string text, double? seconds) =>
        Assert.Equal(seconds, RetryAfterHeader.Parse(text, Now)?.TotalSeconds);

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("922337203685")]
    [InlineData("922337203686")]
    public void S30_what_is_huge_is_not_missing(string text) =>
        Assert.True(RetryAfterHeader.Parse(text, Now) > TimeSpan.FromDays(10_000_000));

    [Fact]
    public void S30_beyond_measure_is_the_longest_time_there_is() =>
        Assert.Equal(TimeSpan.MaxValue, RetryAfterHeader.Parse(new string('9', 400), Now));

    [Fact]
    public void S30_the_year_9999_is_far_away() =>
        Assert.True(RetryAfterHeader.Parse("Fri, 31 Dec 9999 23:59:59 GMT", Now) > TimeSpan.FromDays(365 * 7000));

    [Fact]
    public void S29_a_date_is_measured_against_the_servers_own_clock()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Date = Now.AddHours(-3);
        response.Headers.Add("Retry-After", "Thu, 17 Sep 2026 09:00:30 GMT");

        Assert.Equal(TimeSpan.FromSeconds(30), RetryAfterHeader.Read(response.Headers, new FakeTimeProvider(Now)));
    }

    [Fact]
    public void S29_without_the_servers_clock_ours_is_taken()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add("Retry-After", "Thu, 17 Sep 2026 12:00:30 GMT");

        Assert.Equal(TimeSpan.FromSeconds(30), RetryAfterHeader.Read(response.Headers, new FakeTimeProvider(Now)));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after-ms", "abc", 7.0)]
    [InlineData("retry-after-ms", "-1", 7.0)]
    [InlineData("x-other", "1500", 7.0)]
    public void Milliseconds_go_before_seconds(string header, string value, double seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add(header, value);
        response.Headers.Add("Retry-After", "7");

        Assert.Equal(seconds, RetryAfterHeader.Read(response.Headers, new FakeTimeProvider(Now))?.TotalSeconds);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    [InlineData("1.5")]
    [InlineData("soon")]
    public void S31_what_the_platform_cannot_parse_reaches_us_as_it_was_sent(string value)
    {
        using var response = new HttpResponseMessage();
#pragma warning disable RS0030 // as a server would send it
        response.Headers.TryAddWithoutValidation("Retry-After", value);
#pragma warning restore RS0030

        Assert.Equal(RetryAfterHeader.Parse(value, Now), RetryAfterHeader.Read(response.Headers, new FakeTimeProvider(Now)));
    }

    [Fact]
    public void P6_any_text_is_a_wait_or_nothing() => Property.Holds(
        Gen.OneOf(
            Property.AnyText,
            Gen.Choose(0, int.MaxValue).Select(static n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Elements('0', '9', '.', '-', '+', ' ', ',', 'e').ListOf().Select(static letters => string.Concat(letters)),
            Gen.Choose(0, 999).Select(static n => "922337203685." + n.ToString("000", System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Choose(-1000, 1000).Select(static days => Now.AddDays(days * 1000L % 1_000_000 > -700_000 ? days : 0).ToString("r"))),
        static text => Assert.True(RetryAfterHeader.Parse(text, Now) is null or { Ticks: >= 0 }, text));
}
