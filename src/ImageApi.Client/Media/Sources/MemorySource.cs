using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Sources;

/// <inheritdoc/>
internal sealed class MemorySource : ContentSource
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private int _position;

    public MemorySource(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        DetectedMimeType = FileSignature.Detect(bytes.Span.Slice(0, Math.Min(bytes.Length, FileSignature.HeadLength)));
    }

    public override bool CanReplay => true;

    public override long? Length => _bytes.Length;

    public override bool IsEmpty => _bytes.IsEmpty;

    public override ValueTask RewindAsync(CancellationToken cancellationToken)
    {
        _position = 0;
        return default;
    }

    protected internal override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = Math.Min(buffer.Length, _bytes.Length - _position);
        _bytes.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return new(count);
    }
}
