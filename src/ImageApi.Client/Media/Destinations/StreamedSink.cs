using System.Buffers;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Passes a medium on, piece by piece: what is held of it never grows.</summary>
internal abstract class StreamedSink(TransferMeter meter) : MediaSink
{
    private const int ChunkSize = 128 * 1024;
    private byte[]? _chunk;
    private int _filled;

    /// <summary>Gets why the medium could not be put away. The answer is read on all the same: what else it holds was paid for as well.</summary>
    public Exception? Failure { get; private set; }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        _chunk ??= ArrayPool<byte>.Shared.Rent(Math.Max(ChunkSize, sizeHint));
        if (_chunk.Length - _filled < sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_filled + sizeHint);
            _chunk.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = larger;
        }

        return _chunk.AsSpan(_filled);
    }

    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            var piece = _chunk.AsMemory(0, _filled);
            _filled = 0;
            await WriteChunkAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override ReadOnlySpan<byte> Written(int count) => _chunk.AsSpan(_filled, count);

    protected override void Commit(int count) => _filled += count;

    protected sealed override async ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        ReturnChunk();
        if (Failure is null)
        {
            try
            {
                await CloseAsync(isWhole, cancellationToken).ConfigureAwait(false);
            }
            catch (CallerIOException e)
            {
                Failure = e.Cause;
            }
        }
    }

    /// <summary>Notes that the medium cannot be put away.</summary>
    protected void Fail(Exception cause) => Failure ??= cause;

    /// <summary>Ends what took the pieces.</summary>
    protected abstract ValueTask CloseAsync(bool isWhole, CancellationToken cancellationToken);

    /// <summary>Writes a piece. Errors of the disk or stream are thrown as <see cref="CallerIOException"/>.</summary>
    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>Lets go of a medium of which a piece could not be written.</summary>
    protected abstract ValueTask AbandonAsync();

    protected void ReturnChunk()
    {
        if (_chunk is { } chunk)
        {
            _chunk = null;
            _filled = 0;
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private async ValueTask WriteChunkAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            await WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (CallerIOException e)
        {
            Failure = e.Cause;
            await AbandonAsync().ConfigureAwait(false);
            return;
        }

        meter.Add(piece.Length);
    }
}
