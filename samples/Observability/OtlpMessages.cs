namespace Observability;

/// <summary>A span as it came over the wire.</summary>
internal sealed record ReceivedSpan(
    string Id, string ParentId, string Source, string Name, ulong Start, ulong End, bool Failed, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<ReceivedEvent> Events)
{
    public double Milliseconds => (End - Start) / 1e6;
}

/// <summary>An event of a span.</summary>
internal sealed record ReceivedEvent(string Name, ulong At, IReadOnlyDictionary<string, string> Tags);

/// <summary>One series of a metric: its tags, and its sum or its distribution.</summary>
internal sealed record ReceivedPoint(string Metric, string Unit, IReadOnlyDictionary<string, string> Tags, double Sum, ulong? Count);
