using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>A download on its way to the caller: inspected as it passes, its errors told as the library's own.</summary>
internal sealed class InspectedStream(Stream body, IDisposable answer, MediaInspector inspector, TransferMeter meter, Func<Exception, Exception> translate) : Stream
{
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => meter.Bytes;
        set => throw new NotSupportedException();
    }

#if NETSTANDARD2_0 // there streams have no overload with Memory to override: it is the one that this library itself calls
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#else
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
#endif
    {
        try
        {
            var count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Inspect(buffer.Span.Slice(0, count), buffer.IsEmpty);
            return count;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is AnswerException or CallerStreamException or IOException or HttpRequestException or OperationCanceledException)
        {
            throw translate(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    [SuppressMessage("Usage", "VSTHRD002", Justification = "Only an asynchronous read is under the limit for silence; nothing in it needs the caller's thread.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            answer.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Inspect(ReadOnlySpan<byte> piece, bool nothingWanted)
    {
        if (piece.IsEmpty)
        {
            if (!nothingWanted && !_ended)
            {
                inspector.Complete();
                _ended = true; // only now: whoever reads on after a failure must not find a clean end
            }

            return;
        }

        inspector.Feed(piece);
        meter.Add(piece.Length);
    }
}
