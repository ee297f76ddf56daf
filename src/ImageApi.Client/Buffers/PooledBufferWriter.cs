using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageApi.Client.Buffers;

/// <summary>
/// A growable buffer of pooled memory, with an optional limit. The buffer itself is pooled as well. <see cref="ToArray"/> copies: pooled memory must
/// not be on its way to the network when it is returned.
/// </summary>
internal sealed class PooledBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int InitialCapacity = 4 * 1024;

    // non-ASCII is not escaped: a Chinese prompt would double in size
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };
    private static readonly InstancePool<PooledBufferWriter> Pool = new();
    private byte[]? _bytes;
    private int _limit;
    private Utf8JsonWriter? _json;

    private PooledBufferWriter()
    {
    }

    /// <summary>Gets a JSON writer that writes to this buffer.</summary>
    public Utf8JsonWriter Json => _json ??= new Utf8JsonWriter(this, Unescaped);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Gets an empty buffer. The caller disposes it exactly once.</summary>
    /// <param name="limit">The maximum size of what is appended, in bytes.</param>
    public static PooledBufferWriter Rent(int limit = int.MaxValue)
    {
        var writer = Pool.Rent() ?? new PooledBufferWriter();
        writer._bytes = ArrayPool<byte>.Shared.Rent(InitialCapacity);
        writer._limit = limit;
        return writer;
    }

    /// <summary>Appends bytes up to the limit.</summary>
    /// <exception cref="SizeLimitException">The limit is exceeded; the bytes up to the limit were appended, since they may contain an id.</exception>
    public void Append(ReadOnlySpan<byte> text)
    {
        var count = Math.Min(text.Length, _limit - Length);
        text.Slice(0, count).CopyTo(GetSpan(count));
        Length += count;
        if (count < text.Length)
        {
            throw new SizeLimitException($"The answer holds more than {_limit} bytes beside its media (Limits.MaxJsonBytes).");
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes!.Length - Length <= sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Min(_bytes.Length * 2L, int.MaxValue - 64), checked(Length + sizeHint + 1)));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Copies the JSON that was written.</summary>
    public byte[] ToArray()
    {
        Json.Flush();
        return Span.ToArray();
    }

    /// <summary>Passes the pooled array to the caller, who returns it to the pool.</summary>
    public byte[] Detach()
    {
        var bytes = _bytes!;
        _bytes = null;
        return bytes;
    }

    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }

        Length = 0;
        _json?.Reset();
        Pool.Return(this);
    }
}
