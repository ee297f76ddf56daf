using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Writes a medium into a stream that the caller opens when its first bytes are there.</summary>
internal sealed class StreamSink(int index, string? declaredType, Func<IncomingMedia, CancellationToken, ValueTask<Stream>> open, TransferMeter meter) : StreamedSink
{
    private Stream? _stream;

    protected override async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            _stream ??= await open(new IncomingMedia { Index = index, MimeType = declaredType ?? DetectedType }, cancellationToken).ConfigureAwait(false);
            await _stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerStreamException(e);
        }

        meter.Add(piece.Length);
    }

    protected override async ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await base.EndAsync(isWhole, cancellationToken).ConfigureAwait(false);
        if (_stream is not { } stream)
        {
            return;
        }

        _stream = null;
        try
        {
            using (stream)
            {
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerStreamException(e);
        }
    }

    protected override void Dispose(bool disposing) => _stream?.Dispose();
}
