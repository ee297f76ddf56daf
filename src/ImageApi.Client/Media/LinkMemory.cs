using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace ImageApi.Client.Media;

/// <summary>Remembers the links of uploads by the hash of their content, for a while and up to a number; the same content is uploaded by one call at a time.</summary>
internal sealed class LinkMemory(TimeSpan keepFor, TimeProvider time)
{
    public const int Most = 1_000;

    /// <summary>A link that is about to die is not handed out: the server follows it only when the request's turn comes.</summary>
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly object _gate = new();
    private TimeSpan _keepFor = keepFor;

    /// <summary>Gets how many are kept in mind or under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Remembers for another time from now on, also what is kept in mind already.</summary>
    public void KeepFor(TimeSpan span)
    {
        lock (_gate)
        {
            _keepFor = span;
        }
    }

    /// <summary>Gets what the upload of a content came to: an earlier one, one that another call has under way, or a new one.</summary>
    [SuppressMessage("Usage", "VSTHRD003", Justification = "What is waited for is an upload of another call, which needs no thread of this one.")]
    public async Task<UploadedLink> GetAsync(string hash, Func<CancellationToken, Task<UploadedLink>> upload, CancellationToken cancellationToken)
    {
        while (true)
        {
            var mine = new Entry(hash);
            var entry = FindOrAdd(mine);
            if (entry == mine)
            {
                return await UploadAsync(mine, upload, cancellationToken).ConfigureAwait(false);
            }

            var (link, failure) = await entry.Ended.Task.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            failure?.Throw();
            if (link is not null)
            {
                return link;
            }

            // the other call was cancelled, or its source failed: neither says anything about this one
        }
    }

    public void Forget(string url)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Link?.Url == url).ToList())
            {
                _entries.Remove(entry.Hash);
            }
        }
    }

    private async Task<UploadedLink> UploadAsync(Entry entry, Func<CancellationToken, Task<UploadedLink>> upload, CancellationToken cancellationToken)
    {
        try
        {
            var link = await upload(cancellationToken).ConfigureAwait(false);
            Keep(entry, link);
            entry.Ended.SetResult((link, null));
            return link;
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _entries.Remove(entry.Hash);
            }

            // those who wait hear what the server said, and do not ask it one after the other
            entry.Ended.SetResult((null, e is ImageApiException ? ExceptionDispatchInfo.Capture(e) : null));
            throw;
        }
    }

    private Entry FindOrAdd(Entry mine)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(mine.Hash, out var entry) && !IsOver(entry))
            {
                return entry;
            }

            _entries[mine.Hash] = mine;
            return mine;
        }
    }

    private void Keep(Entry entry, UploadedLink link)
    {
        var untilEnd = link.ExpiresAt - time.GetUtcNow() - BeforeEnd;
        lock (_gate)
        {
            entry.Link = link;
            entry.KeptAt = time.GetTimestamp();
            entry.UntilEnd = untilEnd ?? TimeSpan.MaxValue;
            if (IsOver(entry))
            {
                _entries.Remove(entry.Hash);
            }
            else if (_entries.Count > Most)
            {
                ForgetOldest();
            }
        }
    }

    private void ForgetOldest()
    {
        Entry? oldest = null;
        foreach (var entry in _entries.Values)
        {
            if (entry.Link is not null && (oldest is null || entry.KeptAt < oldest.KeptAt))
            {
                oldest = entry;
            }
        }

        _entries.Remove(oldest!.Hash); // there is at least the one that was just kept
    }

    private bool IsOver(Entry entry) => entry.Link is not null && time.GetElapsedTime(entry.KeptAt) is var age && (age >= _keepFor || age >= entry.UntilEnd);

    private sealed class Entry(string hash)
    {
        public string Hash => hash;

        /// <summary>Gets the end of the upload: the link, else the failure, else neither when only its own caller was concerned.</summary>
        public TaskCompletionSource<(UploadedLink? Link, ExceptionDispatchInfo? Failure)> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public UploadedLink? Link { get; set; }

        public long KeptAt { get; set; }

        /// <summary>Gets or sets how long it works by the server's word.</summary>
        public TimeSpan UntilEnd { get; set; }
    }
}
