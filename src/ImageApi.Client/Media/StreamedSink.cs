using System.Buffers;

namespace ImageApi.Client.Media;

/// <summary>Passes a medium on, piece by piece: what is held of it never grows.</summary>
internal abstract class StreamedSink : MediaSink
{
    private const int ChunkSize = 128 * 1024;
    private byte[]? _chunk;
    private int _filled;

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
            await WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override ReadOnlySpan<byte> Written(int count) => _chunk.AsSpan(_filled, count);

    protected override void Commit(int count) => _filled += count;

    protected override async ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        GiveBack();
    }

    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    protected void GiveBack()
    {
        if (_chunk is { } chunk)
        {
            _chunk = null;
            _filled = 0;
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
