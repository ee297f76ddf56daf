using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Writes a medium into a stream that the caller opens when its first bytes are there.</summary>
internal sealed class StreamSink(StreamStore store, string? declaredType, TransferMeter meter) : StreamedSink(meter), IAsyncDisposable
{
    private Stream? _stream;

    /// <summary>Gets the number of the stream; null as long as the caller has not been asked for it.</summary>
    public int? Index { get; private set; }

    /// <summary>Ends the stream without blocking: some of a web server's cannot be ended otherwise.</summary>
    public async ValueTask DisposeAsync()
    {
        ReturnChunk();
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var index = Index ??= store.TakeIndex();
        try
        {
            _stream ??= await store.OpenStreamAsync(index, declaredType ?? DetectedType, url: null, cancellationToken).ConfigureAwait(false);
            await _stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerIOException(e);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The stream has failed already: that error goes on.")]
    protected override async ValueTask AbandonAsync()
    {
        try
        {
            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // the first error is the one to hear of
        }
    }

    protected override async ValueTask CloseAsync(bool isWhole, CancellationToken cancellationToken)
    {
        if (_stream is not { } stream)
        {
            return;
        }

        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerIOException(e);
        }
    }
}
