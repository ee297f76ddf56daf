namespace ImageApi.Client.Buffers;

/// <summary>Bytes as a stream, without a copy of them.</summary>
internal sealed class ReadOnlyMemoryStream(ReadOnlyMemory<byte> bytes) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

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

    public override int Read(byte[] buffer, int offset, int count)
    {
        var piece = bytes.Slice(_position, Math.Min(count, bytes.Length - _position));
        piece.Span.CopyTo(buffer.AsSpan(offset));
        _position += piece.Length;
        return piece.Length;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => bytes.Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
