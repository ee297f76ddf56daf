using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Destinations;

/// <summary>A stream of the caller's, from which nothing can be taken back.</summary>
internal sealed class StreamTarget(Stream stream) : IMediaTarget
{
    private bool _isStarted;

    public bool CanReset => false;

    public bool TryReset() => !_isStarted;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _isStarted = true;
        try
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerIOException(e);
        }
    }
}
