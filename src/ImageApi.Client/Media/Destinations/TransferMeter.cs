using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Counts a transfer for whoever wants to know. Errors of the listener are thrown as <see cref="CallerIOException"/>.</summary>
internal sealed class TransferMeter(IProgress<TransferProgress>? progress, long? total, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    public long Bytes { get; private set; }

    public void Add(int count)
    {
        Bytes += count;
        if (progress is null)
        {
            return;
        }

        var seconds = time.GetElapsedTime(_startedAt).TotalSeconds;
        try
        {
            progress.Report(new TransferProgress
            {
                BytesTransferred = Bytes,
                TotalBytes = total,
                BytesPerSecond = seconds > 0 ? Bytes / seconds : 0,
            });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new CallerIOException(e);
        }
    }
}
