using System.Buffers;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Sources;

/// <summary>Bytes of the caller's that are about to be sent, opened for one call.</summary>
internal abstract class ContentSource : IDisposable
{
    /// <summary>What is read at once where nothing else is said: 192 KiB, of which base64 makes 256, so that every read begins with a page of the file.</summary>
    public const int PieceSize = 192 * 1024;

    /// <summary>Gets a value indicating whether the bytes can be read again from their beginning.</summary>
    public abstract bool CanReplay { get; }

    /// <summary>Gets the length in bytes; null when only reading would tell.</summary>
    public abstract long? Length { get; }

    /// <summary>Gets a value indicating whether there is not a single byte.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Gets the type that the first bytes show.</summary>
    public string? DetectedMimeType { get; protected set; }

    /// <summary>Goes back to the beginning, and fails when that cannot be done or the source has changed.</summary>
    public abstract ValueTask RewindAsync(CancellationToken cancellationToken);

    /// <summary>Gets a value indicating whether the next piece is read while one is written. A stream of the caller's is not: nobody is to read from it when the call has failed.</summary>
    protected virtual bool ReadsAhead => false;

    /// <summary>Writes all bytes. Errors of the source are thrown as <see cref="CallerIOException"/>.</summary>
    /// <param name="write">Takes each piece; pieces but the last are multiples of three bytes long.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="pieceSize">How much is read at once, at most; a multiple of three.</param>
    public async Task CopyToAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken, int pieceSize = PieceSize)
    {
        var piece = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Length ?? pieceSize, 3), pieceSize));
        var size = Math.Min(piece.Length - (piece.Length % 3), pieceSize);
        byte[]? nextPiece = null;
        Task<int>? reading = null;
        try
        {
            var total = 0L;
            var filled = await FillAsync(piece.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            while (filled > 0)
            {
                total += filled;
                if (total > Length)
                {
                    throw new CallerIOException(new IOException("The source became longer while it was sent."));
                }

                if (filled == size && ReadsAhead)
                {
                    nextPiece ??= ArrayPool<byte>.Shared.Rent(size);
                    reading = FillAsync(nextPiece.AsMemory(0, size), cancellationToken).AsTask();
                }

                await write(piece.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                if (reading is not null)
                {
                    filled = await reading.ConfigureAwait(false);
                    (piece, nextPiece, reading) = (nextPiece!, piece, null);
                }
                else
                {
                    filled = filled == size ? await FillAsync(piece.AsMemory(0, size), cancellationToken).ConfigureAwait(false) : 0;
                }
            }

            if (total < Length)
            {
                throw new CallerIOException(new IOException("The source became shorter while it was sent."));
            }
        }
        finally
        {
            if (reading is not null)
            {
                // it has a buffer; what becomes of it is no news once writing has failed
                await Task.WhenAny(reading).ConfigureAwait(false);
                _ = reading.Exception;
            }

            ArrayPool<byte>.Shared.Return(piece);
            if (nextPiece is not null)
            {
                ArrayPool<byte>.Shared.Return(nextPiece);
            }
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
            throw new CallerIOException(e);
        }

        return filled;
    }
}
