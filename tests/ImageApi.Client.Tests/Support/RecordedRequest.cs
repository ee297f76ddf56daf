using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>One request as it came over the wire.</summary>
internal sealed record RecordedRequest(string Head, byte[] Body)
{
    public string Method => Head.Split(' ')[0];

    public string Target => Head.Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Finds a header's value; null when it did not come.</summary>
    public string? Header(string name) => Head.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .SingleOrDefault();
}
