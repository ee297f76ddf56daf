namespace ImageApi.Client.Tests.Support;

/// <summary>A stream of zeros that can seek and may have more or fewer bytes than it says.</summary>
internal sealed class WrongLengthStream(long length, long difference) : Stream
{
    /// <summary>Where reading fails; never by default.</summary>
    public long ThrowsAtPosition { get; init; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position >= ThrowsAtPosition)
        {
            throw new InvalidTimeZoneException("mine");
        }

        var read = (int)Math.Min(count, Math.Max(0, length + difference - Position));
        Array.Clear(buffer, offset, read);
        Position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
