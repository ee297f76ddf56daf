namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>What the server needs to know of a request's head.</summary>
internal sealed record RequestHead(string Method, string Path, long? Length, bool IsChunked, bool ExpectsContinue, string Authorization)
{
    public static RequestHead Parse(string text)
    {
        var lines = text.Split("\r\n");
        var parts = lines[0].Split(' ');
        var head = new RequestHead(parts[0], parts[1], null, IsChunked: false, ExpectsContinue: false, string.Empty);
        foreach (var line in lines.AsSpan(1))
        {
            var value = line[(line.IndexOf(':') + 1)..].Trim();
            head = HeaderName(line) switch
            {
                "content-length" => head with { Length = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
                "transfer-encoding" => head with { IsChunked = true },
                "expect" => head with { ExpectsContinue = true },
                "authorization" => head with { Authorization = value },
                _ => head,
            };
        }

        return head;
    }

    private static string HeaderName(string line) => line[..Math.Max(0, line.IndexOf(':'))].ToLowerInvariant();
}
