namespace ImageApi.Client.Tests.Support;

/// <summary>A request as it came over the wire, its chunks put together.</summary>
internal sealed record RawRequest(string Head, byte[] Body)
{
    public string Path => Head.Split(' ')[1];

    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).SingleOrDefault();
}
