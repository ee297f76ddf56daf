using System.Collections;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>The log scope of a call: its name and, once known, its job id and request id.</summary>
internal sealed class LogScope(string operation) : IEnumerable<KeyValuePair<string, object?>>
{
    public string? JobId { get; set; }

    public string? RequestId { get; set; }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return new(TelemetryNames.ScopeCall, operation);
        if (JobId is { } jobId)
        {
            yield return new(TelemetryNames.ScopeJobId, jobId);
        }

        if (RequestId is { } requestId)
        {
            yield return new(TelemetryNames.ScopeRequestId, requestId);
        }
    }

    public override string ToString() => string.Join(" ", this.Select(static item => $"{item.Key}:{item.Value}"));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
