using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace ImageApi.Client.Media.Destinations;

/// <summary>
/// Tells one listener how far several transfers have come together. A listener that fails is told nothing more, which costs no transfer: its error waits for
/// the end in <see cref="Failure"/>.
/// </summary>
internal sealed class AggregateProgress(IProgress<TransferProgress>? progress, TimeProvider time)
{
    private readonly object _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private long _bytes;

    /// <summary>Gets the listener's error; null when there was none.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Gets a listener for one of the transfers; null when nobody wants to know.</summary>
    public IProgress<TransferProgress>? CreatePart() => progress is null ? null : new Part(this);

    [SuppressMessage("Design", "CA1031", Justification = "It comes out when all transfers have ended.")]
    private void Add(long bytes)
    {
        // told under the lock, so that nobody hears a smaller number after a larger one
        lock (_lock)
        {
            _bytes += bytes;
            if (Failure is not null)
            {
                return;
            }

            var seconds = time.GetElapsedTime(_startedAt).TotalSeconds;
            try
            {
                progress!.Report(new TransferProgress { BytesTransferred = _bytes, BytesPerSecond = seconds > 0 ? _bytes / seconds : 0 });
            }
            catch (Exception e)
            {
                Failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    private sealed class Part(AggregateProgress all) : IProgress<TransferProgress>
    {
        private long _reported;

        public void Report(TransferProgress value)
        {
            all.Add(value.BytesTransferred - _reported);
            _reported = value.BytesTransferred;
        }
    }
}
