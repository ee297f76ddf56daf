using System.Globalization;
using System.Text;

namespace ImageApi.Client.Redaction;

/// <summary>Makes a server's text fit to be shown: the key masked in every form it may have, control characters escaped.</summary>
internal static class SecretRedactor
{
    public const int ExcerptLength = 4096;
    private const string Mask = "***";

    /// <summary>Shorter keys than this would mangle any text; nobody issues them.</summary>
    private const int MinApiKeyLength = 4;

    /// <summary>
    /// How much of a body is kept for an excerpt. It holds more than is shown, whatever the text: a key that begins in what is
    /// shown is there as a whole, and can be masked.
    /// </summary>
    private const int RawExcerptBytes = (3 * ExcerptLength) + 1024;

    /// <summary>The forms of the key that was masked last, which most often is the next one as well.</summary>
    private static string[]? _secrets;

    /// <summary>Takes the beginning of a body, to be cleaned once the key is at hand.</summary>
    public static string RawExcerpt(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body.Slice(0, Math.Min(body.Length, RawExcerptBytes)));

    /// <summary>Cleans a text. What is beyond the bound is left out before masks make the text shorter: there a key may be cut in half.</summary>
    public static string? Redact(string? text, string? apiKey, int maxLength = ExcerptLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        var secrets = SecretsOf(apiKey);
        if (text!.Length <= maxLength && NeedsNoRedaction(text, secrets))
        {
            return text;
        }

        var builder = new StringBuilder(Math.Min(text.Length, maxLength));
        var at = 0;
        while (at < text.Length && at < maxLength && builder.Length < maxLength)
        {
            if (LengthOfSecret(text, at, secrets) is > 0 and var length)
            {
                builder.Append(Mask);
                at += length;
                continue;
            }

            var character = text[at++];
            if (IsDangerous(character))
            {
                builder.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                builder.Append(character);
            }
        }

        return builder.Length > maxLength ? builder.ToString(0, maxLength) : builder.ToString();
    }

    /// <summary>Cleans the cause of an error: the platform quotes header lines that it does not understand, whatever stands in them.</summary>
    /// <returns>The exception itself, or one without the key in its place.</returns>
    public static Exception? Redact(Exception? cause, string? apiKey)
    {
        var secrets = SecretsOf(apiKey);
        if (cause is null || secrets.Length == 0)
        {
            return cause;
        }

        return ContainsSecret(cause.ToString(), secrets)
            ? new RedactedException(Redact(string.Join(" ---> ", Chain(cause).Select(static e => $"{e.GetType()}: {e.Message}")), apiKey)!)
            : cause;
    }

    private static bool NeedsNoRedaction(string text, string[] secrets)
    {
        foreach (var character in text)
        {
            if (IsDangerous(character))
            {
                return false;
            }
        }

        return !ContainsSecret(text, secrets);
    }

    private static bool ContainsSecret(string text, string[] secrets)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (LengthOfSecret(text, at, secrets) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            yield return current;
        }
    }

    private static string[] SecretsOf(string? apiKey)
    {
        if (apiKey is null || apiKey.Length < MinApiKeyLength)
        {
            return [];
        }

        var secrets = _secrets;
        return secrets?[0] == apiKey ? secrets : _secrets = [apiKey, Convert.ToBase64String(Encoding.UTF8.GetBytes(apiKey))];
    }

    /// <summary>Says how many characters a secret takes that begins here, plain or with any of its characters escaped as JSON or URLs do; 0 when there is none.</summary>
    private static int LengthOfSecret(string text, int at, string[] secrets)
    {
        foreach (var secret in secrets)
        {
            if (string.CompareOrdinal(text, at, secret, 0, secret.Length) == 0)
            {
                return secret.Length;
            }

            var end = at;
            var matched = 0;
            while (matched < secret.Length && LengthOfCharacter(text, end, secret[matched]) is > 0 and var length)
            {
                end += length;
                matched++;
            }

            if (matched == secret.Length)
            {
                return end - at;
            }
        }

        return 0;
    }

    private static int LengthOfCharacter(string text, int at, char expected)
    {
        if (at >= text.Length)
        {
            return 0;
        }

        if (text[at] == '\\' && at + 1 < text.Length)
        {
            if (text[at + 1] == 'u' && IsHex(text, at + 2, 4, expected))
            {
                return 6;
            }

            if (text[at + 1] == expected)
            {
                return 2;
            }
        }

        return text[at] == '%' && IsHex(text, at + 1, 2, expected) ? 3 : text[at] == expected ? 1 : 0;
    }

    private static bool IsHex(string text, int at, int digits, char expected) =>
        at + digits <= text.Length
        && string.Compare(text, at, ((int)expected).ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), 0, digits, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Control characters forge log lines and steer terminals; format characters turn texts around.</summary>
    private static bool IsDangerous(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
