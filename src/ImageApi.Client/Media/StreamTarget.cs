using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>A stream of the caller's, from which nothing can be taken back.</summary>
internal sealed class StreamTarget(Stream stream) : IMediaTarget
{
    private bool _begun;

    public bool CanBeginAnew => false;

    public bool TryBeginAnew() => !_begun;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _begun = true;
        try
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerStreamException(e);
        }
    }
}
