using System.Globalization;
using System.Net.Http.Headers;

namespace ImageApi.Client.Http.Retries;

/// <summary>
/// Reads how long a server asks to wait. The platform's own parser turns a huge number into nothing, and "come back
/// tomorrow" must not look like "come back at once".
/// </summary>
internal static class RetryAfterParser
{
    private static readonly string[] DateFormats = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    public static TimeSpan? Parse(HttpResponseHeaders headers, TimeProvider time)
    {
        if (First(headers, "retry-after-ms") is { } milliseconds && Number(milliseconds, 1) is { } exact)
        {
            return exact;
        }

        return First(headers, "Retry-After") is { } text ? ParseValue(text, headers.Date ?? time.GetUtcNow()) : null;
    }

    /// <summary>Reads seconds, with or without a fraction, or a date.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="now">The server's own clock where it told it: clocks differ.</param>
    /// <returns>A wait of at least zero; <see cref="TimeSpan.MaxValue"/> when it is beyond measure; null when it is unreadable.</returns>
    public static TimeSpan? ParseValue(string text, DateTimeOffset now)
    {
        text = text.Trim();
        if (Number(text, 1000) is { } seconds)
        {
            return seconds;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, Styles, out var date))
        {
            return date > now ? date - now : TimeSpan.Zero;
        }

        return null;
    }

    private static TimeSpan? Number(string text, double unit)
    {
        // a sign and the words for infinity are no digits
        if (text.Length == 0 || text[0] is not (>= '0' and <= '9' or '.')
            || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var milliseconds = number * unit;
        return milliseconds >= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
