namespace ImageApi.Client.Tests.Support;

/// <summary>A stream that can seek and has other bytes, as many as before, once it was read to its end.</summary>
internal sealed class MutatingStream(byte[] before, byte[] after) : MemoryStream([.. before])
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        if (read == 0 && Position == Length)
        {
            Position = 0;
            await WriteAsync(after, cancellationToken);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
