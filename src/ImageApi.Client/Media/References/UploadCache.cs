using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace ImageApi.Client.Media.References;

/// <summary>Remembers the links of uploads by the hash of their content, for a while and up to a number; the same content is uploaded by one call at a time.</summary>
internal sealed class UploadCache(TimeSpan duration, TimeProvider time)
{
    public const int MaxEntries = 1_000;

    /// <summary>A link that is about to die is not handed out: the server follows it only when the request's turn comes.</summary>
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly object _lock = new();
    private TimeSpan _duration = duration;

    /// <summary>Gets how many are kept in mind or under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Remembers for another time from now on, also what is kept in mind already.</summary>
    public void SetDuration(TimeSpan span)
    {
        lock (_lock)
        {
            _duration = span;
        }
    }

    /// <summary>Gets what the upload of a content came to: an earlier one, one that another call has under way, or a new one.</summary>
    [SuppressMessage("Usage", "VSTHRD003", Justification = "What is waited for is an upload of another call, which needs no thread of this one.")]
    public async Task<CachedUpload> GetAsync(string hash, Func<CancellationToken, Task<CachedUpload>> upload, CancellationToken cancellationToken)
    {
        while (true)
        {
            var created = new Entry(hash);
            var entry = GetOrAdd(created);
            if (entry == created)
            {
                return await UploadAsync(created, upload, cancellationToken).ConfigureAwait(false);
            }

            var (cached, failure) = await entry.Completion.Task.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            failure?.Throw();
            if (cached is not null)
            {
                return cached;
            }

            // the other call was cancelled, or its source failed: neither says anything about this one
        }
    }

    public void Remove(string url)
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values.Where(entry => entry.Upload?.Url == url).ToList())
            {
                _entries.Remove(entry.Hash);
            }
        }
    }

    private async Task<CachedUpload> UploadAsync(Entry entry, Func<CancellationToken, Task<CachedUpload>> upload, CancellationToken cancellationToken)
    {
        try
        {
            var uploaded = await upload(cancellationToken).ConfigureAwait(false);
            Store(entry, uploaded);
            entry.Completion.SetResult((uploaded, null));
            return uploaded;
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _entries.Remove(entry.Hash);
            }

            // those who wait hear what the server said, and do not ask it one after the other
            entry.Completion.SetResult((null, e is ImageApiException ? ExceptionDispatchInfo.Capture(e) : null));
            throw;
        }
    }

    private Entry GetOrAdd(Entry created)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(created.Hash, out var entry) && !IsExpired(entry))
            {
                return entry;
            }

            _entries[created.Hash] = created;
            return created;
        }
    }

    private void Store(Entry entry, CachedUpload uploaded)
    {
        var lifetime = uploaded.ExpiresAt - time.GetUtcNow() - ExpiryMargin;
        lock (_lock)
        {
            entry.Upload = uploaded;
            entry.StoredAt = time.GetTimestamp();
            entry.Lifetime = lifetime ?? TimeSpan.MaxValue;
            if (IsExpired(entry))
            {
                _entries.Remove(entry.Hash);
            }
            else if (_entries.Count > MaxEntries)
            {
                RemoveOldest();
            }
        }
    }

    private void RemoveOldest()
    {
        Entry? oldest = null;
        foreach (var entry in _entries.Values)
        {
            if (entry.Upload is not null && (oldest is null || entry.StoredAt < oldest.StoredAt))
            {
                oldest = entry;
            }
        }

        _entries.Remove(oldest!.Hash); // there is at least the one that was just kept
    }

    private bool IsExpired(Entry entry) => entry.Upload is not null && time.GetElapsedTime(entry.StoredAt) is var age && (age >= _duration || age >= entry.Lifetime);

    private sealed class Entry(string hash)
    {
        public string Hash => hash;

        /// <summary>Gets the end of the upload: the link, else the failure, else neither when only its own caller was concerned.</summary>
        public TaskCompletionSource<(CachedUpload? Link, ExceptionDispatchInfo? Failure)> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CachedUpload? Upload { get; set; }

        public long StoredAt { get; set; }

        /// <summary>Gets or sets how long it works by the server's word.</summary>
        public TimeSpan Lifetime { get; set; }
    }
}
