namespace ImageApi.Client.Redaction;

/// <summary>The rules for links to media. They are texts: some are longer than <see cref="Uri"/> takes.</summary>
internal static class UriText
{
    public static bool IsHttp(string text) =>
        (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        && IsUnbroken(text);

    public static bool IsData(string? text) => text?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Shortens a link to what may be shown: without its query, where signatures are, without a user's name and password, and without inline data.</summary>
    public static string WithoutQuery(string url)
    {
        if (IsData(url))
        {
            return url.Split(',')[0] + ",…";
        }

        var end = url.IndexOfAny(['?', '#']);
        return WithoutUser(end < 0 ? url : url.Substring(0, end));
    }

    private static bool IsUnbroken(string text)
    {
        foreach (var character in text)
        {
            if (character == ' ' || char.IsControl(character))
            {
                return false;
            }
        }

        return true;
    }

    private static string WithoutUser(string url)
    {
        var host = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var path = host < 2 ? -1 : url.IndexOf('/', host);
        var user = host < 2 ? -1 : url.LastIndexOf('@', (path < 0 ? url.Length : path) - 1);
        return user < host ? url : url.Remove(host, user + 1 - host);
    }
}
