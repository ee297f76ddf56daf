namespace ImageApi.Client.Buffers;

/// <summary>Reads bytes in memory as a stream, without copying them first.</summary>
internal sealed class ReadOnlyMemoryStream(ReadOnlyMemory<byte> bytes) : ReadOnlyStreamBase
{
    private int _position;

    public override bool CanSeek => true;

    public override long Length => bytes.Length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value < 0 || value > bytes.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The position must lie within the stream.");
            }

            _position = (int)value;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => bytes.Length,
    };

#if NETSTANDARD2_0 // there streams have no overload with Span to override
    private int Read(Span<byte> buffer)
#else
    public override int Read(Span<byte> buffer)
#endif
    {
        var count = Math.Min(buffer.Length, bytes.Length - _position);
        bytes.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
