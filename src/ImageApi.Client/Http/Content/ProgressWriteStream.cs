using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http.Timeouts;

namespace ImageApi.Client.Http.Content;

/// <summary>Writes through, and tells a watch and the telemetry what was written.</summary>
internal sealed class ProgressWriteStream(Stream inner, ResettableTimeout? sendTimeout, ClientTelemetry telemetry) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).ConfigureAwait(false);
        sendTimeout?.Restart();
        telemetry.Sent(count);
    }

#if !NETSTANDARD2_0 // there the array overload is the only one
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        sendTimeout?.Restart();
        telemetry.Sent(buffer.Length);
    }
#endif

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        telemetry.Sent(count);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
