namespace ImageApi.Client.Media;

/// <summary>Tells one listener how far several transfers have come together.</summary>
internal sealed class SharedProgress(IProgress<TransferProgress>? progress, TimeProvider time)
{
    private readonly object _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private long _bytes;

    /// <summary>Gets a listener for one of the transfers; null when nobody wants to know.</summary>
    public IProgress<TransferProgress>? Part() => progress is null ? null : new OneOf(this);

    private void Add(long bytes)
    {
        // told under the lock, so that nobody hears a smaller number after a larger one
        lock (_lock)
        {
            _bytes += bytes;
            var seconds = time.GetElapsedTime(_startedAt).TotalSeconds;
            progress!.Report(new TransferProgress { BytesTransferred = _bytes, BytesPerSecond = seconds > 0 ? _bytes / seconds : 0 });
        }
    }

    private sealed class OneOf(SharedProgress all) : IProgress<TransferProgress>
    {
        private long _told;

        public void Report(TransferProgress value)
        {
            all.Add(value.BytesTransferred - _told);
            _told = value.BytesTransferred;
        }
    }
}
