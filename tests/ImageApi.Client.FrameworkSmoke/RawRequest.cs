namespace ImageApi.Client.FrameworkSmoke;

/// <summary>One request as it came over the wire.</summary>
internal sealed class RawRequest(string head, string body)
{
    public string Head => head;

    public string Body { get; } = body;

    public string Method => head.Split(' ')[0];

    /// <summary>Finds a header's value; null when it did not come.</summary>
    public string? Header(string name) => head.Split('\n').Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line.Substring(name.Length + 1).Trim())
        .SingleOrDefault();
}
