namespace ImageApi.Emulator;

/// <summary>One request that reached the emulator.</summary>
public sealed class LedgerRequest
{
    private long _bodyLength;

    internal LedgerRequest()
    {
    }

    /// <summary>The request's id, as its answer tells it.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What it is about.</summary>
    public required EmulatorEndpoint Endpoint { get; init; }

    /// <summary>Its method.</summary>
    public required string Method { get; init; }

    /// <summary>Its path, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Its headers. Of <c>Authorization</c> only the scheme is kept.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The status it was answered with; null when there was no answer (yet).</summary>
    public int? StatusCode { get; internal set; }

    /// <summary>How many bytes of its body were read so far.</summary>
    public long BodyLength => Interlocked.Read(ref _bodyLength);

    internal void AddBodyBytes(int count) => Interlocked.Add(ref _bodyLength, count);
}
