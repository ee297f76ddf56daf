using ImageApi.Client.Buffers;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Downloading;

/// <summary>Validates a download while the caller reads it, and translates its exceptions to the library's.</summary>
internal sealed class ValidatingReadStream(Stream body, IDisposable owner, MediaValidator validator, TransferMeter meter, Func<Exception, Exception> translate) : ReadOnlyStreamBase
{
    private bool _isComplete;

    public override long Position
    {
        get => meter.Bytes;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
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
