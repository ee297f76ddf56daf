namespace ImageApi.Client.Jobs.Internal;

/// <summary>The one table from the server's status words to states.</summary>
internal sealed class JobStatusParser
{
    private static readonly Dictionary<string, JobState> BuiltIn = new(StringComparer.Ordinal);

    private readonly Dictionary<string, JobState> _custom = new(StringComparer.Ordinal);

    static JobStatusParser()
    {
        Add(JobState.Pending, "queued", "pending", "submitted", "created", "accepted", "scheduled", "in_queue", "waiting", "not_started", "preparing", "starting");
        Add(JobState.Running, "processing", "in_progress", "running", "generating", "started", "uploading", "finalizing", "cancelling", "canceling");
        Add(JobState.Succeeded, "succeeded", "success", "successful", "completed", "complete", "done", "finished");
        Add(JobState.Failed, "failed", "failure", "error", "errored", "rejected", "blocked", "timeout", "timed_out", "expired");
        Add(JobState.Canceled, "cancelled", "canceled", "aborted", "revoked", "stopped");
    }

    /// <summary>Initializes the table with a caller's own words, which go first.</summary>
    public JobStatusParser(IEnumerable<KeyValuePair<string, JobState>> custom)
    {
        foreach (var mapping in custom)
        {
            _custom[Normalize(mapping.Key)] = mapping.Value;
        }
    }

    public JobState Parse(string? status)
    {
        if (status is null)
        {
            return JobState.Unknown;
        }

        var normal = Normalize(status);
        return _custom.TryGetValue(normal, out var state) || BuiltIn.TryGetValue(normal, out state) ? state : JobState.Unknown;
    }

    private static void Add(JobState state, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            BuiltIn[Normalize(status)] = state;
        }
    }

    /// <summary>"IN_PROGRESS", "InProgress" and "in progress" are one word.</summary>
    private static string Normalize(string status) => status.Trim().ToLowerInvariant().Replace("-", string.Empty).Replace("_", string.Empty).Replace(" ", string.Empty);
}
