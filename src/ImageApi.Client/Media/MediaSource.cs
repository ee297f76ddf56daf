using System.Buffers;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Bytes of the caller's that are about to be sent, opened for one call.</summary>
internal abstract class MediaSource : IDisposable
{
    /// <summary>What is read at once where nothing else is said.</summary>
    public const int BufferSize = 256 * 1024;

    /// <summary>Gets a value indicating whether the bytes can be read again from their beginning.</summary>
    public abstract bool CanRepeat { get; }

    /// <summary>Gets the length in bytes; null when only reading would tell.</summary>
    public abstract long? Length { get; }

    /// <summary>Gets a value indicating whether there is not a single byte.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Gets the type that the first bytes show.</summary>
    public string? DetectedMimeType { get; protected set; }

    /// <summary>Goes back to the beginning, and fails when that cannot be done or the source has changed.</summary>
    public abstract ValueTask RewindAsync(CancellationToken cancellationToken);

    /// <summary>Writes all bytes. Errors of the source are thrown as <see cref="CallerStreamException"/>.</summary>
    /// <param name="write">Takes each piece; pieces but the last are multiples of three bytes long.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="bufferSize">How much is read at once, at most.</param>
    public async Task CopyToAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken, int bufferSize = BufferSize)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Length ?? bufferSize, 3), bufferSize));
        try
        {
            var size = buffer.Length - (buffer.Length % 3);
            var total = 0L;
            int filled;
            do
            {
                filled = await FillAsync(buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                total += filled;
                if (total > Length)
                {
                    throw new CallerStreamException(new IOException("The source became longer while it was sent."));
                }

                if (filled > 0)
                {
                    await write(buffer.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                }
            }
            while (filled == size);

            if (total < Length)
            {
                throw new CallerStreamException(new IOException("The source became shorter while it was sent."));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Reads some bytes; 0 at the end.</summary>
    protected internal abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    private async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        try
        {
            int count;
            while (filled < buffer.Length && (count = await ReadAsync(buffer.Slice(filled), cancellationToken).ConfigureAwait(false)) > 0)
            {
                filled += count;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CallerStreamException(e);
        }

        return filled;
    }
}
