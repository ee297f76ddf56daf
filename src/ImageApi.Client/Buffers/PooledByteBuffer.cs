using System.Buffers;

namespace ImageApi.Client.Buffers;

/// <summary>The text that remains of an answer, in one pooled array with a limit.</summary>
internal sealed class PooledByteBuffer(int limit) : IDisposable
{
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(4 * 1024);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Append(ReadOnlySpan<byte> text)
    {
        if (Length + text.Length > limit)
        {
            Append(text.Slice(0, limit - Length)); // an id may be in it
            throw new SizeLimitException($"The answer holds more than {limit} bytes beside its media (Limits.MaxJsonBytes).");
        }

        if (Length + text.Length > _bytes!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + text.Length));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>Hands the array over: whoever takes it gives it back to the pool.</summary>
    public byte[] Detach()
    {
        var bytes = _bytes!;
        _bytes = null;
        return bytes;
    }

    public void Dispose()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }
    }
}
