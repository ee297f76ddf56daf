namespace ImageApi.Client.Jobs;

/// <summary>The one table from the server's status words to states.</summary>
internal sealed class JobWords
{
    private static readonly Dictionary<string, JobState> Known = new(StringComparer.Ordinal);

    private readonly Dictionary<string, JobState> _own = new(StringComparer.Ordinal);

    static JobWords()
    {
        Add(JobState.Pending, "queued", "pending", "submitted", "created", "accepted", "scheduled", "in_queue", "waiting", "not_started", "preparing", "starting");
        Add(JobState.Running, "processing", "in_progress", "running", "generating", "started", "uploading", "finalizing", "cancelling", "canceling");
        Add(JobState.Succeeded, "succeeded", "success", "successful", "completed", "complete", "done", "finished");
        Add(JobState.Failed, "failed", "failure", "error", "errored", "rejected", "blocked", "timeout", "timed_out", "expired");
        Add(JobState.Cancelled, "cancelled", "canceled", "aborted", "revoked", "stopped");
    }

    /// <summary>Initializes the table with a caller's own words, which go first.</summary>
    public JobWords(IEnumerable<KeyValuePair<string, JobState>> own)
    {
        foreach (var word in own)
        {
            _own[Normalize(word.Key)] = word.Value;
        }
    }

    public JobState Find(string? word)
    {
        if (word is null)
        {
            return JobState.Unknown;
        }

        var normal = Normalize(word);
        return _own.TryGetValue(normal, out var state) || Known.TryGetValue(normal, out state) ? state : JobState.Unknown;
    }

    private static void Add(JobState state, params string[] words)
    {
        foreach (var word in words)
        {
            Known[Normalize(word)] = state;
        }
    }

    /// <summary>"IN_PROGRESS", "InProgress" and "in progress" are one word.</summary>
    private static string Normalize(string word) => word.Trim().ToLowerInvariant().Replace("-", string.Empty).Replace("_", string.Empty).Replace(" ", string.Empty);
}
