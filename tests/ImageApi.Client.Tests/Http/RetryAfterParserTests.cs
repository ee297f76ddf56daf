using FsCheck.Fluent;
using ImageApi.Client.Http.Retries;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Http;

public sealed class RetryAfterParserTests
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
    public void S28_S31_every_Retry_After_format_is_parsed(string text, double? seconds) =>
        Assert.Equal(seconds, RetryAfterParser.ParseValue(text, Now)?.TotalSeconds);

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("922337203685")]
    [InlineData("922337203686")]
    public void S30_huge_Retry_After_is_not_treated_as_missing(string text) =>
        Assert.True(RetryAfterParser.ParseValue(text, Now) > TimeSpan.FromDays(10_000_000));

    [Fact]
    public void S30_out_of_range_Retry_After_is_TimeSpan_MaxValue() =>
        Assert.Equal(TimeSpan.MaxValue, RetryAfterParser.ParseValue(new string('9', 400), Now));

    [Fact]
    public void S30_Retry_After_date_in_the_year_9999_is_parsed() =>
        Assert.True(RetryAfterParser.ParseValue("Fri, 31 Dec 9999 23:59:59 GMT", Now) > TimeSpan.FromDays(365 * 7000));

    [Fact]
    public void S29_Retry_After_date_is_measured_by_the_server_clock()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Date = Now.AddHours(-3);
        response.Headers.Add("Retry-After", "Thu, 17 Sep 2026 09:00:30 GMT");

        Assert.Equal(TimeSpan.FromSeconds(30), RetryAfterParser.Parse(response.Headers, new FakeTimeProvider(Now)));
    }

    [Fact]
    public void S29_local_clock_is_used_without_a_Date_header()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add("Retry-After", "Thu, 17 Sep 2026 12:00:30 GMT");

        Assert.Equal(TimeSpan.FromSeconds(30), RetryAfterParser.Parse(response.Headers, new FakeTimeProvider(Now)));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after-ms", "abc", 7.0)]
    [InlineData("retry-after-ms", "-1", 7.0)]
    [InlineData("x-other", "1500", 7.0)]
    public void Retry_after_ms_header_overrides_Retry_After(string header, string value, double seconds)
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add(header, value);
        response.Headers.Add("Retry-After", "7");

        Assert.Equal(seconds, RetryAfterParser.Parse(response.Headers, new FakeTimeProvider(Now))?.TotalSeconds);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    [InlineData("1.5")]
    [InlineData("soon")]
    public void S31_nonstandard_Retry_After_is_parsed_as_sent(string value)
    {
        using var response = new HttpResponseMessage();
#pragma warning disable RS0030 // as a server would send it
        response.Headers.TryAddWithoutValidation("Retry-After", value);
#pragma warning restore RS0030

        Assert.Equal(RetryAfterParser.ParseValue(value, Now), RetryAfterParser.Parse(response.Headers, new FakeTimeProvider(Now)));
    }

    [Fact]
    public void P6_any_Retry_After_text_yields_a_delay_or_null() => Property.Holds(
        Gen.OneOf(
            Property.AnyText,
            Gen.Choose(0, int.MaxValue).Select(static n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Elements('0', '9', '.', '-', '+', ' ', ',', 'e').ListOf().Select(static letters => string.Concat(letters)),
            Gen.Choose(0, 999).Select(static n => "922337203685." + n.ToString("000", System.Globalization.CultureInfo.InvariantCulture)),
            Gen.Choose(-1000, 1000).Select(static days => Now.AddDays(days * 1000L % 1_000_000 > -700_000 ? days : 0).ToString("r"))),
        static text => Assert.True(RetryAfterParser.ParseValue(text, Now) is null or { Ticks: >= 0 }, text));
}
