namespace ImageApi.Client.Media;

/// <inheritdoc/>
internal sealed class BytesSource : MediaSource
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private int _position;

    public BytesSource(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        DetectedMimeType = MediaSignature.Detect(bytes.Span.Slice(0, Math.Min(bytes.Length, MediaSignature.HeadLength)));
    }

    public override bool CanRepeat => true;

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
