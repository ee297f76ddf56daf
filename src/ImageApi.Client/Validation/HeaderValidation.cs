namespace ImageApi.Client.Validation;

/// <summary>The rules for texts that become headers.</summary>
internal static class HeaderValidation
{
    private const int MaxIdempotencyKeyLength = 255;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Connection", "Cookie", "Expect", "Host", "Idempotency-Key", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "User-Agent", "Accept", "Accept-Encoding",
    };

    /// <summary>Says what is wrong with an API key, or null; never shows it.</summary>
    public static string? FindApiKeyError(string? apiKey)
    {
        if (string.IsNullOrWhiteSpace(apiKey))
        {
            return "is required and must not be blank.";
        }

        return IsVisibleAscii(apiKey!)
            ? null
            : "must hold visible ASCII characters only. A key read from a file often ends with a line break: trim it.";
    }

    /// <summary>Guards a key that the caller gives for a call: 1 to 255 visible ASCII characters.</summary>
    public static void ThrowIfInvalidIdempotencyKey(string? idempotencyKey, string paramName)
    {
        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > MaxIdempotencyKeyLength || !IsVisibleAscii(idempotencyKey)))
        {
            throw new ArgumentException($"An idempotency key must have 1 to {MaxIdempotencyKeyLength} visible ASCII characters.", paramName);
        }
    }

    /// <summary>Guards additional headers: a token as name, none that this library sets itself, visible ASCII and spaces as value.</summary>
    public static void ThrowIfInvalidHeaders(IReadOnlyDictionary<string, string>? headers, string paramName)
    {
        foreach (var header in headers ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (header.Key.Length == 0 || !header.Key.All(IsTokenCharacter))
            {
                throw new ArgumentException("A header's name must be a token of ASCII letters, digits and !#$%&'*+-.^_`|~.", paramName);
            }

            if (Reserved.Contains(header.Key) || header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"The header {header.Key} is set by the client itself.", paramName);
            }

            if (header.Value is null || !header.Value.All(static c => c is ' ' or '\t' || IsVisibleAscii(c)))
            {
                throw new ArgumentException($"The value of the header {header.Key} must hold visible ASCII characters and spaces only.", paramName);
            }

            if (!CanBeSent(header.Key, header.Value))
            {
                throw new ArgumentException($"The header {header.Key} cannot be sent with this value, or not with a request.", paramName);
            }
        }
    }

    public static bool IsTokenCharacter(char c) =>
        c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' || "!#$%&'*+-.^_`|~".IndexOf(c) >= 0;

    /// <summary>Some names are bound to a form, or to the body: the platform knows which.</summary>
    private static bool CanBeSent(string name, string value)
    {
        using var request = new HttpRequestMessage();
        try
        {
            request.Headers.Add(name, value);
            return true;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>In a loop of its own: it is asked on every attempt.</summary>
    private static bool IsVisibleAscii(string text)
    {
        foreach (var c in text)
        {
            if (!IsVisibleAscii(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVisibleAscii(char c) => c is > ' ' and < '\x7f';
}
