using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Buffers;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Downloading;

/// <summary>A download on its way to the caller: inspected as it passes, its errors told as the library's own.</summary>
internal sealed class ValidatingReadStream(Stream body, IDisposable owner, MediaValidator validator, TransferMeter meter, Func<Exception, Exception> translate) : Stream
{
    private bool _isComplete;

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
            Validate(buffer.Span.Slice(0, count), buffer.IsEmpty);
            return count;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is InvalidResponseException or SizeLimitException or CallerIOException or IOException or HttpRequestException or OperationCanceledException)
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
            owner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Validate(ReadOnlySpan<byte> piece, bool isEmptyRead)
    {
        if (piece.IsEmpty)
        {
            if (!isEmptyRead && !_isComplete)
            {
                validator.Complete();
                _isComplete = true; // only now: whoever reads on after a failure must not find a clean end
            }

            return;
        }

        validator.Append(piece);
        meter.Add(piece.Length);
    }
}
